from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation import audit, policy
from organisation.actions.authority import actor, keep_a_root_administrator, lock_authority, require_entered
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Grant, GroupRule, Person, Unit
from organisation.queries.authority import (
    against_confirming,
    has_unused_link,
    is_lent_by_the_inviter,
    root_administrators,
    same_hand,
)
from organisation.roles import ROLES, is_peoples_alone, needs_confirmation, permissions_of

GIVEN = audit.tell("grant.given", _("%(actor)s gave this grant"))
PROPOSED = audit.tell("grant.proposed", _("%(actor)s proposed this grant"))
CONFIRMED = audit.tell("grant.confirmed", _("%(actor)s confirmed this grant as a second person"))
REFUSED = audit.tell("grant.refused", _("%(actor)s refused this grant"))
REVOKED = audit.tell("grant.revoked", _("%(actor)s took this grant back"))
REPLACED = audit.tell("grant.replaced", _("%(actor)s put another grant in the place of this one"))


@action
def give_grant(
    *,
    person: Person,
    role: str,
    unit: Unit,
    by: Person | None,
    until: datetime | None = None,
    rule: GroupRule | None = None,
) -> Grant:
    """`person` holds `role` in `unit` and below; where the role is weighty, once a second person has confirmed it.

    Who gives which role, the unit's governance model says (organisation/governance.py). Nobody gives to themselves, or
    to somebody who reaches beyond them. What the set-up gives (no `by`) is in force. `by` made the `rule`, where one
    gives it.
    """
    lock_authority()
    if by is not None:
        by = actor(by)
        policy.require_giving(by, role, unit)
        if by.pk == person.pk:
            raise Refused(_("Nobody gives a grant to themselves; ask another administrator."))
        policy.require_cover(by, person)
    if role not in ROLES:
        raise Refused(_("This role does not exist."), field="role")
    require_people_alone(person, role)
    require_a_lasting_administrator(role, unit, until)
    locked = _make_room(person, role, unit)
    proposed = by is not None and needs_confirmation(role, of_machine=person.is_machine)
    standing = {"confirmed_at": None} if proposed else {"confirmed_at": Now(), "confirmed_by": by}
    facts = {"person": person, "role": role, "unit": unit, "until": until, "given_by": by, "by_rule": rule}
    grant = Grant.objects.create(**facts, **standing)
    grant.refresh_from_db()
    if not proposed:
        stand_for(locked, by, unit)
    person.forget_grants()
    verb = PROPOSED if proposed else GIVEN
    told = {"group": rule.group} if rule else {}
    audit.record(verb=verb, thing=grant, by=by, role=role, person=person.pk, until=until and until.isoformat(), **told)
    return grant


def require_a_lasting_administrator(role: str, unit: Unit, until: datetime | None) -> None:
    administers = Permission.PERSON_MANAGE in permissions_of([role])
    if administers and unit.depth == 1 and until is not None and not root_administrators(unit).exists():
        raise Refused(_("Somebody has to administer the organisation without an end."), field="until")


def require_people_alone(person: Person, role: str) -> None:
    """Refused where a service account would hold a role by which people are counted."""
    if person.is_machine and is_peoples_alone(role):
        told = _("People alone hold this role: a service account confirms, decides and leads nothing.")
        raise Refused(told, field="role")


def _make_room(person: Person, role: str, unit: Unit) -> Person:
    """Closes what is over; the person as they stand behind the lock. Refused while they hold the role here, or wait."""
    locked = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    same = Grant.objects.filter(person=person, role=role, unit=unit, revoked_at__isnull=True)
    Grant.objects.lapsed().filter(pk__in=same.values("pk")).update(revoked_at=Now())
    if same.filter(confirmed_at__isnull=True).exists():
        raise Refused(_("This role is proposed already and waits for a second person."), field="role")
    if same.exists():
        raise Refused(_("This person already holds this role here."), field="role")
    return locked


