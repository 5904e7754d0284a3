"""What people write is kept in one way, through a page, the API and an action that an import calls."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crisis import actions as crisis
from crisis.models import LogEntry, Playbook
from monitoring.models import Watch
from organisation.forms import PasswordForm
from organisation.models import Person
from organisation.plain import all_plain, plain
from publishing.actions import PostContent, VariantText, create_post
from publishing.models import Post
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.crisis import CrisisFactory
from tests.factories.organisation import GrantFactory, UnitFactory, person_with
from tests.factories.publishing import approved
from tests.factories.sessions import session_of
from tests.thorough import thorough_but

pytestmark = pytest.mark.django_db
WRITTEN = "\ufeffDe\u0301claration\r\nprête\rle 30\u00a0juin"
KEPT = "Déclaration\nprête\nle 30\u00a0juin"
NOTHING = "\u200b\u2060 \ufeff\u3164"


@pytest.fixture
def an(settings: Any, tmp_path: Path) -> Person:
    settings.MEDIA_ROOT = tmp_path / "media"
    person = person_with("communication_cell", UnitFactory.create(), name="An Peeters")
    for role in ("conversation_manager", "crisis_cell", "administrator"):
        GrantFactory.create(person=person, role=role)
    return person


@pytest.fixture
def client(an: Person) -> Client:
    client = Client()
    client.cookies["sessionid"] = session_of(an)
    return client


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (WRITTEN, KEPT),
        (NOTHING, ""),
        ("\r\n", ""),
        ("a\u200db", "a\u200db"),
        ("👨\u200d👩\u200d👧 ❤\ufe0f", "👨\u200d👩\u200d👧 ❤\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_text_is_written_in_one_way(text: str, kept: str) -> None:
    assert plain(text) == kept
    told = {"a": [text], "b": (VariantText(account=None, language="fr", text=text),)}  # type: ignore[arg-type]
    assert all_plain(told) == {"a": [kept], "b": (VariantText(account=None, language="fr", text=kept),)}  # type: ignore[arg-type]


def through_the_page(client: Client, an: Person, text: str, title: str) -> int:
    account = ConnectedAccountFactory.create(unit=an.unit, languages=["fr"])
    own = {f"text-{account.pk}-fr": text, "accounts": [account.pk]}
    sent = {"unit": an.unit_id, "title": title, "language": "fr", "core_text": text, **own}
    return client.post("/posts/new/", sent).status_code


def through_the_api(client: Client, an: Person, text: str, title: str) -> int:
    account = ConnectedAccountFactory.create(unit=an.unit, languages=["fr"])
    variants = [{"account": account.pk, "language": "fr", "text": text}]
    sent = {"unit": an.unit.slug, "title": title, "language": "fr", "core_text": text, "variants": variants}
    return client.post("/api/v1/posts/", json.dumps(sent), content_type="application/json").status_code


def through_an_import(_client: Client, an: Person, text: str, title: str) -> int:
    account = ConnectedAccountFactory.create(unit=an.unit, languages=["fr"])
    variants = [VariantText(account, "fr", text)]
    create_post(unit=an.unit, content=PostContent(title, "fr", text, variants=variants), by=an)
    return 0


@pytest.mark.parametrize("door", [through_the_page, through_the_api, through_an_import])
def test_every_door_keeps_the_same(door: Any, client: Client, an: Person) -> None:
    door(client, an, WRITTEN, "E\u0301te\u0301")
    post = Post.objects.get()
    assert (post.title, post.core_text) == ("Été", KEPT)
    assert post.variants.get().text == KEPT


@pytest.mark.longer
def test_a_text_that_nobody_sees_is_none(client: Client, an: Person) -> None:
    assert through_the_page(client, an, "Texte", NOTHING) == 422
    assert through_the_api(client, an, "Texte", NOTHING) == 400
    assert not Post.objects.exists()
    assert through_the_page(client, an, NOTHING, "Titre") == 302
    assert Post.objects.get().core_text == ""
    entry = CrisisFactory.create(playbook__unit=an.unit)
    assert client.post(reverse("crisis:note", args=[entry.pk]), {"text": NOTHING}).status_code == 422
    assert not LogEntry.objects.exists()
    watch = {"name": NOTHING, "query": NOTHING, "purpose": NOTHING}
    answer = client.post(reverse("monitoring:watch_new"), watch)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) >= {"name", "query", "purpose"}
    assert not Watch.objects.exists()


def test_what_stands_in_lists_is_made_plain_too(an: Person) -> None:
    steps = {"before": [], "during": ["E\u0301crire"], "after": []}
    crisis.create_playbook(unit=an.unit, title="P", summary="S\r\nT", steps=steps, by=an)
    playbook = Playbook.objects.get()
    assert (playbook.summary, playbook.items.get().text) == ("S\nT", "Écrire")


def test_a_password_is_what_its_person_types(an: Person) -> None:
    typed = unicodedata.normalize("NFD", "quatre étoiles très éloignées")
    form = PasswordForm({"password": typed, "again": typed}, person=an)
    assert form.is_valid()
    assert form.cleaned_data["password"] == typed


def test_a_line_end_counts_as_one_sign(client: Client, an: Person) -> None:
    assert through_the_page(client, an, "a\r\n" * 4_999 + "ab", "Long") == 302
    assert len(Post.objects.get().core_text) == 10_000


# ---- A day is no moment ---------------------------------------------------------------------------------------------
HOUR = "Say the hour too"


@pytest.mark.longer
@pytest.mark.parametrize("day", thorough_but(["2031-05-03", " 2031-05-03 ", "20310503", "2031-W18-6"], "2031-W18-6"))
def test_a_day_without_an_hour_is_asked_for_its_hour(client: Client, an: Person, day: str) -> None:
    bram = person_with("communication_cell", an.unit, name="Bram Claes")
    post = approved(an, bram, ConnectedAccountFactory.create(unit=an.unit, languages=["fr"]))
    due = post.due_at
    step = client.post(f"/posts/{post.pk}/schedule/", {"wall_time": day})
    edit = client.post("/posts/new/", {"unit": an.unit_id, "title": "T", "language": "fr", "wall_time": day})
    api = client.post(f"/api/v1/posts/{post.pk}/schedule/", json.dumps({"wall_time": day}), "application/json")
    role = {"role": "newcomer", "unit": an.unit_id, "until": day}
    grant = client.post(reverse("organisation:grant_give", args=[bram.pk]), role)
    told = {"person": bram.pk, "role": "newcomer", "unit": an.unit.slug, "until": day}
    given = client.post("/api/v1/grants/", json.dumps(told), "application/json")
    statuses = [one.status_code for one in (step, edit, api, grant, given)]
    assert statuses == [422, 422, 400, 422, 400]
    for answer in (step, edit, api, grant, given):
        assert HOUR in answer.content.decode()
    post.refresh_from_db()
    assert (post.due_at, post.state) == (due, "approved")
