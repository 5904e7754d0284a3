"""Nobody acts on who reaches beyond them, nobody is left without an administrator, and nobody is two people."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisation.actions import (
    authority,
    confirm_grant,
    confirm_person,
    give_grant,
    invite_person,
    make_link,
    refuse_grant,
    reinstate_person,
    revoke_grant,
    suspend_person,
    use_link,
)
from organisation.actions.links import digest_of
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent, Grant, Person, Unit
from organisation.policy import allows
from organisation.queries import waiting_for
from organisation.queries.authority import same_hand
from organisation.roles import ROLES, needs_confirmation
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db
BEYOND = "beyond the units that you administer"


class Tree:
    def __init__(self) -> None:
        self.root = UnitFactory.create(slug="fin")
        self.below = UnitFactory.create(slug="tax", parent=self.root)
        self.head = person_with("administrator", self.root, name="Head")
        self.local = person_with("administrator", self.below, name="Local")


@pytest.fixture
def tree(db: None) -> Tree:
    return Tree()


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def invited(unit: Unit, by: Person, name: str = "New") -> Person:
    return invite_person(email=f"{name}@fin.example", name=name, unit=unit, language="en", by=by)


# ---- Reach ----------------------------------------------------------------------------------------------------------
ACTS: dict[str, Callable[[Tree, Person], object]] = {
    "suspend": lambda tree, other: suspend_person(person=other, by=tree.local, reason="x"),
    "give": lambda tree, other: give_grant(person=other, role="auditor", unit=tree.below, by=tree.local),
    "revoke": lambda tree, other: revoke_grant(grant=other.grants.get(unit=tree.below), by=tree.local),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["administrator", "committee_member", "newcomer"])
def test_nobody_acts_on_who_holds_more(tree: Tree, act: str, role: str) -> None:
    """Somebody who works in the unit below, and holds a role there, but another one above."""
    other = person_with("newcomer", tree.below)
    GrantFactory.create(person=other, role=role, unit=tree.root)
    with pytest.raises(PermissionDenied, match=BEYOND):
        ACTS[act](tree, other)
    assert again(other).is_active
    assert Grant.objects.in_force().filter(person=other).count() == 2
    assert not AuditEvent.objects.exists()
    other.grants.filter(unit=tree.root).update(revoked_at=timezone.now())
    assert ACTS[act](tree, other)


def test_who_was_suspended_above_is_not_reinstated_below(tree: Tree) -> None:
    other = person_with("committee_member", tree.root, works_in=tree.below)
    suspend_person(person=other, by=tree.head, reason="x")
    with pytest.raises(PermissionDenied, match=BEYOND):
        reinstate_person(person=again(other), by=tree.local, reason="x")
    reinstate_person(person=again(other), by=tree.head, reason="x")


def test_a_neighbours_role_is_beyond_too_and_a_past_one_is_not(tree: Tree) -> None:
    beside = UnitFactory.create(parent=tree.root)
    other = person_with("newcomer", beside, works_in=tree.below)
    with pytest.raises(PermissionDenied, match=BEYOND):
        suspend_person(person=other, by=tree.local, reason="x")
    other.grants.update(until=timezone.now() - timedelta(seconds=1))
    suspend_person(person=other, by=tree.local, reason="x")


@pytest.mark.longer
def test_the_page_says_why_and_offers_nothing(tree: Tree, client: Client) -> None:
    other = person_with("committee_member", tree.root, works_in=tree.below)
    client.force_login(tree.local)
    page = client.get(reverse("organisation:person_detail", args=[other.pk])).content.decode()
    assert BEYOND in page
    assert "Suspend this person" not in page
    answer = client.post(reverse("organisation:person_suspend", args=[other.pk]), {"reason": "x"})
    assert answer.status_code == 403
    assert BEYOND in answer.content.decode()
    out_of_sight = PersonFactory.create()
    assert client.post(reverse("organisation:person_suspend", args=[out_of_sight.pk])).status_code == 404


# ---- The last administrator -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("act", ["suspend", "revoke"])
def test_the_last_administrator_of_the_root_stays(tree: Tree, act: str) -> None:
    """Also where another one's right has an end: the day it ends nobody would be left."""
    second = person_with("administrator", tree.root)
    second.grants.update(until=timezone.now() + timedelta(days=3))

    def remove() -> object:
        if act == "suspend":
            return suspend_person(person=tree.head, by=second, reason="x")
        return revoke_grant(grant=tree.head.grants.get(), by=second)

    with pytest.raises(Refused, match="left without an administrator"):
        remove()
    third = person_with("administrator", tree.root)
    Person.objects.filter(pk=third.pk).update(is_active=False)
    with pytest.raises(Refused, match="left without an administrator"):
        remove()
    Person.objects.filter(pk=third.pk).update(is_active=True)
    remove()


