"""What a network is, as data: how it counts, what it can do, what it costs, and how one signs in."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from networks.types import Audience, Metric

if TYPE_CHECKING:
    from networks.consent import App


class Counting(enum.StrEnum):
    """How a network counts the length of a text; the browser's counter follows the same word."""

    CHARACTERS = "characters"  # Unicode code points
    UTF8_BYTES = "utf8_bytes"
    GRAPHEMES_AND_BYTES = "graphemes_and_bytes"
    MASTODON = "mastodon"
    WEIGHTED = "weighted"  # X's configuration 3: some signs count double, any address 23


class SignIn(enum.StrEnum):
    APP_PASSWORD = "app_password"  # noqa: S105 - the name of a way to sign in
    ACCESS_TOKEN = "access_token"  # noqa: S105
    CONSENT = "consent"  # OAuth: a person agrees on the network's own page
    NONE = "none"  # public; nobody signs in


class Need(enum.StrEnum):
    """What a scope is asked for. Pages tell it in the reader's language."""

    IDENTIFY = "identify"
    PUBLISH = "publish"
    MEDIA = "media"
    ANSWER = "answer"
    DELETE = "delete"
    INBOX = "inbox"
    SEARCH = "search"
    METRICS = "metrics"
    STAY_CONNECTED = "stay_connected"
    LISTEN = "listen"  # to be told by webhooks


class Purpose(enum.StrEnum):
    """What one set of credentials is for. Networks that grant narrower tokens let an account hold one of each."""

    READ = "read"
    WRITE = "write"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Scope:
    """One permission that Parvis asks the network for, and why. `purposes` are the consents that ask for it."""

    name: str
    needs: tuple[Need, ...]
    purposes: tuple[Purpose, ...] = (Purpose.READ, Purpose.WRITE, Purpose.ALL)


@dataclass(frozen=True, slots=True)
class Field:
    """One value that a person has to give so that an account connects. A `secret` one lives in the vault only."""

    name: str
    secret: bool


@dataclass(frozen=True, slots=True)
class Videos:
    """What a network takes as a video: MIME types, bytes, seconds, and the MIME types of captions (none: takes none).

    `most_captions` is how many files of captions one video takes; None where every language has its own.
    `captions_follow` where they are sent once the video is out already, so that it may stand there without them.
    `described` where it shows a description of the video to who needs one. `alone` where a video stands alone in a
    message; else `album_seconds` is how long it may last beside others. `shape` is how narrow and how wide it may be,
    as its width divided by its height.
    """

    types: tuple[str, ...]
    max_bytes: int
    max_seconds: int | None = None
    captions: tuple[str, ...] = ()
    most_captions: int | None = None
    captions_follow: bool = False
    described: bool = True
    alone: bool = True
    min_seconds: float | None = None
    shape: tuple[float, float] | None = None
    album_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """What the network charges for each call, in US dollars, as `source` said on the day `at`; a reading is charged by
    the message that it returns, and `user` for everybody whom it shows beside them. Where a price depends on what we
    cannot know, the dearer one stands here.

    `summoned_reply` is for an answer without a link to somebody who named us, `own_mention` for a mention of the
    account that owns the developer's app; None where the network makes no such difference.
    """

    post: Decimal
    post_with_link: Decimal
    mention: Decimal
    read: Decimal
    user: Decimal = Decimal(0)
    summoned_reply: Decimal | None = None
    own_mention: Decimal | None = None
    at: date | None = None
    source: str = ""

    def sending(self, *, linked: bool, summoned: bool = False) -> Decimal:
        """For one message: with a link it costs the same, whoever asked for it."""
        if linked:
            return self.post_with_link
        return self.summoned_reply if summoned and self.summoned_reply is not None else self.post

    def reading(self, *, mentions: int, others: int, users: int, owns_app: bool) -> Decimal:
        """For so many messages and people: `owns_app` where the account that reads owns the developer's app."""
        mention = self.own_mention if owns_app and self.own_mention is not None else self.mention
        return mention * mentions + self.read * others + self.user * users


