"""The API's page tells what is so; its three commonest uses work as docs/api.md writes them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import resolve, reverse
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from conversations.models import Answer
from governance.api_pages import described
from governance.api_permissions import NEEDS
from monitoring.models import Mention
from organisation.enums import Permission as P
from organisation.models import Person, Unit
from organisation.roles import holding
from publishing.actions.reading import read_uploads
from publishing.models import Post
from tests.architecture.access import TABLE
from tests.architecture.rows import EVERYONE
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.machines import key_for, machine_of
from tests.factories.organisation import PersonFactory, UnitFactory, person_with
from tests.factories.publishing import approved, picture

OPERATIONS = {one.anchor: one for noun in described("en") for one in noun.operations}
MAY = {(row.url, row.method): row.may for row in TABLE}


# They ask for more than the permission: who sends such messages decides what became of one.
AND_MORE = {"deliveries_decide_create"}


def test_each_operation_says_what_it_asks_for() -> None:
    assert set(OPERATIONS) == set(NEEDS)


@pytest.mark.parametrize("name", sorted(name for name, needs in NEEDS.items() if needs is not None))
def test_what_an_operation_asks_for_is_what_the_table_of_access_says(name: str) -> None:
    one = OPERATIONS[name]
    path = re.sub(r"\{[a-z]+\}", "1", one.path)
    may, needs = MAY[resolve(path).view_name, one.method], NEEDS[name]
    assert needs is not None
    holders = frozenset(holding(needs)) & EVERYONE
    assert may < holders if name in AND_MORE else may == holders


def test_every_part_of_an_operation_is_told() -> None:
    one = OPERATIONS["posts_images_create"]
    assert one.body is not None
    assert (one.method, one.body.media, one.by_machines) == ("POST", "multipart/form-data", True)
    assert {field.name: field.required for field in one.body.fields}["image"] is True
    assert [answer.status for answer in one.answers] == ["202"]
    assert not OPERATIONS["posts_approve_create"].by_machines
    states = next(field for field in OPERATIONS["accounts_retrieve"].answers[0].fields if field.name == "state")
    assert "active" in states.choices


@pytest.mark.longer
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_page_reads_in_ones_own_language(client: Client, language: str) -> None:
    client.force_login(PersonFactory.create(language=language))
    page = client.get(reverse("api_docs")).content.decode()
    with translation.override(language):
        assert str(P.POST_WRITE.label) in page
    assert "POST /api/v1/posts/{id}/images/" in page


# ---- The commonest uses, as they are written ------------------------------------------------------------------------
DOCS = Path(__file__).resolve().parents[2] / "docs" / "api.md"
WRITTEN = re.findall(r"^## (\d)\. .*?$(.*?)(?=^## |\Z)", DOCS.read_text(), re.MULTILINE | re.DOTALL)
EXAMPLES = [
    (number, kind, code)
    for number, text in WRITTEN
    for kind, code in re.findall(r"^```(bash|python)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
]


@pytest.fixture
def at_work() -> Iterator[None]:
    """A worker that looks at what comes in."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.1):
            read_uploads(seconds=1)
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    yield
    over.set()
    worker.join()


def test_each_use_is_written_twice() -> None:
    assert [(number, kind) for number, kind, _code in EXAMPLES] == [
        (number, kind) for number in "1234" for kind in ("bash", "python")
    ]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("number", "kind", "code"), EXAMPLES, ids=[f"{n}-{kind}" for n, kind, _ in EXAMPLES])
def test_an_example_does_what_it_says(
    live_server: Any, at_work: None, tmp_path: Path, number: str, kind: str, code: str
) -> None:
    unit = UnitFactory.create(slug="finance", languages=["fr"])
    account = ConnectedAccountFactory.create(unit=unit, languages=["fr"], handle="spffinances")
    machine = machine_of(PersonFactory.create(unit=unit), "newcomer", "conversation_manager", "communication_cell")
    approved(*(person_with("communication_cell", unit) for _ in range(2)), account)
    waiting = MentionFactory.create(conversation=ConversationFactory.create(account=account))
    (tmp_path / "bridge.png").write_bytes(picture())
    said = {"PARVIS": live_server.url, "PARVIS_KEY": key_for(machine)[1], "NO_PROXY": "*", "PATH": os.environ["PATH"]}
    program = ["bash", "-euo", "pipefail", "-c"] if kind == "bash" else [sys.executable, "-c"]
    if missing := [one for one in ("curl", "jq") if kind == "bash" and shutil.which(one) is None]:
        pytest.skip(f"not here: {missing}")
    facts: dict[str, Any] = {"cwd": tmp_path, "env": said, "capture_output": True, "text": True, "timeout": 60}
    done = subprocess.run([*program, code], check=False, **facts)
    assert done.returncode == 0, done.stderr
    CHECKS[number](done.stdout, machine, unit, waiting)


def _accounts(output: str, machine: Person, unit: Unit, waiting: Mention) -> None:
    assert "spffinances" in output


def _post(output: str, machine: Person, unit: Unit, waiting: Mention) -> None:
    post = Post.objects.get(author=machine)
    assert (post.state, post.author, post.media.get().alts) == ("in_review", machine, {"fr": "Un pont"})


def _answer(output: str, machine: Person, unit: Unit, waiting: Mention) -> None:
    answer = Answer.objects.get()
    assert (answer.author, answer.conversation) == (machine, waiting.conversation)


def _scheduled(output: str, machine: Person, unit: Unit, waiting: Mention) -> None:
    assert output.split()[0] == "scheduled"
    assert Post.objects.get().state == "scheduled"


CHECKS = {"1": _accounts, "2": _post, "3": _answer, "4": _scheduled}


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_says_so_in_the_apis_own_words(client: Client) -> None:
    answer = client.get("/api/v1/accounts/0.5/")
    assert (answer.status_code, answer["Content-Type"], list(answer.json())) == (404, "application/json", ["detail"])
    assert client.get("/nowhere/")["Content-Type"].startswith("text/html")


def test_each_operation_says_how_it_may_be_refused() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    told = [set(one["responses"]) for ways in schema["paths"].values() for one in ways.values()]
    assert all({"400", "401", "403", "404", "409", "429"} <= statuses for statuses in told)
    assert [answer.status for answer in OPERATIONS["posts_images_create"].answers] == ["202"]
