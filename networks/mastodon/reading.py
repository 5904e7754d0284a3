"""From Mastodon's JSON to the port's values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from networks.addresses import taken_apart
from networks.answers import parts_of
from networks.facts import end, inner, length, whole
from networks.mastodon.text import plain
from networks.types import (
    Attachment,
    Audience,
    Author,
    FoundAccount,
    Identity,
    Incoming,
    Kind,
    Measure,
    Metric,
    Poll,
    PostRef,
)

Json = Mapping[str, Any]

_LINK = re.compile(r'href="(https?://[^"]{1,500})"')
FIRST_YEAR = 2016  # of Mastodon
STATUS_ID = re.compile(r"(?=[A-Za-z]*[0-9])[0-9A-Za-z]{1,64}", re.ASCII)

# As the server's own pages write it, for one reader or another, and as the status names itself to other servers.
STATUS_PATH = re.compile(
    r"/(?:(?:web|deck)/)?(?:@[^/]+(?:/(?:statuses|posts))?|(?:users/[^/]+/)?statuses)/([0-9A-Za-z]{1,64})/?"
)


# `limited`, `mutuals_only`, `local` and what else a server has are none of ours: who sees such a message is not known.
AUDIENCES = {
    "public": Audience.PUBLIC,
    "unlisted": Audience.UNLISTED,
    "private": Audience.FOLLOWERS,
    "direct": Audience.DIRECT,
}
VISIBILITIES = {audience: word for word, audience in AUDIENCES.items()}
ATTACHMENTS = {"image": "picture", "gifv": "video", "video": "video", "audio": "audio"}


def read_ref(status: Json) -> PostRef:
    """Where a status is; ValueError where the answer is JSON but no status."""
    url = status.get("url") or status.get("uri")
    if not status.get("id") or not url:
        raise ValueError("not a status")
    return PostRef(id=str(status["id"]), url=str(url))


def read_upload(told: Any) -> Json:
    """A file as the server keeps it; ValueError where the answer is JSON but no file."""
    if not isinstance(told, Mapping) or not told.get("id"):
        raise ValueError("not an upload")
    return told


def status_place(url: str, base_url: str) -> tuple[str, bool]:
    """The id of the status that a server shows at `url`, and whether it is the server `base_url`; no id where `url` is
    no status's address."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return "", False
    found = STATUS_PATH.fullmatch(parts.path)
    if not found or parts.scheme not in ("http", "https") or not parts.netloc:
        return "", False
    return found.group(1), parts.netloc.casefold() == urlsplit(base_url).netloc.casefold()


def same_address(url: str, status: Json) -> bool:
    """Whether `url` is one of those by which a server knows `status`."""
    known = {_bare(str(status.get(name) or "")) for name in ("url", "uri")} - {""}
    return _bare(url) in known


def _bare(url: str) -> str:
    parts = taken_apart(url)
    return f"{parts.netloc.casefold()}{parts.path.rstrip('/')}" if parts.netloc else ""


def read_identity(account: Json) -> Identity:
    """Who an account is; ValueError where the answer is JSON but no account."""
    if not account.get("id") or not account.get("acct"):
        raise ValueError("not an account")
    name = account.get("display_name") or account["acct"]
    return Identity(str(account["id"]), str(account["acct"]), str(name), str(account.get("url") or ""))


def read_status(status: Json, kind: Kind, *, filtered: bool = False) -> Incoming:
    """A status as a message. `created_at` is the server's own time."""
    parent = status.get("in_reply_to_id")
    hidden = status.get("sensitive") is True
    return Incoming(
        ref=read_ref(status),
        kind=kind,
        author=read_author(status["account"]),
        text=plain(str(status.get("content") or "")),
        created_at=read_instant(status["created_at"]),
        language=str(status.get("language") or ""),
        parent=PostRef(id=str(parent)) if parent else None,
        told=tuple(str(mention["id"]) for mention in parts_of(status, "mentions") if mention.get("id")),
        audience=read_audience(status),
        warning=str(status.get("spoiler_text") or ""),
        attachments=tuple(read_attachment(found, hidden) for found in parts_of(status, "media_attachments")),
        poll=read_poll(status.get("poll")),
        filtered=filtered,
    )


