"""Each fault, as a client meets it, and what is on the square afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from mastodon import Mastodon
from mastodon.errors import (
    MastodonAPIError,
    MastodonInternalServerError,
    MastodonNetworkError,
    MastodonRatelimitError,
    MastodonServiceUnavailableError,
)

from tests.simulator.fixture import Control

Client = Callable[..., Mastodon]
POSTING = "^POST /api/v1/statuses$"


def test_a_lost_answer_has_posted(simulator: Control, client: Client) -> None:
    finances = client("finances")
    simulator.fault("lost_answer", POSTING, times=1)
    with pytest.raises(MastodonNetworkError):
        finances.status_post("perdu", idempotency_key="k")
    assert len(simulator.posts("perdu")) == 1
    finances.status_post("perdu", idempotency_key="k")
    assert len(simulator.posts("perdu")) == 1
    assert [(call["answered"], call["fault"]) for call in simulator.journal("POST")] == [
        (False, "lost_answer"),
        (True, None),
    ]


def test_a_reset_has_not(simulator: Control, client: Client) -> None:
    finances = client("finances")
    simulator.fault("reset", POSTING, times=1)
    with pytest.raises(MastodonNetworkError):
        finances.status_post("coupé")
    assert simulator.posts() == []
    finances.status_post("coupé")
    assert len(simulator.posts("coupé")) == 1


def test_half_an_answer_has_posted(simulator: Control, client: Client) -> None:
    simulator.fault("truncated", POSTING)
    with pytest.raises((MastodonNetworkError, MastodonAPIError)):
        client("finances").status_post("moitié")
    assert len(simulator.posts("moitié")) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_server_error_may_come_before_or_after_the_work(simulator: Control, client: Client, moment: str) -> None:
    finances = client("finances")
    simulator.fault("status", POSTING, status=500, moment=moment, times=1)
    with pytest.raises(MastodonInternalServerError):
        finances.status_post("panne")
    assert len(simulator.posts("panne")) == (moment == "after")
    simulator.fault("status", POSTING, status=503)
    with pytest.raises(MastodonServiceUnavailableError):
        finances.status_post("encore")
    assert simulator.posts("encore") == []


def test_too_many_calls_on_demand(simulator: Control, client: Client) -> None:
    simulator.fault("status", POSTING, status=429, seconds=7)
    finances = client("finances")
    with pytest.raises(MastodonRatelimitError):
        finances.status_post("trop")
    answer = finances.session.post(f"{simulator.url}/api/v1/statuses", data={"status": "trop"}, timeout=5)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json() == {"error": "Too many requests"}
    assert simulator.posts() == []


def test_a_web_page_in_place_of_data(simulator: Control, client: Client) -> None:
    simulator.fault("html", POSTING)
    with pytest.raises(MastodonAPIError):
        client("finances").status_post("page")
    assert simulator.posts() == []


def test_a_caller_who_gives_up_early_finds_the_post_later(simulator: Control, client: Client) -> None:
    simulator.fault("late", POSTING, seconds=0.6)
    with pytest.raises(MastodonNetworkError):
        client("finances", timeout=0.2).status_post("tard")
    assert simulator.posts("tard") == []
    time.sleep(0.8)
    assert len(simulator.posts("tard")) == 1


def test_lists_lag_behind_while_the_post_itself_is_there(simulator: Control, client: Client) -> None:
    simulator.person("finances")
    simulator.fault("list_lag", "^GET ", seconds=0.8)
    said = simulator.speak("luc", "@finances retard")
    finances = client("finances")
    luc = client("luc").account_verify_credentials().id

    def lists() -> list[int]:
        return [
            len(finances.notifications()),
            len(finances.search_v2("retard", result_type="statuses").statuses),
            len(finances.account_statuses(luc)),
        ]

    assert lists() == [0, 0, 0]
    assert finances.status(said["id"]).id == said["id"]
    time.sleep(1)
    assert lists() == [1, 1, 1]


@pytest.mark.slow
def test_the_same_seed_gives_the_same_faults(simulator: Control, client: Client) -> None:
    def run(seed: int) -> list[bool]:
        simulator.reset()
        finances = client("finances")
        simulator.fault("status", POSTING, status=503, probability=0.3, seed=seed)
        outcome = []
        for number in range(40):
            try:
                finances.status_post(str(number))
                outcome.append(True)
            except MastodonServiceUnavailableError:
                outcome.append(False)
        return outcome

    first = run(1)
    assert run(1) == first
    assert run(2) != first
    assert 3 < first.count(False) < 25


def test_faults_are_counted_end_and_can_be_turned_off(simulator: Control, client: Client) -> None:
    finances = client("finances")
    one = simulator.fault("status", POSTING, times=1)
    simulator.fault("status", "^GET ", status=500)
    with pytest.raises(MastodonServiceUnavailableError):
        finances.status_post("a")
    finances.status_post("b")
    assert {fault["id"]: fault["fired"] for fault in simulator.faults()}[one] == 1
    simulator.control("DELETE", f"faults/{one}")
    assert len(simulator.faults()) == 1
    simulator.heal()
    assert finances.account_verify_credentials().acct == "finances"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "flood"},
        {"kind": "late", "match": "("},
        {"kind": "late", "seconds": -1},
        {"kind": "status", "status": 200},
        {"kind": "late", "probability": 2},
        {"kind": "late", "colour": "red"},
        {"kind": "late", "moment": "never"},
        {"kind": "late", "times": "often"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(simulator: Control, wrong: dict[str, object]) -> None:
    with pytest.raises(AssertionError, match="422"):
        simulator.control("POST", "faults", dict(wrong))
    assert simulator.faults() == []
