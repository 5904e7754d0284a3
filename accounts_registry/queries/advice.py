"""The advice of ICT/security on a dossier: what was said, what is still asked for, and of whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import DossierState
from accounts_registry.models import Advice, JustificationDossier
from notices.queries import holders
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import for_each_reader, within
from organisation.queries.authority import same_hand
from organisation.queries.waiting import Waiting

REMINDED_AFTER = timedelta(days=5)
ADVISED_IN = (DossierState.IN_REVIEW, DossierState.DEFERRED)
_GIVEN = Advice.objects.filter(dossier=OuterRef("pk"), round=OuterRef("round"))


def advice_on(dossier: JustificationDossier) -> Advice | None:
    """The advice on what is before the committee now, with who gave it."""
    return Advice.objects.filter(dossier=dossier, round=dossier.round).select_related("given_by").first()


def unadvised() -> QuerySet[JustificationDossier]:
    """Those that wait for an advice: before the committee since it is asked for."""
    asked = JustificationDossier.objects.filter(state__in=ADVISED_IN, advice_asked_at__isnull=False)
    return asked.exclude(Exists(_GIVEN)).select_related("unit", "requested_by")


def advisers_for(dossier: JustificationDossier) -> list[Person]:
    """Who may advise on it, by name: neither who wrote it nor who would hold the account."""
    concerned = [dossier.requested_by, *dossier.editors.all(), *dossier.holders]
    people = holders(Permission.DOSSIER_ADVISE, dossier.unit)
    return [one for one in people if not any(same_hand(one, other) for other in concerned)]


def without_advice(dossier: JustificationDossier) -> Iterator[Any]:
    """Why the committee cannot decide yet, in words: nothing where the advice is there, or was never asked for."""
    if dossier.advice_asked_at is None or Advice.objects.filter(dossier=dossier, round=dossier.round).exists():
        return
    if advisers := advisers_for(dossier):
        names = ", ".join(one.name for one in advisers)
        yield _("ICT/security has not advised on this dossier yet. Ask for it: %(names)s.") % {"names": names}
        return
    administrators = ", ".join(one.name for one in holders(Permission.PERSON_MANAGE, dossier.unit))
    yield format_lazy(
        "{nobody} {ask}",
        nobody=_("Nobody may give the advice of ICT/security on this dossier."),
        ask=_("Ask an administrator to give somebody that role: %(names)s.") % {"names": administrators}
        if administrators
        else _("Ask an administrator of the whole organisation to give somebody that role."),
    )


def to_advise(person: Person) -> Iterator[Waiting]:
    """What of it waits for `person`."""
    for dossier in _before_me(person):
        url = reverse("accounts_registry:dossier_advise", args=[dossier.pk])
        detail = _("%(unit)s asks for the advice of ICT/security") % {"unit": dossier.unit.name}
        yield Waiting(dossier.title, str(detail), url, str(_("Give the advice")), weight=1)


@for_each_reader
def _before_me(person: Person) -> QuerySet[JustificationDossier, JustificationDossier]:
    theirs = unadvised().filter(within(person, Permission.DOSSIER_ADVISE))
    written = Q(requested_by=person) | Q(editors=person) | Q(owner=person) | Q(backup_holder=person)
    written |= Q(about__owner=person) | Q(about__backup_holder=person)
    return theirs.exclude(written).order_by(F("advice_asked_at"), "pk")
