"""One race a lifecycle: two edges out of one state, at once; one is walked, the other meets what the first has left.

The first stands still between its write and its commit until the second waits for it in the database. With the row lock
of `perform` the second waits before it reads; without that lock it has read the old state, and both are walked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts_registry.enums import (
    ABUSE_LIFECYCLE,
    ACCOUNT_LIFECYCLE,
    CONDITION_LIFECYCLE,
    DOSSIER_LIFECYCLE,
    MINUTES_LIFECYCLE,
    SESSION_LIFECYCLE,
    SIGHTING_LIFECYCLE,
    WRITTEN_LIFECYCLE,
    DossierState,
)
from accounts_registry.enums.audit import AUDIT_LIFECYCLE, IMPORT_LIFECYCLE
from accounts_registry.enums.comment import COMMENT_LIFECYCLE
from accounts_registry.enums.finding import FINDING_LIFECYCLE
from accounts_registry.enums.security import SECURITY_EXCEPTION_LIFECYCLE
from approvals.enums import APPROVAL_LIFECYCLE
from approvals.queries import open_request
from conversations.enums import CONVERSATION_LIFECYCLE
from crisis.enums import CRISIS_LIFECYCLE
from delivery.enums import DELIVERY_LIFECYCLE
from monitoring.enums import SOURCE_LIFECYCLE, WATCH_LIFECYCLE
from organisation.access_review import LINE_LIFECYCLE, REVIEW_LIFECYCLE
from organisation.actions import transition as door
from organisation.house_policy import POLICY_LIFECYCLE
from organisation.lifecycle import LIFECYCLES, Conflict, Lifecycle
from organisation.models import AuditEvent, Person, Unit
from publishing.enums import POST_LIFECYCLE, UPLOAD_LIFECYCLE
from publishing.models.post import SUBJECT
from tests.factories.accounts_registry import (
    AbuseCaseFactory,
    AccountFactory,
    CommentFactory,
    ConditionFactory,
    DossierFactory,
    SightingFactory,
)
from tests.factories.audits import AuditFactory, FindingFactory, ImportFactory
from tests.factories.committee import CommitteeSessionFactory, drafted, written_for
from tests.factories.conversations import ConversationFactory
from tests.factories.crisis import CrisisFactory, PlaybookFactory
from tests.factories.delivery import DeliveryFactory
from tests.factories.monitoring import SourceFactory, WatchFactory
from tests.factories.organisation import GrantFactory, PersonFactory, ReviewFactory, ReviewLineFactory, UnitFactory
from tests.factories.publishing import submitted, upload_for
from tests.factories.security import SecurityExceptionFactory
from tests.factories.training import PolicyFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROLES = [
    "administrator",
    "account_manager",
    "committee_chair",
    "communication_cell",
    "conversation_manager",
    "crisis_cell",
    "ict_security",
]


def _in_review(unit: Unit) -> Any:
    author = PersonFactory.create(unit=unit)
    GrantFactory.create(person=author, role="communication_cell")
    return submitted(author, AccountFactory.create(unit=unit))


def _reported(unit: Unit) -> Any:
    dossier = DossierFactory.create(unit=unit, state=DossierState.APPROVED_WITH_CONDITIONS, round=1)
    return ConditionFactory.create(dossier=dossier, state="reported", reported_by=dossier.owner, evidence="Switched on")


def _voted_on(unit: Unit) -> Any:
    dossier = DossierFactory.create(unit=unit, state=DossierState.IN_REVIEW, round=1)
    return written_for(dossier, ends_on=timezone.localdate() - timedelta(days=1))


# noun: (makes one in a unit, the edge that comes first, the edge that comes second)
RACES: dict[str, tuple[Lifecycle, Callable[[Unit], Any], str, str]] = {
    "access_review": (REVIEW_LIFECYCLE, lambda unit: ReviewFactory.create(unit=unit), "call_off", "end"),
    "review_line": (
        LINE_LIFECYCLE,
        lambda unit: ReviewLineFactory.create(review__unit=unit, grant__person=PersonFactory.create(unit=unit)),
        "confirm",
        "lapse",
    ),
    "house_policy": (
        POLICY_LIFECYCLE,
        lambda unit: PolicyFactory.create(unit=unit, state="in_consultation"),
        "withdraw",
        "publish",
    ),
    "account_audit": (AUDIT_LIFECYCLE, lambda unit: AuditFactory.create(unit=unit), "close", "close"),
    "finding": (FINDING_LIFECYCLE, lambda unit: FindingFactory.create(audit__unit=unit), "settle", "dismiss"),
    "list_import": (IMPORT_LIFECYCLE, lambda unit: ImportFactory.create(audit__unit=unit), "drop", "check"),
    "abuse_case": (
        ABUSE_LIFECYCLE,
        lambda unit: AbuseCaseFactory.create(sighting__unit=unit),
        "dismiss",
        "dismiss",
    ),
    "account": (ACCOUNT_LIFECYCLE, lambda unit: AccountFactory.create(unit=unit), "begin_closing", "suspend"),
    "approval": (APPROVAL_LIFECYCLE, lambda unit: open_request(SUBJECT, _in_review(unit).pk), "return", "void"),
    "conversation": (
        CONVERSATION_LIFECYCLE,
        lambda unit: ConversationFactory.create(account=AccountFactory.create(unit=unit)),
        "close",
        "take",
    ),
    "crisis": (
        CRISIS_LIFECYCLE,
        lambda unit: CrisisFactory.create(playbook=PlaybookFactory.create(unit=unit)),
        "end",
        "end",
    ),
    "delivery": (
        DELIVERY_LIFECYCLE,
        lambda unit: DeliveryFactory.create(account=AccountFactory.create(unit=unit)),
        "void",
        "claim",
    ),
    "comment": (
        COMMENT_LIFECYCLE,
        lambda unit: CommentFactory.create(dossier=DossierFactory.create(unit=unit, state=DossierState.SUBMITTED)),
        "resolve",
        "resolve",
    ),
    "committee_session": (
        SESSION_LIFECYCLE,
        lambda unit: CommitteeSessionFactory.create(unit=unit),
        "cancel",
        "cancel",
    ),
    "minutes": (
        MINUTES_LIFECYCLE,
        lambda unit: drafted(CommitteeSessionFactory.create(unit=unit, state="closed")),
        "approve",
        "approve",
    ),
    "written_procedure": (WRITTEN_LIFECYCLE, _voted_on, "end", "end"),
    "condition": (CONDITION_LIFECYCLE, _reported, "confirm", "send_back"),
    "dossier": (
        DOSSIER_LIFECYCLE,
        lambda unit: DossierFactory.create(unit=unit, state=DossierState.SUBMITTED),
        "return",
        "accept",
    ),
    "post": (POST_LIFECYCLE, _in_review, "reject", "request_changes"),
    "security_exception": (
        SECURITY_EXCEPTION_LIFECYCLE,
        lambda unit: SecurityExceptionFactory.create(account=AccountFactory.create(unit=unit)),
        "refuse",
        "end",
    ),
    "sighting": (SIGHTING_LIFECYCLE, lambda unit: SightingFactory.create(unit=unit), "register", "close"),
    "source": (SOURCE_LIFECYCLE, lambda unit: SourceFactory.create(unit=unit), "end", "pause"),
    "upload": (UPLOAD_LIFECYCLE, lambda unit: upload_for(_in_review(unit)), "read", "refuse"),
    "watch": (
        WATCH_LIFECYCLE,
        lambda unit: WatchFactory.create(account=AccountFactory.create(unit=unit)),
        "end",
        "activate",
    ),
}


# What is written with an end.
ENDED = {"crisis": ("ended_at",), "account_audit": ("closed_at",)}
SETTLED = {"comment"}  # with who settled it
APPROVED = {"content": {}, "content_hash": "0" * 64}


def _with_the_end(noun: str, by: Person | None) -> dict[str, Any]:
    if noun == "minutes":
        return {"approved_by": by, "approved_at": timezone.now(), **APPROVED}
    if noun in SETTLED:
        return {"settled_by": by, "settled_at": timezone.now()}
    return {name: timezone.now() for name in ENDED.get(noun, ())}


class Pause:
    """Holds whoever comes through first until somebody else waits for the database; lets all later ones pass."""

    def __init__(self) -> None:
        self.reached, self.over, self.first = threading.Event(), threading.Event(), True

    def __call__(self) -> None:
        if self.first:
            self.first = False
            self.reached.set()
            assert self.over.wait(30)


@contextmanager
def told_slowly(monkeypatch: pytest.MonkeyPatch, pause: Pause) -> Iterator[None]:
    """An edge is told after it was written and before it is committed: there the first one stands still."""
    record = door.audit.record

    def told(**facts: Any) -> None:
        record(**facts)
        pause()

    with monkeypatch.context() as patched:
        patched.setattr(door.audit, "record", told)
        yield


def waits(backend: int) -> bool:
    """True once the database process `backend` waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [backend])
        return bool((cursor.fetchone() or [False])[0])


