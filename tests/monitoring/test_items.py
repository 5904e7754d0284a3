"""What somebody said stands once, whoever of us heard it, and for as long as one of these may keep it."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts_registry.models import Account
from conversations.models import Conversation
from monitoring.actions import purge_expired, reading
from monitoring.actions.checking import _seen
from monitoring.actions.receiving import receive
from monitoring.models import Entry, Item, Mention
from monitoring.queries.sources import EntryFilter, entries_page
from networks.types import Page
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.monitoring import SourceFactory, incoming
from tests.factories.organisation import person_with

YESTERDAY = timedelta(days=1)


@pytest.fixture
def other(account: Account) -> Account:
    """Of another unit, on the same server."""
    return ConnectedAccountFactory.create()


def heard_by(*accounts: Account, **facts: Any) -> list[Mention]:
    for account in accounts:
        receive(account=account, items=[incoming(1, **facts)])
    return [Mention.objects.get(account=account) for account in accounts]


def its_day_has_come(mention: Mention) -> None:
    Mention.objects.filter(pk=mention.pk).update(purge_after=timezone.localdate() - YESTERDAY)
    Conversation.objects.filter(mentions=mention).update(state="closed")


def test_two_accounts_that_hear_the_same_keep_it_once(account: Account, other: Account) -> None:
    one, two = heard_by(account, other)
    assert one.item == two.item
    assert Item.objects.count() == 1
    receive(account=other, items=[incoming(1, text="Corrected")])
    one.refresh_from_db()
    assert (one.text, one.item.edited_at is not None) == ("Corrected", True)


def test_what_another_hears_later_is_as_it_is_shown_then(account: Account, other: Account) -> None:
    heard_by(account)
    heard_by(other, text="Corrected")
    assert {mention.text for mention in Mention.objects.all()} == {"Corrected"}


def test_the_same_id_on_another_server_is_something_else(account: Account) -> None:
    elsewhere = ConnectedAccountFactory.create(base_url="https://elsewhere.example")
    one, two = heard_by(account, elsewhere)
    assert one.item != two.item


def test_it_stays_while_somebody_may_keep_it(account: Account, other: Account) -> None:
    one, two = heard_by(account, other)
    its_day_has_come(one)
    assert purge_expired() == 1
    assert Mention.objects.get() == two
    assert two.text == "Question 1"
    its_day_has_come(two)
    assert purge_expired() == 1
    assert not Item.objects.exists()


def test_what_one_account_sees_no_more_stays_for_the_other(account: Account, other: Account) -> None:
    """A citizen may have shut out one of our accounts; from both they have taken it away."""
    one, two = heard_by(account, other)
    _seen(mention=one, found=None)
    one, two = Mention.objects.get(pk=one.pk), Mention.objects.get(pk=two.pk)
    assert (one.text, two.text) == ("", "Question 1")
    _seen(mention=two, found=None)
    assert Item.objects.get().text == ""


def test_words_go_with_the_last_who_saw_them_there(account: Account, other: Account) -> None:
    one, two = heard_by(account, other)
    _seen(mention=one, found=None)
    its_day_has_come(two)
    assert purge_expired() == 1
    assert Item.objects.get().text == ""


def test_two_units_that_read_one_feed_keep_what_it_says_once(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    one = SourceFactory.create(url="https://press.example/all.xml")
    two = SourceFactory.create(url="https://press.example/all.xml")
    page = Page((incoming(1, title="Strike", created_at=timezone.now()),), newest="x")
    for source in (one, two):
        reading._store(source, page.items, timezone.now())
    assert Entry.objects.count() == 2
    assert Item.objects.get().title == "Strike"
    Entry.objects.filter(source=one).update(purge_after=timezone.localdate() - YESTERDAY)
    assert purge_expired() == 1
    assert Item.objects.get().title == "Strike"
    Entry.objects.update(purge_after=timezone.localdate() - YESTERDAY)
    assert purge_expired() == 1
    assert not Item.objects.exists()


def test_an_entry_is_found_by_its_folded_words_and_by_what_it_says_now(db: None) -> None:
    """Whichever of the sources that say it was read last."""
    sources = [SourceFactory.create(url="https://press.example/all.xml") for _each in range(2)]
    readers = [person_with("conversation_manager", source.unit) for source in sources]

    def found(words: str) -> list[int]:
        return [len(entries_page(reader, EntryFilter(words=words)).rows) for reader in readers]

    now = timezone.now()
    for source in sources:
        reading._store(source, [incoming(1, title="Grève", text="L’école est fermée", created_at=now)], now)
    assert (found("ecole GREVE"), found("l'école"), found("ecole ouverte"), found("?!")) == (
        [1, 1],
        [1, 1],
        [0, 0],
        [0, 0],
    )
    reading._store(sources[1], [incoming(1, title="Grève", text="La crèche est fermée", created_at=now)], now)
    assert (found("ecole"), found("creche")) == ([0, 0], [1, 1])


@pytest.mark.django_db(transaction=True)
def test_two_accounts_that_store_the_same_at_once_store_it_once() -> None:
    accounts = [ConnectedAccountFactory.create(), ConnectedAccountFactory.create()]
    items = [incoming(number) for number in range(40)]
    start = threading.Barrier(2)

    def work(account: Account) -> None:
        start.wait()
        receive(account=account, items=items if account is accounts[0] else items[::-1])
        connection.close()

    workers = [threading.Thread(target=work, args=[account]) for account in accounts]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (Item.objects.count(), Mention.objects.count()) == (40, 80)
