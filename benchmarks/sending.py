"""Very many posts due at one moment, real workers, and a network that takes its time over each."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from subprocess import Popen
from typing import Any

from django.db import connection
from django.db.models import Max, Min
from django.test import override_settings

from approvals.enums import Outcome, RequestState
from approvals.models import Decision, Request
from benchmarks.figures import Figure, Section
from benchmarks.service import Service
from delivery.enums import DeliveryState
from delivery.models import Delivery
from organisation.clock import database_now
from publishing.content.snapshot import Snapshot, key
from publishing.enums import PostState
from publishing.models import Post, Variant
from publishing.models.post import SUBJECT
from publishing.queries import ORIGIN
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import thaw
from tests.factories.organisation import person_with
from tests.faults.crew import Broker, Crew, free_port, wait_until

ACCOUNTS, LATENCY, WORKERS = 50, 0.2, 2
TICKS = os.sysconf("SC_CLK_TCK")
TEXT = "What changes for you this month, part {} of many: who may apply, until when, with which papers, who helps."


@dataclass(frozen=True)
class Run:
    """`posts` due at once, sent by `WORKERS` processes of so many `threads`."""

    posts: int
    threads: int

    @property
    def ideal(self) -> float:
        """Seconds: nothing but the network's time. Several threads may send for one account at once."""
        return self.posts * LATENCY / (WORKERS * self.threads)

    @property
    def name(self) -> str:
        return f"{self.posts:,} posts, {WORKERS} × {self.threads} threads"


@dataclass(frozen=True)
class Course:
    """How it went: seconds from when they were due to the first and the last message; CPU seconds of the workers and
    of PostgreSQL; `spent`: what the sending threads did, as `benchmarks.worker` counts it."""

    run: Run
    took: float
    first: float
    workers_cpu: float
    server_cpu: float
    spent: Counter[str]


def measure(*, small: bool) -> Section:
    posts, few, many = (160, 4, 16) if small else (1_000, 8, 32)
    usual, twice = courses(few, posts, 2 * posts)
    (crowded,) = courses(many, posts)
    figures = figures_of(usual, "≤ 1.3 ×")
    figures.append(Figure(f"{twice.run.name}: all out", twice.took, "s", twice.run.ideal, "≤ 1.3 ×"))
    figures += figures_of(crowded)
    words = (
        f"Due at one moment, for {ACCOUNTS} accounts; {WORKERS} workers as shipped and their clockwork, and a network "
        f"that takes {LATENCY * 1000:.0f} ms a call. The limit is the network's time alone, shared by all threads: "
        "several may send for one account at once. Statements, commits and shares are those of the sending threads."
    )
    return Section("Sending", words, figures)


def figures_of(course: Course, aim: str = "") -> list[Figure]:
    run, spent = course.run, course.spent
    ms, share = 1000 / run.posts, 100 / (WORKERS * run.threads * course.took)
    return [
        Figure(f"{run.name}: all out", course.took, "s", run.ideal, aim),
        Figure("its first out", course.first, "s", aim="≤ 2 s"),
        Figure("its sends a second", run.posts / course.took, "", aim="" if aim else "≥ 60"),
        Figure("CPU a send, workers", course.workers_cpu * ms, "ms", aim="≤ 12 ms"),
        Figure("CPU a send, PostgreSQL", course.server_cpu * ms, "ms"),
        Figure("statements a send", spent["sql_count"] / run.posts, ""),
        Figure("commits a send", spent["commit_count"] / run.posts, ""),
        Figure("the threads' time: in the network's call", spent["call"] * share, "%"),
        Figure("the threads' time: in statements", spent["sql"] * share, "%"),
        Figure("the threads' time: in commits", spent["commit"] * share, "%"),
    ]


def courses(threads: int, *sizes: int) -> list[Course]:
    """One run after the other, by the same workers."""
    with (
        tempfile.TemporaryDirectory() as name,
        network() as port,
        override_settings(WITNESS=(Path(name) / "witness").as_uri()),
        shift(Path(name), threads, port) as workers,
    ):
        plan = Plan(port)
        warm = plan.due(4 * WORKERS * threads, timedelta(0))
        wait_until(partial(are_out, warm), "the workers are warm", seconds=120)
        done = [course_of(Run(size, threads), plan, workers, Path(name)) for size in sizes]
        told = told_by(port)
        assert told["posts"] == told["different"] == len(warm) + sum(sizes), f"not each message once: {told}"
    return done


def course_of(run: Run, plan: Plan, workers: Sequence[Popen[bytes]], place: Path) -> Course:
    before, spent_before = cpu_of(workers), spent_by(workers, place)
    posts = plan.due(run.posts, timedelta(seconds=3))
    wait_until(partial(are_out, posts), "all are out", seconds=300)
    cpu, spent = cpu_of(workers), spent_by(workers, place)
    came = Delivery.objects.filter(pk__in=posts).aggregate(first=Min("published_at"), last=Max("published_at"))
    took, first = ((came[which] - plan.moment).total_seconds() for which in ("last", "first"))
    return Course(run, took, first, cpu[0] - before[0], cpu[1] - before[1], spent - spent_before)


# ---- The network and the workers ------------------------------------------------------------------------------------
@contextmanager
def network() -> Iterator[int]:
    """Its port, while it runs."""
    port = free_port()
    process = Popen([sys.executable, "-m", "benchmarks.network", str(port), str(LATENCY)])
    try:
        wait_until(lambda: answers(port), "the network answers", seconds=20)
        yield port
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    try:
        return bool(told_by(port))
    except OSError:
        return False


