"""What attackers found on the ground floor: roles taken from below, and ways around a recent proof."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from organisation import audit, policy
from organisation.actions import (
    come_in,
    confirm_grant,
    end_group_rule,
    end_work,
    link_identity,
    make_group_rule,
    reinstate_person,
    start_review,
    suspend_person,
)
from organisation.actions.identities import Unknown, _by_address
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import AuditEvent, Grant, Person, ReviewLine, Unit
from organisation.provider import Told
from organisation.queries.leaving import held_by
from tests.factories.accounts_registry import AccountFactory
from tests.factories.machines import bearing, key_for, machine_of
from tests.factories.organisation import PASSWORD, GrantFactory, PersonFactory, UnitFactory, person_with
from tests.factories.sessions import factor_of
from tests.organisation.test_proof import visitor

pytestmark = pytest.mark.django_db
ISSUER, SUBJECT = "https://sso.fin.example", "f3b1c2"


@pytest.fixture
def root(db: None) -> Unit:
    return UnitFactory.create()


@pytest.fixture
def below(root: Unit) -> Unit:
    return UnitFactory.create(parent=root)


def tomorrow() -> date:
    return database_today() + timedelta(days=1)


# ---- Nobody acts on who reaches beyond them -------------------------------------------------------------------------
def test_a_review_from_below_lets_lapse_nothing_of_who_reaches_beyond(root: Unit, below: Unit) -> None:
    top = person_with("administrator", root)
    GrantFactory.create(person=top, unit=below, role="crisis_cell")
    own = person_with("newcomer", below)
    low = person_with("administrator", below)
    review = start_review(unit=below, last_day=tomorrow(), reason="Once a year", by=low)
    lines = ReviewLine.objects.filter(review=review)
    assert set(lines.values_list("grant__person", flat=True)) == {low.pk, own.pk}


def test_from_the_top_every_role_is_looked_at(root: Unit, below: Unit) -> None:
    top = person_with("administrator", root)
    GrantFactory.create(person=top, unit=below, role="crisis_cell")
    review = start_review(unit=below, last_day=tomorrow(), reason="Once a year", by=top)
    assert ReviewLine.objects.filter(review=review, grant__person=top).exists()


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(9000, 1, 1)])
def test_a_review_has_an_end_that_comes(day: date, root: Unit) -> None:
    with pytest.raises(Refused) as refused:
        start_review(unit=root, last_day=day, reason="Once", by=person_with("administrator", root))
    assert refused.value.field == "last_day"


def member_of(rule_role: str, unit: Unit, by: Person, one: Person) -> None:
    make_group_rule(group="g", role=rule_role, unit=unit, by=by)
    link_identity(told=Told(ISSUER, SUBJECT), by=one)
    come_in(told=Told(ISSUER, SUBJECT, groups=frozenset({"g"})))


def test_whoever_ends_a_group_s_rule_takes_nothing_from_who_reaches_beyond(root: Unit, below: Unit) -> None:
    one = person_with("auditor", root)
    member_of("newcomer", below, person_with("administrator", root), one)
    grant = Grant.objects.in_force().get(person=one, unit=below)
    assert grant.by_rule is not None
    with pytest.raises(PermissionDenied):
        end_group_rule(rule=grant.by_rule, by=person_with("administrator", below))
    assert Grant.objects.in_force().filter(pk=grant.pk).exists()


def test_nor_their_own_administration(root: Unit, below: Unit) -> None:
    low = PersonFactory.create(unit=below)
    member_of("administrator", below, person_with("administrator", root), low)
    grant = Grant.objects.proposed().get(person=low)
    confirm_grant(grant=grant, by=person_with("administrator", root))
    assert grant.by_rule is not None
    with pytest.raises(Refused, match="your own administration"):
        end_group_rule(rule=grant.by_rule, by=Person.objects.get(pk=low.pk))


# ---- A service account takes over nobody's work ---------------------------------------------------------------------
def test_a_service_account_takes_over_nothing_of_who_leaves(root: Unit) -> None:
    ada, manager = person_with("administrator", root), person_with("account_manager", root)
    machine, account = machine_of(manager, "account_manager"), AccountFactory.create(unit=root)
    held = held_by(account.owner, ada)
    assert held.things
    assert all(machine not in one.takers for one in held.things)
    told = {one.name: machine.pk for one in held.things}
    with pytest.raises(Refused, match="cannot take it over"):
        end_work(person=account.owner, by=ada, reason="Left", successors=told)


# ---- Who is out has no key in hand -----------------------------------------------------------------------------------
def opens(secret: str) -> bool:
    return Client().get(reverse("me-list"), **bearing(secret)).status_code == 200


def test_a_key_whose_secret_somebody_saw_ends_with_their_work(root: Unit) -> None:
    """It is another one's program; the secret was shown to who made the key, and to nobody else."""
    ada, bob, manager = (person_with(role, root) for role in ("administrator", "administrator", "account_manager"))
    machine = machine_of(manager, "newcomer")
    key, secret = key_for(machine, made_by=bob)
    other = key_for(machine, made_by=ada)[1]
    assert opens(secret)
    suspend_person(person=bob, by=ada, reason="Under inquiry")
    assert not opens(secret)
    reinstate_person(person=bob, by=ada, reason="Nothing found")
    assert opens(secret)
    assert held_by(bob, ada).keys == 1
    end_work(person=bob, by=ada, reason="Left", successors={})
    reinstate_person(person=bob, by=ada, reason="Came back")
    assert not opens(secret)
    assert opens(other)
    assert AuditEvent.objects.get(verb="person.left").details["keys"] == [key.pk]


