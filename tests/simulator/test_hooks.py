"""The square calls the apps that subscribed: about whom they asked for, signed, once, and only where it may."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from simulator import calling, control
from simulator.calling import AddressRefused, callable_address
from simulator.dialects.mastodon import DIALECT
from simulator.hooks import Event, Hook, Outgoing
from simulator.routing import Dialect, Simulator
from tests.simulator.fixture import Control
from tests.simulator.listening import App, listening


def tell(square: Simulator, event: Event, hook: Hook) -> Outgoing | None:
    if "hush" in event.post.text:
        return None
    if "break" in event.post.text:
        raise ValueError("this dialect cannot tell")
    return Outgoing({"what": event.happening, "id": str(event.post.id), "for": event.person.handle})


def sign(hook: Hook, body: bytes) -> dict[str, str]:
    return {"X-Proof": hmac.new(hook.secret.encode(), body, hashlib.sha256).hexdigest()}


@pytest.fixture
def app(simulator: Control, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """An app that hears about `finances`, on a network that tells."""

    def telling(network: str) -> Dialect | None:
        return replace(DIALECT, tell=tell, sign=sign) if network == "mastodon" else None

    monkeypatch.setattr(calling, "by_network", telling)
    monkeypatch.setattr(control, "by_network", telling)
    simulator.person("finances", kind="organisation")
    with listening() as app:
        simulator.hook("mastodon", "finances", app.url, "s3cret")
        yield app


def told(app: App) -> list[dict[str, str]]:
    return [json.loads(heard.body) for heard in app.heard]


def test_what_is_written_changed_and_taken_away_is_told_in_order(simulator: Control, app: App) -> None:
    made = simulator.speak("noor", "Waar is mijn brief?", mention="finances")
    simulator.edit(made["id"], "@finances Waar is mijn brief nu?")
    simulator.take_away(made["id"])
    calls = simulator.told()
    assert [call["status"] for call in calls] == [200, 200, 200]
    assert told(app) == [
        {"what": what, "id": made["id"], "for": "finances"} for what in ("written", "edited", "deleted")
    ]
    assert {heard.path for heard in app.heard} == {"/webhooks/x/?a=1"}
    assert "s3cret" not in json.dumps(calls)


def test_each_call_is_signed_over_its_very_bytes(simulator: Control, app: App) -> None:
    simulator.speak("noor", "Hallo", mention="finances")
    simulator.told()
    [heard] = app.heard
    assert heard.headers["x-proof"] == hmac.new(b"s3cret", heard.body, hashlib.sha256).hexdigest()
    assert heard.headers["content-type"] == "application/json"


def test_only_what_concerns_the_person_is_told(simulator: Control, app: App) -> None:
    simulator.speak("noor", "Tegen niemand")
    simulator.speak("finances", "Notre propre message", mention="finances")
    simulator.speak("noor", "Op een ander netwerk", mention="finances", network="bluesky")
    assert (simulator.told(), app.heard) == ([], [])
    ours = simulator.speak("finances", "Question ?")
    first = simulator.speak("noor", "Antwoord", reply_to=ours["id"])
    simulator.speak("luc", "Et moi", reply_to=first["id"])
    simulator.told()
    assert len(app.heard) == 2  # the second stands in the thread of ours


def test_who_answers_with_an_error_or_sends_elsewhere_is_called_once(simulator: Control, app: App) -> None:
    app.answer, app.location = 302, app.url
    simulator.speak("noor", "Hallo", mention="finances")
    [call] = simulator.told()
    assert (call["status"], len(app.heard)) == (302, 1)
    app.answer = 500
    simulator.speak("noor", "Hallo", mention="finances")
    assert [call["status"] for call in simulator.told()] == [302, 500]
    assert len(app.heard) == 2


def test_what_cannot_be_told_keeps_nothing_else_from_being_told(simulator: Control, app: App) -> None:
    simulator.speak("noor", "break", mention="finances")
    simulator.speak("noor", "hush", mention="finances")
    simulator.speak("noor", "Hallo", mention="finances")
    assert [(call["status"], call["problem"]) for call in simulator.told()] == [(0, "ValueError"), (200, "")]
    assert len(app.heard) == 1


def test_who_is_not_there_is_noted(simulator: Control, app: App) -> None:
    simulator.hook("mastodon", "finances", "http://127.0.0.1:9/", "s")
    simulator.speak("noor", "Hallo", mention="finances")
    assert {call["status"]: call["problem"] for call in simulator.told()} == {200: "", 0: "ConnectionRefusedError"}
    simulator.unhook()
    simulator.speak("noor", "Hallo", mention="finances")
    assert len(simulator.told()) == 2


def test_more_calls_than_can_wait_are_dropped_and_noted(
    simulator: Control, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert simulator.server
    monkeypatch.setattr(simulator.server.caller._waiting, "maxsize", 1)
    app.goes_on.clear()
    simulator.speak("noor", "Hallo", mention="finances")
    assert app.called.wait(5)
    for number in range(5):
        simulator.speak("noor", f"Hallo {number}", mention="finances")
    app.goes_on.set()
    problems = [call["problem"] for call in simulator.told()]
    assert sorted(problems) == ["", "", *["too many calls are waiting"] * 4]
    assert len(app.heard) == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://127.0.0.1/",
        "http:///x",
        "http://127.0.0.1:99999/",
        "http://10.0.0.1/",
        "x",
        "http://[::1",
    ],
)
def test_only_this_machine_is_called(simulator: Control, app: App, url: str) -> None:
    with pytest.raises(AddressRefused):
        callable_address(url, anywhere=False)
    body = {"network": "mastodon", "handle": "finances", "url": url, "secret": "s"}
    assert (
        requests.post(f"{simulator.url}/_simulator/hooks", json=body, headers=simulator.key, timeout=5).status_code
        == 422
    )


def test_with_leave_other_machines_are_called_too() -> None:
    assert callable_address("https://parvis.example.org/webhooks/x/", anywhere=True)
    with pytest.raises(AddressRefused):
        callable_address("file:///etc/passwd", anywhere=True)


def test_a_network_that_tells_nothing_takes_no_subscription(simulator: Control) -> None:
    simulator.person("finances")
    body = {"network": "mastodon", "handle": "finances", "url": "http://127.0.0.1:1/", "secret": "s"}
    assert (
        requests.post(f"{simulator.url}/_simulator/hooks", json=body, headers=simulator.key, timeout=5).status_code
        == 422
    )
