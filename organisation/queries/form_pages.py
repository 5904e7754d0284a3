"""What somebody typed into a form and did not save."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from uuid import UUID

from django.db.models import BigIntegerField, CharField, QuerySet
from django.db.models.functions import Now

from organisation.models import FormPage, Person
from organisation.prepared import Prepared, Slot

ALIKE_FOR = timedelta(minutes=10)  # who says the same again later than that means a second one


def unsaved_at(place: str, person: Person, mark: UUID | None = None) -> FormPage | None:
    """The newest of what `person` typed at `place` and did not save; with `mark`, that of the page that carried it."""
    if mark:
        return _unsaved(person.pk, place).filter(mark=mark).first()
    return next(iter(_newest_unsaved()(person=person.pk, place=place)), None)


def _unsaved(person: int | Slot, place: str | Slot) -> QuerySet[FormPage]:
    return FormPage.objects.filter(person=person, place=place, is_sent=False).order_by("-kept_at", "-pk")


@cache
def _newest_unsaved() -> Prepared[FormPage, FormPage]:
    return Prepared(_unsaved(Slot("person", BigIntegerField()), Slot("place", CharField()))[:1])


def sent_before(person: Person, mark: UUID) -> FormPage | None:
    """What came of the page with `mark`, where `person` sent it already."""
    return FormPage.objects.filter(person=person, mark=mark, is_sent=True).first()


def sent_alike(person: Person, mark: UUID, digest: str) -> FormPage | None:
    """What `person` made a moment ago of the very words that the page with `mark` sends now, from another page."""
    sent = FormPage.objects.filter(person=person, is_sent=True, digest=digest, kept_at__gt=Now() - ALIKE_FOR)
    return sent.exclude(mark=mark).exclude(leads_to="").order_by("kept_at", "pk").first()
