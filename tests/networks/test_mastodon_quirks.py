"""What Mastodon alone promises or lacks."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from networks.types import Draft, Presence
from tests.networks.squares.mastodon import square as mastodon_square
from tests.networks.squares.square import Square, attempt
from tests.simulator.fixture import Simulator


@pytest.fixture
def square(simulator: Simulator) -> Square:
    return mastodon_square(simulator)


def test_one_key_is_one_status(square: Square) -> None:
    key = attempt()
    refs = {square.service.publish(Draft("Une fois", "fr"), key) for _ in range(3)}
    assert len(refs) == 1
    assert square.count("Une fois") == 1
    assert square.service.publish(Draft("Une fois", "fr"), attempt()) not in refs


def test_a_list_that_lags_is_not_proof_of_absence(square: Square, simulator: Simulator) -> None:
    """While the list may lag we say that we do not know; sending again with the same key makes no second message."""
    simulator.fault("list_lag", "GET ", seconds=2)
    draft, key = Draft("En retard", "fr"), attempt()
    ref = square.service.publish(draft, key)
    square.service._settle = timedelta(seconds=3)
    assert square.service.reconcile(draft, key).presence is Presence.UNCERTAIN
    assert square.service.publish(draft, key) == ref
    time.sleep(2.2)
    assert square.service.reconcile(draft, key).presence is Presence.PRESENT
    assert square.count("En retard") == 1


def test_the_language_comes_back(square: Square) -> None:
    seen = square.service.fetch(square.service.publish(Draft("Goedendag", "nl"), attempt()))
    assert seen
    assert seen.language == "nl"
