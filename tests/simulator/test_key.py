"""Who does not know the key moves nobody on the square, and no page of elsewhere reaches it by a name of its own."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import requests

from simulator.__main__ import key_in
from tests.simulator.fixture import Control
from tests.thorough import thorough_pairs


@pytest.mark.parametrize("given", [{}, {"X-Simulator-Key": ""}, {"X-Control-Key": "guessed"}])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "reset"), ("GET", "people"), ("POST", "speak"), ("GET", "journal"), ("POST", "notices"), ("GET", "x")],
)
def test_without_the_key_nothing_is_told_or_done(
    simulator: Control, method: str, path: str, given: dict[str, str]
) -> None:
    simulator.person("noor")
    answer = requests.request(method, f"{simulator.url}/_simulator/{path}", json={}, headers=given, timeout=5)
    assert answer.status_code == 401
    assert "noor" not in answer.text
    assert [one["handle"] for one in simulator.control("GET", "people")] == ["noor"]


HOSTS = (
    "evil.example",
    "evil.example:80",
    "127.0.0.1.evil.example",
    "localhost.",
    "",
    "a b",
    "[::2]",
    "user@localhost",
)
PATHS = ("/", "/faults", "/api/v1/instance", "/_simulator/people", "/static/square.css")


@pytest.mark.parametrize(("host", "path"), thorough_pairs(HOSTS, PATHS))
def test_it_answers_under_its_own_names_only(simulator: Control, host: str, path: str) -> None:
    """A site that points its own name at this machine is refused, whatever it asks for."""
    headers = {"Host": host, **simulator.key}
    assert requests.get(simulator.url + path, headers=headers, timeout=5).status_code == 421


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_its_own_names_are_those_of_this_machine(simulator: Control, name: str) -> None:
    port = simulator.host.rpartition(":")[2]
    assert requests.get(simulator.url + "/", headers={"Host": f"{name}:{port}"}, timeout=5).status_code == 200


@pytest.mark.parametrize(
    "facts", [{}, {"by": None}, {"by": "../.."}, {"by": "\ud800", "text": "a"}, {"by": "a\x00b"}], ids=str
)
def test_a_trainer_who_names_nobody_is_told_so(simulator: Control, facts: dict[str, object]) -> None:
    address = f"{simulator.url}/_simulator/speak"
    answer = requests.post(address, json=facts, headers=simulator.key, timeout=5)
    assert answer.status_code == 422
    assert "A handle is 1 to 30" in answer.json()["error"]


def test_the_key_is_made_once_and_its_owners_alone(tmp_path: Path) -> None:
    made = key_in(tmp_path)
    assert len(made) >= 40
    assert key_in(tmp_path) == made
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
