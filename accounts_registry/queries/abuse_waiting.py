"""What of the abuse register, and of wild accounts, waits for whoever keeps it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts_registry.enums import AbuseState, SightingKind, SightingState
from accounts_registry.models import AbuseCase, Sighting
from accounts_registry.queries.sightings import OPEN
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within
from organisation.queries.waiting import ABOVE, FirstOf, Waiting

MOST = 5


def _to_settle(person: Person) -> QuerySet[AbuseCase]:
    """Reported by others: to confirm; confirmed: to report to the network."""
    mine = AbuseCase.objects.filter(within(person, Permission.SIGHTING_MANAGE, field="sighting__unit"))
    reported = Q(state=AbuseState.REPORTED) & ~Q(reported_by=person)
    waits = mine.filter(reported | Q(state=AbuseState.CONFIRMED))
    return waits.select_related("sighting__unit").order_by("reported_at", "pk")


def _to_follow_up(person: Person) -> QuerySet[Sighting]:
    mine = Sighting.objects.filter(within(person, Permission.SIGHTING_MANAGE), state__in=OPEN)
    return mine.select_related("unit").order_by("reported_at", "pk")


def _case_told(case: AbuseCase) -> Waiting:
    url = reverse("accounts_registry:sighting_detail", args=[case.sighting_id])
    if case.state == AbuseState.CONFIRMED:
        detail, act, weight = _("It poses as us, and the network was not told yet"), _("Report it to the network"), 2
    else:
        detail, act, weight = _("Somebody reported that it poses as us"), _("Confirm or dismiss it"), 3
    return Waiting(case.sighting.label, detail, url, act, weight=weight)


_STEPS = {
    SightingState.DETECTED: (_("A wild account was reported"), _("Contact who runs it")),
    SightingState.CONTACTED: (_("They were contacted: why was it created?"), _("Note why it was created")),
    SightingState.EXPLAINED: (_("It is known why it was created"), _("Decide what becomes of it")),
}


def _sighting_told(sighting: Sighting) -> Waiting:
    url = reverse("accounts_registry:sighting_detail", args=[sighting.pk])
    detail, act = _STEPS[SightingState(sighting.state)]
    if sighting.kind == SightingKind.IMPERSONATION:
        detail, act = _("Reported as an impersonation; its score does not say so"), _("Judge whether it is abuse")
    return Waiting(sighting.label, detail, url, act, weight=1)


_cases, _sightings = FirstOf(_to_settle, most=MOST), FirstOf(_to_follow_up, most=MOST)


def abuse_to_settle(person: Person) -> Iterator[Waiting]:
    """Cases to confirm or to report to the network, then sightings to follow up."""
    yield from _cases.lines(person, _case_told, _more_cases)
    yield from _sightings.lines(person, _sighting_told, _more_sightings)


def _more_cases(n: int) -> Waiting:
    title = ngettext("%(n)d more case of abuse", "%(n)d more cases of abuse", n) % {"n": n}
    return Waiting(title, ABOVE, reverse("accounts_registry:abuse_register"), _("See all of them"), weight=2)


def _more_sightings(n: int) -> Waiting:
    title = ngettext("%(n)d more wild account", "%(n)d more wild accounts", n) % {"n": n}
    return Waiting(title, ABOVE, reverse("accounts_registry:sighting_list"), _("See all of them"), weight=1)
