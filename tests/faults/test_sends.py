"""R1 and R2: whatever dies, each message appears once. Small every day; at full size by `make faults`."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from subprocess import Popen
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from delivery.content import freeze
from delivery.enums import DeliveryState
from delivery.models import Delivery
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import POST
from tests.factories.organisation import PersonFactory
from tests.faults.conftest import FULL, Size
from tests.faults.crew import Broker, Crew, wait_until
from tests.simulator.fixture import Control

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("ready")]

POINTS = ("after_intent", "mid_call", "after_commit", "before_write")
# An answer that takes this long makes sure that a worker killed while waiting dies before the network is done.
LATENCY = 0.05
AFTERWARDS = 240.0


@pytest.fixture
def crew(tmp_path: Path, size: Size, broker: Broker, simulator: Control) -> Iterator[Crew]:
    orders = tmp_path / "orders"
    orders.mkdir()
    square = urlsplit(simulator.url).netloc
    environment = {
        "PARVIS_BROKER_URL": broker.url,
        "PARVIS_EGRESS_ALLOW": square,
        "PARVIS_FAULT_SQUARE": square,
        "PARVIS_FAULT_ORDERS": str(orders),
        "PARVIS_DELIVERY_THREADS": "4",
        **size.environment,
    }
    crew = Crew(tmp_path, environment)
    yield crew
    crew.end()


def schedule(size: Size, simulator: Control, *, after: float) -> list[str]:
    """`size.deliveries` messages of several accounts, falling due evenly from `after` seconds on; their texts."""
    simulator.fault("late", "POST /api/v1/statuses", seconds=LATENCY)
    by = PersonFactory.create()
    accounts = []
    for number in range(size.accounts):
        token = simulator.person(f"fin{number}", kind="service")
        accounts.append(
            ConnectedAccountFactory.create(
                unit=by.unit,
                base_url=simulator.url,
                handle=f"fin{number}",
                remote_id="",
                credentials={"access_token": token},
            )
        )
    texts = [f"Message {number} à tous" for number in range(size.deliveries)]
    start = timezone.now() + timedelta(seconds=after)
    gap = timedelta(seconds=size.seconds / size.deliveries)
    Delivery.objects.bulk_create(
        Delivery(
            unit=by.unit,
            account=account,
            origin_kind=POST,
            origin_id=number,
            content=(frozen := freeze({"text": text, "language": "fr"}))[0],
            content_hash=frozen[1],
            due_at=start + gap * number,
            scheduled_by=by,
        )
        for number, (text, account) in enumerate(zip(texts, cycle(accounts), strict=False))
    )
    return texts


def left() -> int:
    return Delivery.objects.exclude(state=DeliveryState.PUBLISHED).count()


def verdict(name: str, texts: list[str], simulator: Control) -> str:
    """What the network itself says, held against what Parvis believes."""
    appeared = Counter(post["text"] for post in simulator.posts())
    told = {ref: text for ref, text in Delivery.objects.values_list("remote_id", "content__text") if ref}
    there = {str(post["id"]): post["text"] for post in simulator.posts()}
    assert all(there.get(ref) == text for ref, text in told.items()), "a delivery names another message as its own"
    sent = sum(1 for text in texts if appeared[text])
    duplicates = sum(count - 1 for count in appeared.values())
    lost = len(texts) - Delivery.objects.filter(state=DeliveryState.PUBLISHED, remote_id__in=there).count()
    return f"{name}: {sent} sent, {duplicates} duplicates, {lost} lost"


def settled(seconds: float) -> None:
    """Until everything has an outcome. What stays uncertain counts as lost in the verdict."""
    ends = time.monotonic() + seconds
    while left() and time.monotonic() < ends:
        time.sleep(0.5)


def somebody_died(crew: Crew, workers: list[Popen[bytes]]) -> bool:
    return crew.well() and any(worker.poll() is not None for worker in workers)


def test_r1_workers_killed_at_every_point_of_a_send(
    size: Size, crew: Crew, simulator: Control, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = schedule(size, simulator, after=4)
    workers = [crew.worker(), crew.worker()]
    crew.clockwork()
    orders = tmp_path / "orders"
    pause = size.seconds / (len(POINTS) * size.kills_each)
    for number, point in enumerate(POINTS * size.kills_each):
        begun = time.monotonic()
        (orders / point).touch()
        wait_until(partial(somebody_died, crew, workers), f"a worker dies {point}", seconds=90)
        assert len(list(orders.glob("*.done.*"))) == number + 1, (tmp_path / "crew.log").read_text()[-3000:]
        workers = [worker if worker.poll() is None else crew.worker() for worker in workers]
        time.sleep(max(0.0, pause * 0.8 - (time.monotonic() - begun)))
    killed = Counter(file.name.split(".")[0] for file in orders.glob("*.done.*"))
    assert killed == dict.fromkeys(POINTS, size.kills_each)
    settled(size.seconds + AFTERWARDS)
    said = verdict("R1", texts, simulator)
    with capsys.disabled():
        print(f"\n{said}")
    assert said == f"R1: {size.deliveries} sent, 0 duplicates, 0 lost"


def test_r2_the_broker_flushed_and_away(
    size: Size, crew: Crew, broker: Broker, simulator: Control, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = schedule(size, simulator, after=4)
    crew.worker()
    crew.worker()
    crew.clockwork()
    wait_until(lambda: crew.well() and left() < size.deliveries, "the first message goes out", seconds=60)
    for _flush in range(3):
        broker.flush()
        time.sleep(size.seconds / 20)
    broker.kill()
    time.sleep(size.down)
    broker.start()
    back = timezone.now()
    wait_until(partial(caught_up, back), "caught up within two minutes of the broker's return", seconds=120)
    took = (timezone.now() - back).total_seconds()
    settled(size.seconds + AFTERWARDS)
    said = verdict("R2", texts, simulator)
    with capsys.disabled():
        print(f"\n{said}")
        print(f"    caught up {took:.0f} s after the broker came back")
    assert said == f"R2: {size.deliveries} sent, 0 duplicates, 0 lost"


def test_connections_to_the_database_cut_and_every_wake_up_doubled(
    size: Size, crew: Crew, simulator: Control, capsys: pytest.CaptureFixture[str]
) -> None:
    """R3 and R5 in small: PostgreSQL drops every worker's connection three times, while two clockworks tick."""
    if size is FULL:
        pytest.skip("runs every day, in small; make faults is R1 and R2")
    texts = schedule(size, simulator, after=4)
    crew.worker()
    crew.worker()
    crew.clockwork()
    crew.clockwork()
    wait_until(lambda: crew.well() and left() < size.deliveries, "the first message goes out", seconds=60)
    for _cut in range(3):
        time.sleep(size.seconds / 6)
        cut_connections()
    settled(size.seconds + AFTERWARDS)
    said = verdict("Cut", texts, simulator)
    with capsys.disabled():
        print(f"\n{said}")
    assert said == f"Cut: {size.deliveries} sent, 0 duplicates, 0 lost"


def cut_connections() -> None:
    """All but our own, as a restart does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def caught_up(moment: datetime) -> bool:
    """All that was due at `moment` is out."""
    return not Delivery.objects.exclude(state=DeliveryState.PUBLISHED).filter(due_at__lt=moment).exists()
