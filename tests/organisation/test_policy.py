"""Roles × permissions as a table, grants that reach down, and three governance models."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from organisation.actions import change_language, give_grant, invite_person, revoke_grant, suspend_person
from organisation.enums import GovernanceModel, Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person, Unit
from organisation.policy import allows, allows_anywhere, is_self, require, require_anywhere, require_cover
from organisation.queries import units_where, visible_people, visible_units
from organisation.roles import ROLES
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with

P = Permission
WATCHES = "account.view post.view mention.view crisis.view hold.view"
# The whole of who may do what. A change of roles.py that this table does not follow is a change nobody reviewed.
MATRIX = {
    "newcomer": f"{WATCHES} post.write sighting.report",
    "communication_cell": (
        f"{WATCHES} post.write post.approve post.schedule delivery.resolve dossier.view dossier.write watch.view "
        "sighting.report sighting.manage policy.approve"
    ),
    "conversation_manager": (
        f"{WATCHES} mention.assign answer.write watch.view watch.manage delivery.resolve sighting.report"
    ),
    "committee_member": ("account.view dossier.view dossier.vote post.view hold.view sighting.report policy.approve"),
    "committee_chair": (
        "account.view dossier.view dossier.vote dossier.check dossier.decide post.view hold.view sighting.report "
        "policy.write policy.approve training.view"
    ),
    "ict_security": (
        "account.view dossier.view dossier.advise security.manage post.view hold.view sighting.report sighting.manage"
    ),
    "account_manager": (
        f"{WATCHES} dossier.view dossier.write account.connect account.manage sighting.report sighting.manage"
    ),
    "spokesperson": (
        f"{WATCHES} post.write post.approve post.schedule answer.write watch.view crisis.lead hold.place hold.lift "
        "delivery.resolve sighting.report sighting.manage"
    ),
    "crisis_cell": f"{WATCHES} crisis.lead playbook.write hold.place hold.lift sighting.report",
    "community_manager": (
        f"{WATCHES} post.write mention.assign answer.write watch.view delivery.resolve sighting.report sighting.manage "
        "policy.write training.view training.manage"
    ),
    "auditor": f"{WATCHES} dossier.view watch.view audit.view person.view training.view",
    "data_protection_officer": f"{WATCHES} dossier.view watch.view audit.view person.view training.view",
    "administrator": (
        "person.view person.manage unit.manage admin.site audit.view account.view hold.view hold.place hold.lift "
        "sighting.report training.view training.manage"
    ),
}


@pytest.mark.parametrize("role", MATRIX)
def test_a_role_allows_exactly_this(role: str) -> None:
    assert {permission.value for permission in ROLES[role].permissions} == set(MATRIX[role].split())


def test_every_role_and_every_permission_stands_in_the_table() -> None:
    assert set(ROLES) == set(MATRIX)
    assert {word for words in MATRIX.values() for word in words.split()} == set(P.values)


pytestmark = pytest.mark.django_db


def test_a_grant_holds_in_its_unit_and_below_and_nowhere_else() -> None:
    root = UnitFactory.create()
    left, right = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    below = UnitFactory.create(parent=left)
    person = person_with("communication_cell", left)
    assert [allows(person, P.POST_WRITE, unit) for unit in (root, left, below, right)] == [False, True, True, False]
    assert units_where(person, P.POST_WRITE) == [left, below]
    with pytest.raises(PermissionDenied):
        require(person, P.POST_WRITE, right)


def test_the_default_is_no() -> None:
    person = PersonFactory.create()
    assert not any(allows(person, permission, person.unit) for permission in P)
    assert not any(allows_anywhere(person, permission) for permission in P)
    assert not allows(None, P.POST_VIEW, person.unit)


@pytest.mark.parametrize("nobody", [None, AnonymousUser()])
def test_whoever_is_no_person_of_ours_is_refused_like_anybody_without_a_role(nobody: Any) -> None:
    unit = UnitFactory.create()
    assert not allows(nobody, P.POST_VIEW, unit)
    assert not allows_anywhere(nobody, P.POST_VIEW)
    with pytest.raises(PermissionDenied, match="Your role here does not allow this"):
        require(nobody, P.POST_VIEW, unit)


def test_who_holds_it_nowhere_is_refused_at_the_door() -> None:
    with pytest.raises(PermissionDenied, match="See posts and the calendar"):
        require_anywhere(PersonFactory.create(), P.POST_VIEW)
    unit = UnitFactory.create()
    require_anywhere(person_with("newcomer", unit), P.POST_VIEW)


def test_why_not_is_said_to_those_alone_who_else_might() -> None:
    """Whoever holds nothing here does not learn what the other holds."""
    unit = UnitFactory.create()
    far = person_with("newcomer", UnitFactory.create(), works_in=unit)
    with pytest.raises(PermissionDenied, match="beyond the units that you administer"):
        require(person_with("administrator", unit), P.PERSON_MANAGE, far)
    with pytest.raises(PermissionDenied, match="Your role here does not allow this"):
        require(person_with("newcomer", unit), P.PERSON_MANAGE, far)


def test_a_thing_with_the_same_number_is_not_oneself() -> None:
    person = PersonFactory.create()
    assert is_self(person, person)
    assert not is_self(person, Unit(pk=person.pk))


def test_nobody_reaches_beyond_themselves() -> None:
    person = person_with("newcomer", UnitFactory.create())
    require_cover(person, person)
    with pytest.raises(PermissionDenied, match="beyond the units that you administer"):
        require_cover(person_with("administrator", UnitFactory.create()), person)


def test_whoever_is_not_active_holds_nothing_whatever_their_grants() -> None:
    person = person_with("auditor", UnitFactory.create())
    assert len(person.held_grants()) == 1
    person.is_active = False
    assert person.held_grants() == []


def test_a_grant_ends_by_date_by_revocation_and_with_its_person() -> None:
    unit = UnitFactory.create()
    administrator = person_with("administrator", unit)
    over = PersonFactory.create(unit=unit)
    GrantFactory.create(person=over, unit=unit, until=timezone.now() - timedelta(seconds=1))
    assert not allows(over, P.POST_WRITE, unit)
    person = person_with("communication_cell", unit)
    assert allows(person, P.POST_WRITE, unit)
    revoke_grant(grant=person.grants.get(), by=administrator)
    assert not allows(Person.objects.get(pk=person.pk), P.POST_WRITE, unit)
    other = person_with("communication_cell", unit)
    suspend_person(person=other, by=administrator, reason="Left")
    assert not allows(Person.objects.get(pk=other.pk), P.POST_WRITE, unit)


@pytest.mark.parametrize(
    ("model", "sees_the_neighbour"),
    [
        (GovernanceModel.CENTRALISED, False),
        (GovernanceModel.HUB_AND_SPOKE, True),
        (GovernanceModel.AUTONOMY, False),
    ],
)
def test_who_sees_under_each_governance_model(model: str, sees_the_neighbour: bool) -> None:
    root = UnitFactory.create(governance_model=model)
    own, neighbour = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    stranger = UnitFactory.create()
    person = person_with("communication_cell", own)
    centre = person_with("communication_cell", root)
    assert allows(person, P.POST_VIEW, own)
    assert allows(person, P.POST_VIEW, neighbour) == sees_the_neighbour
    assert not allows(person, P.POST_WRITE, neighbour)
    assert not allows(person, P.POST_VIEW, stranger)
    assert allows(centre, P.POST_VIEW, neighbour)
    assert (neighbour in visible_units(person)) == sees_the_neighbour
    assert stranger not in visible_units(centre)


def test_people_are_seen_by_those_who_may_and_by_themselves() -> None:
    unit = UnitFactory.create()
    administrator, person, elsewhere = (
        person_with("administrator", unit),
        PersonFactory.create(unit=unit),
        PersonFactory.create(),
    )
    assert set(visible_people(administrator)) == {administrator, person}
    assert set(visible_people(person)) == {person}
    assert elsewhere not in visible_people(administrator)


def test_nobody_promotes_or_suspends_themselves() -> None:
    unit = UnitFactory.create()
    administrator = person_with("administrator", unit)
    with pytest.raises(Refused):
        give_grant(person=administrator, role="auditor", unit=unit, by=administrator)
    with pytest.raises(PermissionDenied):
        suspend_person(person=administrator, by=administrator, reason="Tired")
    with pytest.raises(Refused):
        revoke_grant(grant=administrator.grants.get(), by=administrator)


def test_giving_twice_is_refused_and_taking_twice_conflicts() -> None:
    unit = UnitFactory.create()
    administrator, person = person_with("administrator", unit), PersonFactory.create(unit=unit)
    grant = give_grant(person=person, role="newcomer", unit=unit, by=administrator)
    with pytest.raises(Refused) as refused:
        give_grant(person=person, role="newcomer", unit=unit, by=administrator)
    assert refused.value.field == "role"
    revoke_grant(grant=grant, by=administrator)
    with pytest.raises(Conflict):
        revoke_grant(grant=grant, by=administrator)
    give_grant(person=person, role="newcomer", unit=unit, by=administrator)


def test_an_administrator_ends_at_the_border_of_their_units() -> None:
    root = UnitFactory.create()
    mine, theirs = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    administrator, person = person_with("administrator", mine), PersonFactory.create(unit=mine)
    with pytest.raises(PermissionDenied):
        give_grant(person=person, role="administrator", unit=theirs, by=administrator)
    with pytest.raises(PermissionDenied):
        invite_person(email="a@b.example", name="A", unit=theirs, language="fr", by=administrator)


def test_one_person_per_address_whatever_the_case() -> None:
    unit = UnitFactory.create()
    administrator = person_with("administrator", unit)
    PersonFactory.create(email="an@fin.example")
    with pytest.raises(Refused) as refused:
        invite_person(email="AN@fin.example", name="An", unit=unit, language="nl", by=administrator)
    assert refused.value.field == "email"


def test_ones_own_language() -> None:
    person = PersonFactory.create()
    change_language(person=person, language="nl")
    assert Person.objects.get(pk=person.pk).language == "nl"


def test_a_new_unit_moves_no_others_path(db: None) -> None:
    """Whoever read a path before goes on with it: were it another unit's by then, a grant would reach there."""
    root = UnitFactory.create(slug="m-root")
    before = UnitFactory.create(slug="m-second", parent=root)
    read = before.path
    UnitFactory.create(slug="a-root")
    UnitFactory.create(slug="a-first", parent=root)
    before.refresh_from_db()
    assert before.path == read


def test_a_person_whom_two_threads_share_is_never_without_their_rights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads rights anew in one thread takes nothing away from the other, not even for a moment."""
    person = person_with("communication_cell", UnitFactory.create())
    half_read = []

    def slow(people: Iterable[int]) -> list[tuple[int, str, str, None]]:
        half_read.append("_held_grants" in person.__dict__)  # what another thread would find at this moment
        return [(key, "communication_cell", person.unit.path, None) for key in people]

    monkeypatch.setattr("organisation.models.held.held_by", slow)
    assert person.held_grants() == [("communication_cell", person.unit.path)]
    assert half_read == [False]
