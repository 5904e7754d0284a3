"""From X's JSON to the port's values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from networks.answers import parts_of
from networks.errors import Invalid
from networks.facts import end, inner, length, whole
from networks.looking import said
from networks.paging import as_instant
from networks.types import (
    Attachment,
    Audience,
    Author,
    Identity,
    Incoming,
    Kind,
    Measure,
    Metric,
    Poll,
    PostRef,
)
from networks.x.text import NOTE, shown

Json = Mapping[str, Any]

TWEET_FIELDS = (
    "attachments",
    "author_id",
    "conversation_id",
    "created_at",
    "entities",
    "in_reply_to_user_id",
    "lang",
    "note_tweet",
    "possibly_sensitive",
    "referenced_tweets",
)
EXPANSIONS = ("author_id", "attachments.media_keys", "attachments.poll_ids")
MEDIA_FIELDS = ("alt_text", "duration_ms", "height", "preview_image_url", "type", "url", "width")
POLL_FIELDS = ("end_datetime", "options")
MEDIA_KINDS = {"photo": "picture", "video": "video", "animated_gif": "video"}
TWEET_PATH = re.compile(r"/(?:i/web|i|[A-Za-z0-9_]{1,30})/status(?:es)?/([0-9]{1,19})(?:/(?:photo|video)/\d+)?/?")
OLD_HOSTS = frozenset({"x.com", "twitter.com"})
SUBDOMAINS = ("www.", "mobile.", "m.")
# Ids are times: milliseconds since this instant (in milliseconds since 1970), above 22 bits.
FIRST_ID_MS = 1_288_834_974_657
ID_BITS = 22
LONGEST_ID = 20  # figures
OWN = "|"  # in a mark of the inbox: behind it stands how far our own messages were read
# Each under its old name and its new one.
REFERENCED = ("referenced_tweets", "referenced_posts")
# How one message refers to another. X has renamed much: by a way that is none of these, nobody knows.
WAYS = ("replied_to", "quoted", "retweeted", "reposted")
HISTORY = ("edit_history_tweet_ids", "edit_history_post_ids")
NO_LANGUAGE = frozenset({"und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"})


class Site:
    """The pages that people see, for one account's server."""

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def post(self, identifier: str) -> str:
        """An address that outlives a change of handle."""
        return f"{self.origin}/i/status/{identifier}"

    def profile(self, handle: str) -> str:
        return f"{self.origin}/{handle}"

    def post_id(self, url: str) -> str:
        """The id of the message that people see at `url`; empty where that is no message's address."""
        try:
            parts = urlsplit(url.strip())
            host = parts.netloc.casefold()
        except ValueError:
            return ""
        for start in SUBDOMAINS:
            host = host.removeprefix(start)
        home = urlsplit(self.origin).netloc.casefold()
        here = host == home or (home in OLD_HOSTS and host in OLD_HOSTS)
        found = TWEET_PATH.fullmatch(parts.path)
        return found[1] if found and here and parts.scheme in ("http", "https") else ""


def read_ref(told: Json, site: Site) -> PostRef:
    """Where a message is; ValueError where the answer is JSON but no message."""
    identifier = str((told.get("data") or {}).get("id") or "")
    if not is_id(identifier):
        raise ValueError("not a message")
    return PostRef(identifier, site.post(identifier))


def read_deleted(told: Json) -> bool:
    """Whether a message was deleted; ValueError where the answer does not say."""
    deleted = told["data"].get("deleted")
    if not isinstance(deleted, bool):
        raise ValueError("deleted or not?")
    return deleted


def read_identity(told: Json, site: Site) -> Identity:
    """Who the credentials belong to; ValueError where the answer is JSON but no user."""
    user = told.get("data") or {}
    if not user.get("id") or not user.get("username"):
        raise ValueError("not a user")
    handle = str(user["username"])
    return Identity(str(user["id"]), handle, str(user.get("name") or handle), site.profile(handle))


def read_items(told: Json) -> list[Json]:
    """The messages of a list; none where the answer says that there are none. ValueError where it does not say."""
    found = told.get("data")
    if isinstance(found, list):
        return found
    if found is None and (told.get("meta") or {}).get("result_count") == 0:
        return []
    raise ValueError("not a list")


