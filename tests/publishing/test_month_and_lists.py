"""The month, the lists, and what Today says of posts."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from delivery.actions import lift_hold, place_hold
from delivery.enums import HoldScope
from delivery.models import Delivery
from organisation.actions import add_closure
from organisation.models import Person, Unit
from organisation.queries import Keyset
from publishing.actions import Timing
from publishing.models import Post, Variant
from publishing.queries import calendar
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import thaw
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.publishing import ZONE, approved, draft, scheduled, submitted, tomorrow
from tests.publishing.conftest import House
from tests.thorough import thorough_after

pytestmark = pytest.mark.django_db


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"publishing:{name}", args=args)


# ---- The month ------------------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_the_month_names_each_accounts_silent_days(house: House) -> None:
    quiet = ConnectedAccountFactory.create(unit=house.unit, handle="quiet", languages=["nl"])
    first = (timezone.localdate().replace(day=1) + timedelta(days=62)).replace(day=1)
    at = timezone.datetime(first.year, first.month, 10, 9)
    post = scheduled(house.author, house.approver, house.account, at=at)
    answer = as_(house.approver).get(url("calendar_month", first.year, first.month))
    month = answer.context["month"]
    days = {silence.account: {day.day for day in silence.days} for silence in month.silences}
    assert 10 not in days[house.account]
    assert 10 in days[quiet]
    assert len(days[house.account]) == len(days[quiet]) - 1
    page = answer.content.decode()
    assert "No message: @quiet · Mastodon" in " ".join(page.split())
    assert url("move", post.pk) in page
    assert url("move", post.pk) not in as_(house.newcomer).get(answer.request["PATH_INFO"]).content.decode()


@pytest.mark.longer
def test_a_message_that_failed_leaves_its_day_silent(house: House) -> None:
    post = scheduled(house.author, house.approver, house.account)
    Delivery.objects.update(state="failed")
    day = timezone.localtime(post.due_at).date()
    month = as_(house.approver).get(url("calendar_month", day.year, day.month)).context["month"]
    assert day in month.silences[0].days


@pytest.mark.longer
def test_days_are_those_of_the_zone_that_the_unit_has_now(house: House) -> None:
    first = (timezone.localdate().replace(day=1) + timedelta(days=62)).replace(day=1)
    scheduled(house.author, house.approver, house.account, at=timezone.datetime(first.year, first.month, 10, 23, 30))
    for zone, on in (("Europe/Brussels", 10), ("Europe/Helsinki", 11), ("Europe/Brussels", 10)):
        Unit.objects.update(time_zone=zone)
        month = as_(house.approver).get(url("calendar_month", first.year, first.month)).context["month"]
        assert (
            [day.date.day for day in month.days if day.chips]
            == [day.date.day for day in month.days if day.count]
            == [on]
        )
        assert {day.date.day for day in month.days if day.in_month and not day.silent} == {on}


@pytest.mark.parametrize("days", [70, None])
def test_what_is_moved_while_the_month_is_read_is_left_out_of_it(
    days: int | None, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = draft(house.author, house.account, timing=Timing(tomorrow(), ZONE))
    at, chips_of = tomorrow().date(), calendar.chips_of

    def moved_meanwhile(*given: Any) -> Any:
        lost = {"due_at": None, "wall_time": None, "zone": ""}
        later = {"due_at": timezone.now() + timedelta(days=days)} if days else lost
        Post.objects.filter(pk=post.pk).update(**later)
        return chips_of(*given)

    monkeypatch.setattr(calendar, "chips_of", moved_meanwhile)
    month = calendar.month_of(house.author, at.replace(day=1))
    assert [chip for day in month.days for chip in day.chips] == []


@pytest.mark.longer
def test_what_comes_is_of_the_unit_where_it_stands_now(house: House) -> None:
    from publishing.queries import coming_for

    desk, hall = (UnitFactory.create(slug=slug, parent=house.unit) for slug in ("desk", "hall"))
    scheduled(house.author, house.approver, ConnectedAccountFactory.create(unit=desk, languages=["fr"]))
    scheduled(house.author, house.approver, house.account)
    Person.objects.filter(pk=house.author.pk).update(unit=desk)
    for path in (desk.path, f"{hall.path}{desk.path[-desk.steplen :]}"):
        Unit.objects.filter(pk=desk.pk).update(path=path, depth=len(path) // desk.steplen)
        assert len(coming_for(Person.objects.get(pk=house.author.pk))) == 1


@pytest.mark.longer
def test_a_full_day_folds_and_has_a_page_of_its_own(house: House) -> None:
    first = (timezone.localdate().replace(day=1) + timedelta(days=62)).replace(day=1)
    for minute in range(7):
        at = timezone.datetime(first.year, first.month, 10, 9, minute)
        scheduled(house.author, house.approver, house.account, at=at, title=f"Post {minute}")
    scheduled(house.author, house.approver, house.account, at=timezone.datetime(first.year, first.month, 11, 9))
    browser = as_(house.approver)
    answer = browser.get(url("calendar_month", first.year, first.month))
    tenth, eleventh = (day for day in answer.context["month"].days if day.date.day in (10, 11))
    assert [chip.post.title for chip in tenth.chips] == ["Post 0", "Post 1", "Post 2", "Post 3"]
    assert (tenth.count, tenth.more, eleventh.count, eleventh.more) == (7, 3, 1, 0)
    page = answer.content.decode()
    assert "3 more" in page
    assert page.count('class="day-more"') == 1
    its_own = url("calendar_day", first.year, first.month, 10)
    assert f'href="{its_own}"' in page
    shown = browser.get(its_own)
    assert [chip.post.title for chip in shown.context["day"].chips] == [f"Post {minute}" for minute in range(7)]
    assert "7 messages, by the time at which they go out." in shown.content.decode()
    elsewhere = as_(house.stranger).get(its_own)
    assert elsewhere.context["day"].chips == []
    assert "Nothing is planned on this day" in elsewhere.content.decode()


@pytest.mark.longer
def test_a_very_full_day_has_pages(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publishing.queries.calendar._BY_TIME", Keyset("post__due_at", size=2, newest_first=False))
    first = (timezone.localdate().replace(day=1) + timedelta(days=62)).replace(day=1)
    for minute in range(5):
        at = timezone.datetime(first.year, first.month, 10, 9, minute)
        scheduled(house.author, house.approver, house.account, at=at, title=f"Post {minute}")
    browser, its_own, seen = as_(house.approver), url("calendar_day", first.year, first.month, 10), []
    day = browser.get(its_own).context["day"]
    while True:
        seen += [chip.post.title for chip in day.chips]
        if not day.later:
            break
        day = browser.get(its_own, {"page": day.later}).context["day"]
    assert seen == [f"Post {minute}" for minute in range(5)]
    back = browser.get(its_own, {"page": day.earlier}).context["day"]
    assert [chip.post.title for chip in back.chips] == ["Post 2", "Post 3"]


@pytest.mark.parametrize("day", [(2027, 2, 29), (1999, 1, 1), (2027, 13, 1), (2027, 1, 0)])
def test_days_that_are_not_are_not_there(house: House, day: tuple[int, int, int]) -> None:
    assert as_(house.approver).get(url("calendar_day", *day)).status_code == 404


@pytest.mark.parametrize("month", [(1999, 1), (2026, 13), (2026, 0), (9999, 1)])
def test_months_that_are_not_are_not_there(house: House, month: tuple[int, int]) -> None:
    assert as_(house.approver).get(url("calendar_month", *month)).status_code == 404


@pytest.mark.longer
def test_weeks_are_whole_and_holidays_marked(house: House) -> None:
    month = as_(house.approver).get(url("calendar_month", 2026, 12)).context["month"]
    assert all(len(week) == 7 for week in month.weeks)
    assert month.weeks[0][0].date.weekday() == 0
    assert {day.date.day for day in month.days if day.is_holiday} == {25, 28, 29, 30, 31}
    assert len(month.days) == 31


@pytest.mark.longer
def test_a_closure_is_hatched_and_named_on_its_day(house: House) -> None:
    names = {"en": "Bridge day", "fr": "Jour de pont"}
    add_closure(unit=house.unit, by=None, names=names, first=date(2026, 12, 7), last=date(2026, 12, 8))
    add_closure(
        unit=house.unit,
        by=None,
        names={"fr": "D"},
        first=date(2026, 12, 9),
        last=date(2026, 12, 9),
        since=time(12),
        until=time(17),
    )
    answer = as_(house.approver).get(url("calendar_month", 2026, 12))
    closed = {day.date.day: day for day in answer.context["month"].days if day.closures}
    assert {number: day.is_closed for number, day in closed.items()} == {7: True, 8: True, 9: False}
    page = " ".join(answer.content.decode().split())
    assert len(re.findall(r'<td class="[^"]*is-closed', page)) == 3
    assert page.count("Bridge day") == 2
    assert "D, 12:00 to 17:00" in page
    days = [
        " ".join(as_(house.approver).get(url("calendar_day", 2026, 12, on)).content.decode().split())
        for on in (7, 9, 10)
    ]
    assert ["Closed: Bridge day" in days[0], "Closed: D, 12:00 to 17:00" in days[1], "Closed:" in days[2]] == [
        *(True, True, False)
    ]


# ---- Lists ----------------------------------------------------------------------------------------------------------
@pytest.mark.longer
def test_the_list_filters_and_pages(house: House) -> None:
    posts = [draft(house.author, house.account, title=f"Post {number:02}") for number in range(33)]
    browser = as_(house.author)
    answer = browser.get(url("post_list"))
    page = answer.context["page"]
    assert [post.title for post in page.rows] == [f"Post {number:02}" for number in range(32, 2, -1)]
    older = browser.get(url("post_list"), {"page": page.next}).context["page"]
    assert [post.title for post in older.rows] == ["Post 02", "Post 01", "Post 00"]
    newer = browser.get(url("post_list"), {"page": older.previous}).context["page"]
    assert newer.rows == page.rows
    found = browser.get(url("post_list"), {"words": "Post 07"}).context["page"]
    assert found.rows == [posts[7]]
    for nonsense in (
        "x",
        "next:",
        "next:now:1",
        "next:2026-01-01:999999999999999999999",
        "previous:2026-01-01T00:00:1",
    ):
        assert browser.get(url("post_list"), {"page": nonsense}).status_code == 200
    assert browser.get(url("post_list"), {"account": "x", "unit": "y", "state": "z"}).status_code == 200


@pytest.mark.longer
@pytest.mark.parametrize(
    ("name", "queries"), thorough_after(1, [("calendar", 18), ("post_list", 15), ("approvals", 13)], names=2)
)
@pytest.mark.parametrize("items", [1, 3])
def test_lists_cost_the_same_for_one_and_for_three(
    house: House, django_assert_num_queries: Any, name: str, queries: int, items: int
) -> None:
    second = ConnectedAccountFactory.create(unit=house.unit, languages=["nl"])
    for _ in range(items):
        if name == "approvals":
            submitted(house.author, house.account, second)
        else:
            scheduled(house.author, house.approver, house.account, second)
    browser = as_(house.approver)
    browser.get(url(name))
    with django_assert_num_queries(queries):
        assert browser.get(url(name)).status_code == 200


@pytest.mark.longer
def test_the_calendar_tells_what_a_freeze_keeps_back(house: House) -> None:
    thaw()
    other = ConnectedAccountFactory.create(unit=house.unit, handle="other", languages=["fr"])
    post = scheduled(house.author, house.approver, house.account, other)
    browser, at = as_(house.approver), tomorrow()
    month = url("calendar_month", at.year, at.month)

    def chips() -> dict[str, str]:
        found = re.findall(r'<a class="chip .*?</a>', browser.get(month).content.decode(), re.DOTALL)
        return {"other" if "Own" in chip else "first": " ".join(strip_tags(chip).split()) for chip in found}

    Variant.objects.filter(account=other).update(text="Own words")
    assert "Frozen" not in "".join(chips().values())
    freezer = person_with("crisis_cell", house.unit)
    hold = place_hold(scope=HoldScope.ACCOUNT, account=house.account, reason="Storm", by=freezer)
    assert "Frozen" in chips()["first"]
    assert "Frozen" not in chips()["other"]
    assert url("move", post.pk) in browser.get(month).content.decode()
    lift_hold(hold=hold, by=freezer, reason="Over")
    assert "Frozen" not in "".join(chips().values())


@pytest.mark.longer
def test_today_names_what_waits_for_whom(house: House) -> None:
    from publishing.queries import waiting_for

    submitted(house.author, house.account)
    approved(house.author, house.approver, house.account, title="Approved one")
    assert {str(one.act) for one in waiting_for(house.approver)} == {"Approve this text", "Schedule it"}
    assert {str(one.act) for one in waiting_for(house.author)} == {"Schedule it"}
    assert waiting_for(house.newcomer) == []
    assert waiting_for(house.stranger) == []
