"""Each watch that finds a message is known, in whoever's inbox the message is, and whichever of them was read first."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.models import Account
from monitoring.actions import purge_expired
from monitoring.actions.finding import found_by
from monitoring.actions.receiving import receive
from monitoring.models import Erasure, Hit, Item, Mention, Watch
from monitoring.queries.places import erasure_place
from networks.types import Kind
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.monitoring import WatchFactory, incoming
from tests.factories.organisation import person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return ConnectedAccountFactory.create()


def watch_beside(account: Account) -> Watch:
    return WatchFactory.create(account=ConnectedAccountFactory.create(unit=account.unit))


def find(watch: Watch, *numbers: int, told: tuple[str, ...] = ()) -> int:
    hits = [incoming(number, kind=Kind.SEARCH_HIT, told=told) for number in numbers]
    return receive(account=watch.account, items=hits, watch=watch)


def found(watch: Watch) -> list[tuple[str, bool]]:
    return [(hit.remote_id, hit.item is not None) for hit in watch.hits.order_by("pk")]


def test_two_watches_of_one_account_find_the_same_message(account: Account) -> None:
    first, second = WatchFactory.create(account=account), WatchFactory.create(account=account)
    assert (find(first, 1), find(second, 1, 2), find(first, 1)) == (1, 1, 0)
    one, two = Item.objects.order_by("pk").values_list("remote_id", flat=True)
    assert found(first) == [(one, True)]
    assert found(second) == [(one, True), (two, True)]


@pytest.mark.parametrize("watch_first", [True, False])
def test_what_is_in_a_sister_s_inbox_was_found_too(account: Account, watch_first: bool) -> None:
    watch, told = watch_beside(account), (account.remote_id,)
    if watch_first:
        assert find(watch, 1, told=told) == 0
        assert [is_kept for _name, is_kept in found(watch)] == [False]
    receive(account=account, items=[incoming(1, told=told)])
    if not watch_first:
        assert find(watch, 1, told=told) == 0
    assert [is_kept for _name, is_kept in found(watch)] == [True]
    assert Mention.objects.get().account == account
    assert Hit.objects.get().item == Item.objects.get()


def test_another_server_s_message_of_the_same_name_is_another_one(account: Account) -> None:
    watch, told = watch_beside(account), (account.remote_id,)
    find(watch, 1, told=told)
    elsewhere = ConnectedAccountFactory.create(unit=account.unit, base_url="https://elsewhere.example")
    receive(account=elsewhere, items=[incoming(1)])
    assert [is_kept for _name, is_kept in found(watch)] == [False]


def test_a_hit_goes_with_its_message(account: Account) -> None:
    watch, other = WatchFactory.create(account=account), WatchFactory.create(account=account)
    find(watch, 1)
    find(other, 1)
    Mention.objects.update(purge_after=timezone.localdate() - timedelta(days=2))
    purge_expired()
    assert not Item.objects.exists()
    assert not Hit.objects.exists()


def test_what_no_sister_told_of_is_forgotten_after_thirty_days(account: Account) -> None:
    watch, told = watch_beside(account), (account.remote_id,)
    find(watch, 1, 2, told=told)
    name = incoming(1).ref.id
    Hit.objects.filter(remote_id=name).update(found_at=timezone.now() - timedelta(days=31))
    Hit.objects.exclude(remote_id=name).update(found_at=timezone.now() - timedelta(days=29))
    purge_expired()
    assert found(watch) == [(incoming(2).ref.id, False)]


def test_one_that_was_written_beside_its_message_learns_of_it_in_the_night(account: Account) -> None:
    watch = watch_beside(account)
    receive(account=account, items=[incoming(1)])
    Hit.objects.create(watch=watch, remote_id=incoming(1).ref.id)
    purge_expired()
    assert [is_kept for _name, is_kept in found(watch)] == [True]


def test_what_was_given_up_meanwhile_is_not_found_anew(account: Account) -> None:
    watch, name = WatchFactory.create(account=account), incoming(1).ref.id
    Erasure.remember([(erasure_place(account), name)])
    found_by(watch, [name])
    assert not watch.hits.exists()


@pytest.mark.longer
def test_the_page_counts_what_is_still_kept(account: Account, client: Client) -> None:
    watch, told = watch_beside(account), (account.remote_id,)
    find(watch, 1, told=told)
    find(watch, 2)
    find(watch, 3)
    client.force_login(person_with("conversation_manager", watch.unit))
    page = client.get(reverse("monitoring:watch_detail", args=[watch.pk])).content.decode()
    assert "2 messages found and still kept." in page


def test_those_of_the_last_version_come_along(account: Account) -> None:
    watch = WatchFactory.create(account=account)
    find(watch, 1, 2)
    before = list(watch.hits.order_by("pk").values_list("item_id", "remote_id"))
    Hit.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("monitoring.migrations.0019_hits").FOUND)
    assert sorted(watch.hits.values_list("item_id", "remote_id")) == sorted(before)
    assert len(before) == 2
