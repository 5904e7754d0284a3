"""Service accounts and their keys, for whoever looks up people."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Now

from organisation.models import ApiKey, Person
from organisation.queries.paging import Keyset
from organisation.queries.visible import visible_people

LATEST_ADDED = Keyset("joined_at", size=50)
ENDS_SOON = timedelta(days=14)


def visible_machines(person: Person) -> QuerySet[Person]:
    """Service accounts that the person may look up, each with its `keys_standing`, when the first of them is over
    (`first_over`) and when one was used last (`used_at`)."""
    standing = Q(keys__revoked_at__isnull=True, keys__expires_at__gt=Now())
    found = visible_people(person).filter(responsible__isnull=False).select_related("unit", "responsible")
    return found.annotate(
        keys_standing=Count("keys", filter=standing),
        first_over=Min("keys__expires_at", filter=standing),
        used_at=Max("keys__last_used_at"),
    )


def visible_keys(person: Person) -> QuerySet[ApiKey]:
    """Keys of service accounts that the person may look up, revoked ones and those that are over too."""
    found = ApiKey.objects.filter(person__in=visible_people(person))
    return found.select_related("person__unit", "person__responsible", "made_by").order_by("-made_at", "-pk")


def keys_of(machine: Person) -> QuerySet[ApiKey]:
    """Those that stand, the first to end first."""
    return ApiKey.objects.standing().filter(person=machine).select_related("made_by").order_by("expires_at", "pk")


def keys_in_hand(person: Person) -> QuerySet[ApiKey]:
    """Those that stand and whose secret the person has seen, for it was shown to who made them."""
    return ApiKey.objects.standing().filter(made_by=person)


def ending_keys() -> QuerySet[ApiKey]:
    """Keys that stand, and end within a fortnight."""
    return ApiKey.objects.alive().filter(expires_at__lte=Now() + ENDS_SOON)
