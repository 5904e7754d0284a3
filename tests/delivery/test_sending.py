"""One delivery through the machinery, with every answer that a network can give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts_registry.actions.keeping import seal_all
from accounts_registry.enums import ConnectionState
from delivery.actions import Line, send_next, send_what_is_due
from delivery.actions.sending import BACKOFF
from delivery.content import freeze
from delivery.enums import DeliveryState, Outcome
from delivery.models import Delivery
from networks.errors import (
    AuthExpired,
    Duplicate,
    EgressRefused,
    Gone,
    Invalid,
    OutcomeUnknown,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from networks.kinds import Purpose
from networks.types import AttemptKey, Draft, Finding, PostRef, Presence
from organisation.clock import database_now
from organisation.queries import story
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import DeliveryFactory, FakeNetwork, FakeOrigin, claim_next

pytestmark = pytest.mark.usefixtures("thawed")


def sent(delivery: Delivery) -> Delivery:
    """`delivery` after one run of the line."""
    send_next(Line())
    delivery.refresh_from_db()
    return delivery


def verbs(delivery: Delivery) -> list[str]:
    return [event.verb.removeprefix("delivery.") for event in story(delivery)][::-1]


def test_what_is_due_is_sent_once_and_told(origin: FakeOrigin, network: FakeNetwork) -> None:
    delivery = sent(DeliveryFactory.create(text="Bonjour"))
    assert delivery.state == DeliveryState.PUBLISHED
    assert delivery.remote_id
    assert delivery.published_at
    assert verbs(delivery) == ["claim", "publish"]
    assert origin.told == [(delivery.pk, "published")]
    [(draft, key)] = network.calls
    assert draft.text == "Bonjour"
    assert key.key == delivery.key
    assert key.created_at == delivery.first_attempt_at
    attempt = delivery.attempts.get()
    assert (attempt.epoch, attempt.outcome) == (1, Outcome.PUBLISHED)
    assert not send_next(Line())


def test_the_intent_is_written_before_the_call(origin: FakeOrigin, network: FakeNetwork) -> None:
    delivery = DeliveryFactory.create()
    seen: list[tuple[str, int, str]] = []

    def look(draft: object, key: object) -> None:
        now = Delivery.objects.get(pk=delivery.pk)
        seen.append((now.state, now.epoch, now.attempts.get().outcome))

    network.answers = [look]
    sent(delivery)
    assert seen == [(DeliveryState.SENDING, 1, "")]


def test_what_comes_later_waits(origin: FakeOrigin, network: FakeNetwork) -> None:
    DeliveryFactory.create(due_at=timezone.now() + timedelta(minutes=1))
    assert not send_next(Line())
    assert network.calls == []


@pytest.mark.longer
@pytest.mark.parametrize("error", [Unavailable("503"), EgressRefused.__base__("nothing")])
def test_a_network_that_is_down_is_tried_again_with_growing_pauses(
    origin: FakeOrigin, network: FakeNetwork, error: Exception
) -> None:
    delivery = DeliveryFactory.create()
    pauses = []
    for _try in range(9):
        network.answers = [error]
        before = timezone.now()
        sent(delivery)
        assert delivery.state == DeliveryState.DUE
        assert delivery.problem
        assert delivery.not_before
        pauses.append((delivery.not_before - before).total_seconds())
        assert not send_next(Line())
        Delivery.objects.filter(pk=delivery.pk).update(not_before=before)
    planned = [5, 10, 20, 40, 80, 160, 320, 600, 600]
    assert all(0 <= pause - plan < 5 for pause, plan in zip(pauses, planned, strict=True)), pauses
    assert len({key.key for _draft, key in network.calls}) == 1
    assert len({key.created_at for _draft, key in network.calls}) == 1
    assert sent(delivery).state == DeliveryState.PUBLISHED


@pytest.mark.parametrize("kind", [RateLimited, QuotaExhausted])
def test_a_pause_that_the_network_asks_for_is_the_whole_accounts(
    origin: FakeOrigin, network: FakeNetwork, kind: type[RateLimited]
) -> None:
    again = datetime.now(UTC) + timedelta(minutes=3)
    network.answers = [kind(again, "posts", "slow down")]
    first = DeliveryFactory.create()
    same_account = DeliveryFactory.create(account=first.account, due_at=timezone.now())
    other_account = DeliveryFactory.create(due_at=timezone.now())
    sent(first)
    assert first.not_before == again
    assert sent(other_account).state == DeliveryState.PUBLISHED
    assert sent(same_account).state == DeliveryState.DUE
    Delivery.objects.filter(pk=first.pk).update(not_before=timezone.now() - timedelta(seconds=1))
    assert sent(first).state == DeliveryState.PUBLISHED
    assert sent(same_account).state == DeliveryState.PUBLISHED


@pytest.mark.parametrize("error", [Invalid("text", "too long"), Gone(), Unsupported(), Rejected("no")])
def test_what_the_network_refuses_fails_with_a_sentence(
    origin: FakeOrigin, network: FakeNetwork, error: Rejected
) -> None:
    network.answers = [error]
    delivery = sent(DeliveryFactory.create())
    assert delivery.state == DeliveryState.FAILED
    assert delivery.problem_code == error.code
    assert delivery.problem
    assert origin.told == [(delivery.pk, "failed")]
    assert delivery.account.connection_state == ConnectionState.CONNECTED


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (AuthExpired(), ConnectionState.BROKEN),
        (EgressRefused(), ConnectionState.BROKEN),
        (PermissionMissing(), ConnectionState.HALF_CONNECTED),
    ],
)
def test_a_dead_sign_in_holds_the_account_until_it_is_connected_again(
    origin: FakeOrigin, network: FakeNetwork, error: Rejected, state: str
) -> None:
    network.answers = [error]
    delivery = DeliveryFactory.create()
    other = DeliveryFactory.create(account=delivery.account)
    sent(delivery)
    assert delivery.state == DeliveryState.DUE
    delivery.account.refresh_from_db()
    assert delivery.account.connection_state == state
    assert not send_next(Line())
    assert len(network.calls) == 1
    delivery.account.connection_state = ConnectionState.CONNECTED
    delivery.account.save()
    send_what_is_due(seconds=5)
    states = set(Delivery.objects.filter(pk__in=[delivery.pk, other.pk]).values_list("state", flat=True))
    assert states == {DeliveryState.PUBLISHED}


def test_credentials_that_do_not_open_are_a_broken_connection(origin: FakeOrigin, network: FakeNetwork) -> None:
    delivery = DeliveryFactory.create()
    credential = delivery.account.credentials.get()
    credential.key_id = "lost"
    credential.save()
    assert sent(delivery).state == DeliveryState.DUE
    assert delivery.problem_code == "vault_broken"
    delivery.account.refresh_from_db()
    assert delivery.account.connection_state == ConnectionState.BROKEN
    assert network.calls == []


@pytest.mark.parametrize("error", [OutcomeUnknown("timeout"), RuntimeError("bug"), KeyError("x")])
def test_whatever_breaks_after_the_call_began_is_uncertain_and_never_sent_again(
    origin: FakeOrigin, network: FakeNetwork, error: Exception
) -> None:
    network.answers = [error]
    delivery = sent(DeliveryFactory.create())
    assert delivery.state == DeliveryState.UNKNOWN
    assert delivery.unknown_at
    assert origin.told == [(delivery.pk, "unknown")]
    assert not send_next(Line())
    assert len(network.calls) == 1


def test_a_duplicate_that_is_ours_is_published(origin: FakeOrigin, network: FakeNetwork) -> None:
    ours = PostRef("77", "https://mastodon.example/@fin/77")
    network.answers = [Duplicate()]
    network.findings = [Finding(Presence.PRESENT, ours)]
    delivery = sent(DeliveryFactory.create())
    assert (delivery.state, delivery.remote_id) == (DeliveryState.PUBLISHED, "77")


def test_a_token_that_was_replaced_while_it_was_used_is_no_dead_token(origin: FakeOrigin, network: FakeNetwork) -> None:
    """A renewal, or a person who connects anew, ends the old token at the network in the middle of a send."""
    account = ConnectedAccountFactory.create()

    def replaced(_draft: Draft, _key: AttemptKey) -> PostRef:
        seal_all(account, Purpose.ALL, {"access_token": "the next one"})
        raise AuthExpired

    network.answers = [replaced]
    delivery = sent(DeliveryFactory.create(account=account))
    account.refresh_from_db()
    assert (delivery.state, account.connection_state) == (DeliveryState.DUE, ConnectionState.CONNECTED)
    assert sent(delivery).state == DeliveryState.PUBLISHED
    network.answers = [AuthExpired()]
    sent(DeliveryFactory.create(account=account))
    account.refresh_from_db()
    assert account.connection_state == ConnectionState.BROKEN


def test_an_instant_that_is_past_by_the_databases_clock_is_still_a_pause(
    origin: FakeOrigin, network: FakeNetwork
) -> None:
    network.answers = [RateLimited(database_now() - timedelta(hours=1))]
    delivery = sent(DeliveryFactory.create())
    assert delivery.not_before
    assert timedelta(0) < delivery.not_before - database_now() <= BACKOFF.first


def test_a_duplicate_of_something_else_fails(origin: FakeOrigin, network: FakeNetwork) -> None:
    network.answers = [Duplicate()]
    network.findings = [Finding(Presence.ABSENT)]
    assert sent(DeliveryFactory.create()).state == DeliveryState.FAILED


@pytest.mark.parametrize(
    "finding",
    [Finding(Presence.UNCERTAIN), Finding(Presence.UNCERTAIN, PostRef("77")), Finding(Presence.PRESENT)],
    ids=["uncertain", "uncertain, though named", "there, but not named"],
)
def test_a_duplicate_that_may_be_ours_is_uncertain(origin: FakeOrigin, network: FakeNetwork, finding: Finding) -> None:
    """A failed send gets a new identity when somebody repeats it: only what is certainly not ours may fail."""
    network.answers = [Duplicate()]
    network.findings = [finding]
    assert sent(DeliveryFactory.create()).state == DeliveryState.UNKNOWN


def test_an_account_with_many_messages_keeps_no_other_waiting(origin: FakeOrigin, network: FakeNetwork) -> None:
    """While one message of the busy account is being sent, another account's later one goes before its next."""
    busy, other = ConnectedAccountFactory.create(), ConnectedAccountFactory.create()
    early = timezone.now() - timedelta(minutes=5)
    for _number in range(3):
        DeliveryFactory.create(account=busy, due_at=early)
    DeliveryFactory.create(account=other)
    taken = [claim_next(passing_over=set()) for _turn in range(4)]
    assert [one and one.account_id for one in taken] == [busy.pk, other.pk, busy.pk, busy.pk]