def test_the_first_administrator_has_no_end(db: None) -> None:
    person = PersonFactory.create()
    soon = timezone.now() + timedelta(days=3)
    with pytest.raises(Refused) as refused:
        give_grant(person=person, role="administrator", unit=person.unit, by=None, until=soon)
    assert refused.value.field == "until"
    give_grant(person=person, role="administrator", unit=person.unit, by=None)
    other = PersonFactory.create(unit=person.unit)
    give_grant(person=other, role="administrator", unit=person.unit, by=None, until=soon)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_remove_each_other_at_once() -> None:
    unit = UnitFactory.create()
    pair = [person_with("administrator", unit), person_with("administrator", unit)]
    start, ends = threading.Barrier(2), []

    def suspend(by: Person, person: Person) -> None:
        start.wait()
        try:
            suspend_person(person=person, by=by, reason="x")
            ends.append("done")
        except (PermissionDenied, Refused):
            ends.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=suspend, args=order) for order in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(ends) == ["done", "refused"]
    assert Person.objects.filter(is_active=True).count() == 1


# ---- A second person ------------------------------------------------------------------------------------------------
def test_which_roles_ask_for_a_second_person() -> None:
    light = {role for role in ROLES if not needs_confirmation(role)}
    told = "newcomer conversation_manager account_manager community_manager auditor data_protection_officer"
    assert light == set(told.split())


@pytest.mark.longer
def test_a_weighty_grant_holds_once_a_second_person_confirmed_it(tree: Tree) -> None:
    person, second = PersonFactory.create(unit=tree.root), person_with("administrator", tree.root)
    grant = give_grant(person=person, role="spokesperson", unit=tree.root, by=tree.head)
    assert not allows(again(person), Permission.POST_APPROVE, tree.root)
    assert [str(one.act) for one in waiting_for(second)] == ["Confirm the role"]
    assert waiting_for(tree.head) == []
    for nobody in (tree.head, person, tree.local, person_with("auditor", tree.root)):
        with pytest.raises(PermissionDenied):
            confirm_grant(grant=grant, by=nobody)
    confirm_grant(grant=grant, by=second)
    assert allows(again(person), Permission.POST_APPROVE, tree.root)
    with pytest.raises(Conflict):
        confirm_grant(grant=grant, by=second)
    verbs = list(AuditEvent.objects.order_by("sequence").values_list("verb", "actor_name"))
    assert verbs == [("grant.proposed", "Head"), ("grant.confirmed", second.name)]


@pytest.mark.longer
def test_a_proposal_lapses_after_a_fortnight_and_may_be_made_anew(tree: Tree) -> None:
    person, second = PersonFactory.create(unit=tree.root), person_with("administrator", tree.root)
    grant = give_grant(person=person, role="administrator", unit=tree.root, by=tree.head)
    with pytest.raises(Refused, match="proposed already"):
        give_grant(person=person, role="administrator", unit=tree.root, by=tree.head)
    Grant.objects.filter(pk=grant.pk).update(given_at=timezone.now() - timedelta(days=14, seconds=1))
    assert waiting_for(second) == []
    with pytest.raises(Conflict):
        confirm_grant(grant=grant, by=second)
    confirm_grant(grant=give_grant(person=person, role="administrator", unit=tree.root, by=tree.head), by=second)


def test_a_refused_proposal_is_over(tree: Tree) -> None:
    person, second = PersonFactory.create(unit=tree.root), person_with("administrator", tree.root)
    grant = give_grant(person=person, role="administrator", unit=tree.root, by=tree.head)
    refuse_grant(grant=grant, by=second)
    with pytest.raises(Conflict):
        confirm_grant(grant=grant, by=second)
    assert AuditEvent.objects.order_by("-sequence").first().verb == "grant.refused"


