"""X's text as it comes back, and whether it is what we sent.

It comes with `&`, `<` and `>` written as in HTML, with every address shortened, with the names of those who are
answered before it, and with an address of its own for the media behind it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from networks.markup import unescaped
from networks.sameness import comparable

Json = Mapping[str, Any]

NOTE = ("note_tweet", "note_post")  # the old name and the new one
LEADING_NAMES = re.compile(r"^(?:@\w{1,15}\s+)+")


def shown(tweet: Json) -> str:
    """The words of a tweet as their author wrote them. A long one keeps its whole text in a note of its own."""
    told = next((tweet[name] for name in NOTE if tweet.get(name)), tweet)
    text = str(told.get("text") or "")
    urls = [url for url in (told.get("entities") or {}).get("urls") or () if isinstance(url, dict)]
    for url in urls:
        short = str(url.get("url") or "")
        if short and _is_medium(url):
            text = text.replace(short, "").rstrip()
        elif short and url.get("expanded_url"):
            text = text.replace(short, str(url["expanded_url"]).replace("&", "&amp;"))
    return unescaped(text)


def same_words(ours: str, theirs: str, *, is_reply: bool) -> bool:
    """Whether the text that we sent and the one read back are one message."""
    mine, yours = comparable(ours), comparable(theirs)
    return mine == yours or (is_reply and mine == LEADING_NAMES.sub("", yours))


def _is_medium(url: Json) -> bool:
    return bool(url.get("media_key"))
