"""Access reviews: what somebody sees of them, how far they are, and what waits there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from organisation.access_review import LineState, ReviewState
from organisation.enums import Permission
from organisation.models import AccessReview, Delegation, Person, ReviewLine, Unit
from organisation.queries.authority import reaches_beyond, same_hand
from organisation.queries.paging import Keyset
from organisation.queries.units import within
from organisation.queries.waiting import Waiting

LATEST_FIRST = Keyset("started_at", size=30)
IN_ORDER = Keyset("", size=50, newest_first=False)


@dataclass(frozen=True)
class Progress:
    """How many lines stand how, of those that the reader sees."""

    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def answered(self) -> int:
        return self.total - self.counts.get(LineState.OPEN, 0)

    @property
    def rows(self) -> list[tuple[str, int]]:
        """Each state with how many, in the order of the states."""
        return [(str(state.label), self.counts[state]) for state in LineState if self.counts.get(state)]


def visible_reviews(person: Person) -> QuerySet[AccessReview]:
    """Reviews of units whose people the reader sees, and those in which some line is about such a unit."""
    lines = ReviewLine.objects.filter(
        within(person, Permission.PERSON_VIEW, field="grant__unit"), review=OuterRef("pk")
    )
    here = within(person, Permission.PERSON_VIEW)
    return AccessReview.objects.filter(here | Exists(lines)).select_related("unit", "started_by")


def visible_lines(person: Person) -> QuerySet[ReviewLine]:
    """Lines about roles in units whose people the reader sees."""
    seen = ReviewLine.objects.filter(within(person, Permission.PERSON_VIEW, field="grant__unit"))
    return seen.select_related("review__unit", "grant__unit", "grant__person__unit", "grant__given_by", "answered_by")


def with_stand_ins(lines: QuerySet[ReviewLine]) -> QuerySet[ReviewLine]:
    """Each with `grant.stand_ins`: to whom the role is lent, now or soon."""
    lent = Delegation.objects.to_come_or_in_force().select_related("delegate").order_by("begins", "pk")
    return lines.prefetch_related(Prefetch("grant__delegations", queryset=lent, to_attr="stand_ins"))


def progress(person: Person, review: AccessReview) -> Progress:
    found = visible_lines(person).filter(review=review).order_by().values_list("state")
    return Progress(dict(found.annotate(n=Count("pk"))))


def against_answering(person: Person, line: ReviewLine) -> str | None:
    """Why `person`, who administers the unit of the role, does not answer for it; None where they do."""
    if same_hand(person, line.person):
        return _("Nobody confirms or strikes their own role, or that of whom they count as.")
    if reaches_beyond(person, line.person):
        return _(
            "This person holds a role beyond the units that you administer. Ask an administrator who reaches as far."
        )
    return None


def overlapping(unit: Unit) -> QuerySet[AccessReview]:
    """Running reviews of the unit, of one above it, or of one below."""
    above = [unit.path[:end] for end in range(Unit.steplen, len(unit.path) + 1, Unit.steplen)]
    running = AccessReview.objects.filter(state=ReviewState.RUNNING)
    return running.filter(unit__path__in=above) | running.filter(unit__path__startswith=unit.path)


def answerable(person: Person) -> QuerySet[ReviewLine]:
    """Open lines, in time, about roles of others where `person` administers."""
    here = within(person, Permission.PERSON_MANAGE, field="grant__unit")
    open_ = {"state": LineState.OPEN, "review__state": ReviewState.RUNNING, "review__due_at__gt": Now()}
    return ReviewLine.objects.filter(here, **open_).exclude(grant__person=person)


def waiting_for(person: Person) -> Iterator[Waiting]:
    """One line a review, for whoever may answer in it."""
    counts = dict(answerable(person).order_by().values_list("review").annotate(n=Count("pk")))
    for review in AccessReview.objects.filter(pk__in=counts).select_related("unit").order_by("due_at"):
        yield Waiting(
            _("Access review of %(unit)s") % {"unit": review.unit.name},
            _("%(n)d roles wait to be confirmed; what nobody confirms lapses") % {"n": counts[review.pk]},
            reverse("organisation:review_detail", args=[review.pk]),
            _("Go through the roles"),
            due_at=review.due_at,
        )
