"""The dated figures of accounts: one after the other, and as a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts_registry.enums.figure import Measure
from accounts_registry.models import Account, AccountFigure
from organisation.queries import Keyset

LATEST_FIRST = Keyset("", size=50)
POINTS = 120
WIDTH, HEIGHT = 600, 120


@dataclass(frozen=True)
class Series:
    """One measure of an account: its newest figure, and where there are several the line that they make.

    `points`: as SVG has them, in a box of WIDTH by HEIGHT, the newest `POINTS` figures by their days.
    """

    measure: Measure
    newest: AccountFigure
    oldest: AccountFigure
    points: str

    @property
    def change(self) -> int:
        """Since the oldest figure of the line."""
        return self.newest.value - self.oldest.value


def figures_of(account: Account) -> QuerySet[AccountFigure]:
    return AccountFigure.objects.filter(account=account).select_related("noted_by")


def series_of(account: Account) -> Iterator[Series]:
    """One for each measure of which there is a figure."""
    of = Q(account=account)
    for measure in Measure:
        found = list(AccountFigure.objects.filter(of, measure=measure).order_by("-on")[:POINTS])
        if found:
            yield Series(measure, found[0], found[-1], _line(found[::-1]))


def _line(figures: list[AccountFigure]) -> str:
    """From the left, by day; up, by value from nothing."""
    days = max(1, (figures[-1].on - figures[0].on).days)
    top = max(1, *(one.value for one in figures))
    return (
        " ".join(
            f"{(one.on - figures[0].on).days * WIDTH / days:.1f},{HEIGHT - one.value * HEIGHT / top:.1f}"
            for one in figures
        )
        if len(figures) > 1
        else ""
    )
