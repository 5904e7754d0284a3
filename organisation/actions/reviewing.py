"""Access reviews: started by an administrator, answered by others than the holders; what nobody confirms lapses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation import audit, due, policy
from organisation.access_review import LINE_LIFECYCLE, REVIEW_LIFECYCLE, LineState, ReviewState
from organisation.actions.authority import actor, keep_a_root_administrator, lock_authority
from organisation.actions.grants import revoke_grant
from organisation.actions.transition import perform
from organisation.audit import action
from organisation.clock import database_now, database_today
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import AccessReview, Grant, Person, ReviewLine, Unit
from organisation.queries.authority import holders_beyond
from organisation.queries.reviews import against_answering, overlapping

STARTED = audit.tell("access_review.started", _("%(actor)s started an access review"))
LAPSED = audit.tell("grant.lapsed", _("Nobody confirmed this grant in the access review: it lapsed"))
LONGEST = timedelta(days=366)
AT_ONCE = 200  # lines that lapse in one transaction


@action
def start_review(*, unit: Unit, last_day: date, reason: str, by: Person) -> AccessReview:
    """Each grant in force in `unit` and below becomes a line, to be answered by the end of `last_day` there.

    Not those of people who hold a role beyond the units that `by` administers: from below nobody lets lapse what they
    hold.
    """
    lock_authority()
    by = actor(by)
    policy.require(by, Permission.PERSON_MANAGE, unit)
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    today = database_today(unit.zone)
    if last_day <= today:
        raise Refused(_("Leave the reviewers a day at least: choose a later one."), field="last_day")
    if last_day > today + LONGEST:
        raise Refused(_("An access review lasts a year at most: choose an earlier day."), field="last_day")
    if other := overlapping(unit).select_related("unit").first():
        raise Refused(_("An access review of %(unit)s is running already.") % {"unit": other.unit.name}, field="unit")
    due_at = datetime.combine(last_day + timedelta(days=1), time(), tzinfo=unit.zone)
    review = AccessReview.objects.create(unit=unit, reason=reason.strip(), started_by=by, due_at=due_at)
    held = Grant.objects.in_force().filter(unit__path__startswith=unit.path).exclude(person__in=holders_beyond(by))
    held = held.order_by("unit__path", "person__name", "pk")
    lines = ReviewLine.objects.bulk_create(
        ReviewLine(review=review, grant_id=pk) for pk in held.values_list("pk", flat=True)
    )
    if not lines:
        raise Refused(_("Nobody holds a role there: there is nothing to confirm."), field="unit")
    review.refresh_from_db()
    audit.record(verb=STARTED, thing=review, by=by, reason=reason, due=due_at.isoformat(), lines=len(lines))
    return review


@action
def confirm_line(*, line: ReviewLine, by: Person) -> ReviewLine:
    """The role is still needed, says somebody else than its holder who administers it."""
    by = _reviewer(line, by)
    return perform(LINE_LIFECYCLE, "confirm", line, by=by, changes=_answer(by), details=_told(line))


@action
def strike_line(*, line: ReviewLine, by: Person, reason: str) -> ReviewLine:
    """The role ends now."""
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    by = _reviewer(line, by)
    details = {**_told(line), "reason": reason}
    struck = perform(LINE_LIFECYCLE, "strike", line, by=by, changes=_answer(by, reason), details=details)
    revoke_grant(grant=line.grant, by=by)
    return struck


@action
def call_off_review(*, review: AccessReview, by: Person, reason: str) -> AccessReview:
    """Nothing lapses; what was answered stays so."""
    lock_authority()
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    return perform(REVIEW_LIFECYCLE, "call_off", review, by=actor(by), details={"reason": reason})


def _reviewer(line: ReviewLine, by: Person) -> Person:
    """`by`, who administers the grant, as they stand behind the lock. (Of a line alone the policy does not ask whose
    role it is.)"""
    lock_authority()
    by = actor(by)
    policy.require(by, Permission.PERSON_MANAGE, line.grant)
    return by


def _answer(by: Person, reason: str = "") -> dict[str, Any]:
    return {"answered_by": by, "answered_at": database_now(), "reason": reason.strip()}


def _told(line: ReviewLine) -> dict[str, Any]:
    return {"role": line.grant.role, "person": line.grant.person_id, "review": line.review_id}


@LINE_LIFECYCLE.guard("by_somebody_else_in_time")
def by_somebody_else_in_time(line: ReviewLine, by: Any) -> Iterator[str | Promise]:
    if why := against_answering(by, line):
        yield why
    if line.review.state != ReviewState.RUNNING or line.review.due_at <= database_now():
        yield _("This access review is over.")
    elif not Grant.objects.in_force().filter(pk=line.grant_id).exists():
        yield _("This role has ended meanwhile.")


# ---- What nobody confirmed -------------------------------------------------------------------------------------------
def _due() -> QuerySet[AccessReview]:
    return AccessReview.objects.filter(state=ReviewState.RUNNING, due_at__lte=Now()).order_by("due_at", "pk")


REVIEWS: due.Queue[AccessReview] = due.Queue(due=_due, lease=timedelta(minutes=2))


def end_reviews(*, seconds: float) -> int:
    """Lets lapse what nobody confirmed by the date; how many turns that took. Many workers may run it."""
    return due.work(lambda: REVIEWS.turn(_end), seconds=seconds)


def _end(review: AccessReview) -> None:
    with audit.acting():
        lock_authority()
        held = REVIEWS.hold(review)
        lines = _unanswered(held)
        for line in lines[:AT_ONCE]:
            _close(line)
        if len(lines) <= AT_ONCE:
            perform(REVIEW_LIFECYCLE, "end", held, by=None)
        REVIEWS.release(review)


def _unanswered(review: AccessReview) -> list[ReviewLine]:
    """Younger grants first: where an administrator of the whole has to stay, it is the one of longest standing."""
    rows = ReviewLine.objects.filter(review=review, state=LineState.OPEN).select_related("grant__unit", "grant__person")
    return list(rows.order_by("-grant__given_at", "-pk")[: AT_ONCE + 1])


def _close(line: ReviewLine) -> None:
    in_force = Grant.objects.in_force().filter(pk=line.grant_id)
    if not in_force.exists():
        perform(LINE_LIFECYCLE, "pass", line, by=None, details=_told(line))
        return
    try:
        keep_a_root_administrator(in_force)
    except Refused:
        perform(LINE_LIFECYCLE, "keep", line, by=None, details=_told(line))
        return
    Grant.objects.filter(pk=line.grant_id).update(revoked_at=Now())
    perform(LINE_LIFECYCLE, "lapse", line, by=None, details=_told(line))
    audit.record(verb=LAPSED, thing=line.grant, by=None, role=line.grant.role, person=line.grant.person_id)
