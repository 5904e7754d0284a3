"""Groups of the administration's provider give roles by a table: by the same acts and rules as people do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.test import Client

from organisation.actions import (
    come_in,
    confirm_grant,
    end_group_rule,
    give_grant,
    link_identity,
    make_group_rule,
    refuse_grant,
    revoke_grant,
)
from organisation.lifecycle import Refused
from organisation.models import AuditEvent, Grant, GroupRule, Person, Unit
from organisation.provider import Told
from tests.factories.organisation import PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db
ISSUER, SUBJECT = "https://sso.fin.example", "f3b1c2"
PAGE = "/organisation/people/groups/"


@pytest.fixture
def unit() -> Unit:
    return UnitFactory.create()


@pytest.fixture
def administrator(unit: Unit) -> Person:
    return person_with("administrator", unit)


@pytest.fixture
def member(unit: Unit) -> Person:
    one = PersonFactory.create(unit=unit)
    link_identity(told=Told(ISSUER, SUBJECT), by=one)
    return one


def signs_in(*groups: str) -> None:
    come_in(told=Told(ISSUER, SUBJECT, groups=frozenset(groups)))


def held(person: Person) -> set[str]:
    return set(Grant.objects.in_force().filter(person=person).values_list("role", flat=True))


def proposed(person: Person) -> set[str]:
    return set(Grant.objects.proposed().filter(person=person).values_list("role", flat=True))


def test_a_group_gives_and_takes_back_what_it_gave_alone(unit: Unit, administrator: Person, member: Person) -> None:
    make_group_rule(group="cell", role="conversation_manager", unit=unit, by=administrator)
    give_grant(person=member, role="newcomer", unit=unit, by=administrator)
    signs_in("cell", "others")
    assert held(member) == {"conversation_manager", "newcomer"}
    event = AuditEvent.objects.filter(verb="grant.given").latest("pk")
    assert (event.actor_id, event.details["group"]) == (administrator.pk, "cell")
    signs_in("others")
    assert held(member) == {"newcomer"}
    event = AuditEvent.objects.get(verb="grant.left_with_group")
    assert (event.actor_id, event.details["group"], event.details["role"]) == (None, "cell", "conversation_manager")
    signs_in("cell")
    assert held(member) == {"conversation_manager", "newcomer"}


def test_what_a_person_gave_is_not_the_groups_to_take(unit: Unit, administrator: Person, member: Person) -> None:
    make_group_rule(group="cell", role="newcomer", unit=unit, by=administrator)
    give_grant(person=member, role="newcomer", unit=unit, by=administrator)
    signs_in("cell")
    signs_in()
    assert held(member) == {"newcomer"}


def test_an_answer_that_names_no_groups_changes_nothing(unit: Unit, administrator: Person, member: Person) -> None:
    make_group_rule(group="cell", role="newcomer", unit=unit, by=administrator)
    signs_in("cell")
    come_in(told=Told(ISSUER, SUBJECT, groups=None))
    assert held(member) == {"newcomer"}


def test_a_role_that_weighs_waits_for_a_second_person(unit: Unit, administrator: Person, member: Person) -> None:
    make_group_rule(group="cell", role="communication_cell", unit=unit, by=administrator)
    signs_in("cell")
    assert (held(member), proposed(member)) == (set(), {"communication_cell"})
    grant = Grant.objects.proposed().get(person=member)
    with pytest.raises(PermissionDenied):
        confirm_grant(grant=grant, by=administrator)
    confirm_grant(grant=grant, by=person_with("administrator", unit))
    signs_in("cell")  # what they hold goes on, and waits for nobody anew
    assert held(member) == {"communication_cell"}
    assert Grant.objects.filter(person=member).count() == 1


def test_what_somebody_refused_or_took_back_is_not_given_again(
    unit: Unit, administrator: Person, member: Person
) -> None:
    make_group_rule(group="cell", role="communication_cell", unit=unit, by=administrator)
    make_group_rule(group="cell", role="newcomer", unit=unit, by=administrator)
    signs_in("cell")
    refuse_grant(grant=Grant.objects.proposed().get(person=member), by=administrator)
    revoke_grant(grant=Grant.objects.in_force().get(person=member), by=administrator)
    signs_in("cell")
    assert (held(member), proposed(member)) == (set(), set())


def test_a_rule_gives_no_more_than_its_maker_may(unit: Unit, administrator: Person, member: Person) -> None:
    make_group_rule(group="cell", role="newcomer", unit=unit, by=administrator)
    Grant.objects.filter(person=administrator).update(revoked_at=Now())
    signs_in("cell")
    assert held(member) == set()


def test_a_rule_is_made_by_who_may_give_that_role_there(unit: Unit, member: Person) -> None:
    below = UnitFactory.create(parent=unit)
    local = person_with("administrator", below)
    with pytest.raises(PermissionDenied):
        make_group_rule(group="cell", role="newcomer", unit=unit, by=local)
    with pytest.raises(PermissionDenied):
        make_group_rule(group="cell", role="newcomer", unit=unit, by=person_with("newcomer", unit))
    assert not GroupRule.objects.exists()


def test_nobody_is_given_more_by_who_does_not_reach_as_far(unit: Unit, administrator: Person, member: Person) -> None:
    """A member who holds a role beyond the maker's units is not the maker's to give to."""
    make_group_rule(group="cell", role="newcomer", unit=unit, by=administrator)
    elsewhere = UnitFactory.create()
    give_grant(person=member, role="auditor", unit=elsewhere, by=None)
    signs_in("cell")
    assert held(member) == {"auditor"}


def test_nobody_makes_a_rule_for_themselves(unit: Unit, administrator: Person) -> None:
    link_identity(told=Told(ISSUER, SUBJECT), by=administrator)
    make_group_rule(group="cell", role="newcomer", unit=unit, by=administrator)
    signs_in("cell")
    assert held(administrator) == {"administrator"}


def test_a_rule_that_is_over_gives_nothing_and_one_that_ends_takes_back(
    unit: Unit, administrator: Person, member: Person
) -> None:
    rule = make_group_rule(group="cell", role="newcomer", unit=unit, by=administrator)
    with pytest.raises(Refused):
        make_group_rule(group="cell", role="newcomer", unit=unit, by=administrator)
    signs_in("cell")
    end_group_rule(rule=rule, by=administrator)
    assert held(member) == set()
    signs_in("cell")
    assert held(member) == set()
    make_group_rule(group="cell", role="newcomer", unit=unit, by=administrator)
    GroupRule.objects.update(until=Now() - timedelta(days=1))
    signs_in("cell")
    assert held(member) == set()
    verbs = AuditEvent.objects.filter(verb__startswith="group_rule.").values_list("verb", flat=True)
    assert sorted(verbs) == sorted(["group_rule.made", "group_rule.ended", "group_rule.made"])


def test_the_last_administrator_is_kept(unit: Unit, administrator: Person, member: Person) -> None:
    make_group_rule(group="cell", role="administrator", unit=unit, by=administrator)
    signs_in("cell")
    confirm_grant(grant=Grant.objects.proposed().get(person=member), by=person_with("administrator", unit))
    Grant.objects.exclude(person=member).update(revoked_at=Now())
    signs_in()
    assert held(member) == {"administrator"}


def test_the_page_makes_and_ends_rules(unit: Unit, administrator: Person, member: Person) -> None:
    client = Client()
    client.force_login(administrator)
    assert "No group gives a role" in client.get(PAGE).content.decode()
    facts = {"group": "G-COMM", "role": "newcomer", "unit": unit.pk}
    assert client.post(f"{PAGE}new/", facts).headers["Location"] == PAGE
    page = client.get(PAGE).content.decode()
    assert "G-COMM" in page
    assert "No sign-in of the administration is set up here" in page
    rule = GroupRule.objects.get()
    assert client.post(f"{PAGE}{rule.pk}/end/").headers["Location"] == PAGE
    assert "G-COMM" not in client.get(PAGE).content.decode()
    stranger = Client()
    stranger.force_login(person_with("administrator", UnitFactory.create()))
    other = make_group_rule(group="cell", role="newcomer", unit=unit, by=administrator)
    assert stranger.post(f"{PAGE}{other.pk}/end/").status_code == 404