def told_by(port: int) -> dict[str, Any]:
    """What the network counted (`benchmarks.network`)."""
    asking = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        asking.request("GET", "/told")
        told: dict[str, Any] = json.loads(asking.getresponse().read())
    finally:
        asking.close()
    return told


@contextmanager
def shift(place: Path, threads: int, port: int) -> Iterator[list[Popen[bytes]]]:
    """The workers, with their clockwork and a broker of their own; on a frozen system nothing would go out."""
    thaw()
    broker = Broker(place)
    broker.start()
    environment = {
        "PARVIS_BROKER_URL": broker.url,
        "PARVIS_EGRESS_ALLOW": f"127.0.0.1:{port}",
        "PARVIS_DELIVERY_THREADS": str(threads),
        "PARVIS_AUDIT_CHECKPOINTS": str(place / "kept"),
        "PARVIS_BENCH_SPENT": str(place),
    }
    crew = Crew(place, environment, app="benchmarks.worker")
    try:
        workers = [crew.worker() for _each in range(WORKERS)]
        crew.clockwork()
        yield workers
        crew.well()
    finally:
        crew.end()
        broker.kill()


def cpu_of(workers: Sequence[Popen[bytes]]) -> tuple[float, float]:
    """Seconds that the workers, and PostgreSQL with all its processes, have computed so far; of it only where it
    runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity")
        backends = [pid for (pid,) in cursor.fetchall()]
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()
    server = int((stat_of(own) or ["", "0"])[1])
    gone = sum(map(int, stat_of(server)[13:15]))  # of its processes that have ended
    return sum(computed(one.pid) for one in workers), gone / TICKS + sum(computed(pid) for pid in backends)


def computed(pid: int) -> float:
    return sum(map(int, stat_of(pid)[11:13])) / TICKS


def stat_of(pid: int) -> list[str]:
    """What the system says of a process, from its state on; nothing where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def spent_by(workers: Sequence[Popen[bytes]], place: Path) -> Counter[str]:
    """What their sending threads did so far, all together."""
    spent: Counter[str] = Counter()
    for worker in workers:
        file = place / str(worker.pid)
        file.unlink(missing_ok=True)
        worker.send_signal(signal.SIGUSR2)
        wait_until(file.exists, "the worker tells what it did", seconds=10)
        spent.update(json.loads(file.read_text()))
    return spent


# ---- What is due ----------------------------------------------------------------------------------------------------
class Plan:
    """A service with accounts on the network at `port`, and somebody who approved all that it says."""

    def __init__(self, port: int) -> None:
        self.service = Service(accounts=0)
        self.accounts = [
            ConnectedAccountFactory.create(
                unit=self.service.unit, languages=["fr"], base_url=f"http://127.0.0.1:{port}", remote_id=""
            )
            for _each in range(ACCOUNTS)
        ]
        self.approver = person_with("spokesperson", self.service.unit)

    def due(self, count: int, after: timedelta) -> list[int]:
        """So many approved posts of one variant each, due together so long from now: the ids of their deliveries."""
        self.moment = database_now() + after
        variants = self._variants(count)
        frozen = [variant.frozen() for variant in variants]
        self._approved(variants, frozen)
        deliveries = Delivery.objects.bulk_create(
            Delivery(
                unit=self.service.unit,
                message_unit=self.service.unit,
                account=variant.account,
                origin_kind=ORIGIN,
                origin_id=variant.pk,
                content=content,
                content_hash=digest,
                due_at=self.moment,
                scheduled_by=self.approver,
            )
            for variant, (content, digest) in zip(variants, frozen, strict=True)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the server does by itself, some time later
        return [one.pk for one in deliveries]

    def _variants(self, count: int) -> list[Variant]:
        facts = {"unit": self.service.unit, "author": self.service.person, "language": "fr", "zone": "UTC"}
        when = {"due_at": self.moment, "wall_time": self.moment.replace(tzinfo=None)}
        posts = Post.objects.bulk_create(
            Post(title=f"Part {number}", core_text=TEXT.format(number), state=PostState.SCHEDULED, **facts, **when)
            for number in range(count)
        )
        return Variant.objects.bulk_create(
            Variant(post=post, account=account, language="fr")
            for post, account in zip(posts, cycle(self.accounts), strict=False)
        )

    def _approved(self, variants: Sequence[Variant], frozen: Sequence[tuple[dict[str, Any], str]]) -> None:
        asked = Request.objects.bulk_create(
            Request(
                kind=SUBJECT,
                subject_id=variant.post_id,
                unit=self.service.unit,
                state=RequestState.CLEARED,
                by=self.service.person,
                content=content,
                content_hash=Snapshot({}, {key(variant.account_id, "fr"): digest}).hash,
            )
            for variant, (content, digest) in zip(variants, frozen, strict=True)
        )
        Decision.objects.bulk_create(
            Decision(request=one, outcome=Outcome.APPROVED, by=self.approver, planned_for=self.moment) for one in asked
        )


def are_out(deliveries: Sequence[int]) -> bool:
    return not Delivery.objects.filter(pk__in=deliveries).exclude(state=DeliveryState.PUBLISHED).exists()
