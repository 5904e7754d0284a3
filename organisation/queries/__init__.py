"""Reads of the ground floor."""

from organisation.models import Person
from organisation.queries import confirming, house_policy, reviews, sealed, training
from organisation.queries.audit import latest_events, story
from organisation.queries.names import explained, named_by
from organisation.queries.paging import Keyset, KeysFirst, Page, Parts
from organisation.queries.remembered import for_each_reader
from organisation.queries.searching import found_for
from organisation.queries.units import by_unit, units_where, within
from organisation.queries.visible import (
    grants_to_show,
    looked_at,
    people,
    visible_events,
    visible_grants,
    visible_people,
    visible_proposals,
    visible_recoveries,
    visible_units,
)
from organisation.queries.waiting import Waiting
from organisation.queries.working_time import calendar_of, calendars_of, closures_over

__all__ = [
    "KeysFirst",
    "Keyset",
    "Page",
    "Parts",
    "by_unit",
    "calendar_of",
    "calendars_of",
    "closures_over",
    "explained",
    "for_each_reader",
    "found_for",
    "grants_to_show",
    "latest_events",
    "looked_at",
    "named_by",
    "people",
    "story",
    "units_where",
    "visible_events",
    "visible_grants",
    "visible_people",
    "visible_proposals",
    "visible_recoveries",
    "visible_units",
    "waiting_for",
    "within",
]


def waiting_for(person: Person) -> list[Waiting]:
    """What waits for a second person or to be confirmed anew, an audit trail that is not sealed or not kept, and what
    somebody is to read, attest and learn: each thing once, as its gate tells it where there is one."""
    learns = {one.url: one for one in (*house_policy.waiting_for(person), *training.waiting_for(person))}
    grounds = (*confirming.waiting_for(person), *reviews.waiting_for(person), *sealed.waiting_for(person))
    return [*grounds, *learns.values()]
