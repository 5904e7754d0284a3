"""What nobody knows: looked for, sent again only when certainly not there, and in the end asked of a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import TestCase
from django.utils import timezone

from accounts_registry.enums import ConnectionState
from accounts_registry.models import Account
from accounts_registry.queries import network_sentence
from delivery.actions import Line, give_up_stranded, look_for_next, look_for_the_unknown, resolve_unknown, send_next
from delivery.actions.settling import settle, settle_published
from delivery.enums import DELIVERY_LIFECYCLE, DeliveryState, Outcome, Verdict
from delivery.models import Delivery
from delivery.queries import unresolved, waiting_for
from networks.errors import AuthExpired, NetworkError, OutcomeUnknown, RateLimited, Unavailable
from networks.types import Finding, PostRef, Presence
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person
from organisation.queries import story
from organisation.ration import Ration
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import ANSWER, POST, DeliveryFactory, FakeNetwork, FakeOrigin
from tests.factories.organisation import UnitFactory, person_with
from tests.thorough import thorough_but

pytestmark = pytest.mark.usefixtures("thawed")

THERE = PostRef("42", "https://mastodon.example/@fin/42", "cid")


@pytest.fixture
def lost(origin: FakeOrigin, network: FakeNetwork) -> Delivery:
    """A delivery whose answer never came."""
    network.answers = [OutcomeUnknown("timeout")]
    delivery = DeliveryFactory.create()
    send_next(Line())
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.UNKNOWN
    return delivery


@pytest.fixture
def decider(lost: Delivery) -> Person:
    return person_with("communication_cell", lost.unit)


def looked(delivery: Delivery) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(not_before=None)
    assert look_for_next()
    delivery.refresh_from_db()
    return delivery


def test_what_is_there_is_published(lost: Delivery, network: FakeNetwork, origin: FakeOrigin) -> None:
    network.findings = [Finding(Presence.PRESENT, THERE)]
    looked(lost)
    assert (lost.state, lost.remote_id, lost.remote_cid) == (DeliveryState.PUBLISHED, "42", "cid")
    assert lost.published_at == lost.attempts.get().finished_at, "by then it was out"
    assert origin.told[-1] == (lost.pk, "published")
    [(_draft, key)] = network.looks
    assert (key.key, key.sent_at) == (lost.key, lost.attempts.get().finished_at)


def test_what_is_certainly_absent_is_sent_again_as_the_same(lost: Delivery, network: FakeNetwork) -> None:
    network.findings = [Finding(Presence.ABSENT)]
    looked(lost)
    assert lost.state == DeliveryState.DUE
    assert send_next(Line())
    lost.refresh_from_db()
    assert (lost.state, lost.epoch) == (DeliveryState.PUBLISHED, 2)
    (_first, one), (_second, two) = network.calls
    assert (one.key, one.created_at) == (two.key, two.created_at)


@pytest.mark.parametrize(
    "found", [Finding(Presence.UNCERTAIN), Unavailable(), RateLimited(timezone.now()), RuntimeError("bug")]
)
def test_what_cannot_be_known_stays_and_is_looked_for_less_and_less(
    lost: Delivery, network: FakeNetwork, found: object
) -> None:
    network.findings = [found]
    looked(lost)
    assert lost.state == DeliveryState.UNKNOWN
    assert not look_for_next()  # not yet again
    assert not send_next(Line())
    assert len(network.calls) == 1


def test_a_message_that_another_delivery_owns_is_not_this_one(lost: Delivery, network: FakeNetwork) -> None:
    other = DeliveryFactory.create(account=lost.account)
    network.answers = [THERE]
    send_next(Line())
    other.refresh_from_db()
    assert other.remote_id == "42"
    network.findings = [Finding(Presence.PRESENT, THERE)]
    looked(lost)
    assert (lost.state, lost.problem_code) == (DeliveryState.UNKNOWN, "taken")


@pytest.mark.parametrize("name", ["", "4\x002", "4" * 301])
def test_what_is_found_under_a_name_that_is_none_is_asked_of_a_person(
    lost: Delivery, network: FakeNetwork, name: str
) -> None:
    network.findings = [Finding(Presence.PRESENT, PostRef(name))]
    looked(lost)
    assert (lost.state, lost.problem_code) == (DeliveryState.UNKNOWN, "not_sure")


def test_a_dead_sign_in_while_looking_breaks_the_account_and_keeps_the_question(
    lost: Delivery, network: FakeNetwork
) -> None:
    network.findings = [AuthExpired()]
    looked(lost)
    lost.account.refresh_from_db()
    assert lost.account.connection_state == ConnectionState.BROKEN
    assert (lost.state, lost.problem_code) == (DeliveryState.UNKNOWN, "not_connected")
    looked(lost)
    assert len(network.looks) == 1


def test_a_worker_that_does_not_come_back_leaves_an_uncertain_send(origin: FakeOrigin, network: FakeNetwork) -> None:
    delivery = DeliveryFactory.create()

    def die(draft: object, key: object) -> None:
        raise SystemExit  # not an Exception: nothing is written, as after a kill

    network.answers = [die]
    with pytest.raises(SystemExit):
        send_next(Line())
    look_for_the_unknown(seconds=1)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENDING  # within its lease nobody touches it
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert give_up_stranded() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem_code) == (DeliveryState.UNKNOWN, "worker_lost")
    assert delivery.attempts.get().outcome == Outcome.UNKNOWN
    assert [event.verb for event in story(delivery)] == ["delivery.lose", "delivery.claim"]


def test_a_late_write_is_refused_by_epoch(origin: FakeOrigin, network: FakeNetwork) -> None:
    """R7: a worker stopped past its lease comes back with an answer after another one has taken over."""
    delivery = DeliveryFactory.create()
    stale: list[Delivery] = []

    def overtaken(draft: object, key: object) -> PostRef:
        mine = Delivery.objects.get(pk=delivery.pk)
        stale.append(mine)
        Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        give_up_stranded()
        network.findings = [Finding(Presence.ABSENT)]
        look_for_next()
        send_next(Line())
        return PostRef("late", "https://mastodon.example/@fin/late")

    network.answers = [overtaken]
    send_next(Line())
    delivery.refresh_from_db()
    assert (delivery.state, delivery.epoch) == (DeliveryState.PUBLISHED, 2)
    assert delivery.remote_id != "late"
    assert [attempt.outcome for attempt in delivery.attempts.all()] == [Outcome.PUBLISHED, Outcome.LATE]
    assert settle_published(delivery=stale[0], ref=THERE) is None
    assert settle(delivery=stale[0], edge="fail", outcome=Outcome.REFUSED) is None
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.PUBLISHED


def test_after_ten_minutes_it_waits_for_whoever_may_decide(lost: Delivery, decider: Person) -> None:
    assert not waiting_for(decider)
    Delivery.objects.update(unknown_at=timezone.now() - timedelta(minutes=10, seconds=1))
    assert list(unresolved(decider)) == [lost]
    [waiting] = waiting_for(decider)
    assert waiting.url == lost.get_absolute_url()
    assert not waiting_for(person_with("newcomer", lost.unit))
    assert not waiting_for(person_with("communication_cell", UnitFactory.create()))


def test_a_person_says_it_is_there(
    lost: Delivery, decider: Person, origin: FakeOrigin, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://mastodon.example/@fin/99"
    network.places[url] = PostRef("99", url, "cid-99")
    depth = len(connection.savepoint_ids)
    look = network.locate

    def outside(asked: str) -> PostRef | None:
        assert len(connection.savepoint_ids) == depth, "looked at while something was locked"
        return look(asked)

    monkeypatch.setattr(network, "locate", outside)
    resolve_unknown(delivery=lost, by=decider, verdict=Verdict.THERE, reason="seen", published_url=url)
    lost.refresh_from_db()
    assert (lost.state, lost.remote_url) == (DeliveryState.PUBLISHED, url)
    assert (lost.remote_id, lost.remote_cid) == ("99", "cid-99")
    assert origin.told[-1] == (lost.pk, "published")
    event = story(lost)[0]
    assert (event.verb, event.actor_id, event.details["reason"]) == ("delivery.confirm_there", decider.pk, "seen")


def test_nobodys_word_puts_an_uncertain_message_in_line_again() -> None:
    again = [edge for edge in DELIVERY_LIFECYCLE.leaving(DeliveryState.UNKNOWN) if edge.target == DeliveryState.DUE]
    assert [(edge.name, edge.permission) for edge in again] == [("clear", None)]


@pytest.mark.parametrize(
    ("found", "state", "problem"),
    [
        (Finding(Presence.ABSENT), DeliveryState.DUE, ""),
        (Finding(Presence.PRESENT, THERE), DeliveryState.PUBLISHED, ""),
        (Finding(Presence.UNCERTAIN), DeliveryState.UNKNOWN, "not_sure"),
        (Unavailable(), DeliveryState.UNKNOWN, "not_sure"),
    ],
)
def test_who_does_not_find_it_has_parvis_look_again_and_what_the_network_says_decides(
    lost: Delivery, decider: Person, network: FakeNetwork, woken: list[str], found: object, state: str, problem: str
) -> None:
    Delivery.objects.update(not_before=timezone.now() + timedelta(minutes=5))
    woken.clear()
    with TestCase.captureOnCommitCallbacks(execute=True):
        resolve_unknown(delivery=lost, by=decider, verdict=Verdict.LOOK_AGAIN, reason="I scrolled through all of May")
    assert woken == ["delivery.tasks.resolve_unknown"]
    lost.refresh_from_db()
    assert lost.state == DeliveryState.UNKNOWN
    assert not send_next(Line())
    asked = story(lost)[0]
    assert (asked.verb, asked.actor_id) == ("delivery.look_again", decider.pk)
    assert asked.details == {"reason": "I scrolled through all of May", "epoch": 1}

    network.findings = [found]
    assert look_for_next()
    lost.refresh_from_db()
    assert (lost.state, lost.problem_code) == (state, problem)
    assert send_next(Line()) is (state == DeliveryState.DUE)
    assert {key.key for _draft, key in network.calls} == {lost.key}
    if problem:
        assert "could not be certain" in lost.problem


def test_looking_again_where_it_costs_money_is_rationed(
    lost: Delivery, decider: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("delivery.actions.deciding.costs", lambda account: True)
    monkeypatch.setattr("delivery.actions.deciding.PAID_LOOKUPS", Ration("a-test", an_hour=1))
    again = {"delivery": lost, "by": decider, "verdict": Verdict.LOOK_AGAIN, "reason": "not there"}
    resolve_unknown(**again)
    with pytest.raises(Refused, match="in one hour"):
        resolve_unknown(**again)


# Who settles what: whoever sends that kind of message in the account's unit, and nobody else.
SETTLES = [
    ("communication_cell", "own", True, False),
    ("communication_cell", "above", True, False),
    ("communication_cell", "beside", False, False),
    ("conversation_manager", "own", False, True),
    ("conversation_manager", "above", False, True),
    ("conversation_manager", "beside", False, False),
    ("spokesperson", "own", True, True),
    ("newcomer", "own", False, False),
    ("administrator", "own", False, False),
    ("crisis_cell", "own", False, False),
    ("account_manager", "own", False, False),
]


@pytest.mark.parametrize(("role", "where", "posts", "answers"), SETTLES)
@pytest.mark.parametrize("verdict", thorough_but([Verdict.LOOK_AGAIN, Verdict.GIVE_UP, Verdict.THERE], Verdict.GIVE_UP))
def test_who_sends_that_kind_of_message_says_what_became_of_it(
    db: None, network: FakeNetwork, role: str, where: str, posts: bool, answers: bool, verdict: str
) -> None:
    root = UnitFactory.create()
    units = {"above": root, "own": UnitFactory.create(parent=root), "beside": UnitFactory.create(parent=root)}
    person, long_ago = person_with(role, units[where]), timezone.now() - timedelta(minutes=20)
    url = "https://mastodon.example/@fin/42"
    network.places[url] = THERE
    for kind, expected in ((POST, posts), (ANSWER, answers)):
        delivery = DeliveryFactory.create(
            account=ConnectedAccountFactory.create(unit=units["own"]),
            origin_kind=kind,
            state=DeliveryState.UNKNOWN,
            unknown_at=long_ago,
            first_attempt_at=long_ago,
            epoch=1,
        )
        assert (delivery in unresolved(person)) is expected
        said = {"verdict": verdict, "reason": "I looked", "published_url": url if verdict == Verdict.THERE else ""}
        if expected:
            resolve_unknown(delivery=delivery, by=person, **said)
            Delivery.objects.filter(pk=delivery.pk).update(remote_id="other")
            continue
        with pytest.raises(PermissionDenied):
            resolve_unknown(delivery=delivery, by=person, **said)


def test_a_person_gives_it_up(lost: Delivery, decider: Person, origin: FakeOrigin) -> None:
    resolve_unknown(delivery=lost, by=decider, verdict=Verdict.GIVE_UP, reason="too old now")
    lost.refresh_from_db()
    assert lost.state == DeliveryState.CANCELLED
    with pytest.raises(Conflict):
        resolve_unknown(delivery=lost, by=decider, verdict=Verdict.LOOK_AGAIN, reason="no, do")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"verdict": Verdict.GIVE_UP, "reason": "  "}, "reason"),
        ({"verdict": Verdict.THERE, "reason": "seen"}, "published_url"),
        ({"verdict": Verdict.THERE, "reason": "seen", "published_url": "javascript:alert(1)"}, "published_url"),
        ({"verdict": Verdict.THERE, "reason": "seen", "published_url": "https://elsewhere.example/1"}, "published_url"),
    ],
)
def test_a_decision_needs_its_facts(lost: Delivery, decider: Person, facts: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refused:
        resolve_unknown(delivery=lost, by=decider, **facts)
    assert refused.value.field == field
    lost.refresh_from_db()
    assert lost.state == DeliveryState.UNKNOWN


@pytest.mark.parametrize("error", [Unavailable("down"), RateLimited(timezone.now()), AuthExpired()])
def test_a_network_that_does_not_answer_changes_nothing(
    lost: Delivery, decider: Person, network: FakeNetwork, error: NetworkError
) -> None:
    url = "https://mastodon.example/@fin/99"
    network.places[url] = error
    with pytest.raises(Refused) as refused:
        resolve_unknown(delivery=lost, by=decider, verdict=Verdict.THERE, reason="seen", published_url=url)
    assert refused.value.field == "published_url"
    assert refused.value.reasons == [network_sentence(error.code)]
    lost.refresh_from_db()
    assert (lost.state, lost.remote_id) == (DeliveryState.UNKNOWN, "")
    is_dead = isinstance(error, AuthExpired)
    assert (lost.account.connection_state == ConnectionState.BROKEN) is is_dead


def test_an_account_that_is_not_connected_cannot_be_looked_at(
    lost: Delivery, decider: Person, network: FakeNetwork
) -> None:
    Account.objects.update(connection_state=ConnectionState.DISCONNECTED)
    lost.account.refresh_from_db()
    network.places["https://mastodon.example/@fin/99"] = AssertionError("nobody asks")
    with pytest.raises(Refused, match="not connected"):
        resolve_unknown(
            delivery=lost,
            by=decider,
            verdict=Verdict.THERE,
            reason="seen",
            published_url="https://mastodon.example/@fin/99",
        )


def test_one_address_stands_for_one_message(lost: Delivery, decider: Person, network: FakeNetwork) -> None:
    url = "https://mastodon.example/@fin/99"
    network.places[url] = PostRef("99", url)
    DeliveryFactory.create(account=lost.account, state="published", remote_id="99", published_at=timezone.now())
    with pytest.raises(Refused):
        resolve_unknown(delivery=lost, by=decider, verdict=Verdict.THERE, reason="seen", published_url=url)


def test_a_newcomer_does_not_decide(lost: Delivery) -> None:
    newcomer = person_with("newcomer", lost.unit)
    with pytest.raises(PermissionDenied):
        resolve_unknown(delivery=lost, by=newcomer, verdict=Verdict.GIVE_UP, reason="x")
