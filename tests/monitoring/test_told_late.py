"""What a network tells late, behind what is read already, is read all the same: on every network that tells at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now

from accounts_registry.enums.spending import Spent
from accounts_registry.models import Account, Spending
from monitoring.actions import looking_back, pull_what_is_due, pulling
from monitoring.models import Mention, Stream
from networks.catalogue import NETWORKS
from organisation.models import Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.monitoring import WatchFactory, incoming
from tests.factories.prices import charge, give_budget
from tests.monitoring.network import FakeNetwork
from tests.networks.squares import PUBLISHING, REAL, TRAINING, Square, square_of
from tests.networks.squares.square import attempt
from tests.simulator.fixture import simulator, simulator_server

pytestmark = pytest.mark.slow

__all__ = ["simulator", "simulator_server"]

TELLING = [key for key in PUBLISHING if NETWORKS[key].capabilities.mentions]


@pytest.fixture(params=[f"{key}{TRAINING}" if key in REAL else key for key in TELLING])
def square(request: pytest.FixtureRequest) -> Square:
    return square_of(request.param, request)


@pytest.fixture
def account_there(square: Square, unit: Unit, monkeypatch: pytest.MonkeyPatch) -> Account:
    ref = square.service.account
    made = ConnectedAccountFactory.create(
        unit=unit, network=square.network, base_url=ref.base_url, remote_id=ref.remote_id, handle="finances"
    )
    if NETWORKS[square.network].capabilities.prices:
        give_budget(made, 100)
    monkeypatch.setattr(pulling, "connector_for", lambda account, purpose: square.service)
    monkeypatch.setattr(pulling, "keep_fresh", lambda account, purpose: None)
    return made


def turn(after: timedelta = timedelta(0)) -> None:
    """One turn of everything, the last one having been `after` ago."""
    if after:
        Stream.objects.update(last_pulled_at=Now() - after)
    Stream.objects.update(next_pull_at=Now())
    pull_what_is_due(seconds=20)


@pytest.mark.parametrize(("behind", "pause"), [(300, timedelta(hours=1)), (100_000, timedelta(days=1))])
def test_a_message_behind_the_newest_is_not_lost(
    square: Square, account_there: Account, behind: int, pause: timedelta
) -> None:
    assert square.simulator
    if behind > 1000 and NETWORKS[square.network].capabilities.prices:
        behind = 80_000  # where reading costs, the look goes back a day and an hour
    ours = square.service.publish(square.draft("Le guichet ouvre"), attempt())
    with square.simulator.late(behind - 60):
        first = square.say(f"{square.mention} merci".strip(), ours)
    turn()
    assert list(Mention.objects.values_list("item__remote_id", flat=True)) == [first]
    newest = square.say(f"{square.mention} encore".strip(), ours)
    turn()
    with square.simulator.late(behind):
        late = square.say(f"{square.mention} en retard".strip(), ours)
    turn(pause)
    turn()
    assert set(Mention.objects.values_list("item__remote_id", flat=True)) == {first, newest, late}
    assert Stream.objects.get().gaps == []


def test_an_answer_that_came_as_another_went_is_not_lost(square: Square, account_there: Account) -> None:
    """Nobody is told of either, and as many stand there as before, below what we said five days ago."""
    assert square.simulator
    with square.simulator.late(5 * 86_400):
        ours = square.service.publish(square.draft("Le guichet ouvre"), attempt())
    square.simulator.manners("bluesky:untold_answers")
    names = "" if square.network in ("mastodon", "bluesky") else square.mention
    first = square.say(f"{names} merci".strip(), ours)
    turn()
    square.unsay(first)
    second = square.say(f"{names} encore".strip(), ours)
    turn()
    turn(timedelta(days=1))
    turn()
    assert second in set(Mention.objects.values_list("item__remote_id", flat=True))


def test_what_a_watch_would_have_found_late_is_found(square: Square, account_there: Account) -> None:
    if not square.can.searches:
        pytest.skip("searches nothing")
    assert square.simulator
    watch = WatchFactory.create(account=account_there, state="active", query="guichet")
    newest = square.say("Le guichet est fermé")
    turn()
    assert set(watch.mentions.values_list("item__remote_id", flat=True)) == {newest}
    with square.simulator.late(300):
        late = square.say("Le guichet 2 est fermé")
    turn(timedelta(days=1))
    turn()
    assert set(watch.mentions.values_list("item__remote_id", flat=True)) == {newest, late}


@pytest.fixture
def priced(monkeypatch: pytest.MonkeyPatch, account: Account) -> Account:
    charge(monkeypatch)
    return account


def write(network: FakeNetwork, count: int, ago: timedelta = timedelta(0)) -> None:
    start = len(network.messages)
    at = datetime.now(UTC) - ago
    network.messages += [incoming(number, created_at=at) for number in range(start, start + count)]


def read() -> int:
    return Spending.objects.values_list("count", flat=True).get(what=Spent.READING)


def test_at_a_price_only_the_last_hour_is_read_again(priced: Account, network: FakeNetwork) -> None:
    give_budget(priced, 1)
    write(network, 5, timedelta(hours=3))
    write(network, 3)
    turn()
    assert read() == 8
    for _each in range(3):
        turn()
    assert read() == 8, "what is read already costs nothing until the hour is over"
    turn(timedelta(hours=1))
    assert read() == 11


def test_at_a_price_nothing_is_read_again_once_half_of_the_money_is_spent(
    priced: Account, network: FakeNetwork
) -> None:
    give_budget(priced, 0.010)
    write(network, 6)
    turn()
    assert read() == 6
    turn(timedelta(hours=1))
    turn(timedelta(days=1))
    assert read() == 6
    write(network, 1)
    turn()
    assert read() == 7, "what is new goes on"


def test_looks_do_not_pile_up(account: Account, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood that lasts longer than the pause between two looks is walked back once, and the looks wait behind it."""
    write(network, 10)
    turn()
    monkeypatch.setattr(network, "before_each", lambda: write(network, 12))
    for _each in range(5):
        turn(timedelta(minutes=6))
    looks = [gap for gap in Stream.objects.get().gaps if looking_back.LOOK in gap]
    assert len(looks) == 1
    assert Stream.objects.get().gaps[-1] == looks[0]
