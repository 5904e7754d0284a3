"""The way back in of somebody whose role weighs takes two hands: one proposes it, a second person does it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation import audit, policy
from organisation.actions.authority import actor, lock_authority, managing, require_human
from organisation.actions.factors import RESET, take_factor
from organisation.actions.links import MADE, new_link
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person, Recovery
from organisation.models.recovery import RecoveryKind
from organisation.queries.authority import against_recovering
from organisation.queries.factors import has_second_factor

PROPOSED = audit.tell("recovery.proposed", _("%(actor)s proposed a way back in for this person"))
REFUSED = audit.tell("recovery.refused", _("%(actor)s refused a way back in for this person"))


@action
def propose_recovery(*, person: Person, kind: str, reason: str, by: Person) -> Recovery:
    """Asks a second administrator for the reset or the link (`RecoveryKind`). Nothing of the person's changes yet."""
    locked, by = managing(person, by)
    require_human(locked)
    if not locked.is_active:
        raise Refused(_("This person is suspended: reinstate them first."))
    if kind == RecoveryKind.FACTOR and not has_second_factor(locked):
        raise Refused(_("This person has no second factor."))
    same = Recovery.objects.filter(person=locked, kind=kind, confirmed_at__isnull=True, ended_at__isnull=True)
    if Recovery.objects.proposed().filter(pk__in=same.values("pk")).exists():
        raise Refused(_("This is proposed already and waits for a second person."))
    same.update(ended_at=Now())
    recovery = Recovery.objects.create(person=locked, kind=kind, reason=reason.strip()[:500], proposed_by=by)
    recovery.refresh_from_db()
    audit.record(verb=PROPOSED, thing=locked, by=by, kind=kind, reason=reason)
    return recovery


@action
def confirm_recovery(*, recovery: Recovery, by: Person | None, reason: str = "") -> str:
    """A second person does what was proposed; the secret of the link, told this once, where it is one.

    Who proposed it never holds the link. Without `by`, at the server's console.
    """
    locked = _proposal(recovery)
    person, proposer = locked.person, locked.proposed_by
    if by is not None:
        by = actor(by)
        policy.require(by, Permission.PERSON_MANAGE, person)
        if why := against_recovering(by, locked):
            raise PermissionDenied(why)
    if not person.is_active:
        raise Refused(_("This person is suspended: reinstate them first."))
    if not policy.allows(proposer, Permission.PERSON_MANAGE, person):
        raise Refused(_("Who proposed this may no longer do so. Refuse it, and propose it anew."))
    told = {"proposed_by": proposer.pk, "reason": reason or locked.reason}
    if locked.kind == RecoveryKind.LINK:
        secret, verb = new_link(person, by or proposer, in_hand_of=by), MADE
        told["by_mail"] = False
    else:
        take_factor(person)
        secret, verb = "", RESET
    Recovery.objects.filter(pk=locked.pk).update(confirmed_at=Now(), confirmed_by=by)
    audit.record(verb=verb, thing=person, by=by, **told)
    recovery.refresh_from_db()
    return secret


@action
def refuse_recovery(*, recovery: Recovery, by: Person) -> Recovery:
    """Ends a proposal; who proposed it may do so too."""
    locked = _proposal(recovery)
    by = actor(by)
    policy.require(by, Permission.PERSON_MANAGE, locked.person)
    Recovery.objects.filter(pk=locked.pk).update(ended_at=Now())
    audit.record(verb=REFUSED, thing=locked.person, by=by, kind=locked.kind)
    recovery.refresh_from_db()
    return recovery


def _proposal(recovery: Recovery) -> Recovery:
    lock_authority()
    rows = Recovery.objects.select_for_update(of=("self",)).select_related("person__unit", "proposed_by")
    locked = rows.get(pk=recovery.pk)
    if not Recovery.objects.proposed().filter(pk=locked.pk).exists():
        raise Conflict(locked, PROPOSED)
    return locked
