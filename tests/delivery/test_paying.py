"""What a send costs is paid with its claim; what certainly was not sent costs nothing."""

from __future__ import annotations

from datetime import datetime

import pytest

from accounts_registry.enums.spending import BUDGET_MISSING, BUDGET_USED_UP, Spent
from accounts_registry.models import Account, Budget, Spending
from accounts_registry.queries import month_so_far
from delivery.actions import Line, look_for_next, reconfirm_delivery, schedule_delivery, send_next
from delivery.content import as_draft, freeze
from delivery.enums import DeliveryState
from delivery.models import Delivery
from delivery.origins import kind_of
from delivery.queries import months_of, price_told
from networks.errors import Duplicate, Gone, OutcomeUnknown, Rejected, Unavailable
from networks.types import Finding, Presence
from organisation.clock import database_now
from organisation.lifecycle import Refused
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import ANSWER, POST, DeliveryFactory, FakeNetwork, FakeOrigin, instead
from tests.factories.organisation import person_with
from tests.factories.prices import CHARGING, FINE_PRICES, charge, give_budget

pytestmark = pytest.mark.usefixtures("thawed")


@pytest.fixture(autouse=True)
def charged(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    charge(monkeypatch)


@pytest.fixture
def account(charged: None) -> Account:
    return ConnectedAccountFactory.create(network=CHARGING)


def sent(delivery: Delivery) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(not_before=None)
    send_next(Line())
    delivery.refresh_from_db()
    return delivery


def spent(account: Account) -> dict[str, tuple[int, int]]:
    return {one.what: (one.amount, one.count) for one in Spending.objects.filter(account=account)}


def test_each_send_is_paid_by_what_is_sent(account: Account, origin: FakeOrigin, network: FakeNetwork) -> None:
    give_budget(account, 100)
    sent(DeliveryFactory.create(account=account, text="Bonjour"))
    linked = freeze({"text": "Lisez ceci.", "language": "fr", "link": "https://example.org/x"})[0]
    sent(DeliveryFactory.create(account=account, content=linked))
    assert spent(account) == {Spent.POST: (215_000, 2)}
    assert [delivery.attempts.get().cost for delivery in Delivery.objects.order_by("pk")] == [15_000, 200_000]


def test_without_a_budget_a_message_waits_with_a_sentence_and_goes_once_there_is_one(
    account: Account, origin: FakeOrigin, network: FakeNetwork
) -> None:
    delivery = sent(DeliveryFactory.create(account=account))
    assert (delivery.state, delivery.problem_code) == (DeliveryState.DUE, BUDGET_MISSING)
    assert "budget" in delivery.problem
    assert network.calls == []
    assert not send_next(Line()), "it waits a while before it is looked at again"
    give_budget(account, 1)
    assert sent(delivery).state == DeliveryState.PUBLISHED
    assert delivery.problem == ""


def test_used_up_posts_wait_and_answers_go_on(account: Account, origin: FakeOrigin, network: FakeNetwork) -> None:
    give_budget(account, 0.05, kept=0.04)
    post = sent(DeliveryFactory.create(account=account))
    assert post.problem_code == BUDGET_USED_UP
    undo = instead(FakeOrigin(kind_of(ANSWER)))
    answers = [sent(DeliveryFactory.create(account=account, origin_kind=ANSWER)).state for _each in range(4)]
    undo()
    assert answers == [DeliveryState.PUBLISHED] * 3 + [DeliveryState.DUE]
    assert spent(account) == {Spent.ANSWER: (45_000, 3)}


@pytest.mark.parametrize("error", [Unavailable("503"), Rejected("no"), Gone("gone"), Duplicate("twice")])
def test_what_was_certainly_not_sent_costs_nothing(
    account: Account, origin: FakeOrigin, network: FakeNetwork, error: Exception
) -> None:
    give_budget(account, 1)
    network.answers, network.findings = [error], [Finding(Presence.ABSENT)]
    delivery = sent(DeliveryFactory.create(account=account))
    assert delivery.state in (DeliveryState.DUE, DeliveryState.FAILED)
    assert spent(account) == {Spent.POST: (0, 0)}
    assert delivery.attempts.get().cost == 0


def test_an_uncertain_send_counts_until_it_is_certainly_not_there(
    account: Account, origin: FakeOrigin, network: FakeNetwork
) -> None:
    give_budget(account, 1)
    network.answers = [OutcomeUnknown("lost")]
    delivery = sent(DeliveryFactory.create(account=account))
    assert delivery.state == DeliveryState.UNKNOWN
    assert spent(account) == {Spent.POST: (15_000, 1)}
    network.findings = [Finding(Presence.ABSENT)]
    look_for_next()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DUE
    assert spent(account) == {Spent.POST: (0, 0)}
    assert sent(delivery).state == DeliveryState.PUBLISHED
    assert spent(account) == {Spent.POST: (15_000, 1)}


def test_looking_for_a_message_costs_what_reading_does(
    account: Account, origin: FakeOrigin, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is never refused for want of money: nobody may be left not knowing whether a message is out."""
    charge(monkeypatch, FINE_PRICES)
    give_budget(account, 0.016)
    network.answers = [OutcomeUnknown("lost")]
    delivery = sent(DeliveryFactory.create(account=account))
    network.findings = [Finding(Presence.UNCERTAIN, read=2, users=1)]
    look_for_next()
    assert spent(account) == {Spent.POST: (15_000, 1), Spent.READING: (20_000, 2)}
    Delivery.objects.filter(pk=delivery.pk).update(not_before=None)
    network.findings = [Finding(Presence.PRESENT, network.appear(), read=1)]
    look_for_next()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.PUBLISHED
    assert spent(account) == {Spent.POST: (15_000, 1), Spent.READING: (25_000, 3)}


def test_a_duplicate_is_compared_at_the_price_of_reading(
    account: Account, origin: FakeOrigin, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge(monkeypatch, FINE_PRICES)
    give_budget(account, 1)
    network.answers, network.findings = [Duplicate("twice")], [Finding(Presence.ABSENT, read=4, users=1)]
    sent(DeliveryFactory.create(account=account))
    assert spent(account)[Spent.READING] == (30_000, 4)


def test_a_claim_that_breaks_off_has_paid_nothing(
    account: Account, origin: FakeOrigin, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attempt and money are one transaction."""
    give_budget(account, 1)
    delivery = DeliveryFactory.create(account=account)
    monkeypatch.setattr("delivery.actions.claiming.begin_attempts", None)
    send_next(Line())
    assert not Spending.objects.exists()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DUE


def planned(account: Account, at: datetime) -> Delivery:
    content = freeze({"text": "Bonjour", "language": "fr"})[0]
    cell = person_with("communication_cell", account.unit)
    return schedule_delivery(
        account=account,
        message_unit=account.unit,
        origin_kind=POST,
        origin_id=1,
        content=content,
        due_at=at,
        by=cell,
    )


def test_nothing_is_put_in_line_that_could_not_be_paid(account: Account, origin: FakeOrigin) -> None:
    with pytest.raises(Refused, match="nobody has set a budget"):
        planned(account, database_now())
    give_budget(account, 0.01)
    with pytest.raises(Refused, match="used up"):
        planned(account, database_now())
    so_far = month_so_far(account, database_now())
    assert so_far is not None
    Budget.objects.update(limit=15_000)
    assert planned(account, database_now()).state == DeliveryState.DUE


def test_what_was_too_late_for_want_of_money_can_be_sent_again(
    account: Account, origin: FakeOrigin, network: FakeNetwork
) -> None:
    delivery = DeliveryFactory.create(account=account, state=DeliveryState.EXPIRED)
    cell = person_with("communication_cell", account.unit)
    reconfirm_delivery(delivery=delivery, by=cell, due_at=database_now().replace(year=2099))
    Delivery.objects.update(due_at=database_now())
    assert sent(delivery).problem_code == BUDGET_MISSING
    give_budget(account, 1)
    assert sent(delivery).state == DeliveryState.PUBLISHED


# ---- Answers to whoever turned to us --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("summoned", "link", "cost"), [(True, "", 10_000), (False, "", 15_000), (True, "https://example.org/x", 200_000)]
)
def test_a_summoned_answer_counts_what_it_costs_and_what_was_told(
    account: Account,
    origin: FakeOrigin,
    network: FakeNetwork,
    monkeypatch: pytest.MonkeyPatch,
    summoned: bool,
    link: str,
    cost: int,
) -> None:
    charge(monkeypatch, FINE_PRICES)
    give_budget(account, 1)
    said = {"text": "Bonjour", "language": "fr", "link": link, "reply_to": {"id": "1"}, "summoned": summoned}
    content = freeze(said)[0]
    told = price_told(as_draft(content), account, months_of([account]), Spent.ANSWER)
    sent(DeliveryFactory.create(account=account, content=content))
    assert told is not None
    assert told.amount == cost
    assert (told.plain, told.linked) == (10_000 if summoned else 15_000, 200_000)
    assert spent(account) == {Spent.POST: (cost, 1)}


def test_whether_it_was_summoned_is_part_of_what_was_decided() -> None:
    said = {"text": "Bonjour", "language": "fr", "reply_to": {"id": "1"}}
    assert freeze({**said, "summoned": True})[1] != freeze(said)[1]
    assert freeze({**said, "summoned": False}) == freeze(said), "what was frozen before keeps its hash"
