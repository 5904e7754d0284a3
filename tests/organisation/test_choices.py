"""Where a choice is meant nothing else gets in, and what got in before stops nobody's work."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from monitoring.schedule import response_deadline
from organisation.actions import change_language, reset_second_factor, update_unit
from organisation.models import Person, Unit
from tests.factories.organisation import PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db
ASKED = datetime(2026, 11, 25, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "nonsense"),
    [
        ("working_calendar", "nonsense"),
        ("time_zone", "Europe/Atlantis"),
        ("kind", "kingdom"),
        ("governance_model", "anarchy"),
        ("languages", ["xx"]),
    ],
)
def test_a_unit_takes_no_nonsense(field: str, nonsense: object) -> None:
    unit = UnitFactory.create()
    with pytest.raises(ValidationError):
        update_unit(unit=unit, by=person_with("administrator", unit), **{field: nonsense})
    if field != "time_zone":
        with pytest.raises(IntegrityError), transaction.atomic():
            Unit.objects.filter(pk=unit.pk).update(**{field: nonsense})


def test_a_language_is_one_that_there_is() -> None:
    person = PersonFactory.create()
    with pytest.raises(ValidationError):
        change_language(person=person, language="xx")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(language="xx")


def test_a_calendar_or_a_zone_that_nobody_knows_stops_no_deadline(caplog: pytest.LogCaptureFixture) -> None:
    good, bad = UnitFactory.create(), UnitFactory.create()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE organisation_unit DROP CONSTRAINT unit_calendar_is_known")
    Unit.objects.filter(pk=bad.pk).update(working_calendar="nonsense", time_zone="Europe/Atlantis")
    bad.refresh_from_db()
    deadlines = [response_deadline(category="", asked_at=ASKED, unit=unit) for unit in (good, bad)]
    assert deadlines[0] == deadlines[1]
    assert "no calendar 'nonsense'" in caplog.text
    assert "no time zone 'Europe/Atlantis'" in caplog.text


def test_a_second_factor_is_not_reset_below_its_owners_reach() -> None:
    root = UnitFactory.create()
    below = UnitFactory.create(parent=root)
    other = person_with("committee_member", root, works_in=below)
    with pytest.raises(PermissionDenied, match="beyond the units that you administer"):
        reset_second_factor(person=other, by=person_with("administrator", below), reason="x")
