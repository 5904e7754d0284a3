"""A unit stands elsewhere: what is shown is what happens, by who administers both places, and history stays its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delivery.actions import place_hold
from organisation import policy
from organisation.actions import move_unit
from organisation.enums import GovernanceModel, Permission
from organisation.lifecycle import Outdated, Refused
from organisation.models import AuditEvent, Person, Unit
from organisation.queries.governing import token_of
from organisation.queries.moving import effects_of_move
from organisation.roles import ROLES
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with
from tests.organisation.test_governing import MODELS, Fact, facts

pytestmark = pytest.mark.django_db


def fresh(unit: Unit) -> Unit:
    return Unit.objects.get(pk=unit.pk)


def move(unit: Unit, parent: Unit, by: Person, seen: str | None = None, reason: str = "Reorganisation") -> Unit:
    token = token_of(effects_of_move(fresh(unit), fresh(parent))) if seen is None else seen
    return move_unit(unit=unit, parent=parent, reason=reason, seen=token, by=by)


def shown(unit: Unit, parent: Unit, *, gains: bool) -> set[Fact]:
    return {
        (person.pk, place.pk, what)
        for effect in effects_of_move(fresh(unit), fresh(parent))
        if effect.gains == gains
        for person in effect.people
        for place in effect.units
        for what in [*(one.value for one in effect.permissions), *(f"gives {role}" for role in effect.roles)]
    }


@pytest.fixture
def root(db: None) -> Unit:
    return UnitFactory.create()


@pytest.fixture
def ada(root: Unit) -> Person:
    return person_with("administrator", root, name="Ada")


@pytest.mark.longer
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    models=st.tuples(st.sampled_from(GovernanceModel.values), *[st.sampled_from(MODELS)] * 4),
    held=st.lists(st.tuples(st.sampled_from(sorted(ROLES)), st.integers(0, 4)), min_size=1, max_size=5),
    moved=st.sampled_from([(1, 2), (3, 2), (3, 0), (2, 3)]),
)
def test_what_is_shown_is_what_happens(
    models: tuple[str, ...], held: list[tuple[str, int]], moved: tuple[int, int]
) -> None:
    root = UnitFactory.create(governance_model=models[0])
    left, right = (UnitFactory.create(parent=root, governance_model=models[n]) for n in (1, 2))
    below = UnitFactory.create(parent=left, governance_model=models[3])
    units = [root, left, right, below, UnitFactory.create(parent=below, governance_model=models[4])]
    people = [person_with("administrator", root)]
    for role, at in held:
        people.append(PersonFactory.create(unit=units[at]))
        GrantFactory.create(person=people[-1], role=role, unit=units[at])
    unit, parent = (units[n] for n in moved)
    before = facts(people, units)
    gained, lost = (shown(unit, parent, gains=gains) for gains in (True, False))
    move(unit, parent, people[0])
    after = facts(people, [fresh(one) for one in units])
    # A seat on the committee, or a chair's, is held at the top alone: no move gives or takes one.
    special = {"dossier.vote", "dossier.check", "dossier.decide"}
    assert {one for one in gained if one[2] not in special} == {one for one in after - before if one[2] not in special}
    assert {one for one in lost if one[2] not in special} == {one for one in before - after if one[2] not in special}


def test_all_below_comes_along_and_the_rest_stays(root: Unit, ada: Person) -> None:
    left, right = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    below = UnitFactory.create(parent=left)
    rest = {root.pk: root.path, right.pk: right.path}
    moved = move(left, right, ada)
    assert moved.path.startswith(right.path)
    assert fresh(below).path.startswith(moved.path)
    assert {one.pk: one.path for one in Unit.objects.filter(pk__in=rest)} == rest
    under = Unit.objects.filter(path__startswith=right.path).order_by("path")
    assert [(one.pk, one.depth, one.numchild) for one in under] == [(right.pk, 2, 1), (left.pk, 3, 1), (below.pk, 4, 0)]
    assert not any(Unit.objects.find_problems())


def test_rights_follow_at_once(root: Unit, ada: Person) -> None:
    left, right = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    unit = UnitFactory.create(parent=left)
    there, here = person_with("communication_cell", left), person_with("communication_cell", right)
    own = person_with("communication_cell", unit)
    move(unit, right, ada)
    may = [
        policy.allows(Person.objects.get(pk=one.pk), Permission.POST_WRITE, fresh(unit)) for one in (there, here, own)
    ]
    assert may == [False, True, True]


def test_both_places_are_administered_by_who_moves(root: Unit, ada: Person) -> None:
    left, right = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    unit = UnitFactory.create(parent=left)
    for at in (unit, left, right):
        with pytest.raises(PermissionDenied):
            move(unit, right, person_with("administrator", at))
    without_above = person_with("administrator", unit)
    GrantFactory.create(person=without_above, role="administrator", unit=right)
    with pytest.raises(PermissionDenied):
        move(unit, right, without_above)
    both = person_with("administrator", left)
    GrantFactory.create(person=both, role="administrator", unit=right)
    move(unit, right, both)
    Unit.objects.filter(pk=left.pk).update(governance_model=GovernanceModel.CENTRALISED)
    with pytest.raises(PermissionDenied, match="centre"):  # it would be governed otherwise
        move(unit, left, both)
    move(unit, left, ada)


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (lambda root, unit, below: unit, "below itself"),
        (lambda root, unit, below: below, "below itself"),
        (lambda root, unit, below: root, "already"),
    ],
)
def test_no_circle_and_no_move_to_where_it_stands(
    root: Unit, ada: Person, place: Callable[[Unit, Unit, Unit], Unit], why: str
) -> None:
    unit = UnitFactory.create(parent=root)
    below = UnitFactory.create(parent=unit)
    with pytest.raises(Refused, match=why):
        move(unit, place(root, unit, below), ada, seen="")


def test_an_organisation_stays_and_nothing_leaves_it(root: Unit, ada: Person) -> None:
    other, unit = UnitFactory.create(), UnitFactory.create(parent=root)
    GrantFactory.create(person=ada, role="administrator", unit=other)
    with pytest.raises(Refused, match="stays within"):
        move(unit, other, ada, seen="")
    with pytest.raises(Refused, match="does not move"):
        move(root, other, ada, seen="")


def test_who_decided_by_other_effects_or_without_a_reason_moves_nothing(root: Unit, ada: Person) -> None:
    left, right = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    seen = token_of(effects_of_move(left, right))
    person_with("newcomer", right)
    with pytest.raises(Outdated):
        move(left, right, ada, seen=seen)
    with pytest.raises(Refused, match="Say why"):
        move(left, right, ada, reason=" ")


def test_no_unit_moves_out_of_a_freeze(root: Unit, ada: Person) -> None:
    left, right = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    unit = UnitFactory.create(parent=left)
    place_hold(scope="unit", unit=left, reason="Crisis", by=ada)
    with pytest.raises(Refused, match="is frozen"):
        move(unit, right, ada)
    move(right, left, ada)  # into one it may


def test_history_stays_its_own(root: Unit, ada: Person) -> None:
    left, right = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    move(left, right, ada)
    event = AuditEvent.objects.get(verb="unit.moved")
    assert (event.unit_id, event.details["changes"], event.details["reason"]) == (
        left.pk,
        {"unit": [root.pk, right.pk]},
        "Reorganisation",
    )


def test_from_the_page(client: Client, root: Unit, ada: Person) -> None:
    left, right = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    cell = person_with("communication_cell", right, name="Cara")
    client.force_login(ada)
    page = reverse("organisation:unit_move", args=[left.pk])
    answer = client.get(page, {"parent": right.slug})
    assert "Cara" in answer.content.decode()
    typed = {"parent": right.slug, "seen": token_of(answer.context["effects"])}
    assert client.post(page, typed).status_code == 422
    answer = client.post(page, {**typed, "reason": "Reorganisation"}, follow=True)
    assert "stands there from now on" in answer.content.decode()
    assert policy.allows(Person.objects.get(pk=cell.pk), Permission.POST_WRITE, fresh(left))
    assert client.get(reverse("organisation:unit_move", args=[root.pk])).status_code == 200
