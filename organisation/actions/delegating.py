"""Somebody who is away lends a role of theirs to a named colleague, in writing and with an end."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation import audit
from organisation.actions.authority import actor, lock_authority, require_entered
from organisation.audit import action
from organisation.clock import database_now
from organisation.lifecycle import Conflict, Refused
from organisation.models import Delegation, Grant, Person
from organisation.models.delegation import LONGEST_DELEGATION
from organisation.queries.delegations import is_colleague, is_lent, may_end
from organisation.roles import needs_confirmation

GIVEN = audit.tell("delegation.given", _("%(actor)s lent this role to a colleague for a time"))
REVOKED = audit.tell("delegation.revoked", _("%(actor)s ended this delegation"))


@action
def delegate_right(
    *, grant: Grant, delegate: Person, begins: datetime | None, ends: datetime, reason: str, text: str, by: Person
) -> Delegation:
    """`delegate` acts by `grant`, which is `by`'s own, from `begins` (None: now) to `ends`.

    Of no role that gives roles: another administrator stands in there. Nothing that is lent is lent on. Whoever is away
    has one stand-in at a time, with whom they count as one wherever two people are asked for.
    """
    lock_authority()
    by = actor(by)
    locked = Grant.objects.in_force().filter(pk=grant.pk, person=by).select_related("unit", "person").first()
    if locked is None or by.is_machine:
        raise PermissionDenied(_("One lends a role that one holds oneself: what was lent is not lent on."))
    if not is_lent(locked.role):
        raise Refused(_("Who gives roles is not stood in for: another administrator does it."), field="grant")
    _require_writing(reason, text)
    now = database_now()
    begins = max(begins or now, now)
    if not begins < ends <= begins + LONGEST_DELEGATION:
        raise Refused(_("It ends after it begins, and within half a year."), field="ends")
    _require_colleague(locked, delegate)
    _require_one_stand_in(by, delegate, locked, begins, ends)
    facts = {"grant": locked, "delegate": delegate, "begins": begins, "ends": ends}
    made = Delegation.objects.create(**facts, reason=reason.strip(), text=text.strip())
    made.refresh_from_db()
    told = {"role": locked.role, "to": delegate.pk, "begins": begins.isoformat(), "ends": ends.isoformat()}
    audit.record(verb=GIVEN, thing=made, by=by, reason=made.reason, **told)
    return made


def _require_writing(reason: str, text: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    if not text.strip():
        raise Refused(_("Write down what is delegated: a delegation is in writing."), field="text")


def _require_colleague(grant: Grant, delegate: Person) -> None:
    if not is_colleague(grant, delegate):
        raise Refused(_("Choose a colleague who works where this role holds."), field="delegate")
    if needs_confirmation(grant.role):
        require_entered(delegate)


def _require_one_stand_in(by: Person, delegate: Person, grant: Grant, begins: datetime, ends: datetime) -> None:
    mine = Delegation.objects.to_come_or_in_force().filter(grant__person=by, begins__lt=ends, ends__gt=begins)
    if mine.filter(grant=grant).exists():
        raise Refused(_("This role is lent already for some of that time: end that delegation first."), field="grant")
    if mine.exclude(delegate=delegate).exists():
        raise Refused(_("You have another stand-in for some of that time: one colleague at a time."), field="delegate")


def require_ending(by: Person, delegation: Delegation) -> None:
    """PermissionDenied for everybody but who lent it, their stand-in, and who administers its unit and covers both."""
    if not may_end(by, delegation):
        raise PermissionDenied(_("Only who lent it, their stand-in or an administrator of the unit ends a delegation."))


@action
def revoke_delegation(*, delegation: Delegation, by: Person, reason: str) -> Delegation:
    """Ends it now: by who lent it, by their stand-in, or by who administers its unit and covers both."""
    lock_authority()
    by = actor(by)
    rows = Delegation.objects.select_for_update(of=("self",))
    locked = rows.select_related("grant__unit", "grant__person", "delegate").get(pk=delegation.pk)
    require_ending(by, locked)
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    if not Delegation.objects.to_come_or_in_force().filter(pk=locked.pk).exists():
        raise Conflict(locked, REVOKED)
    Delegation.objects.filter(pk=locked.pk).update(revoked_at=Now())
    locked.refresh_from_db()
    told = {"role": locked.grant.role, "to": locked.delegate_id}
    audit.record(verb=REVOKED, thing=locked, by=by, reason=reason.strip(), **told)
    return locked


def end_delegations(person: Person, by: Person, reason: str) -> None:
    """Behind `lock_authority`, as somebody leaves: whatever they lent, or was lent to them."""
    theirs = Delegation.objects.filter(grant__person=person) | Delegation.objects.filter(delegate=person)
    rows = theirs.filter(revoked_at__isnull=True, ends__gt=Now()).select_related("grant__unit", "grant__person")
    for one in rows.order_by("pk"):
        Delegation.objects.filter(pk=one.pk).update(revoked_at=Now())
        told = {"role": one.grant.role, "to": one.delegate_id}
        audit.record(verb=REVOKED, thing=one, by=by, reason=reason, **told)
