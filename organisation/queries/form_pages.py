"""What somebody typed into a form and did not save."""

from __future__ import annotations

from uuid import UUID

from organisation.models import FormPage, Person


def unsaved_at(place: str, person: Person, mark: UUID | None = None) -> FormPage | None:
    """The newest of what `person` typed at `place` and did not save; with `mark`, that of the page that carried it."""
    found = FormPage.objects.filter(person=person, place=place, is_sent=False)
    return (found.filter(mark=mark) if mark else found).order_by("-kept_at", "-pk").first()


def sent_before(person: Person, mark: UUID) -> FormPage | None:
    """What came of the page with `mark`, where `person` sent it already."""
    return FormPage.objects.filter(person=person, mark=mark, is_sent=True).first()
