"""The inbox says what came since; a conversation says how far its answer is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.models import Account
from conversations import actions
from conversations.models import Conversation
from delivery.models import Delivery, Hold
from organisation.models import Person
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.organisation import PersonFactory

ASKED = {"HX-Request": "true"}
INBOX = "conversations:inbox"


@pytest.fixture(autouse=True)
def unwoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)


@pytest.fixture
def client(manager: Person) -> Client:
    Hold.objects.update(lifted_at=Now())
    signed_in = Client()
    signed_in.force_login(manager)
    return signed_in


def came(account: Account, **facts: Any) -> Conversation:
    made = ConversationFactory.create(account=account, **facts)
    MentionFactory.create(conversation=made)
    return made


def answered(account: Account, manager: Person, times: int = 1) -> Conversation:
    found = came(account)
    seen = 0
    for number in range(times):
        seen = actions.answer_conversation(conversation=found, text=f"Oui {number}", seen=seen, by=manager).pk
        Delivery.objects.filter(origin_id=seen).update(
            state="published", published_at=Now(), remote_id=f"r{seen}", remote_url="https://mastodon.example/1"
        )
    Delivery.objects.filter(origin_id=seen).update(state="due", published_at=None, remote_id="", remote_url="")
    return found


def page_of(found: Conversation) -> str:
    return reverse("conversations:conversation", args=[found.pk])


# ---- The inbox ------------------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_news_are_told_once_and_lead_to_the_same_filters(client: Client, account: Account) -> None:
    came(account)
    page = client.get(reverse(INBOX), {"show": "open", "q": "rentrer", "page": ""})
    since = page.context["since"]
    asked = {"show": "open", "q": "rentrer", "since": since, "known": 0}
    assert client.get(reverse(INBOX), asked, headers=ASKED).status_code == 204
    for _each in range(3):
        came(account)
    answer = client.get(reverse(INBOX), asked, headers=ASKED)
    said = " ".join(answer.content.decode().split())
    assert "New messages in 3 conversations:" in said
    assert f'href="{reverse(INBOX)}?show=open&amp;q=rentrer"' in said
    assert "<html" not in said
    assert client.get(reverse(INBOX), {**asked, "known": 3}, headers=ASKED).status_code == 204


def test_a_filter_keeps_other_news_out(client: Client, account: Account) -> None:
    since = client.get(reverse(INBOX)).context["since"]
    came(account, category="press")
    asked = {"category": "spam", "since": since, "known": 0}
    assert client.get(reverse(INBOX), asked, headers=ASKED).status_code == 204


@pytest.mark.longer
def test_a_new_message_in_an_old_conversation_is_news(client: Client, account: Account) -> None:
    old = came(account, clock_started_at=timezone.now() - timedelta(days=9))
    since = client.get(reverse(INBOX)).context["since"]
    Conversation.objects.filter(pk=old.pk).update(last_mention_at=timezone.now())
    old.refresh_from_db()
    MentionFactory.create(conversation=old)
    answer = client.get(reverse(INBOX), {"since": since, "known": 0}, headers=ASKED)
    assert "New messages in 1 conversation:" in answer.content.decode()


@pytest.mark.parametrize("since", ["", "x", "nan", "inf", "-1e300", "1e18", "0"])
def test_a_mark_written_by_hand_is_answered(client: Client, since: str) -> None:
    answer = client.get(reverse(INBOX), {"since": since, "known": "x"}, headers=ASKED)
    assert answer.status_code == 200


def test_the_inbox_of_nobody_is_refused_in_parts_too(account: Account) -> None:
    stranger = Client()
    stranger.force_login(PersonFactory.create())
    assert stranger.get(reverse(INBOX), headers=ASKED).status_code == 403


@pytest.mark.longer
@pytest.mark.parametrize("count", [1, 3])
def test_news_ask_the_same_however_many(
    client: Client, account: Account, count: int, django_assert_num_queries: Any
) -> None:
    since = client.get(reverse(INBOX)).context["since"]
    for _each in range(count):
        came(account)
    with django_assert_num_queries(5):
        client.get(reverse(INBOX), {"since": since, "known": 0}, headers=ASKED)


# ---- An answer on its way -------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_an_answer_is_followed_to_the_network(client: Client, account: Account, manager: Person) -> None:
    found = answered(account, manager)
    page = client.get(page_of(found))
    known = page.context["standing"].mark
    assert 'hx-trigger="every 5s"' in page.content.decode()
    assert client.get(page_of(found), {"known": known}, headers=ASKED).status_code == 204
    Delivery.objects.update(
        state="published", published_at=Now(), remote_id="r", remote_url="https://mastodon.example/1"
    )
    part = client.get(page_of(found), {"known": known}, headers=ASKED).content.decode()
    assert "Our answer: On the network." in part
    assert "See it there" in part
    assert "every" not in part
    assert "<html" not in part


def test_who_does_not_see_it_gets_no_part(account: Account, manager: Person) -> None:
    stranger = Client()
    stranger.force_login(PersonFactory.create())
    assert stranger.get(page_of(answered(account, manager)), headers=ASKED).status_code == 404


@pytest.mark.longer
@pytest.mark.parametrize("count", [1, 3])
def test_following_asks_the_same_however_many_answers(
    client: Client, account: Account, manager: Person, count: int, django_assert_num_queries: Any
) -> None:
    found = answered(account, manager, times=count)
    known = client.get(page_of(found)).context["standing"].mark
    with django_assert_num_queries(10):
        assert client.get(page_of(found), {"known": known}, headers=ASKED).status_code == 204
    Delivery.objects.filter(state="due").update(state="failed")
    with django_assert_num_queries(9):
        assert client.get(page_of(found), {"known": known}, headers=ASKED).status_code == 200