def test_who_was_raised_by_the_proposer_is_no_second_person(tree: Tree) -> None:
    """An accomplice whose right the proposer gave confirms nothing for them until that right is a month old."""
    accomplice = PersonFactory.create(unit=tree.root)
    GrantFactory.create(
        person=accomplice, role="administrator", unit=tree.root, given_by=tree.head, confirmed_by=tree.head
    )
    grant = give_grant(person=PersonFactory.create(unit=tree.root), role="administrator", unit=tree.root, by=tree.head)
    with pytest.raises(PermissionDenied, match="given lately"):
        confirm_grant(grant=grant, by=accomplice)
    accomplice.grants.update(confirmed_at=timezone.now() - timedelta(days=31))
    confirm_grant(grant=grant, by=accomplice)


def test_the_proposer_must_still_be_allowed_to(tree: Tree) -> None:
    second, third = person_with("administrator", tree.root), person_with("administrator", tree.root)
    grant = give_grant(person=PersonFactory.create(unit=tree.root), role="administrator", unit=tree.root, by=second)
    suspend_person(person=second, by=tree.head, reason="Taken over")
    with pytest.raises(Refused, match="may no longer"):
        confirm_grant(grant=grant, by=third)


# ---- Two accounts of one person -------------------------------------------------------------------------------------
def test_who_was_invited_counts_as_their_inviter_until_a_second_person_confirms_them(tree: Tree) -> None:
    second = person_with("administrator", tree.root)
    one, two = invited(tree.root, tree.head, "one"), invited(tree.root, tree.head, "two")
    assert same_hand(one, tree.head)
    assert same_hand(again(one), again(two))
    with pytest.raises(Refused, match="a second person has to"):
        confirm_person(person=one, by=tree.head)
    confirm_person(person=one, by=second)
    assert not same_hand(again(one), tree.head)
    assert not same_hand(again(one), again(two))


def test_who_counts_as_another_never_has_that_one_count_as_them(tree: Tree) -> None:
    """Else the two would count as each other, and no end would be found of whom they count as."""
    puppet = invited(tree.root, tree.head, "puppet")
    authority.count_as(tree.head, puppet)
    assert (again(tree.head).invited_by, same_hand(again(puppet), again(tree.head))) == (None, True)


def test_an_invited_administrator_cannot_confirm_for_their_inviter(tree: Tree) -> None:
    puppet = invited(tree.root, tree.head, "puppet")
    GrantFactory.create(person=puppet, role="administrator", unit=tree.root)
    grant = give_grant(person=PersonFactory.create(unit=tree.root), role="administrator", unit=tree.root, by=tree.head)
    with pytest.raises(PermissionDenied, match="or count as who proposed it"):
        confirm_grant(grant=grant, by=puppet)


def test_nobody_confirms_a_role_of_their_own_invitee(tree: Tree) -> None:
    second, third = person_with("administrator", tree.root), person_with("administrator", tree.root)
    puppet = invited(tree.root, tree.head, "puppet")
    grant = give_grant(person=puppet, role="administrator", unit=tree.root, by=second)
    with pytest.raises(PermissionDenied, match="Nobody but you has confirmed this person"):
        confirm_grant(grant=grant, by=tree.head)
    confirm_grant(grant=grant, by=third)
    assert not same_hand(again(puppet), tree.head)


def test_a_light_role_by_another_hand_confirms_the_person_and_by_the_inviters_does_not(tree: Tree) -> None:
    one, two = invited(tree.root, tree.head, "one"), invited(tree.root, tree.head, "two")
    give_grant(person=one, role="newcomer", unit=tree.root, by=tree.head)
    assert same_hand(again(one), tree.head)
    give_grant(person=two, role="newcomer", unit=tree.root, by=person_with("administrator", tree.root))
    assert not same_hand(again(two), tree.head)


def test_a_role_confirms_nobody_whom_its_giver_has_taken_in_hand_meanwhile(tree: Tree) -> None:
    """The page of the role had read them before; what counts is how they stand behind the lock."""
    giver, puppet = person_with("administrator", tree.root), invited(tree.root, tree.head, "puppet")
    before = again(puppet)
    use_link(digest=digest_of(make_link(person=puppet, by=giver, by_mail=False)), password="four words of their own")
    give_grant(person=before, role="newcomer", unit=tree.root, by=giver)
    assert same_hand(again(puppet), giver)


