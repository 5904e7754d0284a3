"""What of roles ends, and is told before: a role with an end, and what nobody confirms in an access review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notices.enums import Urgency
from notices.kinds import About, Kind
from notices.queries.people import holders
from organisation.access_review import LineState, ReviewState
from organisation.enums import Permission
from organisation.models import AccessReview, Grant, Person, ReviewLine
from organisation.queries.reviews import answerable
from organisation.roles import ROLES
from organisation.sentences import Sentence

ADMINISTRATORS = frozenset({Permission.PERSON_MANAGE})
GRANT_TOLD = timedelta(days=14)
REVIEW_TOLD = timedelta(days=3)


# ---- A role ends -----------------------------------------------------------------------------------------------------
def ending_grants() -> QuerySet[Grant]:
    """Of active people, in force, with an end within a fortnight."""
    found = Grant.objects.in_force().filter(until__lte=Now() + GRANT_TOLD, person__is_active=True)
    return found.select_related("unit", "person__unit")


def _key(grant: Grant) -> str:
    """Another one where it was prolonged, and ends again."""
    assert grant.until is not None
    return f"{grant.pk}:{grant.until.timestamp():.0f}"


def _ending() -> Iterator[tuple[str, int]]:
    return ((_key(grant), grant.pk) for grant in ending_grants().order_by("pk"))


def _about_ending(pk: int) -> About | None:
    """To who can prolong it, but its holder."""
    grant = ending_grants().filter(pk=pk).first()
    if grant is None:
        return None
    return About(
        key=_key(grant),
        words=Sentence(_("A role of %(person)s ends soon: prolong it, or let it end."), person=grant.person.name),
        url=reverse("organisation:person_detail", args=[grant.person_id]),
        unit=grant.unit,
        sees=Permission.PERSON_VIEW,
        people=[one for one in holders(Permission.PERSON_MANAGE, grant.unit) if one.pk != grant.person_id],
        due_at=grant.until,
    )


def _about_mine(pk: int) -> About | None:
    """To its holder, who sees it by that very role."""
    grant = ending_grants().filter(pk=pk).first()
    if grant is None or grant.role not in ROLES:
        return None
    return About(
        key=_key(grant),
        words=Sentence(_("A role of yours in %(unit)s ends soon."), unit=grant.unit.name),
        url=reverse("organisation:my_rights"),
        unit=grant.unit,
        sees=min(ROLES[grant.role].permissions),
        people=[grant.person],
        due_at=grant.until,
    )


# ---- An access review waits ------------------------------------------------------------------------------------------
def _running(within: timedelta | None = None) -> QuerySet[AccessReview]:
    """With a line that is still open."""
    found = AccessReview.objects.filter(state=ReviewState.RUNNING, due_at__gt=Now()).select_related("unit")
    found = found.filter(pk__in=ReviewLine.objects.filter(state=LineState.OPEN).values("review"))
    return found if within is None else found.filter(due_at__lte=Now() + within)


def _reviewers(review: AccessReview) -> list[Person]:
    """Administrators who may answer at least one line that is open."""
    lines = ReviewLine.objects.filter(review=review, state=LineState.OPEN)
    units = {line.grant.unit_id: line.grant.unit for line in lines.select_related("grant__unit")}
    people = {one.pk: one for unit in units.values() for one in holders(Permission.PERSON_MANAGE, unit)}
    return [one for one in people.values() if answerable(one).filter(review=review).exists()]


def _reviews() -> Iterator[tuple[str, int]]:
    return ((str(pk), pk) for pk in _running().order_by("pk").values_list("pk", flat=True))


def _about_review(pk: int) -> About | None:
    review = _running().filter(pk=pk).first()
    words = _("The access review of %(unit)s has begun: confirm the roles that are still needed.")
    return None if review is None else _told(review, Sentence(words, unit=review.unit.name))


def _late_reviews() -> Iterator[tuple[str, int]]:
    return ((str(pk), pk) for pk in _running(REVIEW_TOLD).order_by("pk").values_list("pk", flat=True))


def _about_late_review(pk: int) -> About | None:
    review = _running(REVIEW_TOLD).filter(pk=pk).first()
    words = _("The access review of %(unit)s ends soon: what nobody has confirmed by then lapses.")
    return None if review is None else _told(review, Sentence(words, unit=review.unit.name))


def _told(review: AccessReview, words: Sentence) -> About:
    return About(
        key=str(review.pk),
        words=words,
        url=review.get_absolute_url(),
        unit=review.unit,
        sees=Permission.PERSON_VIEW,
        people=_reviewers(review),
        due_at=review.due_at,
        reaches_down=True,
    )


KINDS = (
    Kind("grant_ends", _("A role of somebody ends soon"), Urgency.TO_KNOW, _ending, _about_ending, ADMINISTRATORS),
    Kind("my_grant_ends", _("A role of mine ends soon"), Urgency.TO_KNOW, _ending, _about_mine, is_personal=True),
    Kind("access_review", _("An access review waits"), Urgency.TO_KNOW, _reviews, _about_review, ADMINISTRATORS),
    Kind(
        "access_review_ends",
        _("An access review ends soon"),
        Urgency.SOON,
        _late_reviews,
        _about_late_review,
        ADMINISTRATORS,
    ),
)