def test_a_duplicate_that_cannot_be_compared_is_uncertain(origin: FakeOrigin, network: FakeNetwork) -> None:
    network.answers = [Duplicate()]
    network.findings = [Unavailable()]
    assert sent(DeliveryFactory.create()).state == DeliveryState.UNKNOWN


def test_an_answer_that_names_another_deliverys_message_is_uncertain(origin: FakeOrigin, network: FakeNetwork) -> None:
    account = ConnectedAccountFactory.create()
    first = sent(DeliveryFactory.create(account=account))
    network.answers = [PostRef(first.remote_id, first.remote_url)]
    second = sent(DeliveryFactory.create(account=account))
    assert (second.state, second.problem_code) == (DeliveryState.UNKNOWN, "taken")


def test_what_is_no_longer_approved_is_cancelled_on_record(origin: FakeOrigin, network: FakeNetwork) -> None:
    origin.approved = False
    delivery = DeliveryFactory.create()
    assert not send_next(Line())
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.CANCELLED
    assert verbs(delivery) == ["void"]
    assert origin.told == [(delivery.pk, "cancelled")]
    assert network.calls == []


def test_an_origin_that_fails_does_not_stop_the_line(origin: FakeOrigin, network: FakeNetwork) -> None:
    broken = DeliveryFactory.create(due_at=timezone.now() - timedelta(minutes=1))
    fine = DeliveryFactory.create()

    def judge(delivery: Delivery) -> bool:
        if delivery.pk == broken.pk:
            raise RuntimeError
        return True

    origin.approved = judge
    send_what_is_due(seconds=5)
    fine.refresh_from_db()
    broken.refresh_from_db()
    assert (fine.state, broken.state) == (DeliveryState.PUBLISHED, DeliveryState.DUE)


