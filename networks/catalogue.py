"""Every network that Parvis speaks, as data. A new network is one folder and one entry here."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from networks.egress import Egress
    from networks.port import Connector
    from networks.types import AccountRef


class Counting(enum.StrEnum):
    """How a network counts the length of a text; the browser's counter follows the same word."""

    GRAPHEMES_AND_BYTES = "graphemes_and_bytes"
    MASTODON = "mastodon"


class SignIn(enum.StrEnum):
    APP_PASSWORD = "app_password"  # noqa: S105 - the name of a way to sign in
    ACCESS_TOKEN = "access_token"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Field:
    """One value that a person has to give so that an account connects. A `secret` one lives in the vault only."""

    name: str
    secret: bool


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a network can do. Pages offer nothing else."""

    text_limit: int
    byte_limit: int | None
    counting: Counting
    max_media: int
    media_types: tuple[str, ...]
    media_bytes: int
    alt_limit: int
    deletes: bool = True
    replies: bool = True
    searches: bool = True
    mentions: bool = True
    link_card: bool = False  # a link stands below the text, not in it, where the message has no media
    reply_names_author: bool = False  # a citizen hears of a reply only when it names their handle


@dataclass(frozen=True, slots=True)
class Network:
    """A catalogue line. `name` is a proper name and is never translated."""

    key: str
    name: str
    icon: str  # Bootstrap Icons
    default_base_url: str
    sign_in: SignIn
    fields: tuple[Field, ...]
    capabilities: Capabilities
    connector: str  # "module:Class"
    ids_are_global: bool = False  # an account keeps its id when it moves to another server


NETWORKS: dict[str, Network] = {
    network.key: network
    for network in (
        Network(
            key="bluesky",
            name="Bluesky",
            icon="bluesky",
            default_base_url="https://bsky.social",
            sign_in=SignIn.APP_PASSWORD,
            fields=(Field("identifier", secret=False), Field("app_password", secret=True)),
            capabilities=Capabilities(
                text_limit=300,
                byte_limit=3000,
                counting=Counting.GRAPHEMES_AND_BYTES,
                max_media=4,
                media_types=("image/jpeg", "image/png", "image/webp"),
                media_bytes=2_000_000,
                alt_limit=2000,
                link_card=True,
            ),
            connector="networks.bluesky.connector:BlueskyConnector",
            ids_are_global=True,
        ),
        Network(
            key="mastodon",
            name="Mastodon",
            icon="mastodon",
            default_base_url="https://mastodon.social",
            sign_in=SignIn.ACCESS_TOKEN,
            fields=(Field("access_token", secret=True),),
            capabilities=Capabilities(
                text_limit=500,
                byte_limit=None,
                counting=Counting.MASTODON,
                max_media=4,
                media_types=("image/jpeg", "image/png", "image/webp", "image/gif"),
                media_bytes=16_000_000,
                alt_limit=1500,
                reply_names_author=True,
            ),
            connector="networks.mastodon.connector:MastodonConnector",
        ),
    )
}


def network(key: str) -> Network:
    """The catalogue line of `key`; KeyError where Parvis does not speak it."""
    return NETWORKS[key]


def connector(account: AccountRef, egress: Egress) -> Connector:
    """A fresh connector for one task; not to be shared across threads."""
    module, _, name = NETWORKS[account.network].connector.partition(":")
    return cast("Connector", getattr(import_module(module), name)(account, egress))
