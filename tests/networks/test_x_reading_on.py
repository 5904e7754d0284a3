"""Each message that X gives out costs: what is read already is not asked for again, but by who looks back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from networks.audience import answer_audience
from networks.errors import Invalid
from networks.types import Audience
from networks.x import reading
from networks.x.reading import Site, bounds
from tests.networks.squares.square import Square
from tests.networks.squares.x import square as made_square
from tests.simulator.fixture import Control


@pytest.fixture
def square(simulator: Control) -> Square:
    return made_square(simulator)


def test_what_is_read_is_not_paid_for_again(square: Square) -> None:
    square.say("@finances guichet")
    for read in (square.service.inbox, lambda since="": square.service.search("guichet", since=since)):
        page = read()
        assert len(page.items) == 1
        again = read(since=page.newest)
        assert (again.items, again.newest) == ((), page.newest)


def test_bounds_of_a_mark_an_instant_and_nothing() -> None:
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    week = at + timedelta(days=7)
    assert bounds(f"17@{at.isoformat()}") == {"since_id": "17"}
    assert bounds(at.isoformat()) == {"start_time": at}
    assert bounds("") == {}
    assert bounds(f"17@{at.isoformat()}", not_before=week) == {}, "the search refuses what is older than a week"
    for junk in ("17", "@", f"x@{at.isoformat()}", "17@x"):
        with pytest.raises(Invalid):
            bounds(junk)


def test_what_a_protected_author_says_is_for_their_followers(simulator: Control) -> None:
    """X knows no answer for few, so such a message is answered on X itself."""
    square = made_square(simulator)
    simulator.speak("citizen", "tout haut", mention="finances", network="x")
    (loud,) = square.service.inbox().items
    simulator.speak("citizen", "tout bas", mention="finances", network="x", visibility="private")
    quiet = square.service.inbox().items[0]
    assert (loud.text, loud.audience) == ("@finances tout haut", Audience.PUBLIC)
    assert (quiet.text, quiet.audience) == ("@finances tout bas", Audience.FOLLOWERS)
    assert answer_audience(quiet.audience, square.can.audiences) is None


@pytest.mark.parametrize("beside", [None, [], "x", {"users": 5, "tweets": {}}, {"users": [None, "x"]}])
def test_odd_things_beside_messages_neither_hide_them_nor_what_they_cost(beside: Any) -> None:
    told = {"data": [{"id": "20"}, {"id": "21"}], "includes": beside}
    assert reading.returned(told) == (2, 0)
    assert reading.read_people(told, Site("https://x.com")) == {}
