"""Many rows in one statement say what the framework's own way would have made them say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from monitoring.models import Erasure, Item, Mention
from organisation import bulk
from organisation.clock import database_now
from organisation.models import Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import UnitFactory

pytestmark = pytest.mark.django_db

WHEN = datetime(2026, 11, 2, 9, 0, 0, 123456, tzinfo=UTC)
ODD = 'é\u2028 "quoted" \\ %s {0} \U0001f600 \x07'


def item(name: str, **facts: Any) -> Item:
    return Item(network="mastodon", server="https://one.example", remote_id=name, sent_at=WHEN, **facts)


def test_rows_are_written_as_they_stand_and_know_what_the_database_filled_in() -> None:
    told = [{"kind": "picture", "url": "", "alt": ODD}]
    made = bulk.insert([item("a", text=ODD, attachments=told, choices=["x"]), item("b", edited_at=WHEN)])
    stored = list(Item.objects.order_by("pk"))
    assert [one.pk for one in made] == [one.pk for one in stored]
    first, second = stored
    assert (first.text, first.attachments, first.choices, first.sent_at) == (ODD, told, ["x"], WHEN)
    assert (first.edited_at, second.edited_at, second.attachments) == (None, WHEN, [])
    assert [one.received_at for one in made] == [first.received_at, second.received_at]
    assert not made[0]._state.adding


def test_days_and_the_moment_of_writing_are_kept() -> None:
    account = ConnectedAccountFactory.create()
    heard = bulk.insert([item("a")])[0]
    facts = {"item": heard, "account": account, "kind": "mention", "sent_at": WHEN, "purge_after": date(2026, 12, 2)}
    before = database_now()
    made = bulk.insert([Mention(**facts)])[0]
    stored = Mention.objects.get()
    assert (stored.purge_after, stored.filtered, stored.watch_id) == (date(2026, 12, 2), False, None)
    assert before <= stored.received_at == made.received_at


def test_what_stands_in_the_way_is_an_error_or_passed_over() -> None:
    bulk.insert([item("b", text="first")])
    written = bulk.insert([item("a"), item("b", text="second"), item("c")], passing_over="remote_id")
    assert [one.remote_id for one in written] == ["a", "c"]
    assert {one.pk: one.remote_id for one in Item.objects.exclude(remote_id="b")} == {
        one.pk: one.remote_id for one in written
    }
    assert Item.objects.get(remote_id="b").text == "first"
    with pytest.raises(IntegrityError):
        bulk.insert([item("b")])


def test_an_update_writes_the_fields_named_and_no_others() -> None:
    one, two = bulk.insert([item("a", text="one"), item("b", text="two")])
    one.text, one.title, two.text = "uno", "not written", "due"
    bulk.update([one, two], ["text"])
    assert list(Item.objects.order_by("pk").values_list("text", "title")) == [("uno", ""), ("due", "")]


def test_lists_of_the_database_are_written_too() -> None:
    unit = UnitFactory.create()
    unit.languages = ["nl", "fr"]
    bulk.update([unit], ["languages"])
    assert Unit.objects.get().languages == ["nl", "fr"]


def test_however_many_it_is_one_statement_and_for_none_it_is_none() -> None:
    with CaptureQueriesContext(connection) as asked:
        bulk.insert([Erasure(digest=str(number)) for number in range(50)])
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        assert bulk.insert([]) == []
        bulk.update([], ["text"])
    assert len(asked) == 0


def test_what_json_has_no_word_for_is_refused_rather_than_guessed() -> None:
    with pytest.raises(TypeError, match="Decimal cannot be told in bulk"):
        bulk.insert([item("a", text=Decimal("1.10"))])
