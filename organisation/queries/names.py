"""Names for the numbers in the trail, found when somebody reads it and for that reader; an event itself holds none.

A room says by which of its queries a reader sees a kind of row. What has none (a citizen's conversation) keeps its
number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField, Field, ForeignKey, Model, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from organisation.audit import called
from organisation.models import AuditEvent, Fact, Grant, Person
from organisation.queries.visible import visible_people, visible_units
from organisation.sentences import colon

Visible = Callable[[Person], QuerySet[Any]]
Row = tuple[str, str]  # "app.model" and the key
NOTHING = "–"
LONGEST = 160

_SEEN_BY: dict[str, Visible] = {}


def named_by(noun: str, visible: Visible) -> None:
    """Rows of `noun` ("app.model") that `visible(reader)` gives are called by their own name, all others by number."""
    _SEEN_BY[noun] = visible


@dataclass(frozen=True)
class _Known:
    names: Mapping[Row, str]
    gone: frozenset[Row]

    def told(self, noun: str, key: Any) -> str:
        row = (noun, str(key))
        if row in self.gone:
            return _("%(thing)s, no longer there") % {"thing": f"{_noun(noun)} {key}"}
        return self.names.get(row) or f"{_noun(noun)} {key}"


def explained(reader: Person, events: Iterable[AuditEvent]) -> list[AuditEvent]:
    """The same events with what `reader` may know of their things and details: two queries a kind of row, at most."""
    told = list(events)
    known = _look_up(reader, {row for event in told for row in _rows(event)})
    for event in told:
        row = (event.noun, event.object_id)
        event.thing_name, event.thing_is_gone = known.names.get(row, ""), row in known.gone
        event.facts = list(_facts(event, known))
    return told


def _look_up(reader: Person, rows: set[Row]) -> _Known:
    names: dict[Row, str] = {}
    gone: set[Row] = set()
    for noun, visible in _SEEN_BY.items():
        keys = {key for kind, key in rows if kind == noun and key.isdecimal() and len(key) < 19}
        if keys:
            names |= {(noun, str(row.pk)): str(row) for row in visible(reader).filter(pk__in=keys)}
            there = apps.get_model(noun)._base_manager.filter(pk__in=keys).values_list("pk", flat=True)
            gone |= {(noun, key) for key in keys - {str(pk) for pk in there}}
    return _Known(names, frozenset(gone))


def _rows(event: AuditEvent) -> Iterator[Row]:
    yield event.noun, event.object_id
    for name, *values in _field_changes(event):
        if noun := _refers_to(event, name):
            yield from ((noun, str(value)) for value in values if value is not None)


def _field_changes(event: AuditEvent) -> Iterator[tuple[Any, ...]]:
    """(field, new) or (field, old, new) for what the details say of the thing's own fields and of other rows."""
    details = event.details
    changes = details.get("changes")
    if isinstance(changes, dict):
        yield from ((name, *pair) for name, pair in changes.items())
        return
    if _field(event, "state") and {"from", "to"} <= details.keys():
        yield "state", details["from"], details["to"]
    for name, value in details.items():
        if name != "reason" and (_field(event, name) or _refers_to(event, name)):
            yield name, value


def _facts(event: AuditEvent, known: _Known) -> Iterator[Fact]:
    for name, *values in _field_changes(event):
        noun, field = _refers_to(event, name), _field(event, name)
        label = field.verbose_name if field else _noun(noun) if noun else name.replace("_", " ")
        shown = [_value(value, field, noun, known) for value in values]
        if shown != [NOTHING]:
            yield Fact(capfirst(str(label)), shown[0] if len(shown) > 1 else None, shown[-1])


def _value(value: Any, field: Field[Any, Any] | None, noun: str, known: _Known) -> str:
    if value is None or value in ("", [], {}):
        return NOTHING
    if noun:
        return known.told(noun, value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(Truncator(_words(value, field)).chars(LONGEST))


def _words(value: Any, field: Field[Any, Any] | None) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}{colon()} {_words(one, None)}" for name, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_words(one, getattr(field, "base_field", None)) for one in value)
    if isinstance(field, DateTimeField) and isinstance(value, str) and (moment := _moment(value)):
        return f"{timezone.localtime(moment):%d/%m/%Y %H:%M}"
    return str(dict(field.flatchoices).get(value, value)) if field is not None else str(value)


def _moment(value: str) -> datetime | None:
    try:
        found = parse_datetime(value)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


def _field(event: AuditEvent, name: str) -> Field[Any, Any] | None:
    model = _model(event.noun)
    try:
        found: Any = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None


def _refers_to(event: AuditEvent, name: str) -> str:
    """The kind of row that the detail `name` holds the key of; empty where it is no key."""
    field = _field(event, name)
    if isinstance(field, ForeignKey):
        return str(field.related_model._meta.label_lower)
    return "" if field else next((noun for noun in _SEEN_BY if noun.partition(".")[2] == name), "")


def _model(noun: str) -> type[Model] | None:
    try:
        return apps.get_model(called(noun))
    except (LookupError, ValueError):
        return None


def _noun(noun: str) -> str:
    model = _model(noun)
    return str(model._meta.verbose_name) if model else noun


def _grants(reader: Person) -> QuerySet[Grant]:
    return Grant.objects.filter(person__in=visible_people(reader)).select_related("person", "unit")


named_by("organisation.person", visible_people)
named_by("organisation.unit", visible_units)
named_by("organisation.grant", _grants)
