"""One worker serves all queues: what hangs in one takes no other's threads, and whoever is told to end leaves nothing
behind that others would have to wait for. Over real processes, a broker and the training network."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from pytest_django import Settings

from accounts_registry.models import Account
from delivery.enums import DeliveryState, Outcome
from delivery.models import Attempt, Delivery
from monitoring.models import Stream
from organisation.actions import change_language
from organisation.models import AuditCheckpoint, AuditEvent, AuditLeaf
from publishing.enums import UploadState
from publishing.models import Upload
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import DeliveryFactory
from tests.factories.organisation import PersonFactory, person_with
from tests.factories.publishing import draft, picture, upload_for
from tests.faults.crew import Broker, Crew, wait_until
from tests.simulator.fixture import Simulator

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("ready")]
SENDERS = 2  # few, so that few deliveries keep all of them
WRITE, LOOK = "POST /api/v1/statuses", "GET /api/v1/notifications"
LONG = 25.0
TICK = settings.CELERY_BEAT_SCHEDULE["seal-the-trail"]["schedule"]


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Where the workers find what they have to wait for (tests/faults/whole.py)."""
    place = tmp_path / "orders"
    place.mkdir()
    return place


@pytest.fixture
def crew(tmp_path: Path, orders: Path, broker: Broker, simulator: Simulator, settings: Settings) -> Iterator[Crew]:
    settings.MEDIA_ROOT = tmp_path / "media"
    environment = {
        "PARVIS_BROKER_URL": broker.url,
        "PARVIS_EGRESS_ALLOW": urlsplit(simulator.url).netloc,
        "PARVIS_FAULT_ORDERS": str(orders),
        "PARVIS_DELIVERY_THREADS": str(SENDERS),
        "PARVIS_AUDIT_CHECKPOINTS": str(tmp_path / "kept"),
        "PARVIS_MEDIA": str(tmp_path / "media"),
    }
    crew = Crew(tmp_path, environment, app="tests.faults.whole")
    yield crew
    crew.end()


def account_named(handle: str, simulator: Simulator) -> Account:
    token = simulator.person(handle, kind="service")
    return ConnectedAccountFactory.create(
        base_url=simulator.url, handle=handle, remote_id="", credentials={"access_token": token}
    )


def in_state(state: DeliveryState) -> int:
    return Delivery.objects.filter(state=state).count()


def taken(orders: Path, *names: str) -> bool:
    return all((orders / f"{name}.taken").exists() for name in names)


def has_struck(simulator: Simulator, *matches: str) -> bool:
    fired = {fault["match"]: fault["fired"] for fault in simulator.faults()}
    return all(fired[match] for match in matches)


def test_the_trail_is_sealed_while_every_sender_hangs(crew: Crew, simulator: Simulator) -> None:
    simulator.fault("late", WRITE, seconds=LONG)
    for number in range(SENDERS + 4):
        DeliveryFactory.create(account=account_named(f"fin{number}", simulator))
    person = PersonFactory.create()
    crew.worker()
    crew.clockwork()
    wait_until(lambda: crew.well() and in_state(DeliveryState.SENDING) == SENDERS, "all senders hang", seconds=120)
    lags = []
    for language in ("nl", "fr", "nl"):
        change_language(person=person, language=language)
        number = AuditEvent.objects.latest("sequence").sequence
        wait_until(partial(is_sealed, number), "it is sealed", seconds=LONG / 4)
        lags.append(lag_of(number))
    wait_until(Stream.objects.filter(last_pulled_at__isnull=False).exists, "inboxes are read", seconds=LONG / 4)
    assert in_state(DeliveryState.SENDING) == SENDERS, "they hang all the while"
    print(f"sealed after {', '.join(f'{lag:.2f}' for lag in lags)} s while {SENDERS} senders hung")
    assert sorted(lags)[1] <= 2 * TICK


def is_sealed(number: int) -> bool:
    return AuditLeaf.objects.filter(sequence=number).exists()


def lag_of(number: int) -> float:
    """Seconds from the event to the checkpoint that covers it, by the database's own clock for both."""
    leaf = AuditLeaf.objects.get(sequence=number)
    covered = AuditCheckpoint.objects.filter(size__gt=leaf.position).order_by("size").first()
    assert covered is not None
    return (covered.taken_at - AuditEvent.objects.get(sequence=number).occurred_at).total_seconds()


def test_a_worker_that_is_told_to_end_leaves_nothing_waiting(crew: Crew, orders: Path, simulator: Simulator) -> None:
    busy, held = account_named("busy", simulator), account_named("held", simulator)
    calling, prepared = (DeliveryFactory.create(account=one, text=f"From {one.handle}") for one in (busy, held))
    upload = sent_file(busy)
    for name in ("before_write", "reading"):
        (orders / name).touch()
    simulator.fault("late", WRITE, seconds=12, times=1)
    simulator.fault("late", LOOK, seconds=15, times=1)
    first = crew.worker()
    crew.clockwork()
    wait_until(
        lambda: crew.well() and taken(orders, "before_write", "reading") and has_struck(simulator, WRITE, LOOK),
        "the worker is in the middle of everything",
        seconds=120,
    )
    assert in_state(DeliveryState.SENDING) == 2
    first.send_signal(signal.SIGTERM)
    wait_until(lambda: is_back(prepared, upload), "what was not begun is handed back", seconds=10)
    assert not Stream.objects.filter(lease_until__isnull=False).exists()
    assert first.poll() is None, "it waits for the call that is under way"
    calling.refresh_from_db()
    assert calling.state == DeliveryState.SENDING, "what is being written stays claimed"

    (orders / "go_on").touch()
    assert first.wait(60) == 0
    calling.refresh_from_db()
    assert calling.state == DeliveryState.PUBLISHED, "its end was waited for, and written"
    assert is_back(prepared, upload), "whoever was told to end wrote nothing more"

    crew.worker()
    wait_until(lambda: in_state(DeliveryState.PUBLISHED) == 2, "another sends what was handed back", seconds=60)
    wait_until(lambda: Upload.objects.get().state == UploadState.READ, "and reads the file", seconds=60)
    wait_until(lambda: Stream.objects.filter(last_pulled_at__isnull=True).count() == 0, "and streams", seconds=60)
    assert sorted(post["text"] for post in simulator.posts()) == ["From busy", "From held"]
    outcomes = Attempt.objects.filter(delivery=prepared).order_by("epoch").values_list("outcome", flat=True)
    assert list(outcomes) == [Outcome.HELD, Outcome.PUBLISHED]


def sent_file(account: Account) -> Upload:
    post = draft(person_with("communication_cell", account.unit), account)
    return upload_for(post, file=ContentFile(picture(), "guichet.png"))


def is_back(delivery: Delivery, upload: Upload) -> bool:
    delivery.refresh_from_db()
    upload.refresh_from_db()
    return delivery.state == DeliveryState.DUE and upload.lease_until is None
