"""The month of a communication cell, beside a page of the same bytes that asks for nothing and renders nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from benchmarks.figures import Figure, Section, beside
from benchmarks.service import Service
from delivery.models import Delivery
from governance import urls as governed
from publishing.enums import PostState
from publishing.models import Post, Variant

ACCOUNTS = 50
ZONE = ZoneInfo("Europe/Brussels")
BYTES: dict[str, bytes] = {}


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    """What signing in, sessions and headers cost, and these bytes on their way."""
    return HttpResponse(BYTES["month"])


urlpatterns: list[Any] = [*governed.urlpatterns, path("bare/", bare)]


def measure(*, small: bool) -> Section:
    from django.test import override_settings

    figures = []
    with override_settings(ROOT_URLCONF=__name__):
        for posts in (60, 600) if small else (600, 6_000):
            service = Service(accounts=ACCOUNTS)
            first = timezone.localdate().replace(day=1)
            plan(service, posts, datetime(first.year, first.month, 1, 6, tzinfo=ZONE))
            browser = service.browser()
            BYTES["month"] = browser.get("/calendar/").content
            page, limit = beside(lambda: browser.get("/calendar/"), lambda: browser.get("/bare/"))  # noqa: B023  called here
            figures.append(Figure(f"month with {posts:,} posts", page, "ms", limit, "≤ 3 ×"))
            figures.append(Figure(f"its size with {posts:,} posts", len(BYTES["month"]) / 1000, "kB", aim="≤ 250 kB"))
    told = (
        f"{ACCOUNTS} accounts; posts spread over all days. The limit is a page of the same bytes behind the same "
        "sign-in, without a query and a template of its own."
    )
    return Section("Calendar", told, figures)


def plan(service: Service, count: int, begin: datetime) -> None:
    """`count` scheduled posts with a variant and a delivery each, spread over 28 days from `begin`."""
    step = timedelta(days=28) / count
    posts = Post.objects.bulk_create(
        Post(
            unit=service.unit,
            author=service.person,
            title=f"Message {number}",
            core_text=f"What changes for you this month, part {number} of many, in a sentence of the usual length.",
            language="fr",
            state=PostState.SCHEDULED,
            due_at=begin + step * number,
            wall_time=(begin + step * number).replace(tzinfo=None),
            zone="Europe/Brussels",
        )
        for number in range(count)
    )
    accounts = service.accounts
    variants = Variant.objects.bulk_create(
        Variant(post=post, account=accounts[number % len(accounts)], language="fr") for number, post in enumerate(posts)
    )
    Delivery.objects.bulk_create(
        Delivery(
            unit=service.unit,
            message_unit=service.unit,
            account=variant.account,
            origin_kind="post_variant",
            origin_id=variant.pk,
            content={},
            content_hash="",
            due_at=variant.post.due_at,
            scheduled_by=service.person,
        )
        for variant in variants
    )
