"""Feeds and pages that a service reads: lawful, tried before they are kept, each thing said once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from monitoring import actions
from monitoring.actions import reading
from monitoring.models import Entry, Source
from organisation.due import Queue
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent, Grant, Person, Unit
from tests.factories.monitoring import EntryFactory, SourceFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.networks.loopback import Loopback, answer, html, serve
from tests.networks.test_feed import Paper, item, rss


@pytest.fixture
def paper() -> Paper:
    return Paper(rss(item(1), item(2)))


@pytest.fixture
def server(paper: Paper, settings: Any) -> Iterator[Loopback]:
    with serve(paper) as running:
        settings.EGRESS_ALLOW = running.allow
        yield running


@pytest.fixture
def source(unit: Unit, manager: Person, server: Loopback) -> Source:
    return SourceFactory.create(unit=unit, owner=manager, url=f"{server.url}/feed")


def facts(owner: Person, **more: Any) -> dict[str, Any]:
    return {
        "network": "feed",
        "title": "Press",
        "words": "",
        "purpose": "See what is asked",
        "legal_basis": "public_task",
        "law": "Act of 3 August 2012",
        "dpia_reference": "DPIA-2",
        "owner": owner,
        "expires_on": timezone.localdate() + timedelta(days=30),
    } | more


def test_a_right_that_ends_while_the_address_is_tried_adds_nothing(
    unit: Unit, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "monitoring.actions.sources._try",
        lambda source: Grant.objects.filter(person=manager).update(revoked_at=Now()),
    )
    with pytest.raises(PermissionDenied):
        actions.add_source(unit=unit, url="https://news.example/feed", by=manager, **facts(manager))
    assert not Source.objects.exists()


def turn() -> None:
    """One turn of everything, whatever its pause says."""
    Source.objects.update(next_pull_at=Now())
    while reading.read_next():
        pass


def titles() -> list[str]:
    return list(Entry.objects.order_by("-published_at").values_list("item__title", flat=True))


def recent(number: int, words: str = "") -> str:
    at = timezone.now() - timedelta(hours=1) + timedelta(minutes=number)
    return item(number, words, pubDate=at.isoformat())


def test_a_source_is_added_read_paused_and_ended(unit: Unit, manager: Person, server: Loopback, paper: Paper) -> None:
    paper.content = rss(recent(2), recent(1))
    source = actions.add_source(unit=unit, url=f"{server.url}/feed", by=manager, **facts(manager))
    turn()
    assert titles() == ["Notice 2", "Notice 1"]
    source.refresh_from_db()
    assert (source.problem_code, source.last_pulled_at is not None) == ("", True)
    assert source.next_pull_at > timezone.now() + timedelta(minutes=5)
    actions.pause_source(source=source, by=manager)
    asked = len(server.asked)
    turn()
    assert len(server.asked) == asked
    actions.resume_source(source=source, by=manager)
    with pytest.raises(Refused):
        actions.end_source(source=source, by=manager, reason=" ")
    actions.end_source(source=source, by=manager, reason="Campaign over")
    with pytest.raises(Conflict):
        actions.update_source(source=source, by=manager, title="Other")
    verbs = list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["source.added", "source.pause", "source.resume", "source.end"]


def test_each_entry_stands_once_and_its_changes_are_followed(source: Source, paper: Paper) -> None:
    paper.content = rss(recent(1), recent(2))
    turn()
    turn()
    assert len(titles()) == 2
    assert not Entry.objects.filter(item__edited_at__isnull=False).exists()
    paper.content = rss(recent(1, "Put right"), recent(3))
    turn()
    assert titles() == ["Notice 3", "Notice 2", "Notice 1"]
    changed = Entry.objects.get(item__edited_at__isnull=False)
    assert (changed.item.title, changed.item.text) == ("Notice 1", "Put right")
    assert not AuditEvent.objects.exists()


def test_the_first_reading_stops_where_keeping_stops(source: Source, paper: Paper) -> None:
    paper.content = rss(item(1, pubDate="Mon, 02 Nov 2020 09:00:00 GMT"), recent(2))
    turn()
    assert titles() == ["Notice 2"]


def test_what_a_page_says_anew_is_an_entry(unit: Unit, server: Loopback, paper: Paper) -> None:
    SourceFactory.create(unit=unit, url=f"{server.url}/page", network="webpage")
    paper.headers = {"Content-Type": "text/html"}
    paper.content = "<title>Counters</title><p>Open</p><p>Bring your card</p>"
    turn()
    paper.content = "<title>Counters</title><p>Closed</p><p>Bring your card</p>"
    turn()
    assert list(Entry.objects.order_by("pk").values_list("item__text", flat=True)) == [
        "Open\nBring your card",
        "Closed",
    ]


def test_only_what_holds_the_words_is_kept(source: Source, paper: Paper, manager: Person) -> None:
    actions.update_source(source=source, by=manager, words="impôts")
    paper.content = rss(recent(1, "Les impots"), recent(2, "La pluie"))
    turn()
    assert titles() == ["Notice 1"]
    actions.update_source(source=source, by=manager, words="")
    turn()
    assert titles() == ["Notice 2", "Notice 1"]


def test_a_crash_before_the_reading_is_written_costs_a_second_one_only(
    source: Source, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper.content = rss(recent(1))
    whole = reading._store

    def breaks(*given: Any) -> None:
        whole(*given)
        raise RuntimeError("the worker dies here")

    monkeypatch.setattr(reading, "_store", breaks)
    turn()
    source.refresh_from_db()
    assert (titles(), source.newest, source.problem_code) == ([], "", "unexpected")
    assert source.problem
    monkeypatch.setattr(reading, "_store", whole)
    turn()
    assert titles() == ["Notice 1"]


def test_whoever_lost_the_claim_writes_nothing(source: Source, paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    paper.content = rss(recent(1))
    hold = Queue.hold

    def late(queue: Queue[Source], thing: Source) -> Source:
        Source.objects.update(epoch=99)
        return hold(queue, thing)

    monkeypatch.setattr(Queue, "hold", late)
    turn_once = reading.read_next()
    source.refresh_from_db()
    assert (turn_once, titles(), source.newest) == (True, [], "")


def test_a_claimed_source_is_left_alone_until_its_lease_is_over(source: Source, paper: Paper) -> None:
    paper.content = rss(recent(1))
    Source.objects.update(lease_until=Now() + timedelta(minutes=1))
    assert not reading.read_next()
    Source.objects.update(lease_until=Now() - timedelta(minutes=1))
    assert reading.read_next()
    assert titles() == ["Notice 1"]


@pytest.mark.parametrize(("status", "code"), [(503, "unavailable"), (404, "gone"), (403, "permission_missing")])
def test_what_fails_is_shown_put_off_and_heals(source: Source, paper: Paper, status: int, code: str) -> None:
    paper.replies["/feed"] = answer("no", status)
    turn()
    turn()
    source.refresh_from_db()
    assert (source.problem_code, source.failures) == (code, 2)
    assert source.problem
    assert source.failing_since
    assert source.next_pull_at > timezone.now()
    del paper.replies["/feed"]
    turn()
    source.refresh_from_db()
    assert (source.failing_since, source.problem_code, source.failures) == (None, "", 0)


def test_a_rate_limit_is_kept_and_is_no_failure(source: Source, paper: Paper) -> None:
    paper.replies["/feed"] = answer("slow", 429, {"Retry-After": "600"})
    turn()
    source.refresh_from_db()
    assert source.failing_since is None
    assert source.next_pull_at > timezone.now() + timedelta(seconds=590)


def test_a_source_is_read_not_a_day_longer(source: Source, server: Loopback) -> None:
    Source.objects.update(expires_on=source.today - timedelta(days=1))
    turn()
    assert server.asked == []
    actions.expire_sources()
    source.refresh_from_db()
    assert source.state == "ended"


def test_what_was_said_is_kept_for_its_time(source: Source) -> None:
    EntryFactory.create(source=source, purge_after=timezone.localdate() - timedelta(days=1))
    fresh = EntryFactory.create(source=source)
    assert actions.purge_expired() == 1
    assert list(Entry.objects.all()) == [fresh]


@pytest.mark.parametrize("field", ["title", "purpose", "legal_basis", "law", "dpia_reference"])
def test_nothing_that_makes_it_lawful_may_be_missing(unit: Unit, manager: Person, server: Loopback, field: str) -> None:
    with pytest.raises(ValidationError):
        actions.add_source(unit=unit, url=server.url, by=manager, **facts(manager, **{field: ""}))
    with pytest.raises(IntegrityError):
        SourceFactory.create(unit=unit, **{field: ""})


@pytest.mark.parametrize("days", [-1, 400])
def test_a_source_has_a_last_day_within_a_year(unit: Unit, manager: Person, server: Loopback, days: int) -> None:
    day = timezone.localdate() + timedelta(days=days)
    with pytest.raises(Refused) as caught:
        actions.add_source(unit=unit, url=server.url, by=manager, **facts(manager, expires_on=day))
    assert caught.value.field == "expires_on"
    assert server.asked == []


@pytest.mark.parametrize(
    "url", ["https://user@fin.example/", "ftp://fin.example/", "http://169.254.169.254/x", "http://10.0.0.1/"]
)
def test_addresses_that_may_not_be_called_are_not_kept(unit: Unit, manager: Person, url: str) -> None:
    with pytest.raises((Refused, ValidationError)):
        actions.add_source(unit=unit, url=url, by=manager, **facts(manager))
    assert not Source.objects.exists()


def test_one_source_an_address_and_unit(source: Source, unit: Unit, manager: Person) -> None:
    with pytest.raises(Refused, match="already"):
        actions.add_source(unit=unit, url=source.url, by=manager, **facts(manager))
    actions.end_source(source=source, by=manager, reason="Over")
    actions.add_source(unit=unit, url=source.url, by=manager, **facts(manager))


def test_newcomers_add_no_source(unit: Unit, newcomer: Person, server: Loopback) -> None:
    with pytest.raises(PermissionDenied):
        actions.add_source(unit=unit, url=server.url, by=newcomer, **facts(newcomer))
    assert server.asked == []


def typed(unit: Unit, owner: Person, url: str, **more: Any) -> dict[str, Any]:
    return facts(owner) | {"unit": unit.pk, "owner": owner.pk, "url": url} | more


@pytest.mark.longer
def test_a_page_that_is_no_feed_is_offered_as_a_page(
    unit: Unit, manager: Person, server: Loopback, paper: Paper, client: Client
) -> None:
    client.force_login(manager)
    paper.replies["/page"] = html()
    form = typed(unit, manager, f"{server.url}/page")
    page = client.post(reverse("monitoring:source_new"), form)
    assert page.status_code == 422
    assert "This address is no feed. Parvis can watch it as a web page instead." in page.content.decode()
    assert 'name="instead" value="webpage"' in page.content.decode()
    assert client.post(reverse("monitoring:source_new"), form | {"instead": "webpage"}).status_code == 302
    assert Source.objects.get().network == "webpage"


@pytest.mark.longer
def test_an_address_that_does_not_answer_is_said_so_and_what_was_typed_stays(
    unit: Unit, manager: Person, server: Loopback, paper: Paper, client: Client
) -> None:
    client.force_login(manager)
    paper.replies["/feed"] = answer("", 503)
    page = client.post(reverse("monitoring:source_new"), typed(unit, manager, f"{server.url}/feed", title="Kept title"))
    assert page.status_code == 422
    assert "cannot be reached just now" in page.content.decode()
    assert "Kept title" in page.content.decode()
    assert not Source.objects.exists()


@pytest.mark.longer
def test_who_goes_back_and_adds_the_same_address_again_is_led_to_the_first(
    unit: Unit, manager: Person, server: Loopback, paper: Paper, client: Client
) -> None:
    client.force_login(manager)
    paper.replies["/page"] = html()
    form = typed(unit, manager, f"{server.url}/page", instead="webpage", page_mark=uuid4())
    first = client.post(reverse("monitoring:source_new"), form)["location"]
    asked = len(server.asked)
    assert client.post(reverse("monitoring:source_new"), form)["location"] == first
    again = client.post(reverse("monitoring:source_new"), form | {"page_mark": uuid4()})
    assert (again.status_code, Source.objects.count(), len(server.asked)) == (409, 1, asked)
    assert f'href="{first}"' in again.content.decode()


@pytest.mark.longer
def test_pages_show_what_was_said_and_lead_to_it(source: Source, manager: Person, client: Client) -> None:
    client.force_login(manager)
    for number in range(65):
        at = timezone.now() - timedelta(minutes=number)
        EntryFactory.create(source=source, title=f"News {number:02}", published_at=at)
    other = SourceFactory.create(unit=UnitFactory.create())
    EntryFactory.create(source=other, title="Elsewhere")
    address, shown = reverse("monitoring:entry_list"), []
    while address:
        page = client.get(address)
        shown += [entry.item.title for entry in page.context["page"].rows]
        following = page.context["page"].next
        address = f"{reverse('monitoring:entry_list')}?page={following.replace('+', '%2B')}" if following else ""
    assert shown == [f"News {number:02}" for number in range(65)]
    found = client.get(reverse("monitoring:entry_list"), {"q": "news 07", "source": source.pk})
    assert [entry.item.title for entry in found.context["page"].rows] == ["News 07"]
    assert 'rel="noopener noreferrer"' in found.content.decode()
    assert "News 07" not in client.get(reverse("monitoring:entry_list"), {"q": "nothing"}).content.decode()
    assert client.get(reverse("monitoring:source_detail", args=[source.pk])).status_code == 200
    assert client.get(reverse("monitoring:source_detail", args=[other.pk])).status_code == 404
    assert "Press" in client.get(reverse("monitoring:source_list")).content.decode()


@pytest.mark.longer
def test_forms_change_pause_and_end(source: Source, manager: Person, client: Client) -> None:
    client.force_login(manager)
    edit = reverse("monitoring:source_edit", args=[source.pk])
    assert client.get(edit).status_code == 200
    assert client.post(edit, typed(source.unit, manager, "https://other.example/", title="Renamed")).status_code == 302
    for verb, data in (("pause", {}), ("resume", {}), ("end", {"reason": "Over"})):
        assert client.post(reverse(f"monitoring:source_{verb}", args=[source.pk]), data).status_code == 302
    url = source.url
    source.refresh_from_db()
    assert (source.title, source.url, source.state) == ("Renamed", url, "ended")


@pytest.mark.longer
def test_readers_read_and_change_nothing(source: Source, unit: Unit, client: Client) -> None:
    client.force_login(person_with("auditor", unit))
    assert client.get(reverse("monitoring:source_detail", args=[source.pk])).status_code == 200
    assert client.post(reverse("monitoring:source_end", args=[source.pk]), {"reason": "x"}).status_code == 403
    assert client.get(reverse("monitoring:source_new")).status_code == 403
