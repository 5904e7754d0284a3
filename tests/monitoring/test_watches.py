"""No watch without purpose, basis, owner and a last day; nothing kept past its time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from accounts_registry.models import Account
from conversations.models import Conversation
from monitoring.actions import activate_watch, create_watch, end_watch, purge_expired, update_watch
from monitoring.models import Mention, Watch
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent, Person
from tests.factories.conversations import AnswerFactory, ConversationFactory, MentionFactory
from tests.factories.monitoring import WatchFactory


def facts(owner: Person) -> dict[str, object]:
    return {
        "name": "Tax return",
        "query": "tax return",
        "purpose": "Find what is not understood",
        "legal_basis": "public_task",
        "law": "Act of 3 August 2012",
        "dpia_reference": "DPIA-1",
        "owner": owner,
        "expires_on": timezone.localdate() + timedelta(days=30),
    }


def test_a_watch_is_described_started_and_ended(account: Account, manager: Person) -> None:
    watch = create_watch(account=account, by=manager, **facts(manager))
    assert not watch.collects
    activate_watch(watch=watch, by=manager)
    assert watch.collects
    with pytest.raises(Conflict):
        update_watch(watch=watch, by=manager, query="something else")
    with pytest.raises(Refused):
        end_watch(watch=watch, by=manager, reason=" ")
    end_watch(watch=watch, by=manager, reason="Campaign over")
    assert not watch.collects
    verbs = list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["watch.created", "watch.activate", "watch.end"]


@pytest.mark.parametrize("field", ["name", "query", "purpose", "legal_basis", "law", "dpia_reference"])
def test_nothing_that_makes_it_lawful_may_be_missing(account: Account, manager: Person, field: str) -> None:
    with pytest.raises(ValidationError):
        create_watch(account=account, by=manager, **{**facts(manager), field: ""})
    with pytest.raises(IntegrityError):
        WatchFactory.create(account=account, **{field: ""})


def test_a_watch_lasts_a_year_at_most(account: Account, manager: Person) -> None:
    today = timezone.localdate()
    far = WatchFactory.create(account=account, owner=manager, expires_on=today + timedelta(days=400))
    with pytest.raises(Refused):
        activate_watch(watch=far, by=manager)
    past = WatchFactory.create(account=account, owner=manager, expires_on=today - timedelta(days=1))
    with pytest.raises(Refused):
        activate_watch(watch=past, by=manager)


def test_newcomers_set_up_no_watch(account: Account, newcomer: Person) -> None:
    with pytest.raises(PermissionDenied):
        create_watch(account=account, by=newcomer, **facts(newcomer))
    assert not Watch.objects.exists()


def old(account: Account, *, kind: str = "mention", **state: object) -> Conversation:
    conversation = ConversationFactory.create(account=account, **state)
    yesterday = timezone.localdate() - timedelta(days=1)
    MentionFactory.create(conversation=conversation, kind=kind, purge_after=yesterday)
    return conversation


@pytest.mark.longer
def test_what_is_over_is_erased_and_what_is_worked_on_stays(account: Account, manager: Person) -> None:
    closed = old(account, state="closed")
    AnswerFactory.create(conversation=closed)
    working = old(account, state="assigned", assigned_to=manager)
    asked = old(account)
    hit = old(account, kind="search_hit")
    fresh = MentionFactory.create(conversation=ConversationFactory.create(account=account, state="closed"))
    call_command("purge_mentions")
    left = set(Mention.objects.values_list("inbound__conversation_id", flat=True))
    assert left == {working.pk, asked.pk, fresh.conversation.pk}
    for erased in (closed, hit):
        erased.refresh_from_db()
        assert (erased.author_id, erased.author_handle, erased.author_name, erased.root_id) == ("", "", "", "")
        assert erased.purged_at is not None
    assert (hit.state, hit.deadline) == ("closed", None), "nothing is left that anybody could answer"
    assert closed.answers.count() == 1
    assert AuditEvent.objects.filter(verb="conversation.purged").count() == 2
    assert purge_expired() == 0