def stand_for(person: Person, by: Person | None, unit: Unit) -> None:
    """Whoever puts a grant in force has looked at its holder, unless they are of one hand with who invited them,
    administer the grant's `unit` by that one's gift, or the holder has not come in yet by a link that somebody has."""
    leans = by is not None and (same_hand(by, person) or is_lent_by_the_inviter(by, person, unit))
    leans = leans or has_unused_link(person)
    if person.vouched_at is None and person.invited_by_id is not None and not leans:
        Person.objects.filter(pk=person.pk).update(vouched_at=Now())


def give_way(grant: Grant, by: Person | None) -> None:
    """Behind `lock_authority`: the grant ends, since another one takes its place in this very act."""
    Grant.objects.filter(pk=grant.pk).update(revoked_at=Now())
    audit.record(verb=REPLACED, thing=grant, by=by, role=grant.role, person=grant.person_id)


def _proposal(grant: Grant, verb: str) -> Grant:
    lock_authority()
    rows = Grant.objects.select_for_update(of=("self",))
    locked = rows.select_related("unit", "person", "given_by", "replaces__unit").get(pk=grant.pk)
    if not Grant.objects.proposed().filter(pk=locked.pk).exists():
        raise Conflict(locked, verb)
    return locked


@action
def confirm_grant(*, grant: Grant, by: Person | None, reason: str = "") -> Grant:
    """A second person puts a proposed grant in force. Without `by`, at the server's console."""
    locked = _proposal(grant, CONFIRMED)
    if by is not None:
        by = actor(by)
        policy.require_giving(by, locked.role, locked.unit)
        policy.require_cover(by, locked.person)
        if why := against_confirming(by, locked):
            raise PermissionDenied(why)
        require_entered(locked.person)
    proposer = locked.given_by
    if proposer is not None and not policy.may_give(proposer, locked.role, locked.unit):
        raise Refused(_("Who proposed this may no longer do so. Refuse it, and propose it anew."))
    if locked.replaces is not None:
        if locked.replaces.revoked_at is not None:
            raise Refused(_("The role in whose place this would come was taken back. Refuse it, and propose it anew."))
        give_way(locked.replaces, by)
    Grant.objects.filter(pk=locked.pk).update(confirmed_at=Now(), confirmed_by=by)
    stand_for(locked.person, by, locked.unit)
    told = {"reason": reason} if by is None else {}
    audit.record(verb=CONFIRMED, thing=locked, by=by, role=locked.role, person=locked.person_id, **told)
    grant.refresh_from_db()
    return grant


@action
def refuse_grant(*, grant: Grant, by: Person) -> Grant:
    """Ends a proposal; who proposed it may do so too."""
    locked = _proposal(grant, REFUSED)
    by = actor(by)
    policy.require(by, Permission.PERSON_MANAGE, locked.unit)
    policy.require_cover(by, locked.person)
    Grant.objects.filter(pk=locked.pk).update(revoked_at=Now())
    audit.record(verb=REFUSED, thing=locked, by=by, role=locked.role, person=locked.person_id)
    grant.refresh_from_db()
    return grant


def require_taking(grant: Grant, by: Person) -> None:
    """PermissionDenied where the holder reaches beyond `by`, Refused where it is their own administration."""
    policy.require(by, Permission.PERSON_MANAGE, grant)
    if grant.person_id == by.pk and Permission.PERSON_MANAGE in permissions_of([grant.role]):
        raise Refused(_("You cannot take your own administration away; ask another administrator."))


@action
def revoke_grant(*, grant: Grant, by: Person) -> Grant:
    """Ends a grant now."""
    lock_authority()
    by = actor(by)
    locked = Grant.objects.select_for_update(of=("self",)).select_related("unit", "person").get(pk=grant.pk)
    require_taking(locked, by)
    if locked.revoked_at is not None or locked.is_proposed:
        raise Conflict(locked, REVOKED)
    keep_a_root_administrator(Grant.objects.in_force().filter(pk=locked.pk))
    Grant.objects.filter(pk=locked.pk).update(revoked_at=Now())
    locked.refresh_from_db()
    locked.person.forget_grants()
    audit.record(verb=REVOKED, thing=locked, by=by, role=locked.role, person=locked.person_id)
    return locked