def returned(told: Json) -> tuple[int, int]:
    """How many messages and people an answer shows, those beside what was asked for included: X may charge for all."""
    data, beside = told.get("data"), inner(told, "includes")
    listed = len(data) if isinstance(data, list) else bool(data)
    return listed + len(parts_of(beside, "tweets") or parts_of(beside, "posts")), len(parts_of(beside, "users"))


def next_page(told: Json) -> str:
    return str((told.get("meta") or {}).get("next_token") or "")


def mark(tweets: Sequence[Json]) -> str:
    """Where a list was read to: the highest id on it, and that message's time. Empty where nothing has an id."""
    known = [tweet for tweet in tweets if isinstance(tweet, Mapping) and is_id(tweet.get("id"))]
    if not known:
        return ""
    newest = max(known, key=lambda tweet: int(tweet["id"]))
    try:
        at = read_instant(newest)
    except (ValueError, OverflowError):  # of one message, which cannot be read: the others can
        at = read_instant({"id": newest["id"]})
    return f"{newest['id']}@{at.isoformat()}"


@dataclass(frozen=True, slots=True)
class Marks:
    """A mark of the inbox: how far the mentions were read (an instant for a look back), and our own messages."""

    theirs: str = ""
    ours: str = ""

    @classmethod
    def read(cls, since: str) -> Marks:
        theirs, _, ours = since.partition(OWN)
        return cls(theirs, ours)

    def moved(self, theirs: Sequence[Json], ours: Sequence[Json]) -> str:
        """Behind what was read now."""
        own = mark(ours) or self.ours
        return (mark(theirs) or self.theirs) + (f"{OWN}{own}" if own else "")


def bounds(since: str, *, not_before: datetime | None = None) -> dict[str, Any]:
    """The parameters that ask for what came after a `mark`, or from an instant on; none where that lies before what
    the network can be asked for. `Invalid` for anything else."""
    identifier, _, told = since.partition("@")
    at = as_instant(told or since)
    if since and (at is None or (told and not is_id(identifier))):
        raise Invalid("since", "neither a mark nor an instant")
    if at is None or (not_before and at < not_before):
        return {}
    return {"since_id": identifier} if told else {"start_time": at}


def read_tweet(
    tweet: Json, people: Mapping[str, Author], kind: Kind, site: Site, beside: Json | None = None
) -> Incoming:
    """A message, with its author as the answer's own list of `people` shows them, and with what hangs at it as the
    answer brings it along (`beside`, its `includes`).

    An edit gives it another id; it goes by its first one, so that it stays one message.
    """
    identifier, author = versions(tweet)[0], str(tweet.get("author_id") or "")
    parent = _referenced(tweet, "replied_to")
    root = str(tweet.get("conversation_id") or "")
    language = str(tweet.get("lang") or "")
    return Incoming(
        ref=PostRef(identifier, site.post(identifier)),
        kind=kind,
        author=people.get(author) or Author(author, ""),
        text=shown(tweet),
        created_at=read_instant(tweet),
        language="" if language in NO_LANGUAGE else language,
        parent=PostRef(parent, site.post(parent)) if parent else None,
        root=PostRef(root, site.post(root)) if root and root != identifier else None,
        told=tuple(dict.fromkeys(_addressee_ids(tweet))),
        audience=_audience(people.get(author)),
        attachments=tuple(_attachments(tweet, beside)),
        poll=_poll(tweet, beside),
    )


def _attachments(tweet: Json, beside: Any) -> Iterator[Attachment]:
    known = {str(one.get("media_key")): one for one in parts_of(beside, "media")} if isinstance(beside, dict) else {}
    for one in (known[key] for key in _keys(tweet, "media_keys") if key in known):
        yield Attachment(
            MEDIA_KINDS.get(str(one.get("type")), "file"),
            str(one.get("url") or ""),
            str(one.get("alt_text") or ""),
            preview=str(one.get("preview_image_url") or ""),
            sensitive=tweet.get("possibly_sensitive") is True,
            width=whole(one.get("width")),
            height=whole(one.get("height")),
            seconds=length(one.get("duration_ms"), of=1000),
        )


def _poll(tweet: Json, beside: Any) -> Poll | None:
    keys, told = _keys(tweet, "poll_ids"), parts_of(beside, "polls") if isinstance(beside, dict) else []
    found = next((one for one in told if str(one.get("id")) in keys), {})
    options = sorted(parts_of(found, "options"), key=lambda one: whole(one.get("position")) or 0)
    if not options:
        return None
    votes = tuple(whole(one.get("votes"), least=0) for one in options)
    return Poll(tuple(str(one.get("label") or "") for one in options), votes, end(found.get("end_datetime")))


