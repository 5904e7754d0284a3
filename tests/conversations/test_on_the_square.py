"""From a citizen's message to the answer on the network and back, over real sockets, on the training network."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from pytest_django import Settings

from accounts_registry.models import Account
from accounts_registry.queries import connector_for
from conversations.actions import answer_conversation, close_conversation
from conversations.models import Conversation
from delivery.actions import Line, send_next
from delivery.models import Delivery
from monitoring.actions import activate_watch, pull_what_is_due, purge_expired
from monitoring.models import Mention, Stream
from organisation.actions import seal_all
from organisation.models import Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import thaw
from tests.factories.monitoring import WatchFactory
from tests.simulator.fixture import Control, simulator, simulator_server

__all__ = ["simulator", "simulator_server"]


@pytest.fixture
def account(unit: Unit, simulator: Control, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Account:
    thaw()
    settings.EGRESS_ALLOW = frozenset({simulator.host})
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)
    token = simulator.person("fin_fr", "SPF Finances", kind="account")
    made = ConnectedAccountFactory.create(
        unit=unit, handle="fin_fr", base_url=simulator.url, credentials={"access_token": token}
    )
    made.remote_id = connector_for(made).identify().remote_id
    made.save()
    return made


def pull() -> None:
    Stream.objects.update(next_pull_at=Now())
    pull_what_is_due(seconds=20)


@pytest.mark.longer
def test_a_citizen_is_heard_answered_and_heard_again(account: Account, manager: Person, simulator: Control) -> None:
    simulator.person("lucas", "Lucas Maes")
    asked = simulator.speak("lucas", "Quand dois-je rentrer ma déclaration ?", mention="fin_fr")
    pull()
    conversation = Conversation.objects.get()
    assert (conversation.author_name, conversation.state) == ("Lucas Maes", "new")
    answer_conversation(conversation=conversation, text="@lucas Avant le 30 juin.", by=manager, seen=0)
    while send_next(Line()):
        pass
    conversation.refresh_from_db()
    assert conversation.state == "answered"
    [ours] = simulator.posts("@lucas Avant le 30 juin.")
    assert str(ours["reply_to"]) == str(asked["id"])
    simulator.speak("lucas", "Et sur papier ?", reply_to=ours["id"], mention="fin_fr")
    pull()
    conversation.refresh_from_db()
    assert Conversation.objects.count() == 1
    assert conversation.state == "new"
    assert conversation.mentions.count() == 2
    pull()
    assert Mention.objects.count() == 2


@pytest.mark.longer
def test_a_colleague_answers_on_the_square_and_a_citizen_edits_and_deletes(
    account: Account, simulator: Control
) -> None:
    """All of it past Parvis, on the network's own pages."""
    simulator.person("lucas", "Lucas Maes")
    asked = simulator.speak("lucas", "Quand dois-je rentrer ma déclaration ?", mention="fin_fr")
    simulator.speak("fin_fr", "Bonjour à tous")
    pull()
    simulator.edit(asked["id"], "@fin_fr Et sur papier ?")
    Mention.objects.update(check_at=Now())
    pull()
    assert Mention.objects.get().text == "@fin_fr Et sur papier ?"
    given = simulator.speak("fin_fr", "Avant le 30 juin.", reply_to=asked["id"])
    pull()
    pull()
    conversation = Conversation.objects.get()
    answer = conversation.answers.get()
    assert (conversation.state, answer.text) == ("answered", "@lucas Avant le 30 juin.")
    assert (answer.remote_id, answer.author) == (str(given["id"]), None)
    assert answer.url.startswith(simulator.url)
    other = simulator.speak("lucas", "Et mon épouse ?", mention="fin_fr")
    pull()
    simulator.take_away(other["id"])
    Mention.objects.update(check_at=Now())
    pull()
    states = sorted(Conversation.objects.values_list("state", flat=True))
    assert (states, Mention.objects.count()) == (["answered", "closed"], 2)


@pytest.mark.longer
def test_a_flood_is_read_to_the_last_message(account: Account, simulator: Control) -> None:
    simulator.person("lucas", "Lucas Maes")
    for number in range(130):
        simulator.speak("lucas", f"Question {number}", mention="fin_fr")
    pull()
    pull()
    assert Mention.objects.count() == 130
    assert Stream.objects.get().gaps == []


def test_a_watch_finds_what_names_nobody(account: Account, manager: Person, simulator: Control) -> None:
    simulator.person("lucas", "Lucas Maes")
    simulator.speak("lucas", "Encore une déclaration fiscale en retard")
    simulator.speak("lucas", "Il pleut")
    watch = WatchFactory.create(account=account, owner=manager, query="déclaration")
    activate_watch(watch=watch, by=manager)
    pull()
    mention = Mention.objects.get()
    assert (mention.watch, mention.kind) == (watch, "search_hit")


def test_a_revoked_token_breaks_the_connection_and_says_so(account: Account, simulator: Control) -> None:
    simulator.revoke("fin_fr")
    pull()
    account.refresh_from_db()
    assert account.connection_state == "broken"
    assert Stream.objects.get().problem_code == "auth_expired"


@pytest.mark.longer
def test_when_their_time_is_over_no_table_knows_the_citizen(
    account: Account, manager: Person, simulator: Control
) -> None:
    """House rule 8: the whole database is looked through, row by row; our own answer stays."""
    simulator.person("lucas_unmistakable", "Lucas Unmistakable")
    simulator.speak("lucas_unmistakable", "Quand dois-je rentrer ma déclaration ?", mention="fin_fr")
    pull()
    conversation = Conversation.objects.get()
    author = conversation.author_id
    text = "@lucas_unmistakable Avant le 30 juin."
    answer = answer_conversation(conversation=conversation, text=text, by=manager, seen=0)
    while send_next(Line()):
        pass
    assert places_that_say("unmistakable") != []
    conversation.refresh_from_db()
    close_conversation(conversation=conversation, by=manager, reason="")
    Mention.objects.update(purge_after=timezone.localdate() - timedelta(days=1))
    assert purge_expired() == 1
    assert places_that_say("unmistakable") == []
    delivery = Delivery.objects.get()
    assert (delivery.content["reply_to"], delivery.content["reply_root"]) == (None, None)
    assert author not in str(delivery.content)
    answer.refresh_from_db()
    assert answer.text == "@… Avant le 30 juin."
    assert seal_all() > 0
    call_command("verify_audit")


def places_that_say(word: str) -> list[str]:
    """Tables in which some row holds `word`, in any column."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found
