"""Every network that Parvis speaks. A new network is one folder with an `about.py`, and one line here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from networks.bluesky.about import NETWORK as BLUESKY
from networks.consent import Checked
from networks.errors import Unsupported
from networks.facebook.about import NETWORK as FACEBOOK
from networks.feed.about import NETWORK as FEED
from networks.instagram.about import NETWORK as INSTAGRAM
from networks.kinds import (
    Capabilities,
    Counting,
    Field,
    Need,
    Network,
    Prices,
    Purpose,
    Scope,
    ServerFacts,
    SignIn,
    Videos,
)
from networks.linkedin.about import NETWORK as LINKEDIN
from networks.mastodon.about import NETWORK as MASTODON
from networks.webpage.about import NETWORK as WEBPAGE
from networks.x.about import NETWORK as X
from networks.youtube.about import NETWORK as YOUTUBE

if TYPE_CHECKING:
    from networks.consent import App, Consent
    from networks.egress import Egress
    from networks.port import AccountFinder, Connector
    from networks.types import AccountRef
    from networks.webhooks import Subscriptions, Webhooks

__all__ = [
    "NETWORKS",
    "Capabilities",
    "Counting",
    "Field",
    "Need",
    "Network",
    "Prices",
    "Purpose",
    "Scope",
    "SignIn",
    "Videos",
    "account_finder",
    "connector",
    "consent",
    "network",
    "server_facts",
    "subscriptions",
    "webhooks",
]

NETWORKS: dict[str, Network] = {
    network.key: network
    for network in (
        BLUESKY,
        LINKEDIN,
        MASTODON,
        X,
        YOUTUBE,
        FACEBOOK,
        FEED,
        INSTAGRAM,
        WEBPAGE,
    )
}


def network(key: str) -> Network:
    """The catalogue line of `key`; KeyError where Parvis does not speak it."""
    return NETWORKS[key]


def connector(account: AccountRef, egress: Egress) -> Connector:
    """A fresh connector for one task; not to be shared across threads."""
    return cast("Connector", _behind(NETWORKS[account.network].connector)(account, egress))


def account_finder(account: AccountRef, egress: Egress) -> AccountFinder:
    """By what accounts are looked for at the network of `account`, as that one; `Unsupported` where it has no such
    search."""
    if not NETWORKS[account.network].capabilities.finds_accounts:
        raise Unsupported("no search for accounts")
    return cast("AccountFinder", _behind(NETWORKS[account.network].connector)(account, egress))


def consent(key: str, base_url: str, app: App, egress: Egress) -> Consent:
    """A fresh sign-in by consent at the network `key`, as the app that the administration registered there."""
    return Checked(_behind(NETWORKS[key].consent)(base_url, app, egress))


def webhooks(key: str, app: App) -> Webhooks:
    """What tells a network's own webhook calls from forged ones, and reads them."""
    return cast("Webhooks", _behind(NETWORKS[key].webhooks)(app))


def subscriptions(key: str, base_url: str, app: App, egress: Egress) -> Subscriptions:
    """By what the network `key` is asked to call us about an account."""
    return cast("Subscriptions", _behind(NETWORKS[key].subscriptions)(base_url, app, egress))


def server_facts(key: str, base_url: str, egress: Egress) -> ServerFacts:
    """What the server at `base_url` says of itself, for `AccountRef`; nothing where all servers of a network are alike.

    A public reading, without credentials. `NetworkError` where the server cannot be read.
    """
    asks = NETWORKS[key].facts
    found: ServerFacts = _behind(asks)(base_url, egress) if asks else ServerFacts()
    return found


def _behind(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