def test_a_service_account_holds_nothing_while_who_answers_for_it_is_out(root: Unit) -> None:
    """Its keys open nothing; what it has in line asks for its rights once more, and stays."""
    manager = person_with("account_manager", root)
    machine = machine_of(manager, "conversation_manager")
    assert policy.allows(machine, Permission.ANSWER_WRITE, root)
    suspend_person(person=manager, by=person_with("administrator", root), reason="Under inquiry")
    assert not policy.allows(Person.objects.get(pk=machine.pk), Permission.ANSWER_WRITE, root)


def test_a_key_that_only_reads_writes_nothing(root: Unit) -> None:
    """Nor does it end sessions that no program has, again and again, in the trail."""
    secret = key_for(machine_of(person_with("account_manager", root), "auditor"), "account.view")[1]
    assert Client().post(reverse("session-end-others"), **bearing(secret)).status_code == 400
    assert not AuditEvent.objects.exists()


def test_two_tabs_at_once_are_one_person(root: Unit) -> None:
    """The second one comes upon the link that the first has just made."""
    one = PersonFactory.create(unit=root)
    told = Told(ISSUER, SUBJECT, email=one.email)
    link_identity(told=told, by=one)
    with audit.acting():
        assert _by_address(told).person == one
    with pytest.raises(Unknown), audit.acting():
        _by_address(Told(ISSUER, "another", email=one.email))


# ---- A recent proof -------------------------------------------------------------------------------------------------
def test_striking_a_role_takes_a_recent_proof(root: Unit) -> None:
    ada, one = person_with("administrator", root), person_with("newcomer", root)
    review = start_review(unit=root, last_day=tomorrow(), reason="Once a year", by=ada)
    line, client = ReviewLine.objects.get(review=review, grant__person=one), visitor(ada)
    client.post(reverse("organisation:line_strike", args=[line.pk]), {"reason": "x"})
    told = client.post(reverse("reviewline-strike", args=[line.pk]), {"reason": "x"}, content_type="application/json")
    assert (told.status_code, told.json()["code"]) == (403, "proof_too_old")
    assert Grant.objects.in_force().filter(person=one).exists()


def test_a_password_is_no_proof_of_who_has_a_factor(root: Unit) -> None:
    ada, one = person_with("administrator", root), person_with("newcomer", root)
    factor_of(ada)
    client, there = visitor(ada), reverse("organisation:person_suspend", args=[one.pk])
    client.post(there, {"reason": "x"})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": there})
    assert Person.objects.get(pk=one.pk).is_active
