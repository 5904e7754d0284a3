"""From an approved text to deliveries with a time, and back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.actions import know_time, void
from approvals.enums import VoidReason
from delivery.actions import Message, cancel_deliveries, schedule_deliveries
from delivery.enums import Trouble
from organisation import audit
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_now
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person
from publishing.actions.cards import settle_cards
from publishing.actions.locking import lock, refreshed, touch
from publishing.actions.meaning import MEANT
from publishing.actions.writing import Timing
from publishing.enums import POST_LIFECYCLE, PostState
from publishing.models import Post, Variant
from publishing.policy import NOTHING_LEFT
from publishing.queries import ORIGIN
from publishing.queries.sending import rest_to_send


@action
def schedule_post(*, post: Post, by: Person, timing: Timing | None = None, meant: str = "") -> Post:
    """One delivery for each variant that no network has, at `timing` or, without it, at the time that was planned.

    Refused at `wall_time` or `fold` for a time that does not exist, comes twice or has passed; else with all that is in
    the way. Unconfirmed where the same goes out beside it, until `meant` says yes to exactly what was told.
    """
    locked = lock(post)
    columns = _plan(locked, timing or Timing(locked.wall_time, locked.zone or locked.unit.time_zone, locked.fold))
    perform(POST_LIFECYCLE, "schedule", locked, by=by, changes=columns, details=_time_details(locked, columns))
    rest = rest_to_send(locked)
    _take_back(rest, by, Trouble.MOVED)
    return _hand_over(post, locked, rest, by, meant)


@action
def reschedule_post(*, post: Post, by: Person, timing: Timing, meant: str = "") -> Post:
    """Another time for what has not gone out; the approval stays, the content is the same."""
    return _move("reschedule", post, by, timing, meant)


@action
def reconfirm_post(*, post: Post, by: Person, timing: Timing, meant: str = "") -> Post:
    """A new time for a post that was too late."""
    return _move("reconfirm", post, by, timing, meant)


@action
def unschedule_post(*, post: Post, by: Person) -> Post:
    """Off the calendar; approved still, so that it can be given another time."""
    locked = lock(post)
    perform(POST_LIFECYCLE, "unschedule", locked, by=by)
    _take_back(locked.variants.all(), by, Trouble.TAKEN_OFF)
    touch(locked)
    return refreshed(post, locked)


@action
def withdraw_post(*, post: Post, by: Person, reason: str) -> Post:
    """The end of this post before it went out."""
    locked = lock(post)
    edge = "call_off" if locked.state in POST_LIFECYCLE["call_off"].sources else "withdraw"
    perform(POST_LIFECYCLE, edge, locked, by=by, details={"reason": reason.strip()} if reason.strip() else {})
    if edge == "call_off":
        _take_back(locked.variants.all(), by, Trouble.CALLED_OFF)
    void(thing=locked, reason=VoidReason.WITHDRAWN)
    settle_cards(locked, late=None)
    touch(locked)
    return refreshed(post, locked)


@action
def expire_overdue(*, post: Post) -> Post:
    """An approved post whose planned time has passed without anybody scheduling it: a person gives it a new one."""
    locked = lock(post)
    if locked.state != PostState.APPROVED or not locked.is_late(database_now()):
        raise Conflict(locked, "expire")
    perform(POST_LIFECYCLE, "expire", locked, by=None)
    touch(locked)
    return refreshed(post, locked)


def _move(edge: str, post: Post, by: Person, timing: Timing, meant: str) -> Post:
    locked = lock(post)
    columns = _plan(locked, timing)
    perform(POST_LIFECYCLE, edge, locked, by=by, changes=columns, details=_time_details(locked, columns))
    rest = rest_to_send(locked)
    _take_back(rest, by, Trouble.MOVED)
    return _hand_over(post, locked, rest, by, meant)


def _plan(post: Post, timing: Timing) -> dict[str, Any]:
    if timing.wall_time is None:
        raise Refused(_("Choose a date and time."), field="wall_time")
    columns = timing.columns()
    due_at: Any = columns["due_at"]
    if due_at <= database_now():
        raise Refused(_("This time has passed. Choose a later one."), field="wall_time")
    return columns


def _time_details(post: Post, columns: dict[str, Any]) -> dict[str, Any]:
    told = {"wall_time": columns["wall_time"].isoformat(), "zone": columns["zone"], "due_at": _utc(columns["due_at"])}
    return told | ({"due_before": _utc(post.due_at)} if post.due_at else {})


def _utc(moment: Any) -> str:
    return str(moment.astimezone(UTC).isoformat())


def _take_back(variants: Iterable[Variant], by: Person, reason: Trouble) -> None:
    """What stands in line for `variants` leaves it."""
    cancel_deliveries(origin_kind=ORIGIN, origin_ids=[one.pk for one in variants], by=by, reason=reason)


def _hand_over(post: Post, locked: Post, variants: list[Variant], by: Person, meant: str) -> Post:
    assert locked.due_at is not None
    if not variants:
        raise Refused(NOTHING_LEFT)
    for variant in variants:
        variant.post = locked
    made = schedule_deliveries(
        messages=[Message(variant.account, variant.pk, variant.frozen()[0]) for variant in variants],
        message_unit=locked.unit,
        origin_kind=ORIGIN,
        due_at=locked.due_at,
        by=by,
        meant=meant,
    )
    if made[0].beside:
        audit.record(verb=MEANT, thing=locked, by=by, beside=made[0].beside)
    know_time(thing=locked, due_at=locked.due_at, by=by)
    touch(locked)
    return refreshed(post, locked)