@pytest.mark.longer
def test_a_suspension_is_lifted_from_where_it_was_placed_or_above(tree: Tree, client: Client) -> None:
    person = person_with("newcomer", tree.below)
    suspend_person(person=person, by=tree.head, reason="An inquiry")
    client.force_login(tree.local)
    page = client.get(reverse("organisation:person_detail", args=[person.pk])).content.decode()
    assert "the suspension is lifted there" in page
    assert reverse("organisation:person_reinstate", args=[person.pk]) not in page
    with pytest.raises(PermissionDenied, match="further up than your role reaches"):
        reinstate_person(person=person, by=tree.local, reason="A friend")
    assert not again(person).is_active
    reinstate_person(person=person, by=tree.head, reason="All is well")
    suspend_person(person=person, by=tree.local, reason="On leave")
    reinstate_person(person=person, by=tree.local, reason="Back")
    assert again(person).is_active


@pytest.mark.parametrize("way", ["a light role", "a weighty role", "their page", "a link"])
def test_whose_own_right_the_inviter_gave_does_not_confirm_the_invitee(tree: Tree, way: str) -> None:
    """Neither on their page nor by a role: a puppet made administrator would turn each further one into a person."""
    third, fourth = person_with("administrator", tree.root), person_with("administrator", tree.root)
    lent = PersonFactory.create(unit=tree.root)
    confirm_grant(grant=give_grant(person=lent, role="administrator", unit=tree.root, by=tree.head), by=third)
    puppet = invited(tree.root, tree.head, "puppet")
    if way == "a light role":
        give_grant(person=puppet, role="newcomer", unit=tree.root, by=lent)
    elif way == "a weighty role":
        grant = give_grant(person=puppet, role="spokesperson", unit=tree.root, by=fourth)
        with pytest.raises(PermissionDenied, match="Your own role was given lately"):
            confirm_grant(grant=grant, by=again(lent))
    elif way == "a link":
        with pytest.raises(Refused, match="given lately by who added this person"):
            make_link(person=puppet, by=lent, by_mail=False)
    else:
        with pytest.raises(Refused, match="given lately by who added this person"):
            confirm_person(person=puppet, by=again(lent))
    assert same_hand(again(puppet), tree.head)


@pytest.mark.longer
def test_one_administrator_alone_asks_who_runs_the_server(tree: Tree, client: Client) -> None:
    person = invited(tree.root, tree.head, "second")
    grant = give_grant(person=person, role="administrator", unit=tree.root, by=tree.head)
    client.force_login(tree.head)
    page = client.get(reverse("organisation:person_detail", args=[person.pk])).content.decode()
    assert "Whoever runs the server can" in page
    said = StringIO()
    call_command("confirm", stdout=said)
    assert f"--grant {grant.pk}: second@fin.example, administrator in fin, by Head" in said.getvalue()
    with pytest.raises(CommandError, match="Say why"):
        call_command("confirm", grant=grant.pk)
    call_command("confirm", grant=grant.pk, reason="Known to the director", stdout=said)
    assert allows(again(person), Permission.PERSON_MANAGE, tree.root)
    event = AuditEvent.objects.order_by("-sequence").first()
    assert (event.verb, event.actor_id, event.details["reason"]) == ("grant.confirmed", None, "Known to the director")
    # Confirmed by nobody in the house, they are a second person for whoever proposed them.
    other = give_grant(person=PersonFactory.create(unit=tree.root), role="spokesperson", unit=tree.root, by=tree.head)
    confirm_grant(grant=other, by=again(person))
    with pytest.raises(CommandError, match="Nothing of that kind"):
        call_command("confirm", grant=grant.pk, reason="Again")


@pytest.mark.longer
def test_the_pages_propose_confirm_and_refuse(tree: Tree, client: Client) -> None:
    person, second = PersonFactory.create(unit=tree.root), person_with("administrator", tree.root)
    client.force_login(tree.head)
    facts = {"role": "administrator", "unit": tree.root.pk}
    client.post(reverse("organisation:grant_give", args=[person.pk]), facts)
    grant = Grant.objects.proposed().get(person=person)
    page = client.get(reverse("organisation:person_detail", args=[person.pk])).content.decode()
    assert "proposed by Head" in page
    assert reverse("organisation:grant_confirm", args=[grant.pk]) not in page
    assert client.post(reverse("organisation:grant_confirm", args=[grant.pk])).status_code == 403
    client.force_login(second)
    assert "Confirm the role" in client.get("/").content.decode()
    page = client.get(reverse("organisation:person_detail", args=[person.pk])).content.decode()
    assert reverse("organisation:grant_confirm", args=[grant.pk]) in page
    assert client.post(reverse("organisation:grant_confirm", args=[grant.pk])).status_code == 302
    assert (
        f"confirmed by {second.name}"
        in client.get(reverse("organisation:person_detail", args=[person.pk])).content.decode()
    )
