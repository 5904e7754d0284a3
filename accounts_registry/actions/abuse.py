"""The abuse register: who poses as us, what was done about it, and that there was nobody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts_registry.actions.sightings import keep_on
from accounts_registry.enums import ABUSE_LIFECYCLE
from accounts_registry.models import AbuseCase, NilReturn, Sighting
from accounts_registry.queries.sightings import cases_within
from organisation import audit, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import Person, Unit

DECLARED = audit.tell("nil_return.declared", _("%(actor)s declared that nobody posed as this unit"))


def _step(case: AbuseCase, verb: str, by: Person, details: dict[str, Any] | None = None, **changes: Any) -> AbuseCase:
    """What is known is kept from here on as long as from the report on."""
    done = perform(ABUSE_LIFECYCLE, verb, case, by=by, changes=changes, details=details)
    Sighting.objects.filter(pk=done.sighting_id).exclude(key="").update(kept_until=keep_on())
    case.refresh_from_db()
    return case


@action
def confirm_abuse(*, case: AbuseCase, by: Person) -> AbuseCase:
    """As a second person. From now on the public register warns of the account."""
    return _step(case, "confirm", by, confirmed_by=by, confirmed_at=Now())


@action
def notify_network(*, case: AbuseCase, by: Person, reference: str, notified_on: date | None = None) -> AbuseCase:
    """The network was told on that day, today unless said otherwise; `reference` is what it gave."""
    today = database_today()
    if notified_on is not None and notified_on > today:
        raise Refused(_("This day has not come yet."), field="notified_on")
    told = {"reference": reference, "notified_on": notified_on or today}
    return _step(case, "notify", by, {"reference": reference}, **told)


@action
def take_down(*, case: AbuseCase, by: Person, reason: str) -> AbuseCase:
    """The account is gone; the public register no longer names it."""
    return _step(case, "take_down", by, {"reason": reason})


@action
def dismiss_abuse(*, case: AbuseCase, by: Person, reason: str) -> AbuseCase:
    """The account does not pose as us, and never did."""
    return _step(case, "dismiss", by, {"reason": reason})


@action
def reopen_abuse(*, case: AbuseCase, by: Person, reason: str) -> AbuseCase:
    """It is back, or was dismissed wrongly. Somebody other than `by` confirms it anew."""
    fresh = {"reported_by": by, "reported_at": Now(), "confirmed_by": None, "confirmed_at": None}
    return _step(case, "reopen", by, {"reason": reason}, **fresh, reference="", notified_on=None)


@action
def declare_none(*, unit: Unit, since: date, until: date, how: str, by: Person) -> NilReturn:
    """Somebody looked for who poses as `unit`, and there was nobody on these days. Refused where the register says
    otherwise, or the days are not over yet."""
    policy.require(by, Permission.SIGHTING_MANAGE, unit)
    if until < since:
        raise Refused(_("The period ends before it begins."), field="until")
    if until >= database_today(unit.zone):
        raise Refused(_("This period is not over yet: choose a day before today."), field="until")
    if found := cases_within(unit, since, until).count():
        told = ngettext(
            "The abuse register holds a case of this period, here or below: “none” would not be so.",
            "The abuse register holds %(n)d cases of this period, here or below: “none” would not be so.",
            found,
        )
        raise Refused(told % {"n": found}, field="until")
    declared = NilReturn.objects.create(unit=unit, since=since, until=until, how=how, declared_by=by)
    declared.refresh_from_db()
    days = {"since": since.isoformat(), "until": until.isoformat()}
    audit.record(verb=DECLARED, thing=declared, by=by, reason=how, **days)
    return declared
