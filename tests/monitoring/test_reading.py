"""One reading of a source, with a network that says what it is told to say: how far back, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitoring.actions import reading
from monitoring.models import Entry, Source
from networks.egress import Egress
from networks.egress.client import MAX_REDIRECTS
from networks.errors import RateLimited
from networks.types import Page
from tests.factories.monitoring import SourceFactory, incoming

pytestmark = pytest.mark.django_db


class Archive:
    """Answers with page after page, and an older one behind each; an exception in `says` is raised."""

    def __init__(self, *says: Any) -> None:
        self.says, self.asked = list(says), []

    def search(self, words: str, *, since: str = "", older: str = "") -> Page:
        self.asked.append(older)
        said = self.says.pop(0) if self.says else []
        if isinstance(said, Exception):
            raise said
        return Page(tuple(said), older=f"{older}x", newest="mark")


def read(monkeypatch: pytest.MonkeyPatch, source: Source, *says: Any) -> list[str]:
    """One turn of `source`; which pages were asked for."""
    archive = Archive(*says)
    monkeypatch.setattr(reading, "reader_of", lambda source: archive)
    claimed = replace(reading.SOURCES, due=lambda: Source.objects.filter(pk=source.pk)).claim()
    assert claimed == source
    reading._turn(claimed)
    source.refresh_from_db()
    return archive.asked


def now(number: int, **facts: Any) -> Any:
    return incoming(number, created_at=datetime.now(UTC), **facts)


def test_the_archive_is_read_after_the_first_time_and_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    source = SourceFactory.create()
    assert read(monkeypatch, source, [now(1)]) == [""]
    assert read(monkeypatch, source, [now(2)], [now(3)]) == ["", "x", "xx", "xxx", "xxxx"]
    assert Entry.objects.count() == 3


def test_two_sources_that_say_the_same_keep_it_each_and_a_change_is_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = SourceFactory.create(), SourceFactory.create()
    read(monkeypatch, one, [now(1), now(2)])
    read(monkeypatch, other, [now(1)])
    read(monkeypatch, other, [now(1, text="Corrected")])
    changed = Entry.objects.get(item__edited_at__isnull=False)
    assert (changed.source, changed.item.text) == (other, "Corrected")
    assert Entry.objects.count() == 3


def test_what_has_no_name_that_can_be_kept_keeps_no_other_out(monkeypatch: pytest.MonkeyPatch) -> None:
    source = SourceFactory.create()
    read(monkeypatch, source, [now(1), now(2, id="x" * 301), now(3, id="nul\x00"), now(4)])
    assert list(Entry.objects.order_by("item__remote_id").values_list("item__text", flat=True)) == [
        "Question 1",
        "Question 4",
    ]


def test_a_time_to_come_is_taken_for_now(monkeypatch: pytest.MonkeyPatch) -> None:
    read(monkeypatch, SourceFactory.create(), [incoming(1, created_at=datetime(2999, 1, 1, tzinfo=UTC))])
    assert Entry.objects.get().published_at <= datetime.now(UTC)


def test_a_time_before_all_calendars_is_one_that_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    read(monkeypatch, SourceFactory.create(newest="x"), [incoming(1, created_at=datetime(1, 1, 1, tzinfo=UTC))])
    assert Entry.objects.get().published_at == datetime(1900, 1, 1, tzinfo=UTC)


def test_what_ended_since_it_was_claimed_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    source = SourceFactory.create()
    Source.objects.update(state="paused")
    assert read(monkeypatch, source, [now(1)]) == []


def test_what_failed_is_due_later_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    source = SourceFactory.create()
    for error, code in ((RateLimited(datetime.now(UTC)), RateLimited.code), (KeyError("x"), "unexpected")):
        read(monkeypatch, source, error)
        source.refresh_from_db()
        assert (source.problem_code, source.lease_until) == (code, None)
        assert source.next_pull_at > datetime.now(UTC)


def test_a_claim_outlasts_the_slowest_archive() -> None:
    slowest = reading.ARCHIVE_PAGES * (MAX_REDIRECTS + 1) * timedelta(seconds=Egress().limits.seconds)
    assert slowest < reading.SOURCES.lease