def _keys(tweet: Json, name: str) -> list[str]:
    found = inner(tweet, "attachments").get(name)
    return [str(one) for one in found] if isinstance(found, list) else []


def _audience(author: Author | None) -> Audience | None:
    """Who sees what somebody writes; None where the answer does not show them."""
    if author is None:
        return None
    return Audience.FOLLOWERS if author.protected else Audience.PUBLIC


def read_people(told: Json, site: Site) -> dict[str, Author]:
    """Everybody whom the answer shows beside its messages, by id."""
    users = parts_of(inner(told, "includes"), "users")
    return {
        str(user["id"]): Author(
            str(user["id"]),
            str(user["username"]),
            str(user.get("name") or ""),
            site.profile(str(user["username"])),
            protected=user.get("protected") is True,
        )
        for user in users
        if user.get("id") and user.get("username")
    }


def read_instant(tweet: Json) -> datetime:
    """When a message was written (UTC); its id tells where the answer does not."""
    if tweet.get("created_at"):
        found = datetime.fromisoformat(str(tweet["created_at"]))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return datetime.fromtimestamp(((int(tweet["id"]) >> ID_BITS) + FIRST_ID_MS) / 1000, UTC)


def versions(tweet: Json) -> list[str]:
    """The ids of a message's versions, the oldest first; at least the one that was asked for."""
    told = either(tweet, *HISTORY)
    return list(told) if isinstance(told, list) and told and all(map(is_id, told)) else [str(tweet["id"])]


def is_id(told: object) -> bool:
    return isinstance(told, str) and len(told) <= LONGEST_ID and told.isascii() and told.isdigit()


def answers(tweet: Json, target: str) -> bool | None:
    """Whether a message answers `target` (empty: answers none); None where the answer of the network does not say.

    It names what is answered, and nothing where nothing is: then only a conversation of its own shows that it is first.
    """
    if told := either(tweet, *REFERENCED):
        whole = all(one.get("type") in WAYS and is_id(one.get("id")) for one in told)
        return _referenced(tweet, "replied_to") == target if whole else None
    if tweet.get("conversation_id") in versions(tweet):
        return not target
    begun_elsewhere = is_id(tweet.get("conversation_id")) or is_id(tweet.get("in_reply_to_user_id"))
    return False if begun_elsewhere and not target else None


def has_text(tweet: Json) -> bool:
    return said((either(tweet, *NOTE) or tweet).get("text")) is not None


def either(told: Json, *names: str) -> Any:
    """What stands under the first of `names` that is there: X has renamed some, and answers with either."""
    return next((told[name] for name in names if told.get(name) is not None), None)


def _referenced(tweet: Json, way: str) -> str:
    referenced = (one for name in REFERENCED for one in parts_of(tweet, name))
    return next((str(one["id"]) for one in referenced if one.get("type") == way and is_id(one.get("id"))), "")


def _addressee_ids(tweet: Json) -> Iterator[str]:
    if tweet.get("in_reply_to_user_id"):
        yield str(tweet["in_reply_to_user_id"])
    for mention in parts_of(tweet.get("entities") or {}, "mentions"):
        if is_id(mention.get("id")):
            yield str(mention["id"])


USER_FIGURES = {"followers_count": Metric.FOLLOWERS, "tweet_count": Metric.POSTS, "post_count": Metric.POSTS}
TWEET_FIGURES = {
    "impression_count": Metric.VIEWS,
    "like_count": Metric.LIKES,
    "reply_count": Metric.REPLIES,
    "retweet_count": Metric.SHARES,
    "repost_count": Metric.SHARES,
    "quote_count": Metric.QUOTES,
    "bookmark_count": Metric.SAVES,
}


def read_figures(
    holder: Json, figures: Mapping[str, Metric], subject: str, call: str, at: datetime
) -> Iterator[Measure]:
    """The public counts of a user or a message."""
    told = holder.get("public_metrics") or {}
    seen: set[Metric] = set()
    for name, metric in figures.items():
        if isinstance(told.get(name), int) and metric not in seen:
            seen.add(metric)
            yield Measure(subject, metric, int(told[name]), at, f"x:{call}.public_metrics.{name}")
