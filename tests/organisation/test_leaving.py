"""Somebody leaves: one act, after which nothing of theirs opens anything, and what they had in hand is another's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts_registry.enums import DossierState
from accounts_registry.models import Account, Handover
from conversations.enums import ConversationState
from organisation.actions import end_work, make_link, reinstate_person, use_link
from organisation.actions.links import digest_of
from organisation.lifecycle import Refused
from organisation.models import AuditEvent, Grant, Person, Recovery, SignInLink, Unit
from organisation.open_work import registered
from organisation.queries.leaving import everything_in_hand, held_by, name_of
from tests.factories.accounts_registry import AccountFactory, ConnectedAccountFactory, DossierFactory
from tests.factories.conversations import ConversationFactory
from tests.factories.monitoring import SourceFactory, WatchFactory
from tests.factories.organisation import GrantFactory, PersonFactory, RecoveryFactory, UnitFactory, person_with
from tests.factories.publishing import draft
from tests.factories.sessions import factor_of
from tests.factories.training import SessionFactory
from tests.locking import locks_taken
from tests.organisation.test_sessions import ME, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db: None) -> Person:
    return person_with("administrator", UnitFactory.create(), name="Ada")


def leave(person: Person, by: Person, **successors: Any) -> Person:
    return end_work(person=person, by=by, reason="Leaves", successors=successors)


def address(person: Person) -> str:
    return reverse("organisation:person_leave", args=[person.pk])


# ---- Nothing opens any more ------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_each_session_link_and_call_is_refused_at_once(administrator: Person) -> None:
    person = person_with("newcomer", administrator.unit)
    sessions = [signed_in(person), signed_in(person)]
    waiting, secret = Client(), make_link(person=PersonFactory.create(unit=person.unit), by=administrator, by_mail=True)
    SignInLink.objects.filter(digest=digest_of(secret)).update(person=person)
    leave(person, administrator)
    for browser in sessions:
        assert browser.get(reverse("today")).status_code == 302
    for browser in sessions:
        assert browser.get(ME).status_code == 403
        assert browser.post("/api/v1/posts/", {}).status_code == 403
    with pytest.raises(Refused):
        use_link(digest=digest_of(secret), password="Correct horse battery staple")
    answer = waiting.post(reverse("account_login"), {"login": person.email, "password": "correct horse battery"})
    assert waiting.get(reverse("today")).status_code == 302, answer.content.decode()


def test_roles_factors_proposals_and_the_password_are_over_for_good(administrator: Person) -> None:
    person = person_with("newcomer", administrator.unit)
    waits = GrantFactory.create(person=person, role="spokesperson", given_by=administrator, confirmed_at=None)
    factor_of(person)
    leave(person, administrator)
    assert not Grant.objects.filter(person=person, revoked_at__isnull=True).exists()
    assert not Authenticator.objects.filter(user=person).exists()
    reinstate_person(person=person, by=administrator, reason="Came back")
    back = Person.objects.get(pk=person.pk)
    assert (back.held_grants(), back.has_usable_password(), back.session_epoch) == ([], False, 2)
    told = AuditEvent.objects.order_by("sequence").values_list("verb", "object_id")
    held = person.grants.get(role="newcomer")
    assert list(told)[:3] == [
        ("grant.revoked", str(held.pk)),
        ("grant.refused", str(waits.pk)),
        ("person.left", str(person.pk)),
    ]
    details = AuditEvent.objects.get(verb="person.left").details
    assert details == {"reason": "Leaves", "roles": ["newcomer"], "left": []}


def test_who_was_suspended_above_stays_suspended_from_there(administrator: Person) -> None:
    below = UnitFactory.create(parent=administrator.unit)
    person = PersonFactory.create(unit=below, is_active=False, suspended_from=administrator.unit)
    leave(person, person_with("administrator", below))
    assert Person.objects.get(pk=person.pk).suspended_from == administrator.unit


def test_why_is_said_and_a_link_that_was_over_stays_over_since_then(administrator: Person) -> None:
    person = PersonFactory.create(unit=administrator.unit)
    make_link(person=person, by=administrator, by_mail=True)
    make_link(person=person, by=administrator, by_mail=True)
    first, second = SignInLink.objects.filter(person=person).order_by("pk")
    with pytest.raises(Refused, match="Say why"):
        end_work(person=person, by=administrator, reason=" ", successors={})
    before = GrantFactory.create(person=person, role="newcomer", revoked_at=first.made_at)
    was = RecoveryFactory.create(person=person, proposed_by=administrator, ended_at=first.made_at)
    leave(person, administrator)
    ended = first.ended_at
    for link in (first, second):
        link.refresh_from_db()
    assert first.ended_at == ended
    assert second.ended_at is not None
    assert Grant.objects.get(pk=before.pk).revoked_at == first.made_at
    assert Recovery.objects.get(pk=was.pk).ended_at == first.made_at
    assert not AuditEvent.objects.filter(verb="grant.revoked").exists()


# ---- Who may ---------------------------------------------------------------------------------------------------------
def test_nobody_ends_the_work_of_who_reaches_beyond_them_nor_their_own(administrator: Person) -> None:
    below = UnitFactory.create(parent=administrator.unit)
    person = person_with("newcomer", administrator.unit, works_in=below)
    local = person_with("administrator", below)
    for one, by in ((person, local), (administrator, administrator), (person, person)):
        with pytest.raises(PermissionDenied):
            leave(one, by)
    assert Person.objects.get(pk=person.pk).is_active


def test_the_last_administrator_of_the_whole_stays(administrator: Person) -> None:
    other = person_with("administrator", administrator.unit)
    Grant.objects.filter(person=administrator).update(until="2100-01-01T00:00Z")
    with pytest.raises(Refused, match="without an administrator"):
        leave(other, administrator)
    assert Person.objects.get(pk=other.pk).is_active


def test_it_begins_with_the_lock_of_authority_and_the_persons_row(administrator: Person) -> None:
    person = person_with("newcomer", administrator.unit)
    with locks_taken() as taken:
        leave(person, administrator)
    assert taken[:2] == ["organisation_unit", "organisation_person"]


# ---- What they have in hand ------------------------------------------------------------------------------------------
Made = Callable[[Person, Unit], Any]
KINDS: dict[str, tuple[str, Made, str]] = {
    # kind: the role of who takes over, how it is made, the field that names who has it
    "account_owner": ("newcomer", lambda one, unit: AccountFactory.create(unit=unit, owner=one), "owner"),
    "account_backup": (
        "newcomer",
        lambda one, unit: AccountFactory.create(unit=unit, backup_holder=one),
        "backup_holder",
    ),
    "dossier": (
        "communication_cell",
        lambda one, unit: DossierFactory.create(unit=unit, requested_by=one, state=DossierState.SUBMITTED, round=1),
        "requested_by",
    ),
    "post": ("newcomer", lambda one, unit: draft(one, ConnectedAccountFactory.create(unit=unit)), "author"),
    "conversation": (
        "conversation_manager",
        lambda one, unit: ConversationFactory.create(
            account=ConnectedAccountFactory.create(unit=unit), assigned_to=one, state=ConversationState.ASSIGNED
        ),
        "assigned_to",
    ),
    "watch": (
        "conversation_manager",
        lambda one, unit: WatchFactory.create(account=ConnectedAccountFactory.create(unit=unit), owner=one),
        "owner",
    ),
    "training_session": (
        "community_manager",
        lambda one, unit: SessionFactory.create(module__unit=unit, trainer=one),
        "trainer",
    ),
    "source": ("conversation_manager", lambda one, unit: SourceFactory.create(unit=unit, owner=one), "owner"),
}


def test_every_kind_of_work_is_handed_over_in_a_test() -> None:
    assert {kind.key for kind in registered()} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_they_have_in_hand_goes_to_who_is_named(administrator: Person, kind: str) -> None:
    role, make, field = KINDS[kind]
    unit = administrator.unit
    person = person_with("communication_cell", unit)
    thing = make(person, unit)
    successor, stranger = person_with(role, unit), person_with("committee_member", UnitFactory.create())
    name = f"{kind}_{thing.pk}"
    assert [name_of(*one) for one in everything_in_hand(person)] == [name]
    held = held_by(person, administrator).things[0]
    assert (successor in held.takers, stranger in held.takers, person in held.takers) == (True, False, False)
    for wrong in ({}, {name: stranger.pk}, {name: person.pk}, {"post_0": None}):
        with pytest.raises(Refused) as refused:
            leave(person, administrator, **wrong)
        assert refused.value.field == name
    before = AuditEvent.objects.count()
    leave(person, administrator, **{name: successor.pk})
    thing.refresh_from_db()
    assert getattr(thing, field) == successor
    assert everything_in_hand(person) == []
    events = AuditEvent.objects.order_by("sequence")[before:]
    noun = thing._meta.label_lower
    assert [one.object_id for one in events if one.noun == noun] == [str(thing.pk)]


def test_whoever_gets_an_account_so_is_asked_to_say_that_they_hold_it(administrator: Person) -> None:
    """As after each handover; and a page that was open before with the earlier holder saves nothing over it."""
    person, successor = (person_with("newcomer", administrator.unit) for _who in range(2))
    account = AccountFactory.create(unit=administrator.unit, owner=person)
    leave(person, administrator, **{f"account_owner_{account.pk}": successor.pk})
    handover = Handover.objects.get()
    assert (handover.owner_before, handover.owner, handover.taken_at) == (person, successor, None)
    assert Account.objects.get().edition == account.edition + 1


@pytest.mark.parametrize("kind", KINDS)
def test_what_nobody_takes_over_is_said_and_stays(administrator: Person, kind: str) -> None:
    _role, make, field = KINDS[kind]
    person = person_with("communication_cell", administrator.unit)
    thing = make(person, administrator.unit)
    leave(person, administrator, **{f"{kind}_{thing.pk}": None})
    thing.refresh_from_db()
    assert getattr(thing, field) == person
    assert AuditEvent.objects.get(verb="person.left").details["left"] == [f"{kind}_{thing.pk}"]


def test_whoever_takes_a_text_over_approves_it_no_more_than_who_left(administrator: Person) -> None:
    person, successor = (person_with("communication_cell", administrator.unit) for _ in range(2))
    post = draft(person, ConnectedAccountFactory.create(unit=administrator.unit))
    dossier = DossierFactory.create(unit=administrator.unit, requested_by=person, state=DossierState.SUBMITTED, round=1)
    leave(person, administrator, **{f"post_{post.pk}": successor.pk, f"dossier_{dossier.pk}": successor.pk})
    post.refresh_from_db()
    assert {post.author, *post.editors.all()} == {person, successor}
    assert {person, successor} <= set(dossier.editors.all())


def test_the_other_holder_of_an_account_takes_it_not_over(administrator: Person) -> None:
    person, backup = (person_with("newcomer", administrator.unit) for _ in range(2))
    account = AccountFactory.create(unit=administrator.unit, owner=person, backup_holder=backup)
    with pytest.raises(Refused):
        leave(person, administrator, **{f"account_owner_{account.pk}": backup.pk})


# ---- The page --------------------------------------------------------------------------------------------------------
def test_the_page_asks_for_each_thing_and_does_it_all_in_one_act(client: Client, administrator: Person) -> None:
    unit = administrator.unit
    person, successor = person_with("newcomer", unit), person_with("newcomer", unit, name="Bo")
    first = AccountFactory.create(unit=unit, owner=person, handle="first")
    second = AccountFactory.create(unit=unit, owner=person, handle="second")
    client.force_login(administrator)
    page = client.get(address(person)).content.decode()
    assert "@first" in page
    assert "All of these to" in page
    answer = client.post(address(person), {"reason": "Leaves", f"account_owner_{first.pk}": successor.pk})
    assert (answer.status_code, Person.objects.get(pk=person.pk).is_active) == (422, True)
    assert "or that nobody does" in answer.content.decode()
    sent = {"reason": "Leaves", f"account_owner_{first.pk}": "-", "all_account_owner": successor.pk}
    done = client.post(address(person), sent, follow=True).content.decode()
    assert "One thing has nobody who answers for it now: @first" in done
    second.refresh_from_db()
    assert second.owner == successor


def test_what_the_administrator_may_not_see_is_called_by_its_number(client: Client, administrator: Person) -> None:
    person = person_with("newcomer", administrator.unit)
    post = draft(person, ConnectedAccountFactory.create(unit=administrator.unit), title="Secret plan")
    client.force_login(administrator)
    page = client.get(address(person)).content.decode()
    assert "Secret plan" not in page
    assert f"Post {post.pk}" in page
