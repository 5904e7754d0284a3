"""A month of messages: what went out in the past two weeks, what is scheduled, and what waits for somebody."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts_registry.models import Account
from delivery.enums import DeliveryState
from delivery.models import Delivery
from governance.demonstration import simulator
from governance.demonstration.service import Service
from publishing import actions
from publishing.actions import PostContent, Timing, VariantText
from publishing.enums import PostState
from publishing.models import Post
from publishing.queries import ORIGIN, snapshot_of

DATA = Path(__file__).parent
ZONE = "Europe/Brussels"
_SOON = timedelta(days=40)


def build(service: Service, accounts: dict[str, Account]) -> None:
    for facts in json.loads((DATA / "posts.json").read_text()):
        post = _scheduled(service, accounts, facts)
        if facts["day"] < 0:
            _it_went_out(post, accounts, facts)
    for facts in json.loads((DATA / "waiting.json").read_text()):
        _waiting(service, accounts, facts)
    # The accounts have been here for a while, so that the month also shows the days on which they said nothing.
    opened = timezone.now() - timedelta(days=60)
    Account.objects.filter(pk__in=[account.pk for account in accounts.values()]).update(created_at=opened)


def _moment(facts: dict[str, Any]) -> datetime:
    """The naive wall time that `facts` mean, from today."""
    hour, minute = map(int, facts["at"].split(":"))
    return datetime.combine(timezone.localdate() + timedelta(days=facts["day"]), time(hour, minute))


def _draft(service: Service, accounts: dict[str, Account], facts: dict[str, Any], by: str) -> Post:
    # The past cannot be scheduled: what went out already is planned for later first, and dated back at the end.
    planned = _moment(facts) if facts["day"] > 0 else _moment(facts) + _SOON
    texts = [VariantText(accounts[f"{facts['pair']}_{code}"], code, facts[code]) for code in ("fr", "nl")]
    return actions.create_post(
        unit=service.units[facts["pair"]],
        by=service.people[by],
        content=PostContent(
            title=facts["title"],
            language="fr",
            core_text=facts["fr"],
            link=facts.get("link", ""),
            variants=texts,
            timing=Timing(planned, ZONE),
        ),
    )


def _scheduled(service: Service, accounts: dict[str, Account], facts: dict[str, Any]) -> Post:
    post = _draft(service, accounts, facts, "newcomer" if facts["day"] % 2 else "writer_fr")
    actions.submit_post(post=post, by=post.author)
    actions.approve_post(
        post=post, by=service.people["writer_nl"], content_hash=snapshot_of(post).hash, planned_for=post.due_at
    )
    return actions.schedule_post(post=post, by=service.people["writer_nl"])


def _it_went_out(post: Post, accounts: dict[str, Account], facts: dict[str, Any]) -> None:
    """History cannot be acted: the messages are put on the square with their date, and the rows say so."""
    moment = timezone.make_aware(_moment(facts))
    Post.objects.filter(pk=post.pk).update(wall_time=_moment(facts), due_at=moment)
    post.approvals.update(planned_for=moment)  # approved for that time: nobody moved it, nobody has to look again
    for variant in post.variants.all():
        said = "\n\n".join(part for part in (variant.said, variant.said_link) if part)
        there = simulator.speak(variant.account.handle, said, language=variant.language, at=moment)
        Delivery.objects.filter(origin_kind=ORIGIN, origin_id=variant.pk).update(
            state=DeliveryState.PUBLISHED,
            due_at=moment,
            published_at=moment,
            remote_id=there["id"],
            remote_url=there["url"],
        )


def _waiting(service: Service, accounts: dict[str, Account], facts: dict[str, Any]) -> None:
    """A post as far as its `state`: what a newcomer wrote and somebody else has to look at."""
    post = _draft(service, accounts, facts, facts["by"])
    if facts["state"] == PostState.DRAFT:
        return
    actions.submit_post(post=post, by=post.author)
    if facts["state"] == PostState.CHANGES_REQUESTED:
        actions.request_changes(post=post, by=service.people["writer_nl"], remark=facts["reason"])
    elif facts["state"] == PostState.APPROVED:
        actions.approve_post(
            post=post, by=service.people["writer_fr"], content_hash=snapshot_of(post).hash, planned_for=post.due_at
        )
