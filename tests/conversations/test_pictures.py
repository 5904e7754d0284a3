"""Pictures of citizens come through us: fetched by a worker, shown by an address of ours, and gone with the message."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from accounts_registry.models import Account
from conversations.models import Conversation
from monitoring.actions import ask_for_pictures, check_mentions, fetch_pictures, picturing
from monitoring.actions.receiving import receive
from monitoring.models import Mention, Picture
from monitoring.models.picture import PictureProblem
from networks import pictures, signs
from networks.egress import Answer, Egress
from networks.egress.client import MAX_REDIRECTS
from networks.egress.exchange import AnswerTooLarge
from networks.errors import EgressRefused, Unavailable
from networks.types import Attachment
from organisation.models import Person
from tests.factories.monitoring import incoming
from tests.factories.organisation import UnitFactory, person_with
from tests.monitoring.network import FakeNetwork
from tests.thorough import thorough_after

pytestmark = pytest.mark.django_db
SEEN = Attachment("picture", "https://files.example/1.png", "Une lettre")
HIDDEN = Attachment("picture", "https://files.example/2.png", sensitive=True)
FILM = Attachment("video", "https://files.example/3.mp4", preview="https://files.example/3.png", seconds=32.4)
LETTER = signs.isolated("Une lettre")
SOUND = Attachment("audio", "https://files.example/4.mp3")


class Files:
    """A server of pictures; `wrong` is what it does instead of answering."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.wrong: int | Exception | None = None

    def get(self, url: str, headers: Any = None) -> Answer:
        self.asked.append(url)
        if isinstance(self.wrong, Exception):
            raise self.wrong
        with io.BytesIO() as target:
            Image.new("RGB", (40, 30), "red").save(target, "PNG")
            return Answer(url, self.wrong or 200, (), target.getvalue() + b"EVIL")


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    server = Files()
    monkeypatch.setattr(picturing, "egress", lambda: server)
    return server


@pytest.fixture
def page(account: Account, manager: Person, client: Client) -> Iterator[str]:
    receive(account=account, items=[incoming(1, attachments=(SEEN, HIDDEN, FILM, SOUND))])
    client.force_login(manager)
    return reverse("conversations:conversation", args=[Conversation.objects.get().pk])


