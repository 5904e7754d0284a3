"""What waits for a second person: proposed grants, ways back in, and people whom only their inviter has looked at."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisation.enums import Permission
from organisation.models import Grant, Person, Recovery, Unit
from organisation.queries.authority import (
    against_confirming,
    against_recovering,
    against_vouching,
    proposals_for,
    reaches_beyond,
    recoveries_for,
    unconfirmed_people,
)
from organisation.queries.units import reach, roles_to_give
from organisation.queries.waiting import Waiting


def can_confirm(person: Person, grant: Grant) -> bool:
    """True when `person` is a second person for the proposal, gives such a role in its unit and covers its holder."""
    return (
        grant.role in roles_to_give(person, grant.unit)
        and against_confirming(person, grant) is None
        and not reaches_beyond(person, grant.person)
    )


def can_recover(person: Person, recovery: Recovery) -> bool:
    """True when `person` is a second person for the way back in of somebody whom they administer and cover."""
    return (
        any(recovery.unit.path.startswith(path) for path in reach(person, Permission.PERSON_MANAGE))
        and against_recovering(person, recovery) is None
        and not reaches_beyond(person, recovery.person)
    )


def can_vouch(person: Person, other: Person) -> bool:
    """True when `person` administers `other`, covers them, and is a second person beside who added them."""
    return (
        any(other.unit.path.startswith(path) for path in reach(person, Permission.PERSON_MANAGE))
        and against_vouching(person, other) is None
        and not reaches_beyond(person, other)
    )


def nobody_can_confirm(grant: Grant) -> bool:
    """True when no administrator there is today would be a second person for the proposal."""
    return not any(can_confirm(person, grant) for person in _with_a_role_over(grant.unit))


def nobody_can_recover(recovery: Recovery) -> bool:
    """Likewise for a way back in."""
    return not any(can_recover(person, recovery) for person in _with_a_role_over(recovery.unit))


def _with_a_role_over(unit: Unit) -> QuerySet[Person]:
    holders = Grant.objects.in_force().filter(person__is_active=True).values("person_id")
    above = [unit.path[: end + unit.steplen] for end in range(0, len(unit.path), unit.steplen)]
    return Person.objects.filter(pk__in=holders.filter(unit__path__in=above))


def waiting_for(person: Person) -> list[Waiting]:
    """Grants, ways back in and people that `person` may confirm."""
    if not reach(person, Permission.PERSON_MANAGE):
        return []
    return [*_recoveries(person), *_proposals(person), *_people(person)]


def _proposals(person: Person) -> Iterator[Waiting]:
    for grant in proposals_for(person):
        if can_confirm(person, grant):
            names = {"role": grant.role_label, "unit": grant.unit.name, "who": str(grant.given_by)}
            detail = _("%(who)s proposes: %(role)s, %(unit)s") % names
            url = reverse("organisation:person_detail", args=[grant.person_id])
            yield Waiting(grant.person.name, detail, url, _("Confirm the role"), due_at=grant.lapses_at, weight=1)


def _recoveries(person: Person) -> Iterator[Waiting]:
    for recovery in recoveries_for(person):
        if can_recover(person, recovery):
            detail = _("%(who)s proposes: %(what)s. %(why)s") % {
                "who": str(recovery.proposed_by),
                "what": recovery.get_kind_display(),
                "why": recovery.reason,
            }
            url = reverse("organisation:person_detail", args=[recovery.person_id])
            act = _("Confirm the way back in")
            yield Waiting(recovery.person.name, detail, url, act, due_at=recovery.lapses_at, weight=1)


def _people(person: Person) -> Iterator[Waiting]:
    for new in unconfirmed_people(person):
        if can_vouch(person, new):
            detail = _("%(who)s added this person or gave them their way in") % {"who": str(new.invited_by)}
            yield Waiting(
                new.name,
                detail,
                reverse("organisation:person_detail", args=[new.pk]),
                _("Confirm who this is"),
            )
