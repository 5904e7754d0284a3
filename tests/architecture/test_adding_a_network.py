"""One folder and one line: a made-up network goes from dossier to answer, and nothing outside `networks/` knew it."""

from __future__ import annotations

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from accounts_registry.models import Account
from accounts_registry.queries import connector_for
from conversations.actions import answer_conversation
from conversations.models import Conversation
from delivery.actions import Line, send_next
from delivery.models import Delivery
from monitoring.actions import pull_next
from monitoring.models import Stream
from networks.catalogue import NETWORKS
from organisation.models import Unit
from tests.architecture import agora
from tests.factories.accounts_registry import AccountFactory
from tests.factories.delivery import thaw
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.publishing import scheduled


@pytest.fixture
def unit(db: None, monkeypatch: pytest.MonkeyPatch) -> Unit:
    thaw()
    monkeypatch.setitem(NETWORKS, "agora", agora.NETWORK)  # the one line
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)
    agora.SAID.clear()
    agora.KEYS.clear()
    return UnitFactory.create()


@pytest.fixture
def account(unit: Unit) -> Account:
    return AccountFactory.create(unit=unit, network="agora", base_url=agora.NETWORK.default_base_url, handle="fin")


def test_a_dossier_may_ask_for_it(unit: Unit) -> None:
    client = Client()
    client.force_login(person_with("communication_cell", unit))
    page = client.get(reverse("accounts_registry:dossier_new")).content.decode()
    assert '<option value="agora">Agora</option>' in page


def test_an_account_on_it_connects_posts_hears_and_answers(unit: Unit, account: Account) -> None:
    client = Client()
    client.force_login(person_with("account_manager", unit))
    connect = reverse("accounts_registry:account_connect", args=[account.pk])
    assert 'name="access_token"' in client.get(connect).content.decode()
    refused = client.post(connect, {"access_token": "another", "base_url": account.base_url})
    assert refused.status_code == 422
    assert client.post(connect, {"access_token": agora.TOKEN, "base_url": account.base_url}).status_code == 302
    account.refresh_from_db()
    assert account.publishable

    writer, colleague = (person_with("communication_cell", unit) for _ in range(2))
    scheduled(writer, colleague, account, core_text="Le guichet ouvre à neuf heures.")
    Delivery.objects.update(due_at=Now())
    assert send_next(Line())
    assert Delivery.objects.get().state == "published"
    assert [one.text for one in agora.SAID.values()] == ["Le guichet ouvre à neuf heures."]

    agora.say("an", "Et le samedi ?")
    Stream.objects.create(kind="inbox", account=account)
    assert pull_next()
    conversation = Conversation.objects.get()
    manager = person_with("conversation_manager", unit)
    answer_conversation(conversation=conversation, text="Fermé le samedi.", by=manager, seen=0)
    assert send_next(Line())
    conversation.refresh_from_db()
    assert conversation.state == "answered"
    assert [one.text for one in agora.SAID.values()][-1] == "Fermé le samedi."


def test_what_it_cannot_do_is_not_offered(unit: Unit, account: Account) -> None:
    client = Client()
    client.force_login(person_with("conversation_manager", unit))
    page = client.get(reverse("monitoring:watch_new")).content.decode()
    assert account.label not in page


def test_too_long_for_it_is_said_before_sending(unit: Unit, account: Account) -> None:
    account.remote_id = "fin"
    problems = connector_for(account).validate(agora_draft("a" * 41))
    assert [(problem.code, problem.limit, problem.actual) for problem in problems] == [("text_too_long", 40, 41)]


def agora_draft(text: str) -> agora.Draft:
    return agora.Draft(text, "fr")
