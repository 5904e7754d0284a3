"""What was erased since its time was over stays erased, however often, and to whomever, a network tells it again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from accounts_registry.models import Account
from conversations.models import Conversation
from monitoring.actions import purge_expired, purging, receiving
from monitoring.actions.reading import _store
from monitoring.actions.receiving import receive
from monitoring.models import Entry, Erasure, Item, Mention
from networks.types import Kind
from organisation.models import Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.monitoring import SourceFactory, WatchFactory, incoming

pytestmark = pytest.mark.django_db

YESTERDAY = timedelta(days=1)


def erased(account: Account) -> Mention:
    conversation = ConversationFactory.create(account=account, state="closed")
    mention: Mention = MentionFactory.create(conversation=conversation, remote_id="status-7", text="Mijn rug doet pijn")
    Mention.objects.update(purge_after=timezone.localdate() - YESTERDAY)
    assert purge_expired() == 1
    return mention


def test_a_purged_message_that_is_told_again_is_not_kept(account: Account, unit: Unit) -> None:
    erased(account)
    conversations = Conversation.objects.count()
    again, new = incoming(7, id="status-7"), incoming(8, id="status-8")
    assert receive(account=account, items=[again, new]) == 1
    other = ConnectedAccountFactory.create(unit=unit)
    watch = WatchFactory.create(account=other)
    assert receive(account=other, items=[incoming(7, id="status-7", kind=Kind.SEARCH_HIT)], watch=watch) == 0
    assert [one.item.remote_id for one in Mention.objects.all()] == ["status-8"]
    assert Conversation.objects.count() == conversations + 1


def test_what_is_purged_in_the_moment_in_which_it_is_told_again_stays_erased(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was there as the page was looked through, and gone as it was written."""
    conversation = ConversationFactory.create(account=account, state="closed")
    MentionFactory.create(conversation=conversation, remote_id="status-7", text="Mijn rug doet pijn")
    Mention.objects.update(purge_after=timezone.localdate() - YESTERDAY)
    keep = receiving.keep_items

    def purged_meanwhile(*told: Any) -> Any:
        assert purge_expired() == 1
        return keep(*told)

    monkeypatch.setattr(receiving, "keep_items", purged_meanwhile)
    told = [incoming(7, id="status-7", text="Mijn rug doet pijn"), incoming(8, id="status-8")]
    assert receive(account=account, items=told) == 1
    assert [one.item.remote_id for one in Mention.objects.all()] == ["status-8"]
    assert [one.remote_id for one in Item.objects.all()] == ["status-8"]


def test_what_somebody_held_as_it_was_let_go_is_erased_later(account: Account) -> None:
    """A purge waits for nobody."""
    kept = MentionFactory.create(conversation=ConversationFactory.create(account=account), remote_id="kept").item
    old, young = (Item.objects.create(network="mastodon", remote_id=one, sent_at=timezone.now()) for one in "ab")
    Item.objects.exclude(pk=young.pk).update(received_at=timezone.now() - YESTERDAY)
    assert purge_expired() == 0
    assert set(Item.objects.all()) == {kept, young}
    assert old not in Item.objects.all()


def test_another_server_s_message_of_the_same_number_is(account: Account) -> None:
    erased(account)
    elsewhere = ConnectedAccountFactory.create(base_url="https://elsewhere.example")
    assert receive(account=elsewhere, items=[incoming(7, id="status-7")]) == 1


def test_what_is_remembered_tells_nothing_and_has_an_end(account: Account) -> None:
    erased(account)
    row = Erasure.objects.get()
    assert {field.name for field in Erasure._meta.fields} == {"id", "digest", "erased_at"}
    assert row.digest == Erasure.digest_of(f"{account.network} {account.base_url}", "status-7")
    assert len(row.digest) == 64
    Erasure.objects.update(erased_at=F("erased_at") - purging.REMEMBERED)
    purge_expired()
    assert not Erasure.objects.exists()


def test_an_entry_that_a_feed_still_lists_stays_erased(unit: Unit) -> None:
    source, now = SourceFactory.create(unit=unit), timezone.now()
    told = [incoming(1, id="urn:1", created_at=now), incoming(2, id="urn:2", created_at=now)]
    _store(source, told[:1], now)
    Entry.objects.update(purge_after=timezone.localdate() - YESTERDAY)
    assert purge_expired() == 1
    _store(source, told, now)
    assert [one.item.remote_id for one in Entry.objects.all()] == ["urn:2"]
