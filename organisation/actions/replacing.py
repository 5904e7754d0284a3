"""A grant in the place of another one: prolonged, or the next step of who was new. The old one stays as it was held."""

from __future__ import annotations

from datetime import datetime

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation import audit, policy
from organisation.actions.authority import actor, lock_authority
from organisation.actions.grants import (
    GIVEN,
    PROPOSED,
    give_way,
    require_a_lasting_administrator,
    require_people_alone,
    stand_for,
)
from organisation.audit import action
from organisation.clock import database_now
from organisation.lifecycle import Conflict, Refused
from organisation.models import Grant, Person
from organisation.roles import needs_confirmation, next_step


@action
def prolong_grant(*, grant: Grant, until: datetime | None, reason: str, by: Person) -> Grant:
    """The same role until later, or without an end; where the role is weighty, once a second person confirms it."""
    locked, by = _held(grant, by, "prolong")
    if locked.until is None:
        raise Refused(_("This role has no end: there is nothing to prolong."), field="until")
    if until is not None and until <= max(locked.until, database_now()):
        raise Refused(_("Choose a moment after the present end."), field="until")
    return _replace(locked, locked.role, until, reason, by)


@action
def advance_grant(*, grant: Grant, reason: str, by: Person) -> Grant:
    """Whoever was new is experienced now, says somebody responsible: the next role takes this one's place, once a
    second person has confirmed it."""
    locked, by = _held(grant, by, "advance")
    role = next_step(locked.role)
    if role is None:
        raise Refused(_("This role has no next step."))
    open_ = Grant.objects.filter(person=locked.person, unit=locked.unit, role=role)
    if (open_.in_force() | open_.proposed()).exists():
        raise Refused(_("This person already holds the next role here, or is proposed for it."))
    return _replace(locked, role, locked.until, reason, by)


def _held(grant: Grant, by: Person, verb: str) -> tuple[Grant, Person]:
    """The grant as it stands behind the lock, in force, and `by`, who may give such a role to its holder."""
    lock_authority()
    by = actor(by)
    locked = Grant.objects.select_for_update(of=("self",)).select_related("unit", "person").get(pk=grant.pk)
    policy.require_giving(by, locked.role, locked.unit)
    policy.require_cover(by, locked.person)
    if by.pk == locked.person_id:
        raise Refused(_("Nobody gives a grant to themselves; ask another administrator."))
    if not Grant.objects.in_force().filter(pk=locked.pk).exists():
        raise Conflict(locked, verb)
    return locked, by


def _replace(old: Grant, role: str, until: datetime | None, reason: str, by: Person) -> Grant:
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    policy.require_giving(by, role, old.unit)
    require_people_alone(old.person, role)
    require_a_lasting_administrator(role, old.unit, until)
    same = Grant.objects.filter(person=old.person, role=role, unit=old.unit, revoked_at__isnull=True).exclude(pk=old.pk)
    Grant.objects.lapsed().filter(pk__in=same.values("pk")).update(revoked_at=Now())
    if same.filter(confirmed_at__isnull=True).exists():
        raise Refused(_("This role is proposed already and waits for a second person."))
    proposed = needs_confirmation(role, of_machine=old.person.is_machine)
    if not proposed:
        give_way(old, by)
    standing = {"confirmed_at": None} if proposed else {"confirmed_at": Now(), "confirmed_by": by}
    facts = {"person": old.person, "role": role, "unit": old.unit, "until": until, "given_by": by}
    grant = Grant.objects.create(**facts, replaces=old, **standing)
    grant.refresh_from_db()
    if not proposed:
        stand_for(old.person, by, old.unit)
    ends = until and until.isoformat()
    told = {"role": role, "person": old.person_id, "until": ends, "reason": reason, "replaces": old.pk}
    audit.record(verb=PROPOSED if proposed else GIVEN, thing=grant, by=by, **told)
    return grant
