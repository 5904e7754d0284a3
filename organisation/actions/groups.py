"""Groups of the administration's provider give roles by a table, by the same acts and rules as a person who does."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation import audit, policy
from organisation.actions.authority import actor, keep_a_root_administrator, lock_authority
from organisation.actions.grants import give_grant, require_taking
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Grant, GroupRule, Person, Unit
from organisation.roles import ROLES

MADE = audit.tell("group_rule.made", _("%(actor)s made this rule for a group"))
ENDED = audit.tell("group_rule.ended", _("%(actor)s ended this rule for a group"))
LEFT = audit.tell("grant.left_with_group", _("%(actor)s took this grant back: its group no longer gives it"))


@action
def make_group_rule(*, group: str, role: str, unit: Unit, by: Person, until: datetime | None = None) -> GroupRule:
    """Whoever signs in and is in `group` holds `role` in `unit`: what `by` may give there, in their name. One that
    weighs is proposed for each of them, and holds once a second person confirms it."""
    lock_authority()
    by = actor(by)
    policy.require_giving(by, role, unit)
    if role not in ROLES:
        raise Refused(_("This role does not exist."), field="role")
    facts = {"group": group.strip(), "role": role, "unit": unit}
    if GroupRule.objects.filter(**facts, ended_at__isnull=True).exists():
        raise Refused(_("There is such a rule already."), field="group")
    rule = GroupRule.objects.create(**facts, until=until, made_by=by)
    told = {"group": rule.group, "role": role, "until": until and until.isoformat()}
    audit.record(verb=MADE, thing=rule, by=by, **told)
    return rule


@action
def end_group_rule(*, rule: GroupRule, by: Person) -> GroupRule:
    """It gives nothing from now on, and takes back what it gave: what `by` may take from each who holds it."""
    lock_authority()
    by = actor(by)
    locked = GroupRule.objects.select_for_update(of=("self",)).select_related("unit").get(pk=rule.pk)
    policy.require(by, Permission.PERSON_MANAGE, locked.unit)
    if locked.ended_at is not None:
        raise Conflict(locked, ENDED)
    given = list(_open_grants().filter(by_rule=locked))
    for grant in given:
        require_taking(grant, by)
    GroupRule.objects.filter(pk=locked.pk).update(ended_at=Now())
    audit.record(verb=ENDED, thing=locked, by=by, group=locked.group, role=locked.role)
    for grant in given:
        _take_back(grant, by)
    locked.refresh_from_db()
    return locked


@action
def follow_groups(*, person: Person, groups: frozenset[str]) -> None:
    """At a sign-in: gives what the person's groups give and they lack, and takes back what a group gave that they are
    in no longer. What a person gave, or took back, is theirs to decide."""
    due = {rule.pk: rule for rule in _rules().filter(group__in=groups)}
    gone = [grant.pk for grant in _open_grants().filter(person=person) if grant.by_rule_id not in due]
    if gone:
        lock_authority()
        for grant in _open_grants().filter(pk__in=gone):
            _take_back(grant, None)
    for rule in due.values():
        if not _was_decided(person, rule):
            _give(person, rule)


def _rules() -> QuerySet[GroupRule]:
    lasting = Q(until__isnull=True) | Q(until__gt=Now())
    return GroupRule.objects.filter(lasting, ended_at__isnull=True).select_related("unit", "made_by").order_by("pk")


def _open_grants() -> QuerySet[Grant]:
    found = Grant.objects.filter(by_rule__isnull=False, revoked_at__isnull=True)
    return found.select_related("unit", "person", "by_rule")


def _was_decided(person: Person, rule: GroupRule) -> bool:
    """They hold it, it waits, or a person took it back or refused it: a group does not give it again."""
    held = Grant.objects.filter(person=person, role=rule.role, unit=rule.unit, revoked_at__isnull=True)
    last = Grant.objects.filter(person=person, by_rule=rule).order_by("pk").last()
    return held.exists() or (last is not None and not last.left_group)


def _give(person: Person, rule: GroupRule) -> None:
    """Not what its maker may not give, to somebody who reaches beyond them, or to themselves: then nothing is given."""
    try:
        give_grant(person=person, role=rule.role, unit=rule.unit, until=rule.until, by=rule.made_by, rule=rule)
    except (Refused, PermissionDenied):
        return


def _take_back(grant: Grant, by: Person | None) -> None:
    """Not from the last who administers the whole organisation: somebody has to."""
    try:
        keep_a_root_administrator(Grant.objects.in_force().filter(pk=grant.pk))
    except Refused:
        return
    Grant.objects.filter(pk=grant.pk).update(revoked_at=Now(), left_group=True)
    grant.person.forget_grants()
    told = {"role": grant.role, "person": grant.person_id, "group": grant.by_rule.group if grant.by_rule else ""}
    audit.record(verb=LEFT, thing=grant, by=by, **told)