def answered_by(status: Json) -> str | None:
    """The id of the status that a status answers, empty where it answers none; None where that is not said.

    The library makes words of whatever stands there.
    """
    told = status.get("in_reply_to_id")
    if told is None or told == "":
        return ""
    return str(told) if STATUS_ID.fullmatch(str(told)) else None


def read_audience(status: Json) -> Audience | None:
    return AUDIENCES.get(str(status.get("visibility") or ""))


def read_attachment(told: Json, sensitive: bool = False) -> Attachment:
    url = told.get("url") or told.get("remote_url") or told.get("preview_url") or ""
    kind = ATTACHMENTS.get(str(told.get("type")), "file")
    size = inner(inner(told, "meta"), "original")
    return Attachment(
        kind,
        str(url),
        str(told.get("description") or ""),
        preview=str(told.get("preview_url") or "") if kind == "video" else "",
        sensitive=sensitive,
        width=whole(size.get("width")),
        height=whole(size.get("height")),
        seconds=length(size.get("duration")),
    )


def read_poll(told: Any) -> Poll | None:
    options = parts_of(told, "options") if isinstance(told, dict) else []
    if not options:
        return None
    votes = tuple(whole(one.get("votes_count"), least=0) for one in options)
    return Poll(tuple(str(one.get("title") or "") for one in options), votes, end(told.get("expires_at")))


def names_of(status: Json) -> frozenset[str]:
    """The handles of a status's author and of whom it names: those who see it, where it is for nobody else."""
    people = [status["account"], *(status.get("mentions") or ())]
    return frozenset(str(person["acct"]).casefold() for person in people)


def read_author(account: Json) -> Author:
    return Author(
        id=str(account["id"]),
        handle=str(account["acct"]),
        name=str(account.get("display_name") or ""),
        url=str(account.get("url") or ""),
    )


def read_found(account: Json) -> FoundAccount:
    """An account that the search shows; ValueError where it is none."""
    known = read_identity(account)
    said = [str(account.get("note") or ""), *(str(one.get("value") or "") for one in account.get("fields") or ())]
    links = dict.fromkeys(unescape(link) for words in said for link in _LINK.findall(words))
    since = account.get("created_at")
    return FoundAccount(
        known.remote_id, known.handle, known.name, known.url, read_instant(since) if since else None, tuple(links)
    )


def read_instant(value: Any) -> datetime:
    """An aware UTC instant; ValueError where it is none."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def written(status: Json) -> datetime:
    """When a status of ours was written (UTC). ValueError where the answer does not say: the library makes a moment of
    the year 1970 of any figure, and what is so old ends a look for what is new."""
    found = read_instant(status["created_at"])
    if found.year < FIRST_YEAR:
        raise ValueError("no moment")
    return found


ACCOUNT_FIGURES = {"followers_count": Metric.FOLLOWERS, "statuses_count": Metric.POSTS}
STATUS_FIGURES = {
    "favourites_count": Metric.LIKES,
    "reblogs_count": Metric.SHARES,
    "replies_count": Metric.REPLIES,
    "quotes_count": Metric.QUOTES,
}


def read_account_figures(account: Json, at: datetime) -> Iterator[Measure]:
    yield from _figures(account, ACCOUNT_FIGURES, subject="", call="verify_credentials", at=at)


def read_status_figures(status: Json, subject: str, at: datetime) -> Iterator[Measure]:
    yield from _figures(status, STATUS_FIGURES, subject=subject, call="statuses", at=at)


def _figures(told: Json, names: Mapping[str, Metric], *, subject: str, call: str, at: datetime) -> Iterator[Measure]:
    for name, metric in names.items():
        if isinstance(told.get(name), int):
            yield Measure(subject, metric, int(told[name]), at, f"mastodon:{call}.{name}")
