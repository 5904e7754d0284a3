"""The names that LinkedIn gives to things, and the addresses at which people see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

POST = re.compile(r"urn:li:(?:share|ugcPost):\d{1,25}")
ACTIVITY = re.compile(r"urn:li:activity:\d{1,25}")
# The comment names what it hangs below in a long form to programs and in a short one to people.
COMMENT = re.compile(r"urn:li:comment:\((?:urn:li:)?(activity|share|ugcPost):(\d{1,25}),(\d{1,25})\)")
UPDATE_PATH = re.compile(r"/feed/update/(urn:li:(?:share|ugcPost|activity):\d{1,25})/?")
POSTS_PATH = re.compile(r"/posts/[^/]*[_-](share|ugcPost|activity)-(\d{1,25})(?:-[\w-]*)?/?")


@dataclass(frozen=True, slots=True)
class CommentUrn:
    """A comment by what it hangs below (`object`, a post's or an activity's URN) and its own number."""

    object: str
    number: str

    def __str__(self) -> str:
        return f"urn:li:comment:({self.object},{self.number})"


def encoded(urn: str) -> str:
    """`urn` as a part of a path or of a query, where the API reads colons and brackets as its own."""
    return quote(urn, safe="")


def listed(urns: list[str]) -> str:
    """Several URNs as one value of a query."""
    return f"List({','.join(map(encoded, urns))})"


def comment_urn(urn: str) -> CommentUrn | None:
    """The parts of a comment's URN, in either form; None where it is none."""
    found = COMMENT.fullmatch(urn)
    return CommentUrn(f"urn:li:{found[1]}:{found[2]}", found[3]) if found else None


def address(urn: str, site: str) -> str:
    """Where people see the post or the comment `urn`, on the site with the origin `site`; empty for anything else."""
    comment = comment_urn(urn)
    if comment:
        short = f"urn:li:comment:({comment.object.removeprefix('urn:li:')},{comment.number})"
        return f"{site}/feed/update/{comment.object}/?commentUrn={quote(short, safe='')}"
    return f"{site}/feed/update/{urn}/" if POST.fullmatch(urn) or ACTIVITY.fullmatch(urn) else ""


def named_at(url: str, site: str) -> str:
    """The URN of the post, activity or comment that people see at `url`; empty where that is none of the site's."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    hosts = {urlsplit(site).netloc.casefold()}
    hosts |= {host.removeprefix("www.") for host in hosts}
    if parts.scheme not in ("http", "https") or parts.netloc.casefold() not in hosts:
        return ""
    query = parse_qs(parts.query)
    for name in ("replyUrn", "commentUrn"):
        comment = comment_urn(query.get(name, [""])[0])
        if comment:
            return str(comment)
    update, post = UPDATE_PATH.fullmatch(parts.path), POSTS_PATH.fullmatch(parts.path)
    if update:
        return update[1]
    return f"urn:li:{post[1]}:{post[2]}" if post else ""
