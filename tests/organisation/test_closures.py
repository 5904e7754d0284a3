"""Closures and office hours: who sets them, where they hold, what is kept of them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from organisation.actions import add_closure, change_closure, remove_closure, set_office_hours
from organisation.models import AuditEvent, Closure, Unit
from organisation.queries import calendar_of, calendars_of
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db
NAMES = {"fr": "Jour de pont", "nl": "Brugdag"}
BRIDGE = {"names": NAMES, "first": date(2026, 5, 15), "last": date(2026, 5, 15), "since": None, "until": None}
ZONE = ZoneInfo("Europe/Brussels")


@pytest.fixture
def root() -> Unit:
    return UnitFactory.create()


@pytest.fixture
def service(root: Unit) -> Unit:
    return UnitFactory.create(parent=root)


def due(unit: Unit) -> str:
    """When a question of the day before Ascension Day is due."""
    return f"{calendar_of(unit).due(datetime(2026, 5, 13, 11, tzinfo=ZONE)):%d %H:%M}"


def test_a_closure_holds_in_its_unit_and_below_and_nowhere_else(root: Unit, service: Unit) -> None:
    below, beside = UnitFactory.create(parent=service), UnitFactory.create(parent=root)
    add_closure(unit=service, by=person_with("administrator", root), **BRIDGE)
    assert [due(unit) for unit in (service, below, beside, root)] == ["18 11:00", "18 11:00", "15 11:00", "15 11:00"]


def test_hours_are_those_of_the_nearest_unit_that_says_them(root: Unit, service: Unit) -> None:
    administrator = person_with("administrator", root)
    early = [["07:00", "11:00"]] * 5 + [[], []]
    set_office_hours(unit=root, hours=early, by=administrator)
    assert calendar_of(service).hours[0] == (time(7), time(11))
    set_office_hours(unit=service, hours=[["10:00", "12:00"], [], [], [], [], [], []], by=administrator)
    assert calendar_of(service).hours[:2] == ((time(10), time(12)), None)
    set_office_hours(unit=service, hours=[], by=administrator)
    assert calendar_of(service).hours[0] == (time(7), time(11))


@pytest.mark.parametrize(
    "hours", [[[]] * 7, [["09:00", "17:00"]] * 6, [["17:00", "09:00"]] + [[]] * 6, [["9", "x"]] * 7, 7]
)
def test_hours_that_make_no_sense_are_refused(root: Unit, hours: Any) -> None:
    with pytest.raises((ValidationError, TypeError)):
        set_office_hours(unit=root, hours=hours, by=person_with("administrator", root))


def test_many_units_cost_one_query(root: Unit, django_assert_num_queries: Any) -> None:
    units = [root, *(UnitFactory.create(parent=root) for _ in range(3))]
    add_closure(unit=root, by=None, **BRIDGE)
    with django_assert_num_queries(1):
        found = calendars_of(units)
    assert {len(one.closures) for one in found.values()} == {1}


def test_an_event_holds_old_and_new(root: Unit) -> None:
    administrator = person_with("administrator", root)
    closure = add_closure(unit=root, by=administrator, **BRIDGE)
    told = AuditEvent.objects.get(verb="closure.added").details
    assert (told["first"], told["names"], told["since"]) == ("2026-05-15", NAMES, None)
    change_closure(closure=closure, by=administrator, last=date(2026, 5, 16))
    change_closure(closure=closure, by=administrator, last=date(2026, 5, 16))  # nothing new: no event
    told = AuditEvent.objects.get(verb="closure.changed")
    assert told.details == {"changes": {"last": ["2026-05-15", "2026-05-16"]}}
    remove_closure(closure=closure, by=administrator)
    assert AuditEvent.objects.get(verb="closure.removed").details["names"] == NAMES
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"last": date(2026, 5, 14)},
        {"last": date(2028, 5, 14)},
        {"since": time(9)},
        {"since": time(9), "until": time(8)},
        {"names": {}},
    ],
)
def test_a_closure_that_makes_no_sense_is_refused(root: Unit, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        add_closure(unit=root, by=None, **{**BRIDGE, **wrong})


def test_the_unit_aboves_closure_is_not_the_services_to_change(root: Unit, service: Unit) -> None:
    closure = add_closure(unit=root, by=None, **BRIDGE)
    theirs = person_with("administrator", service)
    for act in (
        lambda: change_closure(closure=closure, by=theirs, last=date(2026, 5, 16)),
        lambda: remove_closure(closure=closure, by=theirs),
    ):
        with pytest.raises(PermissionDenied):
            act()
    with pytest.raises(PermissionDenied):
        add_closure(unit=root, by=theirs, **BRIDGE)


@pytest.mark.longer
def test_the_page_adds_changes_and_tells(client: Client, root: Unit) -> None:
    client.force_login(person_with("administrator", root))
    page = reverse("organisation:unit_working_time", args=[root.pk])
    added = client.post(
        reverse("organisation:closure_add", args=[root.pk]), {"name_fr": "Braderie", "first": "2026-06-05"}
    )
    assert added.status_code == 302
    closure = Closure.objects.get()
    assert (closure.first, closure.last, closure.names) == (date(2026, 6, 5), date(2026, 6, 5), {"fr": "Braderie"})
    edit = reverse("organisation:closure_edit", args=[closure.pk])
    told = {"name_fr": "Braderie", "first": "2026-06-05", "since": "12:00", "until": "11:00"}
    assert client.post(edit, told).status_code == 422
    assert client.post(edit, told | {"until": "15:30"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "Braderie" in shown
    assert "12:00" in shown
    assert "added this closure" in shown
    hours = {"own": "on", "day_0_0": "08:00", "day_0_1": "12:00"}
    assert (
        client.post(reverse("organisation:unit_hours", args=[root.pk]), hours | {"day_1_0": "08:00"}).status_code == 422
    )
    assert client.post(reverse("organisation:unit_hours", args=[root.pk]), hours).status_code == 302
    root.refresh_from_db()
    assert root.office_hours == [["08:00", "12:00"], [], [], [], [], [], []]
    assert "08:00 – 12:00" in client.get(page).content.decode()
    assert client.post(reverse("organisation:closure_remove", args=[closure.pk])).status_code == 302
    assert not Closure.objects.exists()
