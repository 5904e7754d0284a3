"""Where a choice is meant nothing else gets in, and what got in before stops nobody's work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint, Field, Model, Q
from django.utils import translation

from conversations.enums import Category
from conversations.models import Conversation
from conversations.schedule import response_deadline
from organisation.actions import change_language, reset_second_factor, update_unit
from organisation.choices import validation
from organisation.models import Grant, Person, Unit
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
    deadlines = [response_deadline(category="", asked_at=ASKED, calendar=unit.calendar) for unit in (good, bad)]
    assert deadlines[0] == deadlines[1]
    assert "no calendar 'nonsense'" in caplog.text
    assert "no time zone 'Europe/Atlantis'" in caplog.text


def test_a_second_factor_is_not_reset_below_its_owners_reach() -> None:
    root = UnitFactory.create()
    below = UnitFactory.create(parent=root)
    other = person_with("committee_member", root, works_in=below)
    with pytest.raises(PermissionDenied, match="beyond the units that you administer"):
        reset_second_factor(person=other, by=person_with("administrator", below), reason="x")


# Names of fields that mean one of a known set, whether or not they say so.
TELLING = {"network", "platform", "zone", "time_zone", "mime", "step", "language", "kind", "state", "role", "category"}
TELLING |= {"level", "scope", "cause", "audience", "outcome", "choice", "phase", "purpose", "legal_basis"}
NETWORK = "a network is a folder, without a migration; forms and actions take those that there are"
ZONE = "zones come with the machine's own list; forms and actions take those of it, a lost one stops nothing"
HEARD = "as the network writes it: any language there is"
FREE = {
    "organisation.unit.time_zone": ZONE,
    "publishing.post.zone": ZONE,
    "accounts_registry.committeesession.zone": ZONE,
    "accounts_registry.account.network": NETWORK,
    "accounts_registry.justificationdossier.platform": NETWORK,
    "accounts_registry.server.network": NETWORK,
    "accounts_registry.sighting.network": NETWORK,
    "accounts_registry.listedaccount.network": "as a list says it: also one that Parvis does not speak",
    "monitoring.source.network": NETWORK,
    "monitoring.webhookcall.network": NETWORK,
    "monitoring.item.network": NETWORK,
    "monitoring.item.language": HEARD,
    "publishing.media.mime": "read from the file's first bytes by the program, never told by a person",
    **dict.fromkeys(["approvals.request.kind", "approvals.route.kind"], "rooms register what can be approved at start"),
    **dict.fromkeys(["notices.notice.kind", "notices.look.kind"], "rooms register what may be told at start"),
    "approvals.decision.step": "a row, not a word",
    "organisation.failedsignin.step": "told by the program alone, for a minute",
    **dict.fromkeys(
        [
            "accounts_registry.account.purpose",
            "accounts_registry.thirdpartyapp.purpose",
            "monitoring.source.purpose",
            "monitoring.watch.purpose",
        ],
        "a sentence by a person",
    ),
}
# Rooms above register what these may be, at start: the database asks for the shape of a key.
REGISTERED = {"delivery.delivery.origin_kind"}
ROOMS = {"organisation", "accounts_registry", "approvals", "delivery", "monitoring", "publishing", "conversations"}
ROOMS |= {"crisis", "notices"}


def fields() -> Iterator[tuple[str, type[Model], Field[Any, Any]]]:
    for model in apps.get_models():
        if model._meta.app_label in ROOMS:
            for field in model._meta.concrete_fields:
                yield f"{model._meta.label_lower}.{field.name}", model, field


def chosen(field: Field[Any, Any]) -> set[Any]:
    if f"{field.model._meta.label_lower}.{field.name}" in REGISTERED:
        return set()
    inner = getattr(field, "base_field", field)
    return {key for key, _label in inner.choices or []}


def conditions(tree: Any) -> Iterator[tuple[str, Any]]:
    for child in tree.children:
        if isinstance(child, Q):
            yield from conditions(child)
        else:
            yield child


def held(model: type[Model], name: str) -> set[Any]:
    """What the database takes in field `name`."""
    found: set[Any] = set()
    for constraint in model._meta.constraints:
        if isinstance(constraint, CheckConstraint) and constraint.name.endswith("_known"):
            for lookup, values in conditions(constraint.condition):
                found |= set(values) if lookup in (f"{name}__in", f"{name}__contained_by") else set()
    return found


def test_every_choice_is_held_by_the_database() -> None:
    loose = []
    for label, model, field in fields():
        allowed = held(model, field.name)
        if (choices := chosen(field)) and allowed - {""} != choices - {""}:
            loose.append(label)
        if choices and "" in allowed and not field.blank:
            loose.append(f"{label} takes nothing")
    assert loose == []


def test_the_database_itself_names_every_choice() -> None:
    """Not what the model says of it: the constraint that stands in the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'c' AND conname LIKE '%\\_known'"
        )
        written = [
            (table, name, set(re.findall(r"(?<=')[^']*(?=')|\d+", text))) for table, name, text in cursor.fetchall()
        ]
    loose = [
        label
        for label, model, field in fields()
        if (choices := {str(one) for one in chosen(field)} - {""})
        and not any(table == model._meta.db_table and choices <= values for table, _name, values in written)
    ]
    assert loose == []


def test_what_means_a_choice_says_so_or_has_a_reason() -> None:
    free = {label for label, _model, field in fields() if field.name in TELLING and not chosen(field)}
    assert free == set(FREE)


def test_a_new_database_holds_them_for_every_row() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname, convalidated FROM pg_constraint WHERE conname LIKE '%\\_is\\_known'")
        found = dict(cursor.fetchall())
    assert len(found) > 40
    assert all(found.values())


def test_a_role_that_there_is_not_is_held_by_nobody() -> None:
    grant = person_with("auditor", UnitFactory.create()).grants.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(pk=grant.pk).update(role="king")
    Grant.objects.filter(pk=grant.pk).update(role="king", revoked_at=ASKED)


def test_rows_that_stand_against_a_choice_stop_no_update(caplog: pytest.LogCaptureFixture) -> None:
    unit = UnitFactory.create()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE organisation_unit DROP CONSTRAINT unit_kind_is_known")
        Unit.objects.filter(pk=unit.pk).update(kind="kingdom")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE organisation_unit ADD CONSTRAINT unit_kind_is_known CHECK (kind IN ('city')) NOT VALID"
        )
    with connection.schema_editor() as editor:
        validation("organisation_unit", ["unit_kind_is_known"]).code(apps, editor)
    assert "stand against unit_kind_is_known" in caplog.text
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(kind="empire")


def test_a_label_is_said_in_the_readers_language_and_an_unknown_value_as_it_stands() -> None:
    conversation = Conversation(state="new", category="press")
    with translation.override("fr"):
        assert conversation.get_state_display() == "Nouvelle"
        assert conversation.get_category_display() == str(Category.PRESS.label) != "press"
    assert Conversation(state="gone").get_state_display() == "gone"
    assert Conversation(category="").get_category_display() == ""
