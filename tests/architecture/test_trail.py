"""Every act of the golden table leaves exactly its events, and every verb of the code stands in it or in a test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from organisation import audit
from organisation.models import AuditEvent
from tests.architecture.trail import (
    accounts,
    audits,
    citizens,
    dossiers,
    house_rules,
    others,
    people,
    posts,
    security,
    sending,
    sessions,
    sightings,
)
from tests.architecture.trail.world import TABLE, Act, Told, World
from tests.factories.delivery import FakeNetwork, thaw

pytestmark = pytest.mark.django_db

ROOMS = (
    *(accounts, audits, citizens, dossiers, house_rules, others, people),
    *(posts, security, sending, sessions, sightings),
)
# Verbs that nothing in the code does any more: older trails hold them.
PAST = {
    *("delivery.send_again", "post.described", "delivery.reconfirm_post", "delivery.reconfirm_answer"),
    *("delivery.withdraw_post", "delivery.withdraw_answer"),
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One for all acts: each happens in a savepoint of its own, and is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World(FakeNetwork())
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def ready_to_send(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for sender in ("sending", "looking"):
        monkeypatch.setattr(f"delivery.actions.{sender}.connector_for", world.network.acting_as)
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)
    thaw()


@pytest.mark.parametrize(("act", "told"), TABLE, ids=[act.__name__ for act, _told in TABLE])
def test_an_act_leaves_exactly_these_events(world: World, act: Act, told: list[Told]) -> None:
    done = act(world)
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    done()
    events = AuditEvent.objects.exclude(pk__in=before).order_by("sequence")
    said = [details for _verb, _who, details in told] + [{}] * len(events)
    found = [(one.verb, one.actor_name, alike(one.details, open_)) for one, open_ in zip(events, said, strict=False)]
    assert found == told


def alike(found: Any, said: Any) -> Any:
    """`found`, with `...` wherever `said` leaves open what stands there."""
    if said is ...:
        return ... if found not in (None, "", [], {}) else found
    if isinstance(said, dict) and isinstance(found, dict):
        return {name: alike(value, said.get(name)) for name, value in found.items()}
    if isinstance(said, list) and isinstance(found, list) and len(said) == len(found):
        return [alike(*pair) for pair in zip(found, said, strict=True)]
    return found


def test_every_verb_is_tested_by_its_name(project_root: Path) -> None:
    """A verb that no test names is an event that nobody would miss."""
    pages = [page.read_text() for page in (project_root / "tests").rglob("*.py") if page.name != Path(__file__).name]
    named = set(re.findall(r"\"([a-z_]+\.[a-z_]+)\"", "\n".join(pages)))
    assert set(audit.verbs()) - named - PAST == set()
