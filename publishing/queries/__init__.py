"""Reads of publishing."""

from publishing.queries.calendar import DayPage, Month, day_of, month_of
from publishing.queries.checks import checks, content_checks, sending_checks
from publishing.queries.posts import (
    ORIGIN,
    deliveries_by_post,
    post_to_show,
    posts_in_sight,
    valid_approval,
    valid_approvals,
    visible_media,
    visible_posts,
    whole,
    writable_accounts,
)
from publishing.queries.progress import Progress, progress
from publishing.queries.refusals import Check
from publishing.queries.searching import found_for
from publishing.queries.snapshots import changes_since, last_reviewed, snapshot_of
from publishing.queries.waiting import coming_for, posts_to_approve, waiting_for

__all__ = [
    "ORIGIN",
    "Check",
    "DayPage",
    "Month",
    "Progress",
    "changes_since",
    "checks",
    "coming_for",
    "content_checks",
    "day_of",
    "deliveries_by_post",
    "found_for",
    "last_reviewed",
    "month_of",
    "post_to_show",
    "posts_in_sight",
    "posts_to_approve",
    "progress",
    "sending_checks",
    "snapshot_of",
    "valid_approval",
    "valid_approvals",
    "visible_media",
    "visible_posts",
    "waiting_for",
    "whole",
    "writable_accounts",
]
