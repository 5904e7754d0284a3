"""A page of what LinkedIn tells asks for as much as a claim on the stream leaves time for."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from networks.errors import Gone, NetworkError, Unavailable
from networks.linkedin.inbox import Inbox


def told_of_ours(number: int, at: int) -> dict:
    entity = f"urn:li:comment:(urn:li:activity:5,{number})"
    comment = {"entity": entity, "owner": "urn:li:organization:1", "text": "Oui"}
    return {
        "organizationalEntity": "urn:li:organization:1",
        "action": "ADMIN_COMMENT",
        "lastModifiedAt": at,
        "sourcePost": "urn:li:activity:5",
        "generatedActivity": entity,
        "decoratedGeneratedActivity": {"comment": comment},
    }


@pytest.mark.parametrize("apart", [1000, 0], ids=["one after the other", "all in one moment"])
@pytest.mark.parametrize("fails", [None, Gone(), Unavailable()], ids=["told", "gone", "away"])
def test_a_page_of_our_own_answers_asks_for_a_few_of_them_and_the_next_goes_on(
    apart: int, fails: NetworkError | None
) -> None:
    """What each stands below is a question of its own, and a claim on a stream does not last for fifty."""
    newest = 1_790_000_000_000
    told = [told_of_ours(number, newest - number * apart) for number in range(60)]
    asked: list[str] = []

    class Rest:
        def get(self, path: str, query: str = "", *, finder: bool = False) -> dict:
            if "/comments/" not in path:
                start, end = [int(re.findall(rf"{name}[:=](\d+)", query)[0]) for name in ("&start", "end")]
                return {"elements": [one for one in told if one["lastModifiedAt"] < end][start : start + 50]}
            asked.append(path)
            if fails:
                raise fails
            number = path.rpartition("/")[2]
            return {
                "commentUrn": f"urn:li:comment:(urn:li:activity:5,{number})",
                "parentComment": "urn:li:comment:(urn:li:activity:5,900)",
                "actor": "urn:li:organization:1",
                "message": {"text": "Oui"},
                "created": {"time": newest},
            }

    inbox = Inbox(Rest(), "urn:li:organization:1", "https://x.example", lambda: datetime.now(UTC))
    found: dict[str, str] = {}
    older, pages = "", 0
    while older or not pages:
        before, pages = len(asked), pages + 1
        page = inbox.page("", older)
        assert len(asked) - before <= 10
        found |= {item.ref.id: item.parent.id for item in page.items if item.parent}
        older = page.older
        assert pages < 20
    below = "urn:li:activity:5" if fails else "urn:li:comment:(urn:li:activity:5,900)"
    assert found == {f"urn:li:comment:(urn:li:activity:5,{number})": below for number in range(60)}
