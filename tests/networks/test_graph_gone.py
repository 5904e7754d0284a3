"""Graph tells of what was deleted in the words in which it tells of what a token may not see any more: it is held for
gone only where the list on which it would stand is shown to us, and does not show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from networks.errors import Invalid, PermissionMissing
from networks.types import PostRef
from tests.networks.loopback import Asked, Reply, answer, serve
from tests.networks.subjects.facebook import SUBJECT as FACEBOOK
from tests.networks.subjects.facebook import refused
from tests.networks.subjects.instagram import SUBJECT as INSTAGRAM

Told = dict[str, Any]
COMMENT = PostRef("501_9", "https://www.facebook.com/7/posts/501/?comment_id=9")
BELOW, FEED, TAGGED = "/7_501/comments", "/7/feed", "/7/tagged"
IG_COMMENT = PostRef("9", "https://www.instagram.com/p/x1/c/9/")
MEDIA, IG_BELOW, TAGS = "/178417/media", "/1/comments", "/178417/tags"
PUBLISHED = [{"id": "1", "permalink": "https://www.instagram.com/p/x1/"}]


def script(lists: Told) -> Callable[[Asked], Reply]:
    """Shows these lists, and says of all else that it is not there, or not for us."""

    def play(asked: Asked) -> Reply:
        found = next((told for place, told in lists.items() if asked.path.endswith(place)), None)
        if found is None:
            return answer(refused("does not exist, cannot be loaded due to missing permissions", error_subcode=33), 400)
        return answer({"data": found}) if isinstance(found, list) else answer(found, 403)

    return play


NO_RIGHT = refused("(#200) Requires pages_read_user_content permission", 200)


@pytest.mark.parametrize(
    ("ref", "lists", "is_gone"),
    [
        (COMMENT, {BELOW: [{"id": "501_8"}]}, True),
        (COMMENT, {BELOW: []}, True),
        (COMMENT, {BELOW: [{"id": "501_9"}]}, False),
        (COMMENT, {BELOW: NO_RIGHT, FEED: []}, False),
        (COMMENT, {FEED: [{"id": "7_502"}]}, True),
        (COMMENT, {FEED: [{"id": "7_501"}]}, False),
        (COMMENT, {}, False),
        (PostRef("7_600"), {FEED: []}, True),
        (PostRef("7_600"), {TAGGED: []}, False),
        (PostRef("8_600"), {TAGGED: []}, True),
        (PostRef("8_600"), {FEED: []}, False),
    ],
)
def test_what_facebook_shows_no_more(ref: PostRef, lists: Told, is_gone: bool) -> None:
    with serve(script(lists)) as server:
        if is_gone:
            assert FACEBOOK.connector(server).fetch(ref) is None
        else:
            with pytest.raises(PermissionMissing):
                FACEBOOK.connector(server).fetch(ref)


@pytest.mark.parametrize(
    ("ref", "lists", "is_gone"),
    [
        (IG_COMMENT, {MEDIA: PUBLISHED, IG_BELOW: []}, True),
        (IG_COMMENT, {MEDIA: PUBLISHED, IG_BELOW: [{"id": "9"}]}, False),
        (IG_COMMENT, {MEDIA: PUBLISHED, IG_BELOW: NO_RIGHT}, False),
        (IG_COMMENT, {MEDIA: PUBLISHED}, False),
        (IG_COMMENT, {MEDIA: []}, True),
        (IG_COMMENT, {MEDIA: [{"odd": 1}]}, False),
        (IG_COMMENT, {TAGS: []}, False),
        (PostRef("5"), {TAGS: []}, True),
        (PostRef("5"), {MEDIA: []}, False),
    ],
)
def test_what_instagram_shows_no_more(ref: PostRef, lists: Told, is_gone: bool) -> None:
    with serve(script(lists)) as server:
        if is_gone:
            assert INSTAGRAM.connector(server).fetch(ref) is None
        else:
            with pytest.raises(PermissionMissing):
                INSTAGRAM.connector(server).fetch(ref)


def test_what_instagram_cannot_show_as_it_is_asked_for_is_there() -> None:
    wrong = refused("(#100) Tried accessing nonexisting field (text) on node type")
    with serve(lambda _asked: answer(wrong, 400)) as server, pytest.raises(Invalid):
        INSTAGRAM.connector(server).fetch(IG_COMMENT)