RAW_COUNTING = "raw_counting"  # among a server's limits: every sign of a text counts, addresses whole
OWN_LIMITS = ("text_limit", "address_length", "alt_limit", "max_media", "media_bytes")


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What one server says of itself: its limits, by the names of `Capabilities.at`, and the name of its software."""

    limits: Mapping[str, int] = field(default_factory=dict)
    software: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a network can do. Pages offer nothing else.

    `inbox_seconds` and `search_seconds` are how often to ask at most, `recheck_days` how often a citizen's message is
    read again to see whether it still stands: what the network's limits or prices leave room for.
    """

    text_limit: int
    byte_limit: int | None
    counting: Counting
    max_media: int
    media_types: tuple[str, ...]
    media_bytes: int
    alt_limit: int
    publishes: bool = True
    deletes: bool = True
    replies: bool = True
    searches: bool = True
    finds_accounts: bool = False  # accounts are looked for by their names
    mentions: bool = True
    address_length: int = 23  # what any web address counts, for the ways of counting that do not mind how long it is
    most_hashtags: int | None = None
    most_cashtags: int | None = None  # stocks named with a $
    most_handles: int | None = None  # people named with an @
    reply_limit: int | None = None  # of an answer, where it is another than `text_limit`
    reply_media: bool = True  # an answer may carry media
    title_limit: int | None = None  # a message needs a title of at most so many characters; None: it has none
    needs_media: bool = False  # a message without a picture or a video is impossible
    pictures: bool = True  # False: nothing but videos
    shape: tuple[float, float] | None = None  # of pictures: how narrow and how wide, as width divided by height
    videos: Videos | None = None
    media_from_address: bool = False  # the network fetches the files itself, from a public address
    link_card: bool = False  # a link stands below the text, not in it, where the message has no media
    # We tell all that such a card shows, with a picture of at most so many bytes. None: the network reads the page.
    card_picture_bytes: int | None = None
    reply_names_author: bool = False  # a citizen hears of a reply only when it names their handle
    audiences: tuple[Audience, ...] = (Audience.PUBLIC,)  # for whom a message of ours can be
    warnings: bool = False  # a message may carry words that stand before it
    answers_asked: bool = False  # what we answered to a message can be asked for at any moment, at no cost
    parts_told: bool = True  # the network tells what hangs at somebody's message: pictures, films
    metrics: tuple[Metric, ...] = ()
    prices: Prices | None = None
    inbox_seconds: int = 15
    search_seconds: int = 60
    recheck_days: int = 1
    flat_threads: bool = False  # answers to an answer stand beside it, and name whom they are for
    reads_back: bool = False  # each reading of what is new goes back over the last minutes by itself

    def at(self, limits: Mapping[str, int]) -> Capabilities:
        """As a server has them that sets some of its limits itself; `limits` may name others, which concern no page."""
        own: dict[str, Any] = {name: limits[name] for name in OWN_LIMITS if name in limits}
        videos = self.videos and replace(self.videos, max_bytes=limits.get("video_bytes", self.videos.max_bytes))
        counting = Counting.CHARACTERS if limits.get(RAW_COUNTING) else self.counting
        return replace(self, **own, videos=videos, counting=counting)


@dataclass(frozen=True, slots=True)
class Profiles:
    """How accounts are addressed on a network's own pages, for `networks.profiles`.

    `hosts` are the network's, and what a language or a kind of device has below them. `paths` are patterns with a group
    `handle` or `remote_id`, of which the first that fits counts; `parameters` say the same of a query:
    "profile.php?id" → `remote_id`. `reserved` are words, with spaces between, that stand where a name does and are
    none. `messages` is found in the path of a message, which the network shows whoever's name stands before it.
    `address` is where a name stands. `has_groups`: it has groups too, which stand below "/groups/" and bear names of
    their own.
    """

    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    older: tuple[str, ...] = ()  # paths of former names, which need not lead to who bears that name today
    parameters: Mapping[str, str] = field(default_factory=dict)
    reserved: str = ""
    messages: str = ""
    address: str = ""
    has_groups: bool = False
    dots_are_nothing: bool = False  # "spf.finances" and "spffinances" are one name


@dataclass(frozen=True, slots=True)
class Network:
    """A catalogue line. `name` is a proper name and is never translated.

    `fields` is what a person types in to connect, `scopes` what a consent asks for; a network may offer both ways.
    `connector`, `consent`, `webhooks` and `subscriptions` are "module:Class" of what stands behind `networks.port`;
    `facts` the "module:function" that asks a server what it is and allows, where each server says so itself.
    """

    key: str
    name: str
    icon: str  # Bootstrap Icons
    default_base_url: str
    sign_in: SignIn
    capabilities: Capabilities
    connector: str
    fields: tuple[Field, ...] = ()
    scopes: tuple[Scope, ...] = ()
    consent: str = ""
    webhooks: str = ""
    subscriptions: str = ""  # by which an account's webhooks are asked for; empty where there is no such call
    listening_needs: tuple[str, ...] = ("webhook_secret",)  # of `networks.consent.App`: without them nobody listens
    facts: str = ""
    hosts: Mapping[str, str] = field(default_factory=dict)
    profiles: Profiles = Profiles()
    # Set where to end one consent ends all that the same person agreed to: for accounts of every network of this name.
    consent_family: str = ""
    registers_itself: bool = False  # a server gives any app its client id on request: nothing to set up beforehand
    many_servers: bool = False  # an account lives on a server of its own choice
    ids_are_global: bool = False  # an account keeps its id when it moves to another server
    holds_accounts: bool = True  # False: a source to watch, where nobody of ours can have an account
    instead: str = ""  # the network as which an address that is none of this one's may still be watched

    def listens(self, app: App) -> bool:
        """Whether the administration set up at the network, as `app`, that we are told by webhooks for each account."""
        return bool(self.subscriptions) and all(getattr(app, need) for need in self.listening_needs)

    def asked(self, purpose: Purpose, app: App) -> tuple[Scope, ...]:
        """What a consent for `purpose` asks for; what is for listening alone only where somebody listens."""
        alone = () if self.listens(app) else (Need.LISTEN,)
        return tuple(scope for scope in self.scopes if purpose in scope.purposes and scope.needs != alone)

    def host(self, name: str, base_url: str) -> str:
        """The origin that serves `name` ("api", "login"…) for an account on `base_url`, without a slash at the end.

        The real hosts stand for the default server alone; any other `base_url` (the training network, a test) serves
        everything itself.
        """
        base_url = base_url.rstrip("/")
        return self.hosts.get(name, base_url) if base_url == self.default_base_url else base_url
