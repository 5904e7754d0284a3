"""An address is called with what stands in its unit and below, signed, and only where the guard lets it."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notices.actions import call_webhook, end_target, set_target
from notices.models import WebhookCall, WebhookTarget
from notices.queries.targets import failing_targets
from notices.signing import secret_of
from organisation import outward
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import AuditEvent, Grant, Person
from tests.factories.notices import Trial, WebhookTargetFactory
from tests.factories.organisation import GrantFactory, UnitFactory, person_with
from tests.notices.conftest import look
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db
Begin = Callable[..., Trial]


@dataclass
class Hook:
    """A server that keeps what it is told, and answers with `status`."""

    address: str = ""
    status: int = 204
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def hook(settings: Any) -> Iterator[Hook]:
    kept = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.calls.append((dict(self.headers), body))
            self.send_response(kept.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_told: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.EGRESS_ALLOW = frozenset({f"127.0.0.1:{server.server_port}"})
    kept.address = f"http://127.0.0.1:{server.server_port}/hook"
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def administrator(house: House) -> Person:
    return person_with("administrator", house.unit, name="Ada")


def test_a_notice_is_told_once_and_signed(house: House, administrator: Person, trial: Begin, hook: Hook) -> None:
    facts: dict[str, Any] = {"kinds": [], "language": "nl", "by": administrator}
    target, secret = set_target(unit=house.unit, address=hook.address, **facts)
    trial().standing[1] = "a"
    look()
    look()
    assert call_webhook()
    assert not call_webhook()
    ((headers, body),) = hook.calls
    told = json.loads(body)
    assert (told["kind"], told["text"], told["unit"]) == ("trial", "Trial a", "finance")
    assert told["url"].endswith("/organisation/people/")
    at, mark = (part.partition("=")[2] for part in headers["Parvis-Signature"].split(","))
    assert mark == hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert abs(int(at) - timezone.now().timestamp()) < 60
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor_name) == ("webhook.set", "Ada")
    assert event.details == {"address": "127.0.0.1/…hook", "kinds": []}, "where to, and not what lets one write there"
    assert secret == secret_of(target)
    assert secret not in str(WebhookTarget.objects.values().get())


@pytest.mark.parametrize("who", ["sees it", "does not", "no longer", "suspended"])
def test_no_more_is_told_than_who_set_the_target_may_see(
    house: House, administrator: Person, trial: Begin, hook: Hook, who: str
) -> None:
    """An administrator has no say over content, and reads none by having an address of theirs called."""
    if who != "does not":
        GrantFactory.create(person=administrator, role="communication_cell", unit=house.unit)
    WebhookTargetFactory.create(unit=house.unit, address=hook.address, made_by=administrator)
    trial(sees=Permission.POST_VIEW).standing[1] = "Tax return"
    look()
    if who == "no longer":
        Grant.objects.filter(person=administrator, role="communication_cell").update(revoked_at=timezone.now())
    elif who == "suspended":
        Person.objects.filter(pk=administrator.pk).update(is_active=False)
    assert call_webhook()
    told = json.loads(hook.calls[0][1])
    assert (told["text"], told["kind"]) == ("Trial Tax return" if who == "sees it" else "Trials", "trial")


def test_each_target_has_a_secret_of_its_own(house: House) -> None:
    assert len({secret_of(WebhookTargetFactory.create(unit=house.unit)) for _each in range(3)}) == 3


def test_only_what_was_chosen_and_only_from_its_unit_and_below(house: House, trial: Begin) -> None:
    below = UnitFactory.create(parent=house.unit)
    here = WebhookTargetFactory.create(unit=house.unit)
    WebhookTargetFactory.create(unit=house.unit, kinds=["another"])
    WebhookTargetFactory.create(unit=below)
    WebhookTargetFactory.create(unit=UnitFactory.create())
    WebhookTargetFactory.create(unit=house.unit, ended_at=timezone.now())
    trial().standing[1] = "a"
    look()
    assert [call.target for call in WebhookCall.objects.all()] == [here]
    made = trial(key="deep", unit=below)
    made.standing[1] = "b"
    look("deep")
    assert WebhookCall.objects.filter(target=here, notice__kind="deep").count() == 1


@pytest.mark.parametrize(
    "address",
    [
        *("http://hooks.example/1", "https://127.0.0.1/1", "https://10.0.0.8/1", "https://[::1]/1"),
        *("https://169.254.169.254/latest", "https://hooks.example:8443/1", "https://an:secret@hooks.example/1"),
        *("ftp://hooks.example/1", "hooks.example", "https://2130706433/", "https://localhost\n/"),
    ],
)
def test_an_address_that_may_not_be_called_is_refused(house: House, administrator: Person, address: str) -> None:
    with pytest.raises(Refused):
        set_target(unit=house.unit, address=address, kinds=[], language="nl", by=administrator)
    assert not WebhookTarget.objects.exists()


def test_a_name_that_leads_inside_is_refused_as_it_is_called(
    house: House, trial: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    WebhookTargetFactory.create(unit=house.unit)
    trial().standing[1] = "a"
    look()
    monkeypatch.setattr(
        "networks.egress.guard.socket.getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("10.0.0.8", 443))]
    )
    assert call_webhook()
    call = WebhookCall.objects.get()
    assert (call.failure, call.was_taken, call.ended_at is not None) == ("egress_refused: private address", False, True)


@pytest.mark.longer
def test_a_call_that_fails_is_shown_and_tried_again_later(
    house: House, administrator: Person, trial: Begin, hook: Hook, client: Client
) -> None:
    WebhookTargetFactory.create(unit=house.unit, address=hook.address)
    trial().standing[1] = "a"
    look()
    hook.status = 500
    call_webhook()
    call = WebhookCall.objects.get()
    assert (call.failures, call.failure) == (1, "unavailable: status 500")
    assert call.next_at > timezone.now() + timedelta(seconds=50)
    client.force_login(administrator)
    page = client.get(reverse("notices:targets")).content.decode()
    assert ("The last call failed" in page, hook.address in page) == (True, False), "who has it writes into the chat"
    hook.status = 200
    WebhookCall.objects.update(next_at=timezone.now())
    call_webhook()
    call.refresh_from_db()
    assert (call.was_taken, len(hook.calls)) == (True, 2)
    assert len({headers["Parvis-Notice"] for headers, _body in hook.calls}) == 1
    assert "The last call failed" not in client.get(reverse("notices:targets")).content.decode()


@pytest.mark.longer
def test_a_target_whose_key_is_gone_is_given_up_in_the_end_and_shown(house: House, trial: Begin) -> None:
    WebhookTargetFactory.create(unit=house.unit, key_id="gone")
    trial().standing[1] = "a"
    look()
    for _time in range(10):
        WebhookCall.objects.update(next_at=timezone.now())
        assert call_webhook()
    call = WebhookCall.objects.get()
    assert (call.failures, call.failure, call.ended_at is not None) == (10, "unexpected: KeyError", True)
    assert failing_targets().exists()


def test_a_target_or_notice_that_is_over_is_not_called(
    house: House, administrator: Person, trial: Begin, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = WebhookTargetFactory.create(unit=house.unit, address=hook.address, made_by=administrator)
    made = trial()
    made.standing.update({1: "a", 2: "b"})
    look()
    with monkeypatch.context() as copy:
        copy.setattr(outward, "may_act", lambda: False)
        assert not call_webhook(), "a copy of the system calls nobody"
    del made.standing[1]
    look()
    call_webhook()
    end_target(target=target, by=administrator)
    while call_webhook():
        pass
    assert [json.loads(body)["text"] for _headers, body in hook.calls] in ([], ["Trial b"])
    assert not WebhookCall.objects.filter(ended_at=None).exists()
    assert AuditEvent.objects.get().verb == "webhook.ended"


def test_only_who_manages_the_unit_sets_one(house: House) -> None:
    with pytest.raises(PermissionDenied):
        set_target(unit=house.unit, address="https://hooks.example/1", kinds=[], language="nl", by=house.approver)


@pytest.mark.longer
def test_the_page_shows_the_secret_once(house: House, administrator: Person, client: Client) -> None:
    client.force_login(administrator)
    said = {"unit": "finance", "address": "https://hooks.example/1", "language": "nl", "kinds": ["crisis"]}
    page = client.post(reverse("notices:target_new"), said).content.decode()
    target = WebhookTarget.objects.get()
    assert (target.kinds, secret_of(target) in page) == (["crisis"], True)
    assert secret_of(target) not in client.get(reverse("notices:targets")).content.decode()
    again = client.post(reverse("notices:target_new"), said)
    assert (again.status_code, "This address is called already." in again.content.decode()) == (422, True)
