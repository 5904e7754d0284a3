"""Webhooks, for whoever reads the audit trail of their unit."""

from __future__ import annotations

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from notices.models import WebhookCall, WebhookTarget
from organisation.enums import Permission
from organisation.models import AuditLeaf, Person
from organisation.queries import Keyset, within


def visible_targets(person: Person) -> QuerySet[WebhookTarget]:
    """Those that are called, in units whose trail the person reads, each with how its latest call went: `failure` and
    `failures`, empty and 0 where it was taken or is still to come."""
    latest = WebhookCall.objects.filter(target=OuterRef("pk")).order_by("-pk")
    theirs = WebhookTarget.objects.filter(within(person, Permission.AUDIT_VIEW), ended_at__isnull=True)
    told = {name: Subquery(latest.values(name)[:1]) for name in ("failure", "failures")}
    return theirs.annotate(**told).select_related("unit", "made_by").order_by("unit__path", "pk")


LATEST_CALLS = Keyset("", size=50)


def calls_of(target: WebhookTarget) -> QuerySet[WebhookCall]:
    """Each call that was made or waits, with what it tells; kept for a month."""
    return WebhookCall.objects.filter(target=target).select_related("notice")


def end_of_the_trail() -> int:
    """The first place behind all that is sealed by now."""
    last: int | None = AuditLeaf.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


FAILING_AFTER = 3  # tries: some seven minutes


def failing_targets() -> QuerySet[WebhookTarget]:
    """Those that are called and whose latest call that is known to have ended or been refused several times was not
    taken. One that is called anew, and takes it, is well again."""
    known = WebhookCall.objects.filter(
        Q(ended_at__isnull=False) | Q(failures__gte=FAILING_AFTER), target=OuterRef("pk")
    )
    latest = known.filter(Q(was_taken=True) | Q(failures__gt=0)).order_by("-pk")
    latest_taken = Subquery(latest.values("was_taken")[:1])
    return (
        WebhookTarget.objects.filter(ended_at__isnull=True).alias(latest_taken=latest_taken).filter(latest_taken=False)
    )