def shown(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def address(place: int) -> str:
    return reverse("conversations:picture", args=[Mention.objects.get().pk, place])


@pytest.mark.longer
def test_nothing_is_fetched_until_somebody_looks_and_then_once(client: Client, page: str, files: Files) -> None:
    assert fetch_pictures(seconds=5) == 0
    first = shown(client, page)
    assert first.count("Being fetched") == 3
    assert 'files.example/1.png"' in first  # the way there; nothing is loaded from it
    assert 'src="https://files.example' not in first
    parts = reverse("conversations:message_parts", args=[Mention.objects.get().pk])
    assert f'hx-get="{parts}"' in first
    assert client.get(address(0)).status_code == 404
    assert fetch_pictures(seconds=20) == 3
    again = shown(client, page)
    assert fetch_pictures(seconds=5) == 0
    assert files.asked == ["https://files.example/1.png", "https://files.example/2.png", "https://files.example/3.png"]
    assert "Being fetched" not in again
    assert f'hx-get="{parts}"' not in again
    assert f'<img class="turn-picture" src="{address(0)}" width="40" height="30" alt="{LETTER}"' in again
    assert 'alt="\u2068\u2069"' not in again, "no description is none, not one of invisible signs"
    hidden = again.partition('<details class="turn-hidden">')[2].partition("</details>")[0]
    assert "Sensitive: show it" in hidden
    assert f'src="{address(1)}"' in hidden
    assert "0:32" in again
    assert shown(client, parts).count("<img") == 3


def test_a_page_asks_for_the_parts_until_the_last_picture_is_here(client: Client, page: str, files: Files) -> None:
    """And no longer: else every open page would ask every two seconds for as long as it stands."""
    parts = reverse("conversations:message_parts", args=[Mention.objects.get().pk])
    again = f'hx-get="{parts}" hx-trigger="every 2s"'
    assert again in shown(client, page)
    Picture.objects.exclude(place=0).update(due_at=Now() + timedelta(hours=1))
    assert fetch_pictures(seconds=5) == 1
    assert again in shown(client, parts)
    Picture.objects.update(due_at=Now())
    assert fetch_pictures(seconds=20) == 2
    assert "hx-get" not in shown(client, parts)
    assert again not in shown(client, page)


@pytest.mark.longer
def test_it_is_ours_and_nothing_in_it_can_run(client: Client, page: str, files: Files) -> None:
    shown(client, page)
    fetch_pictures(seconds=20)
    answer = client.get(address(0))
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert b"EVIL" not in answer.content
    told = {name: answer[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy")}
    assert told == {
        "Content-Type": "image/jpeg",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    assert "private" in answer["Cache-Control"]
    assert client.get(address(3)).status_code == 404
    assert client.get(address(9)).status_code == 404


@pytest.mark.longer
def test_who_does_not_see_the_conversation_does_not_see_its_pictures(client: Client, page: str, files: Files) -> None:
    shown(client, page)
    fetch_pictures(seconds=20)
    client.force_login(person_with("conversation_manager", UnitFactory.create()))
    assert client.get(address(0)).status_code == 404
    assert client.get(reverse("conversations:message_parts", args=[Mention.objects.get().pk])).status_code == 404


@pytest.mark.longer
def test_pictures_go_with_what_the_author_takes_away(account: Account, client: Client, page: str, files: Files) -> None:
    shown(client, page)
    fetch_pictures(seconds=20)
    Mention.objects.update(check_at=Now())
    check_mentions(account=account, connector=FakeNetwork())
    assert not Picture.objects.exists()
    assert client.get(address(0)).status_code == 404
    shown(client, page)
    assert not Picture.objects.exists()  # and nobody asks for them again


def test_one_asked_for_as_its_author_took_it_away_is_never_fetched(account: Account, files: Files) -> None:
    """By a page that was read a moment before."""
    receive(account=account, items=[incoming(1, attachments=(SEEN,))])
    read = Mention.objects.select_related("item").get()
    Mention.objects.update(check_at=Now())
    check_mentions(account=account, connector=FakeNetwork())
    ask_for_pictures([read])
    fetch_pictures(seconds=5)
    assert (files.asked, Picture.objects.count()) == ([], 0)


@pytest.mark.longer
def test_another_picture_is_fetched_anew(account: Account, client: Client, page: str, files: Files) -> None:
    shown(client, page)
    fetch_pictures(seconds=20)
    receive(account=account, items=[incoming(1, attachments=(FILM,))])
    assert not Picture.objects.exists()
    shown(client, page)
    assert Picture.objects.get().url == "https://files.example/3.png"


@pytest.mark.longer
@pytest.mark.parametrize(
    ("wrong", "problem", "tries"),
    thorough_after(
        3,
        [
            (404, "gone", 1),
            (EgressRefused("private"), "unreadable", 1),
            (Unavailable("away"), "away", 3),
            (500, "unreadable", 1),
            (AnswerTooLarge("answer too large"), "unreadable", 1),
        ],
        names=3,
    ),
)
def test_what_cannot_be_had_says_why(
    account: Account, client: Client, page: str, files: Files, wrong: Any, problem: str, tries: int
) -> None:
    shown(client, page)
    Picture.objects.filter(place__gt=0).delete()
    files.wrong = wrong
    for _try in range(tries):
        Picture.objects.update(due_at=Now())
        assert fetch_pictures(seconds=5) == 1
    assert Picture.objects.get().problem == problem
    Picture.objects.update(due_at=Now())
    assert fetch_pictures(seconds=5) == 0
    assert "Cannot be shown here." in shown(client, page)


def test_what_breaks_off_every_time_is_given_up_too(account: Account, files: Files) -> None:
    receive(account=account, items=[incoming(1, attachments=(SEEN,))])
    ask_for_pictures(Mention.objects.all())
    files.wrong = RuntimeError("as if the worker had died")
    for _try in range(4):
        Picture.objects.update(due_at=Now(), lease_until=None)
        fetch_pictures(seconds=20)
    assert files.asked == [SEEN.url] * 3
    assert Picture.objects.get().problem == PictureProblem.AWAY


def test_a_claim_outlasts_the_slowest_server() -> None:
    fetched = (MAX_REDIRECTS + 1) * Egress().limits.seconds
    seen_apart = pictures.viewed.wait + pictures.viewed.limits.patience
    assert picturing.PICTURES.lease.total_seconds() > fetched + seen_apart


def test_many_cost_the_same_few_queries(account: Account, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for count in (1, 5):
        receive(account=account, items=[incoming(count * 10 + one, attachments=(SEEN,)) for one in range(count)])
        mentions = list(Mention.objects.select_related("item"))
        with django_assert_num_queries(3):
            ask_for_pictures(mentions)
        with django_assert_num_queries(1):
            ask_for_pictures(mentions)


@pytest.mark.parametrize(
    ("network", "said"),
    [
        ("mastodon", "This message holds no words."),
        ("instagram", "This message holds no words, and Instagram does not tell what else is in a comment."),
    ],
)
def test_a_message_without_words_says_so(network: str, said: str, account: Account, manager: Person) -> None:
    Account.objects.update(network=network)
    account.refresh_from_db()
    Person.objects.update(language="en")
    receive(account=account, items=[replace(incoming(1), text="")])
    client = Client()
    client.force_login(manager)
    page = shown(client, reverse("conversations:conversation", args=[Conversation.objects.get().pk]))
    assert said in page
