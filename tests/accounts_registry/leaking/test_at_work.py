"""S4: connecting, sending, reading, looking up, renewing and ending, in real processes at their most talkative.

Everything that they say, show, store or pass on is read afterwards: no secret of any account is in it.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from pytest_django import Settings

from accounts_registry.actions import disconnect_account
from accounts_registry.models import Access, Account, Lookup, PendingRevocation
from accounts_registry.queries import account_ref
from delivery.models import Attempt, Delivery
from governance.celery import app
from launcher.ports import answers
from monitoring.models import Stream
from networks.catalogue import NETWORKS
from organisation.models import AuditEvent
from tests.accounts_registry.conftest import House
from tests.accounts_registry.leaking.brokers import BROKERS, Overheard
from tests.accounts_registry.leaking.networks import MARK, Bad, accounts_on, bad_networks, core_of
from tests.accounts_registry.leaking.visitor import PERSON, Visitor
from tests.factories.accounts_registry import AccountFactory
from tests.factories.delivery import queued, thaw
from tests.factories.organisation import GrantFactory
from tests.factories.prices import give_budget
from tests.faults.crew import ROOT, Crew, free_port, wait_until
from tests.leaks import dumps, leaks
from tests.networks.squares import Square
from tests.networks.subjects import SUBJECTS
from tests.simulator.fixture import Control, simulator, simulator_server

__all__ = ["simulator", "simulator_server"]

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
KEYS = [subject.network for subject in SUBJECTS]
NOT_SECRET = {"client_id", "identifier"}
RECEIVED = re.compile(rb"Task [\w.]+\[([0-9a-f-]{36})\] received")


@dataclass
class Parvis:
    """Everything that runs: pages, a worker, the clockwork, a broker that is overheard."""

    crew: Crew
    broker: Overheard
    visitor: Visitor
    secrets: set[str] = field(default_factory=lambda: {MARK})
    canaries: set[str] = field(default_factory=set)  # all begin with the mark; these tell which one leaked

    def log(self) -> bytes:
        return (self.crew.folder / "crew.log").read_bytes()


def environment(bad: Bad, simulator: Control, broker: Overheard, address: str) -> tuple[dict[str, str], set[str]]:
    """That of all processes; and the secrets in it."""
    made, secrets = {}, set()
    for key in KEYS:
        scopes = " ".join(scope.name for scope in NETWORKS[key].scopes)
        known = simulator.app(f"{address}{reverse('accounts_registry:consent_back')}", scopes)
        named = f"PARVIS_APP_{key.upper()}"
        made |= {f"{named}_ID": known["client_id"], f"{named}_SECRET": known["client_secret"]}
        made[f"{named}_WEBHOOK_SECRET"] = core_of(key, "app", "webhook")
        secrets.add(known["client_secret"])
    made |= {
        "PARVIS_BROKER_URL": broker.url,
        "PARVIS_EGRESS_ALLOW": ",".join({*bad.allow, simulator.host}),
        "PARVIS_TALKATIVE_BREAKS": next(iter(bad.breaking.allow)),
        "PARVIS_MEDIA": "/",
        "PARVIS_PUBLIC_URL": address,
        "PARVIS_LOG_LEVEL": "DEBUG",
    }
    return made, secrets | {settings.SECRET_KEY, settings.VAULT_KEYS.partition(":")[2]}


@pytest.fixture
def bad() -> Iterator[Bad]:
    with bad_networks() as served:
        yield served


@pytest.fixture(params=BROKERS)
def parvis(
    request: pytest.FixtureRequest,
    house: House,
    bad: Bad,
    simulator: Control,
    tmp_path: Path,
    settings: Settings,
) -> Iterator[Parvis]:
    thaw()
    settings.MEDIA_ROOT = "/"  # as for the processes: messages have their files anywhere
    for role in ("auditor", "administrator", "conversation_manager", "communication_cell"):
        GrantFactory.create(person=house.manager, role=role, unit=house.root)
    address = f"http://127.0.0.1:{free_port()}"
    broker: Overheard = BROKERS[request.param](tmp_path)
    around, secrets = environment(bad, simulator, broker, address)
    crew = Crew(tmp_path, around, app="tests.talkative", says="DEBUG")
    web = crew.start(*as_in_production(address))
    crew.worker()
    crew.clockwork()
    try:
        wait_until(lambda: crew.well() and answers(f"{address}/alive"), "the pages answer", seconds=120)
        yield Parvis(crew, broker, Visitor(address, house.manager), {MARK, *secrets})
    finally:
        web.terminate()  # its own workers go with it
        web.wait(20)
        crew.end()
        broker.end()


def as_in_production(address: str) -> list[str]:
    """The image's own command, at another address."""
    (told,) = re.findall(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    server, application, *options = json.loads(told)
    assert application == "governance.wsgi"
    options[options.index("--bind") + 1] = address.removeprefix("http://")
    return [server, "tests.talkative:application", *options, "--log-level", "debug", "--no-control-socket"]


def square_of(key: str, simulator: Control) -> Square:
    made: Square = import_module(f"tests.networks.squares.{key}").square(simulator)
    return made


def connected(parvis: Parvis, house: House, simulator: Control) -> list[Account]:
    """One account on each network as it should be, signed in through the pages, with work waiting for it."""
    made = []
    simulator.person(PERSON, "SPF Finances", kind="organisation")
    for square in [square_of(key, simulator) for key in KEYS]:
        handle = square.service.identify().handle
        account = AccountFactory.create(
            unit=house.unit, network=square.network, handle=handle, base_url=simulator.url, remote_id=""
        )
        parvis.visitor.connect(account, simulator, square.service.account.credentials)
        account.refresh_from_db()
        assert account.connection_state == "connected", square.network
        parvis.secrets |= held_by(account)
        give_work(account, square)
        made.append(account)
    return made


def give_work(account: Account, square: Square) -> None:
    """A message to send, a mention to read."""
    if square.can.prices:
        give_budget(account, 100)
    queued(account, square.draft("Bonjour"))
    if square.mention:
        square.say(f"{square.mention} bonjour")


def held_by(account: Account) -> set[str]:
    return {secret for name, secret in account_ref(account).credentials.items() if name not in NOT_SECRET}


def left_to_do(good: list[Account]) -> list[str]:
    """What workers have not begun to do yet, and what a good network gets in another try: a machine may be slow."""
    return [
        *(f"send {one.account} again" for one in Delivery.objects.filter(account__in=good, state="due")),
        *(f"send {one.account}" for one in Delivery.objects.filter(~Q(attempts__finished_at__isnull=False))),
        *(f"read {one.account}" for one in Stream.objects.filter(due, last_pulled_at=None, problem_code="")),
        *(f"look {one.account}" for one in Lookup.objects.filter(answered_at=None)),
        *(f"renew {one.account}" for one in Access.objects.filter(ended=False, renew_at__lte=Now(), failures=0)),
        *(f"end {one.account}" for one in PendingRevocation.objects.filter(tries=0)),
    ]


due = Q(next_pull_at__lte=Now())


def wait_for_all(parvis: Parvis, good: list[Account]) -> None:
    try:
        wait_until(lambda: parvis.crew.well() and not left_to_do(good), "everything is done", seconds=240)
    except BaseException:
        print(left_to_do(good))
        raise


def test_secrets_leak_nowhere(parvis: Parvis, bad: Bad, house: House, simulator: Control, tmp_path: Path) -> None:
    good = connected(parvis, house, simulator)
    with transaction.atomic():  # the workers begin when all is there
        others, cores = accounts_on(bad, house.unit, tmp_path)
    parvis.canaries |= cores
    wait_for_all(parvis, good)
    for delivery in Delivery.objects.filter(account__in=good):
        assert delivery.state == "published", (delivery.account, delivery.problem_code, delivery.problem_detail)
    # Not while something is sent: a network may end the old token at once.
    past = Now() - timedelta(minutes=1)
    assert Access.objects.filter(account__in=good, renew_at__isnull=False).update(renew_at=past)
    wait_for_all(parvis, good)
    before = set(parvis.secrets)
    for account in good:
        parvis.secrets |= held_by(account)
    assert parvis.secrets - before, "no token was renewed"
    # What the one said in the networks' own words is kept and shown; of the others, no more than what happened.
    parvis.visitor.look_around([*good, *(one for one in others if one.handle.endswith("refuses"))])

    for account in good:
        path = reverse("accounts_registry:account_disconnect", args=[account.pk])
        parvis.visitor.post(path, {"reason": "Moving on"})
    for account in others:
        account.refresh_from_db()
        disconnect_account(account=account, by=house.manager, reason="Moving on")
    wait_for_all(parvis, good)
    assert AuditEvent.objects.filter(verb="account.access_ended").count() >= 1
    parvis.visitor.look_around(good)
    nothing_leaked(parvis)


def nothing_leaked(parvis: Parvis) -> None:
    time.sleep(1)
    log, passed = parvis.log(), parvis.broker.end()
    received = set(RECEIVED.findall(log))
    assert len(received) > 20, "the worker's log is not at its most talkative"
    assert {one for one in received if one not in passed} == set(), "a message passed unread"
    assert app.conf.result_backend is None, "results would be one more place to look at"
    assert all(name in log for name in (b"DEBUG httpcore", b"DEBUG kombu", b"DEBUG googleapiclient"))
    assert Attempt.objects.filter(detail="RuntimeError").exists(), "no client library broke"
    pages = "\n".join(parvis.visitor.seen)
    places = {"log": log, "broker": passed, "pages": pages, **dumps()}
    if found := leaks(places, parvis.secrets):
        pytest.fail("\n".join([*found, *leaks(places, parvis.canaries)]))
    assert leaks({"log": log, "broker": passed}, parvis.visitor.once) == []
    assert leaks(places, [PERSON]), "nothing at all was found"
