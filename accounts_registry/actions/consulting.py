"""The services concerned are heard before the committee decides, where the governance model says so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.advice import View
from accounts_registry.models import Consultation, JustificationDossier
from accounts_registry.queries.consulting import (
    HEARD_IN,
    USUALLY,
    against_answering,
    end_of,
    hears_services,
    services_concerned,
    services_to_hear,
)
from organisation import audit, locks, policy
from organisation.audit import action
from organisation.clock import database_now, database_today
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import Person, Unit

ASKED = audit.tell("dossier.consulted", _("%(actor)s asked services for their opinion on this dossier"))
HEARD = audit.tell("dossier.heard", _("%(actor)s gave the opinion of a service on this dossier"))
LONGEST = timedelta(days=90)


def ask_concerned(dossier: JustificationDossier, by: Person) -> None:
    """As a dossier passes to the committee, behind its lock: every service concerned is asked, for a fortnight."""
    if hears_services(dossier):
        _ask(dossier, list(services_concerned(dossier)), USUALLY, by)


@action
def consult_services(
    *, dossier: JustificationDossier, by: Person, units: Iterable[Unit], last_day: date
) -> JustificationDossier:
    """Asks further services, until the end of `last_day`: by who checks dossiers, while it is before the committee."""
    locked = locks.take(JustificationDossier.objects.select_related("unit"), dossier.pk)
    policy.require(by, Permission.DOSSIER_CHECK, locked)
    if locked.state not in HEARD_IN:
        raise Conflict(locked, "consult")
    if not hears_services(locked):
        raise Refused(_("By how this unit is governed, no services are heard on a new account."))
    days = last_day - database_today(locked.unit.zone)
    if not timedelta(0) < days <= LONGEST:
        raise Refused(_("Leave them a day at least, and three months at most."), field="last_day")
    chosen = list(units)
    asked = set(Consultation.objects.filter(dossier=locked, round=locked.round).values_list("unit_id", flat=True))
    if {one.pk for one in chosen} & asked:
        raise Refused(_("One of these services was asked already."), field="units")
    allowed = set(services_to_hear(locked).values_list("pk", flat=True))
    if not chosen or not {one.pk for one in chosen} <= allowed:
        raise Refused(_("Choose services of the organisation that are governed so too."), field="units")
    _ask(locked, chosen, days, by)
    return locked


def _ask(dossier: JustificationDossier, units: list[Unit], days: timedelta, by: Person) -> None:
    if not units:
        return
    due_at = end_of(days, dossier.unit)
    facts = {"dossier": dossier, "round": dossier.round, "asked_by": by, "due_at": due_at}
    Consultation.objects.bulk_create(Consultation(unit=unit, **facts) for unit in units)
    told = {"due": due_at.isoformat(), "services": [unit.pk for unit in units]}
    audit.record(verb=ASKED, thing=dossier, by=by, **told)


@action
def give_opinion(
    *, consultation: Consultation, by: Person, view: str, reasons: str, seen_round: int | None = None
) -> Consultation:
    """What the service says, by somebody who writes dossiers there and not this one; once, and never changed. It counts
    until the committee has decided, also past its date."""
    locked = locks.take(JustificationDossier.objects.select_related("unit"), consultation.dossier_id)
    asked = Consultation.objects.select_related("unit").get(pk=consultation.pk)
    asked.dossier = locked
    policy.require(by, Permission.DOSSIER_WRITE, asked)
    if seen_round not in (None, locked.round):
        raise Outdated(_("This dossier was submitted anew since you opened the page. Read it as it stands now."))
    if why := list(against_answering(by, asked)):
        raise Refused(*why)
    if view not in View.values:
        raise Refused(_("Choose one of the answers that are offered."), field="view")
    if not reasons.strip():
        raise Refused(_("Say why: the committee reads it."), field="reasons")
    asked.view, asked.reasons, asked.answered_by, asked.answered_at = view, reasons.strip(), by, database_now()
    asked.save(update_fields=["view", "reasons", "answered_by", "answered_at"])
    audit.record(verb=HEARD, thing=locked, by=by, service=asked.unit_id, view=view, reason=asked.reasons)
    return asked
