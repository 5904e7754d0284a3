"""A page's figures, and those of its posts and comments: one call for many posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from networks.answers import list_of
from networks.errors import Gone
from networks.linkedin.reading import read_share_figures, read_social_figures
from networks.linkedin.rest import Rest
from networks.linkedin.urns import POST, comment_urn, encoded, listed
from networks.types import Measure, Metric

TOGETHER = 20
FOLLOWERS = "firstDegreeSize"


class Figures:
    """What the page `me` is told, as of `at`."""

    def __init__(self, rest: Rest, me: str, at: datetime) -> None:
        self._rest = rest
        self._me = me
        self._at = at

    def all(self, urns: Sequence[str]) -> tuple[Measure, ...]:
        """Of the page, and of those of `urns` that are there."""
        posts = [urn for urn in urns if POST.fullmatch(urn)]
        comments = [urn for urn in urns if comment_urn(urn)]
        return (*self._page(), *self._posts(posts), *self._comments(comments))

    def _page(self) -> Iterator[Measure]:
        size = self._rest.get(f"/rest/networkSizes/{encoded(self._me)}", "edgeType=COMPANY_FOLLOWED_BY_MEMBER")
        if isinstance(size.get(FOLLOWERS), int):
            source = f"linkedin:networkSizes.{FOLLOWERS}"
            yield Measure("", Metric.FOLLOWERS, int(size[FOLLOWERS]), self._at, source)
        for element in self._statistics(""):
            yield from read_share_figures(element, "", self._at)

    def _posts(self, urns: Sequence[str]) -> Iterator[Measure]:
        for noun, name in (("share", "shares"), ("ugcPost", "ugcPosts")):
            ours = [urn for urn in urns if urn.startswith(f"urn:li:{noun}:")]
            for start in range(0, len(ours), TOGETHER):
                for element in self._statistics(f"&{name}={listed(ours[start : start + TOGETHER])}"):
                    if element.get(noun) in ours:
                        yield from read_share_figures(element, str(element[noun]), self._at)

    def _statistics(self, which: str) -> list[dict[str, object]]:
        query = f"q=organizationalEntity&organizationalEntity={encoded(self._me)}{which}"
        return list_of(self._rest.get("/rest/organizationalEntityShareStatistics", query, finder=True), "elements")

    def _comments(self, urns: Sequence[str]) -> Iterator[Measure]:
        for urn in urns:
            try:
                told = self._rest.get(f"/rest/socialActions/{encoded(urn)}")
            except Gone:
                continue
            yield from read_social_figures(told, urn, self._at)
