"""The values that cross the port: small, frozen, and free of Django."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AccountRef:
    """One presence on one network, with what is needed to act as it.

    `credentials` never shows in a repr, so that it cannot reach a log or a traceback. `limits` are what the server says
    of itself and `software` what it runs on, as `catalogue.server_facts` found them.
    """

    network: str
    base_url: str
    remote_id: str
    handle: str = ""
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    limits: Mapping[str, int] = field(default_factory=dict)
    software: str = ""


@dataclass(frozen=True, slots=True)
class Captions:
    """The spoken words of a video as a file (WebVTT or SubRip, by its `mime`), in one language."""

    path: Path
    mime: str
    language: str


@dataclass(frozen=True, slots=True)
class Media:
    """A local file to send along; `alt` is empty only where it is `decorative`.

    `url` is a public address of the same bytes, for a network that fetches them itself. `seconds` is a video's length,
    where known.
    """

    path: Path
    mime: str
    alt: str = ""
    decorative: bool = False
    url: str = ""
    captions: tuple[Captions, ...] = ()
    seconds: float | None = None

    @property
    def is_video(self) -> bool:
        return self.mime.startswith("video/")


class Part(enum.StrEnum):
    """What belongs to a message but reaches the network by a call of its own, after the message is out."""

    CAPTIONS = "captions"


@dataclass(frozen=True, slots=True)
class Lack:
    """A part that a message of ours is out without, or as far as we could make sure of; in which language."""

    part: Part
    language: str


@dataclass(frozen=True, slots=True)
class PostRef:
    """A message on a network: its id there, its public address, and (Bluesky) its content id.

    `lacks` is what it is out without, as `publish` and `reconcile` found it; it does not tell one message from another.
    """

    id: str
    url: str = ""
    cid: str = ""
    lacks: tuple[Lack, ...] = field(default=(), compare=False)


class Audience(enum.StrEnum):
    """Who sees a message, the widest first. What a network tells that is none of these is `None`: nobody knows."""

    PUBLIC = "public"
    UNLISTED = "unlisted"  # whoever comes upon it; it stands in no list for all
    FOLLOWERS = "followers"  # who follows its author
    DIRECT = "direct"  # whom it names


@dataclass(frozen=True, slots=True)
class LinkCard:
    """What stands below a text for the page that its link leads to, where a network shows what we tell of it."""

    title: str
    description: str = ""
    picture: Media | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """Exactly what would be sent.

    `audience` is who may see it; where it says none, an announcement is for everybody and an answer for whom its
    question lets it be for. `warning` stands before a text that one opens only on purpose. `summoned` where it
    answers somebody who named, answered or quoted us: some networks take less for that. `card` is what is told of the
    page behind `link`, None where nobody read it.
    """

    text: str
    language: str
    media: tuple[Media, ...] = ()
    link: str = ""
    title: str = ""
    reply_to: PostRef | None = None
    reply_root: PostRef | None = None
    audience: Audience | None = None
    warning: str = ""
    summoned: bool = False
    card: LinkCard | None = None


@dataclass(frozen=True, slots=True)
class AttemptKey:
    """The identity of one send, stored before the network is called.

    `key` is at most 64 characters of `[a-z0-9-]`; it is the Idempotency-Key where the network knows one, and the source
    of the client-chosen record key where it does not. `created_at` is frozen at the first attempt of a delivery, so
    that a repeated call describes the same record byte for byte. `sent_at` is when the latest call can have written
    last, where that was later: a look on the network can tell nothing before that write has had time to settle.
    `looked_at` is the time of a look by the clock that gave the other two (None outside a look).
    `begin_before` is the instant of `time.monotonic()` from which on the write may not begin any more: the claim on the
    send is over then.
    `still_wanted` is asked when the write begins: a film is carried over for minutes, and may be stopped meanwhile.
    """

    key: str
    created_at: datetime
    sent_at: datetime | None = None
    looked_at: datetime | None = None
    begin_before: float = math.inf
    still_wanted: Callable[[], bool] = field(default=lambda: True, compare=False, repr=False)

    @property
    def last_sent_at(self) -> datetime:
        return self.sent_at or self.created_at


class Kind(enum.StrEnum):
    """What an incoming item is to the account that received it."""

    MENTION = "mention"
    REPLY = "reply"
    QUOTE = "quote"
    SEARCH_HIT = "search_hit"
    ANSWER = "answer"  # the account's own, to something that somebody else said, whoever sent it


@dataclass(frozen=True, slots=True)
class Author:
    """A citizen as the network shows them publicly; nothing more is ever asked for. `protected`: what they write is for
    whom they let follow them. Where it does not tell who wrote, there is no `id`."""

    id: str
    handle: str
    name: str = ""
    url: str = ""
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """What hangs at somebody's message: "picture", "video", "audio" or "file", where it lies, and the words for it.

    `preview` is the address of a still picture of a film. `sensitive`: its author, or the network, would have it seen
    on purpose only. Pixels and seconds as far as the network tells them.
    """

    kind: str
    url: str = ""
    alt: str = ""
    preview: str = ""
    sensitive: bool = False
    width: int | None = None
    height: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """What a poll lets people choose from; `votes` are for each, None where the network does not tell (yet)."""

    choices: tuple[str, ...]
    votes: tuple[int | None, ...] = ()
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message by somebody else, or an answer by the account itself (`Kind.ANSWER`). `text` is plain text;
    `created_at` is the network's own time, in UTC.

    `told` are the ids of the accounts that the network itself tells of the message, because it names, answers or quotes
    them: in their inbox it is too. `audience` is who sees it, None where the network did not say so in a way we know;
    `warning` its author's words before it, and `filtered` whether the network would rather not have shown it to us.
    `in_short`: nothing was told of what hangs at it; a look tells.
    `read` and `users` are how many messages and people the network returned until it had told this one.
    """

    ref: PostRef
    kind: Kind
    author: Author
    text: str
    created_at: datetime
    language: str = ""
    parent: PostRef | None = None
    root: PostRef | None = None
    told: tuple[str, ...] = ()
    title: str = ""  # of an entry or a page
    audience: Audience | None = None
    warning: str = ""
    attachments: tuple[Attachment, ...] = ()
    poll: Poll | None = None
    filtered: bool = False
    in_short: bool = field(default=False, compare=False)
    read: int = field(default=1, compare=False)
    users: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Page:
    """A slice of a stream, newest first.

    `older` continues towards the past (empty: the end is reached); `newest` is what to pass as `since` next time.
    `read` is how many messages of the stream the network returned, where some of them are not among `items`; `brought`
    and `users` how many others, and how many people, it showed beside them. Some networks charge for each.
    """

    items: tuple[Incoming, ...]
    older: str = ""
    newest: str = ""
    read: int = 0
    brought: int = 0
    users: int = 0

    @property
    def returned(self) -> int:
        """How many messages of the stream the network returned, also such as nobody could read; our own answers stand
        beside it."""
        return max(self.read, sum(item.kind is not Kind.ANSWER for item in self.items))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the network says the credentials belong to."""

    remote_id: str
    handle: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """An account as the network's own search shows it, as far as it takes to tell whether it poses as somebody.

    `links` are the web addresses in what it says of itself, `created_at` (UTC) None where the network does not tell.
    """

    id: str
    handle: str
    name: str
    url: str
    created_at: datetime | None = None
    links: tuple[str, ...] = ()


class Metric(enum.StrEnum):
    """A figure that networks tell, under one name for all of them."""

    FOLLOWERS = "followers"
    POSTS = "posts"
    VIEWS = "views"
    REACH = "reach"
    LIKES = "likes"
    REPLIES = "replies"
    SHARES = "shares"
    QUOTES = "quotes"
    SAVES = "saves"
    CLICKS = "clicks"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: of the message `subject`, or of the account where that is empty, as the network told it `at` (UTC).

    `source` names the call and field that it came from, so that a report can say where its figures are from.
    """

    subject: str
    metric: Metric
    value: int
    at: datetime
    source: str


class Presence(enum.StrEnum):
    """What looking on the network told about an unresolved send."""

    PRESENT = "present"
    ABSENT = "absent"  # certainly not there, and can no longer appear: safe to send again
    UNCERTAIN = "uncertain"  # a person has to look


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look on the network told. `read` and `users` are how many messages and people it returned: some
    networks charge for each."""

    presence: Presence
    ref: PostRef | None = None
    read: int = 0
    users: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a network would refuse a draft, found before sending. `code` is stable; pages turn it into a sentence.

    Codes: `text_empty`, `text_too_long`, `text_forbidden`, `too_many_hashtags`, `too_many_handles`,
    `too_many_cashtags`, `title_missing`, `title_too_long`, `media_missing`, `too_many_media`, `media_type`,
    `media_too_large`, `media_too_long`, `media_too_long_in_album`, `media_too_short`, `media_shape`,
    `video_not_alone`, `media_in_reply`, `alt_missing`, `alt_too_long`, `captions_missing`, `captions_type`,
    `too_many_captions`, `audience_unknown`.
    `limit` and `actual` are in the network's own unit.
    """

    field: str
    code: str
    limit: int | None = None
    actual: int | None = None
