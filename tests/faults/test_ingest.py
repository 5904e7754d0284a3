"""The inbox is honest, whatever the network: everything once, changes followed, the newest first. 10,000 at full size.

Messages arrive dated back and in no order, some told twice; citizens go on writing, changing and deleting between one
page and the next; workers die in between.
"""

from __future__ import annotations

import importlib
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.db.models.functions import Now
from pytest_django import Settings

from accounts_registry.queries import connector_for
from monitoring.actions import check_mentions, checking, pull_next, pull_what_is_due, pulling
from monitoring.actions.checking import CHECKED_A_TURN
from monitoring.models import Item, Mention, Stream
from networks.catalogue import NETWORKS, Purpose
from networks.port import Connector
from networks.types import Page
from organisation.ration import Ration
from simulator.dialects import by_network
from tests.factories.accounts_registry import connected_as
from tests.factories.prices import give_budget
from tests.faults.crew import ROOT, wait_until
from tests.networks.squares.square import Square, attempt
from tests.simulator.fixture import Control

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("transactional_db")]

LISTENING = sorted(key for key, one in NETWORKS.items() if one.capabilities.mentions and by_network(key))
FULL = os.environ.get("PARVIS_FAULTS") == "full"
MESSAGES = 10_000 if FULL else 400
KILLS = 5 if FULL else 1
OURS = 4
MARK = re.compile(r"n°(\d+)(-bis)?")


@dataclass
class Flood:
    """Citizens who write, change and delete on one network. `standing` is what the network shows now: number → text."""

    simulator: Control
    network: str
    below: list[str]  # identifiers of our messages, which they answer
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    standing: dict[int, str] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)

    def write(self, count: int, *, back: timedelta) -> None:
        """`count` messages, dated anywhere between `back` ago and now, in no order; every tenth is told twice."""
        first = len(self.ids)
        numbers = range(first, first + count)
        step = back / max(1, count)
        dates = [datetime.now(UTC) - step * (place + 1) for place in range(count)]
        self.chance.shuffle(dates)
        said = [
            {
                "by": f"citizen_{number % max(3, MESSAGES // 4)}",
                "text": f"Message n°{number} !",
                "reply_to": self.below[number % len(self.below)],
                "network": self.network,
                "at": date.isoformat() if back else "",
                "again": number % 10 == 0,
            }
            for number, date in zip(numbers, dates, strict=True)
        ]
        for number, identifier in zip(numbers, self.simulator.speak_many(said), strict=True):
            self.ids[number], self.standing[number] = identifier, f"n°{number}"

    def change(self, count: int) -> None:
        for number in self.chance.sample(sorted(self.standing), count):
            self.simulator.edit(self.ids[number], f"Message n°{number}-bis !")
            self.standing[number] = f"n°{number}-bis"

    def take_away(self, count: int) -> None:
        for number in self.chance.sample(sorted(self.standing), count):
            self.simulator.take_away(self.ids[number])
            del self.standing[number]


@pytest.fixture(params=LISTENING)
def square(request: pytest.FixtureRequest, simulator: Control, settings: Settings) -> Square:
    settings.EGRESS_ALLOW = frozenset({simulator.host})
    made: Square = importlib.import_module(f"tests.networks.squares.{request.param}").square(simulator)
    return made


@pytest.fixture
def flood(square: Square, simulator: Control) -> Flood:
    """A connected account with a few messages of its own, below which citizens write."""
    ref = square.service.account
    account = connected_as(ref)
    if square.can.prices:
        give_budget(account, 1_000)
    for number in range(OURS):
        square.service.publish(square.draft(f"Notre message {number}"), attempt())
    return Flood(simulator, square.network, [post["id"] for post in simulator.posts(network=square.network)])


@pytest.fixture
def worker(simulator: Control) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts a process that pulls; none outlives the test."""
    name = connection.settings_dict["NAME"]
    database = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    environment = {
        **os.environ,
        "PARVIS_MODE": "test",
        "DATABASE_URL": database,
        "PARVIS_EGRESS_ALLOW": simulator.host,
    }
    running: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.faults.puller"]
        running.append(subprocess.Popen(command, cwd=ROOT, env=environment))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()


def turn() -> None:
    """One turn, whatever its pause and a dead worker's lease say."""
    pulling._know_all_streams()
    Stream.objects.update(next_pull_at=Now(), lease_until=None)
    assert pull_next()
    assert Stream.objects.get().problem_code == ""


