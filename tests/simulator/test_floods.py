"""A scripted flood plays in its own time, once, and stops when it is told to. The clock is the test's."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from simulator.dialects import DIALECTS, real_limits
from simulator.floods.performing import perform
from simulator.floods.playing import Player
from simulator.floods.script import FOLDER, FloodRefused, Script, parse, shipped
from simulator.limits import Limits
from simulator.routing import Simulator
from simulator.store import people, posts
from simulator.store.database import Database
from tests.simulator.fixture import Control
from tests.simulator.test_pages import get, post

NETWORKS = frozenset(dialect.network for dialect in DIALECTS)
SHIPPED = shipped(NETWORKS)


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def script(*messages: dict[str, Any]) -> Script:
    told = {"title": "Essai", "language": "fr", "about": "", "messages": messages}
    return parse(json.dumps(told).encode(), NETWORKS)


FIVE = script(
    {"after": 0, "by": "luc", "text": "Un", "label": "a", "mention": True},
    {"after": 10, "by": "noor", "name": "Noor", "text": "Deux", "reply_to": "a", "network": "x"},
    {"after": 20, "edit": "a", "text": "Un, corrigé"},
    {"after": 30, "by": "luc", "text": "Trois", "network": "linkedin", "mention": "@noor"},
    {"after": 40, "delete": "a"},
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def square(clock: Clock) -> Simulator:
    square = Simulator(Database(None), Limits(real_limits()), player=Player(clock))
    people.create(square.db, handle="finances", name="SPF Finances", kind="organisation")
    return square


def texts(square: Simulator) -> list[str]:
    return [one.text for one in posts.with_text(square.db, None)]


def pass_time(square: Simulator, clock: Clock, seconds: float) -> int:
    clock.seconds += seconds
    return perform(square)


def test_each_message_comes_in_its_time_and_once(square: Simulator, clock: Clock) -> None:
    square.player.start(FIVE, "finances", 1)
    assert perform(square) == 1
    assert perform(square) == 0
    assert texts(square) == ["@finances Un"]
    assert pass_time(square, clock, 9.9) == 0
    assert pass_time(square, clock, 0.2) == 1
    assert texts(square) == ["@finances Un", "@luc Deux"]
    assert pass_time(square, clock, 10) == 1
    assert texts(square)[0] == "@finances Un, corrigé"
    assert pass_time(square, clock, 1_000) == 2
    assert sorted(texts(square)) == ["@luc Deux", "@noor Trois"]
    progress = square.player.progress()
    assert progress
    assert (progress.done, progress.is_over, progress.is_running, progress.play.skipped) == (5, True, False, 0)
    assert pass_time(square, clock, 1_000) == 0


def test_an_answer_stands_with_its_question_and_names_are_kept(square: Simulator, clock: Clock) -> None:
    square.player.start(FIVE, "finances", 20)
    pass_time(square, clock, 1.6)
    made = {one.text: one.network for one in posts.with_text(square.db, None)}
    assert made == {"@finances Un, corrigé": "mastodon", "@luc Deux": "mastodon", "@noor Trois": "linkedin"}
    noor = people.by_handle(square.db, "noor")
    assert noor
    assert (noor.name, noor.language) == ("Noor", "fr")


@pytest.mark.parametrize(("speed", "seconds"), [(1, 40), (5, 8), (20, 2)])
def test_speed_shortens_the_time(square: Simulator, clock: Clock, speed: int, seconds: float) -> None:
    square.player.start(FIVE, "finances", speed)
    assert pass_time(square, clock, seconds - 0.01) == 4
    assert pass_time(square, clock, 0.02) == 1


def test_a_new_speed_counts_from_now_on(square: Simulator, clock: Clock) -> None:
    square.player.start(FIVE, "finances", 1)
    pass_time(square, clock, 9)
    square.player.set_speed(20)
    assert pass_time(square, clock, 0.04) == 0
    assert pass_time(square, clock, 0.02) == 1


def test_a_pause_stops_the_time(square: Simulator, clock: Clock) -> None:
    square.player.start(FIVE, "finances", 1)
    pass_time(square, clock, 5)
    square.player.pause()
    assert pass_time(square, clock, 3_600) == 0
    square.player.resume()
    assert pass_time(square, clock, 4.9) == 0
    assert pass_time(square, clock, 0.2) == 1


def test_what_is_stopped_is_over_and_what_is_written_stays(square: Simulator, clock: Clock) -> None:
    square.player.start(FIVE, "finances", 1)
    pass_time(square, clock, 10)
    square.player.stop()
    assert square.player.progress() is None
    square.player.resume()
    assert pass_time(square, clock, 100) == 0
    assert len(texts(square)) == 2


def test_a_message_that_is_gone_takes_its_followers_along(square: Simulator, clock: Clock) -> None:
    square.player.start(FIVE, "finances", 1)
    perform(square)
    [first] = posts.with_text(square.db, None)
    posts.delete(square.db, first)
    pass_time(square, clock, 100)
    progress = square.player.progress()
    assert progress
    assert (texts(square), progress.play.skipped) == (["@noor Trois"], 3)


@pytest.mark.parametrize(
    ("messages", "code", "place"),
    [
        ([], "count", 0),
        (["x"], "unknown", 1),
        ([{"after": 0, "by": "luc", "text": "a", "colour": "red"}], "unknown", 1),
        ([{"by": "luc", "text": "a"}], "after", 1),
        ([{"after": -1, "by": "luc", "text": "a"}], "after", 1),
        ([{"after": True, "by": "luc", "text": "a"}], "after", 1),
        ([{"after": float("nan"), "by": "luc", "text": "a"}], "after", 1),
        ([{"after": 0, "text": "a"}], "by", 1),
        ([{"after": 0, "by": "not a handle", "text": "a"}], "by", 1),
        ([{"after": 0, "by": "luc", "text": " "}], "text", 1),
        ([{"after": 0, "by": "luc", "text": "a" * 501}], "text", 1),
        ([{"after": 0, "by": "luc", "text": "a", "network": "myspace"}], "network", 1),
        ([{"after": 0, "by": "luc", "text": "a"}, {"after": 1, "delete": "b"}], "label", 2),
        ([{"after": 1, "by": "luc", "text": "a", "label": "b"}, {"after": 0, "edit": "b", "text": "c"}], "label", 2),
        ([{"after": 0, "by": "luc", "text": "a", "label": "b"}] * 2, "twice", 2),
        ([{"after": 0, "edit": "a", "delete": "a", "text": "b"}], "verb", 1),
        ([{"after": 0, "by": "luc", "delete": "a"}], "verb", 1),
    ],
)
def test_a_file_that_cannot_be_played_says_where_it_is_wrong(messages: list[Any], code: str, place: int) -> None:
    with pytest.raises(FloodRefused) as refused:
        script(*messages)
    assert (refused.value.code, refused.value.place) == (code, place)


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b'{"messages": 1}', b"[" * 100_000])
def test_what_is_no_script_is_refused(content: bytes) -> None:
    with pytest.raises(FloodRefused) as refused:
        parse(content, NETWORKS)
    assert refused.value.code == "file"


def test_six_floods_come_with_the_square() -> None:
    assert len(SHIPPED) == 6 == len(list(FOLDER.iterdir()))
    assert sorted(one.language for one in SHIPPED.values()) == ["fr"] * 3 + ["nl"] * 3


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_shipped_flood_is_played_to_its_end(square: Simulator, clock: Clock, name: str) -> None:
    flood = SHIPPED[name]
    assert flood.written >= 25
    assert {step.does for step in flood.steps} == {"write", "edit", "delete"}
    assert len({step.network for step in flood.steps if step.does == "write"}) >= 3
    assert sum(bool(step.reply_to) for step in flood.steps) >= 4
    square.player.start(flood, "finances", 20)
    pass_time(square, clock, flood.seconds)
    progress = square.player.progress()
    assert progress
    assert (progress.is_over, progress.play.skipped) == (True, 0)
    deleted = sum(step.does == "delete" for step in flood.steps)
    assert len(texts(square)) == flood.written - deleted
    assert sum("@finances" in text for text in texts(square)) >= 15


def test_a_trainer_starts_steers_and_stops(simulator: Control) -> None:
    assert "Er is nog geen organisatie" in get(simulator, "/floods?lang=nl").text
    simulator.person("finances", "FOD Financiën", kind="organisation")
    form = {"flood": sorted(SHIPPED)[0], "organisation": "finances", "speed": "20", "lang": "nl"}
    page = post(simulator, "/floods", form)
    assert "Loopt" in page.text
    assert "<progress " in page.text
    assert "Gepauzeerd" in post(simulator, "/floods/steer", {"do": "pause", "lang": "nl"}).text
    assert "Loopt" in post(simulator, "/floods/steer", {"do": "resume", "lang": "nl"}).text
    assert "snelheid 5×" in post(simulator, "/floods/steer", {"do": "speed", "speed": "5", "lang": "nl"}).text
    assert "<progress " not in post(simulator, "/floods/steer", {"do": "stop", "lang": "nl"}).text


def upload(simulator: Control, content: bytes) -> requests.Response:
    data = {"organisation": "finances", "speed": "1", "lang": "fr"}
    files, headers = {"file": ("mine.json", content)}, {"Origin": simulator.url}
    return requests.post(f"{simulator.url}/floods", data=data, files=files, headers=headers, timeout=5)


def test_a_trainer_brings_a_file_of_their_own(simulator: Control) -> None:
    simulator.person("finances", "SPF Finances", kind="organisation")
    mine = {"title": "À <b>moi</b>", "language": "fr", "messages": [{"after": 3_600, "by": "luc", "text": "Plus tard"}]}
    page = upload(simulator, json.dumps(mine).encode())
    assert "À &lt;b&gt;moi&lt;/b&gt;" in page.text
    assert simulator.posts() == []
    mine["messages"] = [{"after": 0, "by": "luc", "text": "x", "network": "<myspace>"}]
    page = upload(simulator, json.dumps(mine).encode())
    assert page.status_code == 422
    assert "Message 1 : la place ne parle pas comme « &lt;myspace&gt; »." in page.text


def test_nothing_chosen_starts_nothing(simulator: Control) -> None:
    simulator.person("finances", kind="organisation")
    simulator.person("noor")
    for form in ({"organisation": "finances"}, {"flood": sorted(SHIPPED)[0], "organisation": "noor"}):
        assert post(simulator, "/floods", form).status_code == 422
    assert "<progress " not in get(simulator, "/floods").text
