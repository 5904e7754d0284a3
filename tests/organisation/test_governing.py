"""Another governance model: what it changes for whom is shown first, and is what then happens."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organisation import policy
from organisation.actions import change_governance, give_grant
from organisation.enums import GovernanceModel, Permission
from organisation.lifecycle import Outdated, Refused
from organisation.models import AuditEvent, Person, Unit
from organisation.queries.governing import effects_of, token_of
from organisation.queries.units import roles_to_give
from organisation.roles import ROLES
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with
from tests.locking import locks_taken

pytestmark = pytest.mark.django_db
MODELS = ["", *GovernanceModel.values]
Fact = tuple[int, int, str]  # person, unit, permission or role


def facts(people: list[Person], units: list[Unit]) -> set[Fact]:
    """All that these people may and give, asked of the policy."""
    found: set[Fact] = set()
    for person in (Person.objects.get(pk=one.pk) for one in people):
        for unit in units:
            found |= {(person.pk, unit.pk, one.value) for one in Permission if policy.allows(person, one, unit)}
            found |= {(person.pk, unit.pk, f"gives {role}") for role in roles_to_give(person, unit)}
    return found


def shown(unit: Unit, model: str, *, gains: bool) -> set[Fact]:
    return {
        (person.pk, place.pk, what)
        for effect in effects_of(unit, model)
        if effect.gains == gains
        for person in effect.people
        for place in effect.units
        for what in [*(one.value for one in effect.permissions), *(f"gives {role}" for role in effect.roles)]
    }


@pytest.mark.longer
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    models=st.tuples(st.sampled_from(GovernanceModel.values), *[st.sampled_from(MODELS)] * 3),
    held=st.lists(st.tuples(st.sampled_from(sorted(ROLES)), st.integers(0, 3)), min_size=1, max_size=5),
    switched=st.integers(0, 3),
    to=st.sampled_from(MODELS),
)
def test_what_is_shown_is_what_happens(
    models: tuple[str, ...], held: list[tuple[str, int]], switched: int, to: str
) -> None:
    root = UnitFactory.create(governance_model=models[0])
    left, right = (UnitFactory.create(parent=root, governance_model=one) for one in models[1:3])
    units = [root, left, right, UnitFactory.create(parent=left, governance_model=models[3])]
    unit = units[switched]
    if unit is root and to == "":
        to = GovernanceModel.AUTONOMY
    people = [person_with(role, units[at]) for role, at in held]
    gains, losses = (shown(unit, to, gains=way) for way in (True, False))
    before = facts(people, units)
    Unit.objects.filter(pk=unit.pk).update(governance_model=to)
    after = facts(people, units)
    assert (gains, losses) == (after - before, before - after)


@pytest.fixture
def root(db: None) -> Unit:
    return UnitFactory.create(governance_model=GovernanceModel.CENTRALISED)


@pytest.fixture
def centre(root: Unit) -> Person:
    return person_with("administrator", root, name="Ada")


def change(unit: Unit, model: str, by: Person, seen: str = "", reason: str = "As decided") -> Unit:
    return change_governance(
        unit=unit, model=model, reason=reason, by=by, seen=seen or token_of(effects_of(unit, model))
    )


def test_it_is_changed_with_a_reason_and_one_event(root: Unit, centre: Person) -> None:
    below = UnitFactory.create(parent=root)
    local = person_with("administrator", below)
    assert roles_to_give(local, below) == frozenset()
    change(below, GovernanceModel.AUTONOMY, centre)
    assert roles_to_give(Person.objects.get(pk=local.pk), below) == frozenset(ROLES)
    below.refresh_from_db()
    assert below.governance_model == "autonomy"
    event = AuditEvent.objects.get()
    changes = {"governance_model": ["", "autonomy"]}
    assert (event.verb, event.details) == ("unit.governed", {"reason": "As decided", "people": 1, "changes": changes})


def test_what_was_shown_must_still_be_what_happens(root: Unit, centre: Person) -> None:
    below = UnitFactory.create(parent=root)
    seen = token_of(effects_of(below, GovernanceModel.AUTONOMY))
    GrantFactory.create(person=PersonFactory.create(unit=below), role="administrator", unit=below)
    with pytest.raises(Outdated):
        change(below, GovernanceModel.AUTONOMY, centre, seen)
    assert Unit.objects.get(pk=below.pk).governance_model == ""


def test_only_the_centre_changes_it(root: Unit, centre: Person) -> None:
    below = UnitFactory.create(parent=root)
    for person in (person_with("administrator", below), person_with("auditor", root)):
        with pytest.raises(PermissionDenied):
            change(below, GovernanceModel.AUTONOMY, person)


def test_what_makes_no_sense_is_refused(root: Unit, centre: Person) -> None:
    for model, reason in (("", "x"), ("monarchy", "x"), (GovernanceModel.CENTRALISED, "x"), ("autonomy", " ")):
        with pytest.raises(Refused):
            change(root, model, centre, "x" if model in ("", "monarchy") else "", reason)


def test_it_happens_behind_the_lock_of_authority(root: Unit, centre: Person) -> None:
    with locks_taken() as taken:
        change(root, GovernanceModel.AUTONOMY, centre)
    assert taken == ["organisation_unit", "organisation_unit"]


def test_the_page_shows_first_and_changes_then(client: Client, root: Unit, centre: Person) -> None:
    below = UnitFactory.create(parent=root, names={"en": "Customs"})
    person_with("administrator", below, name="Lo Cal")
    client.force_login(centre)
    address = reverse("organisation:unit_governance", args=[below.pk])
    page = client.get(address, {"model": "autonomy"}).content.decode()
    assert "Lo Cal" in page
    assert "For one person." in page
    seen = token_of(effects_of(below, "autonomy"))
    answer = client.post(address, {"model": "autonomy", "seen": seen, "reason": ""})
    assert (answer.status_code, Unit.objects.get(pk=below.pk).governance_model) == (422, "")
    answer = client.post(address, {"model": "autonomy", "seen": "other", "reason": "As decided"})
    assert (answer.status_code, "different by now" in answer.content.decode()) == (422, True)
    assert client.post(address, {"model": "autonomy", "seen": seen, "reason": "As decided"}).status_code == 302
    back = {"model": "above", "seen": token_of(effects_of(Unit.objects.get(pk=below.pk), "")), "reason": "Back"}
    assert client.post(address, back).status_code == 302
    assert Unit.objects.get(pk=below.pk).governance_model == ""


def test_who_is_of_the_service_alone_is_told_that_the_centre_decides(client: Client, root: Unit) -> None:
    below = UnitFactory.create(parent=root)
    client.force_login(person_with("administrator", below))
    answer = client.get(reverse("organisation:unit_governance", args=[below.pk]))
    assert (answer.status_code, "the centre decides" in answer.content.decode()) == (403, True)


def test_given_grants_stay_whatever_the_model(root: Unit, centre: Person) -> None:
    below = UnitFactory.create(parent=root)
    grant = give_grant(person=PersonFactory.create(unit=below), role="newcomer", unit=below, by=centre)
    for model in GovernanceModel.values[1:]:
        change(below, model, centre)
    grant.refresh_from_db()
    assert grant.revoked_at is None