def test_many_late_ones_keep_no_punctual_one_waiting(
    origin: FakeOrigin, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("delivery.actions.claiming.LATE_A_RUN", 2)
    DeliveryFactory.create_batch(3, due_at=timezone.now() - timedelta(hours=3))
    punctual = DeliveryFactory.create()
    send_what_is_due(seconds=5)
    punctual.refresh_from_db()
    assert punctual.state == DeliveryState.PUBLISHED
    assert Delivery.objects.filter(state=DeliveryState.DUE).count() == 1
    send_what_is_due(seconds=5)
    assert not Delivery.objects.filter(state=DeliveryState.DUE).exists()


def test_what_is_two_hours_late_asks_a_person(origin: FakeOrigin, network: FakeNetwork) -> None:
    late = DeliveryFactory.create(due_at=timezone.now() - timedelta(hours=2, seconds=1))
    just = DeliveryFactory.create(due_at=timezone.now() - timedelta(hours=1, minutes=59))
    send_what_is_due(seconds=5)
    late.refresh_from_db()
    just.refresh_from_db()
    assert (late.state, just.state) == (DeliveryState.EXPIRED, DeliveryState.PUBLISHED)
    assert (late.pk, "expired") in origin.told
    assert late.problem


@pytest.mark.longer
def test_after_a_day_without_workers_nothing_bursts_out(origin: FakeOrigin, network: FakeNetwork) -> None:
    account = ConnectedAccountFactory.create()
    for hours in range(3, 24):
        DeliveryFactory.create(account=account, due_at=timezone.now() - timedelta(hours=hours))
    send_what_is_due(seconds=5)
    assert network.calls == []
    assert Delivery.objects.filter(state=DeliveryState.EXPIRED).count() == 21


def test_an_account_that_is_suspended_sends_nothing(origin: FakeOrigin, network: FakeNetwork) -> None:
    delivery = DeliveryFactory.create()
    delivery.account.state = "suspended"
    delivery.account.save()
    assert sent(delivery).state == DeliveryState.DUE
    assert network.calls == []


def test_a_file_that_is_not_the_approved_one_is_not_sent(
    origin: FakeOrigin, network: FakeNetwork, settings: object, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "a.png").write_bytes(b"approved")

    content, digest = freeze({"text": "x", "language": "fr", "media": [{"path": "a.png", "mime": "image/png"}]})
    good = DeliveryFactory.create(content=content, content_hash=digest)
    assert sent(good).state == DeliveryState.PUBLISHED
    (tmp_path / "a.png").write_bytes(b"another")
    bad = sent(DeliveryFactory.create(content=content, content_hash=digest))
    assert (bad.state, bad.problem_code) == (DeliveryState.FAILED, "media_changed")
    assert len(network.calls) == 1


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_workers_own_clock_sends_nothing_early_and_nothing_late(
    origin: FakeOrigin, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    """R6: only the database's clock decides."""
    now = timezone.now()
    early = DeliveryFactory.create(due_at=now + timedelta(minutes=5))
    due = DeliveryFactory.create(due_at=now - timedelta(seconds=1))
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + timedelta(minutes=minutes))
    monkeypatch.setattr("time.time", lambda: now.timestamp() + minutes * 60)
    send_what_is_due(seconds=5)
    early.refresh_from_db()
    due.refresh_from_db()
    assert (early.state, due.state) == (DeliveryState.DUE, DeliveryState.PUBLISHED)


@pytest.mark.parametrize(
    ("url", "cid"),
    [("https://fin.example/" + "a" * 600, "c" * 200), ("http://[", "\x00"), ("https://fin.example/\x00", "a\nb")],
)
def test_what_is_out_is_written_down_whatever_address_the_network_gives_it(
    origin: FakeOrigin, network: FakeNetwork, url: str, cid: str
) -> None:
    network.answers = [PostRef("remote", url, cid)]
    delivery = sent(DeliveryFactory.create())
    assert (delivery.state, delivery.remote_id) == (DeliveryState.PUBLISHED, "remote")
    assert (delivery.remote_url, delivery.remote_cid) == ("", "")


@pytest.mark.parametrize("name", ["", "a" * 301, "a\x00b"])
def test_a_message_without_a_name_is_uncertain(origin: FakeOrigin, network: FakeNetwork, name: str) -> None:
    network.answers = [PostRef(name)]
    assert sent(DeliveryFactory.create()).state == DeliveryState.UNKNOWN
    assert len(network.calls) == 1


def test_a_refusal_is_written_down_whatever_signs_it_holds(origin: FakeOrigin, network: FakeNetwork) -> None:
    network.answers = [Rejected("no\x00\ud800")]
    delivery = sent(DeliveryFactory.create())
    assert (delivery.state, delivery.problem_detail) == (DeliveryState.FAILED, "no?")