class Walker(threading.Thread):
    """Walks one edge on a connection of its own; `outcome` is what came of it."""

    def __init__(self, lifecycle: Lifecycle, edge: str, thing: Any, by: Person | None) -> None:
        super().__init__()
        self.lifecycle, self.edge, self.thing, self.by = lifecycle, edge, thing, by
        self.backend, self.known, self.outcome = 0, threading.Event(), None

    def run(self) -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    self.backend = cursor.fetchone()[0]
                self.known.set()
                changes = _with_the_end(self.lifecycle.noun, self.by)
                door.perform(self.lifecycle, self.edge, self.thing, by=self.by, changes=changes)
            self.outcome = "walked"
        except Exception as raised:
            self.outcome = raised
        finally:
            connection.close()


def test_every_lifecycle_has_its_race() -> None:
    assert {lifecycle.noun for lifecycle in LIFECYCLES} == set(RACES)


@pytest.mark.parametrize("noun", RACES)
def test_of_two_edges_at_once_one_is_walked(noun: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lifecycle, make, first, second = RACES[noun]
    unit = UnitFactory.create()
    thing, person = make(unit), PersonFactory.create(unit=unit)
    for role in ROLES:
        GrantFactory.create(person=person, role=role, unit=unit)
    copies = [type(thing)._default_manager.get(pk=thing.pk) for _ in range(2)]
    walkers = [
        Walker(lifecycle, edge, copy, person if lifecycle[edge].permission else None)
        for edge, copy in zip((first, second), copies, strict=True)
    ]
    pause, before = Pause(), AuditEvent.objects.count()
    with told_slowly(monkeypatch, pause):
        walkers[0].start()
        assert pause.reached.wait(30), walkers[0].outcome
        walkers[1].start()
        assert walkers[1].known.wait(30)
        while walkers[1].is_alive() and not waits(walkers[1].backend):
            walkers[1].join(0.01)
        pause.over.set()
        for walker in walkers:
            walker.join(30)
    thing.refresh_from_db()
    assert walkers[0].outcome == "walked"
    assert isinstance(walkers[1].outcome, Conflict), walkers[1].outcome
    assert thing.state == lifecycle[first].target
    assert AuditEvent.objects.count() == before + 1
