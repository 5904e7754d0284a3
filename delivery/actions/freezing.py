"""Freezes, placed and lifted by people."""

from __future__ import annotations

import logging
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from delivery.actions.witnessing import LIFTED, PLACED, bind
from delivery.enums import HoldCause, HoldScope
from delivery.models import Hold
from delivery.policy import against_lifting, placed_from
from delivery.witness import Away
from organisation import audit, policy
from organisation.audit import action
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person, Unit

log = logging.getLogger(__name__)


@action
def place_hold(
    *,
    scope: str,
    reason: str,
    by: Person,
    unit: Unit | None = None,
    account: Account | None = None,
    until: datetime | None = None,
) -> Hold:
    """Stops every send in `scope` from now, until `until` (aware) or until somebody lifts it.

    `unit` is needed for a unit, `account` for an account; the whole organisation is that of `unit`, or of `by`.
    """
    where = _where(scope, unit, account, by)
    policy.require(by, Permission.HOLD_PLACE, where)
    if not reason.strip():
        raise Refused(_("Say why, so that everybody who sees the freeze understands it."), field="reason")
    if until is not None and until <= database_now():
        raise Refused(_("Choose a time that is still to come."), field="until")
    hold = Hold.objects.create(
        scope=scope,
        unit=where,
        account=account,
        reason=reason.strip()[:500],
        placed_by=by,
        placed_from=placed_from(by, where),
        by_crisis_cell=policy.allows(by, Permission.CRISIS_LEAD, where),
        until=until,
    )
    audit.record(
        verb=PLACED, thing=hold, by=by, scope=scope, account=account and account.pk, reason=reason, until=until
    )
    return hold


def _where(scope: str, unit: Unit | None, account: Account | None, by: Person) -> Unit:
    if scope == HoldScope.ACCOUNT:
        if account is None:
            raise Refused(_("Choose the account to freeze."), field="account")
        return account.unit
    if account is not None:
        raise Refused(_("Choose an account only to freeze one account."), field="account")
    if scope == HoldScope.ORGANISATION:
        inside = unit or by.unit
        return Unit.objects.get(path=inside.path[: inside.steplen])
    if unit is None:
        raise Refused(_("Choose the unit to freeze."), field="unit")
    return unit


@action
def lift_hold(*, hold: Hold, by: Person, reason: str = "") -> Hold:
    """Ends a freeze now, from where it was placed or above. What Parvis froze by itself, only somebody over everything
    lifts: this database is the one that may act from then on."""
    rows = Hold.objects.select_for_update(of=("self",)).select_related("unit", "account")
    locked = rows.get(pk=hold.pk)
    policy.look_again(by, locked)
    if why := against_lifting(by, locked):
        raise PermissionDenied(why)
    if not Hold.objects.in_force().filter(pk=locked.pk).exists():
        raise Conflict(locked, "lift")
    if locked.cause != HoldCause.PERSON:
        _bind_anew(locked)
    Hold.objects.filter(pk=locked.pk).update(lifted_by=by, lifted_at=Now(), lift_reason=reason.strip()[:500])
    audit.record(verb=LIFTED, thing=locked, by=by, scope=locked.scope, reason=reason)
    hold.refresh_from_db()
    return hold


def _bind_anew(hold: Hold) -> None:
    if hold.cause == HoldCause.AWAY:
        raise Refused(_("Nobody has to lift this freeze: Parvis goes on by itself once it can reach its witness."))
    try:
        bind()
    except Away as error:
        log.warning("the witness cannot be told: %s", error)
        raise Refused(
            _("The witness outside the database cannot be reached, so nothing was lifted. Try again.")
        ) from error