def held() -> dict[int, str]:
    """What the inbox shows: number → text; fails where a message is there twice."""
    found = [
        MARK.search(text) for text in Mention.objects.filter(gone_at__isnull=True).values_list("item__text", flat=True)
    ]
    numbers = Counter(int(match[1]) for match in found if match)
    assert max(numbers.values(), default=1) == 1
    return {int(match[1]): match[0] for match in found if match}


def read_to_the_end(*, between: Callable[[], None] = lambda: None) -> int:
    turns = 0
    while turns == 0 or Stream.objects.get().gaps:
        turn()
        between()
        turns += 1
        assert turns < MESSAGES
    return turns


def test_all_of_it_once_and_the_newest_first(
    flood: Flood, worker: Callable[[], subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.monotonic()
    flood.write(MESSAGES, back=timedelta(days=20))
    flood.write(1, back=timedelta(0))
    newest = MESSAGES
    written = time.monotonic()
    turn()
    assert newest in held(), "the newest is there within the first turn"
    assert len(held()) < MESSAGES or MESSAGES < 1_000

    _killed_in_between(worker, flood)

    changes = Changes(flood)
    changes.during(monkeypatch)
    turns = read_to_the_end()
    monkeypatch.undo()
    flood.write(3, back=timedelta(0))
    turns += read_to_the_end()
    read = time.monotonic()
    assert set(held()) >= set(flood.standing), "nothing is missing"
    assert Mention.objects.count() == Item.objects.count()

    checks = _look_again_at_everything(monkeypatch)
    assert held() == flood.standing
    print(
        f"\n{flood.network}: {len(flood.ids)} written in {written - began:.1f} s, read in {read - written:.1f} s "
        f"({turns} turns), looked at again in {time.monotonic() - read:.1f} s ({checks} looks at most)"
    )


@dataclass
class Changes:
    """What citizens do between one page and the next."""

    flood: Flood
    pages: int = 0

    def during(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ask = pulling._ask

        def shifted(stream: Stream, connector: Connector, *, since: str, older: str = "") -> Page:
            page = ask(stream, connector, since=since, older=older)
            self.pages += 1
            if self.pages <= 40:
                self.flood.write(3, back=timedelta(0))
                self.flood.change(2)
                self.flood.take_away(1)
            return page

        monkeypatch.setattr(pulling, "_ask", shifted)


def _killed_in_between(worker: Callable[[], subprocess.Popen[bytes]], flood: Flood) -> None:
    """Workers die while they read; citizens go on."""
    for _each in range(KILLS):
        before = Mention.objects.count()
        Stream.objects.update(lease_until=None)  # the dead one's claim has run out
        process = worker()
        wait_until(
            lambda before=before: Mention.objects.count() > before or not Stream.objects.get().gaps,
            "a worker reads",
            seconds=60,
        )
        process.kill()
        process.wait()
        flood.write(2, back=timedelta(0))


def _look_again_at_everything(monkeypatch: pytest.MonkeyPatch) -> int:
    """Days later: every message's time to be looked at has come, and so have the hours whose rations that takes."""
    monkeypatch.setattr(checking, "PAID_LOOKS", Ration("paid-looks-of-days", an_hour=MESSAGES * 3))
    due = Mention.objects.filter(gone_at__isnull=True, check_at__lte=Now())
    Mention.objects.filter(gone_at__isnull=True).update(check_at=Now())
    turn()
    looks = CHECKED_A_TURN
    account = Stream.objects.get().account
    while due.exists():
        # As so many turns would, without reading the inbox again before each handful.
        check_mentions(account=account, connector=connector_for(account, Purpose.READ), most=500)
        looks += 500
        assert looks < MESSAGES * 2
    return looks


def test_an_hour_of_flood_is_read_while_it_comes(flood: Flood) -> None:
    """Ten waves, in no order, as lists that lag show them; after each, its newest is there."""
    for _wave in range(10):
        flood.write(MESSAGES // 20, back=timedelta(minutes=8))
        flood.write(1, back=timedelta(0))
        Stream.objects.update(next_pull_at=Now())
        pull_what_is_due(seconds=0.001)
        assert len(flood.ids) - 1 in held()
    # What a list showed late, behind newer ones, comes to the look back of the next hour.
    Stream.objects.update(last_pulled_at=Now() - timedelta(hours=1))
    read_to_the_end()
    assert held() == flood.standing
