"""The one path that everything hangs on, in a real browser, with a real worker process, on a real network."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.browser.path import crisis, listening, publishing, registry
from tests.browser.path.cast import Cast
from tests.browser.path.squares import BlueskySquare, Square, TrainingSquare
from tests.factories.organisation import PASSWORD
from tests.faults.crew import Crew
from tests.pds.fixture import Pds, pds  # noqa: F401
from tests.simulator.fixture import Control, simulator, simulator_server  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)

MESSAGE = "The tax return opens on Monday. It takes ten minutes."
FROZEN = "Tomorrow we explain the new form."
QUESTION = "how do I get my tax form on paper?"
ANSWER = "You can ask for it by phone until 15 April."
CHAPTERS = [
    "connected this account",
    "submitted this text for approval",
    "approved this text",
    "published this",
    "declared",
]


@pytest.fixture
def cast(browser, live) -> Iterator[Cast]:
    made = Cast.assemble(browser, live)
    yield made
    made.leave()


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[list[Crew]]:
    """Filled by the story once it knows what its workers may reach."""
    hired: list[Crew] = []
    yield hired
    for one in hired:
        one.end()


def start_workers(crew: list[Crew], folder: Path, square: Square) -> None:
    environment = {
        "PARVIS_BROKER_URL": f"filesystem://{folder}/broker",
        "PARVIS_EGRESS_ALLOW": ",".join(square.allow),
    }
    crew.append(Crew(folder, environment, app="governance"))
    crew[0].worker()
    crew[0].clockwork()


def walk(cast: Cast, crew: list[Crew], square: Square, folder: Path) -> None:
    """The whole story, top to bottom."""
    dossier = registry.ask_for_account(cast, network=square.network, handle=square.handle, server=square.url)
    registry.approve_in_committee(cast, dossier)
    registry.connect(cast, dossier, fields=square.credentials)
    start_workers(crew, folder, square)
    publishing.say_go(cast)

    label = f"@{square.handle} · {square.network}"
    first = publishing.draft(cast, account=label, title="Opening of the tax return", text=MESSAGE)
    publishing.approve_and_schedule(cast, first, publishing.a_minute_from(datetime.now(UTC), minutes=1))
    publishing.wait_until_published(cast, first, seconds=120)
    assert square.texts().count(MESSAGE) == 1

    square.citizen_asks(QUESTION)
    conversation = listening.answer_mention(cast, says=QUESTION, answer=ANSWER)
    listening.wait_until_on_the_network(cast, conversation, seconds=60)
    assert sum(ANSWER in text for text in square.texts()) == 1

    second = publishing.draft(cast, account=label, title="The new form", text=FROZEN)
    due = publishing.a_minute_from(datetime.now(UTC), minutes=1)
    publishing.approve_and_schedule(cast, second, due)
    crisis.declare_and_freeze(cast)
    crisis.everybody_sees_it(cast)
    # Long enough past its time for several turns of the clockwork: each would have sent it.
    time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()) + 20)
    assert FROZEN not in square.texts()
    assert square.texts().count(MESSAGE) == 1

    the_story_stands_in_the_audit_trail(cast)


def the_story_stands_in_the_audit_trail(cast: Cast) -> None:
    page = cast.page("auditor")
    told = ""
    page.goto("/organisation/audit/")
    while True:
        told += page.locator("main").inner_text()
        older = page.get_by_role("link", name="Older")
        if not older.count():
            break
        older.first.click()
    assert [chapter for chapter in CHAPTERS if chapter not in told] == []
    call_command("verify_audit")


def test_on_the_training_network(cast, crew, simulator: Control, tmp_path, settings):  # noqa: F811
    square = TrainingSquare(simulator)
    settings.EGRESS_ALLOW = frozenset(square.allow)
    walk(cast, crew, square, tmp_path)


@pytest.mark.pds
def test_on_blueskys_own_server(cast, crew, pds: Pds, tmp_path, settings):  # noqa: F811
    square = BlueskySquare(pds, PASSWORD)
    settings.EGRESS_ALLOW = frozenset(square.allow)
    walk(cast, crew, square, tmp_path)
    square.record_is_there_once(MESSAGE)
