"""Somebody looked at a notice. It changes what their own pages show and nothing else: no event."""

from __future__ import annotations

from django.db.models.functions import Now

from notices.models import Addressee
from notices.queries import unseen
from organisation.models import Person


def see(*, told: Addressee) -> None:
    """It no longer counts as new for them, and is not mailed."""
    Addressee.objects.filter(pk=told.pk, seen_at__isnull=True).update(seen_at=Now())


def see_all(*, by: Person) -> int:
    """All that is new for `by`; how many there were."""
    keys = list(unseen(by).values_list("pk", flat=True))
    return Addressee.objects.filter(pk__in=keys, seen_at__isnull=True).update(seen_at=Now())
