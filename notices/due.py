"""What of the telling is due, and who is at it."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from notices.kinds import registered
from notices.models import Letter, Look, WebhookCall
from organisation.due import Backoff, Queue


def _looks() -> QuerySet[Look]:
    kinds = [kind.key for kind in registered()]
    return Look.objects.filter(kind__in=kinds, next_at__lte=Now()).order_by("next_at", "pk")


LOOKS = Queue(
    due=_looks,
    lease=timedelta(minutes=2),
    backoff=Backoff(timedelta(seconds=15), timedelta(minutes=10)),
    next_at="next_at",
)


def _letters() -> QuerySet[Letter]:
    open_ = {"sent_at__isnull": True, "given_up_at__isnull": True, "dropped_at__isnull": True}
    return Letter.objects.filter(next_at__lte=Now(), **open_).order_by("next_at", "pk")


LETTERS = Queue(
    due=_letters,
    lease=timedelta(minutes=2),
    backoff=Backoff(timedelta(minutes=1), timedelta(hours=6)),
    next_at="next_at",
)


def _calls() -> QuerySet[WebhookCall]:
    due = WebhookCall.objects.filter(next_at__lte=Now(), ended_at__isnull=True)
    return due.select_related("target__unit", "target__made_by", "notice__unit").order_by("next_at", "pk")


CALLS = Queue(
    due=_calls,
    lease=timedelta(minutes=1),
    backoff=Backoff(timedelta(minutes=1), timedelta(hours=6)),
    next_at="next_at",
)
