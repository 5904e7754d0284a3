"""Whether networks tell us at once what people write to an account, and where they call."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_registry.enums import ConnectionState, network_sentence
from accounts_registry.models import Account, Subscription
from accounts_registry.queries.homes import network_app
from networks.catalogue import NETWORKS

MINUTE = 60


def listening_networks() -> list[str]:
    """The networks at which the administration set up that Parvis is called about each account."""
    return [key for key, network in NETWORKS.items() if network.listens(network_app(key))]


def listening_address(key: str) -> str:
    """Where the network `key` calls us."""
    return str(settings.PUBLIC_URL).rstrip("/") + reverse("monitoring:webhook", args=[key])


def listening_sentences(account: Account) -> list[str]:
    """How Parvis hears of what people write to `account`, and why not sooner; none where it reads nothing."""
    half = account.connection_state == ConnectionState.HALF_CONNECTED and account.may_read
    if not half and account.connection_state != ConnectionState.CONNECTED:
        return []
    known = Subscription.objects.filter(account=account).first()
    may = account.network in listening_networks()
    if may and known and known.since is not None:
        return [_("The network tells Parvis at once when somebody writes to this account.")]
    return [_looks(NETWORKS[account.network].capabilities.inbox_seconds), _why(account, known, may)]


def _looks(seconds: int) -> str:
    if seconds < MINUTE:
        said = ngettext(
            "Parvis looks every %(n)d second for what people write to this account.",
            "Parvis looks every %(n)d seconds for what people write to this account.",
            seconds,
        )
        return said % {"n": seconds}
    minutes = seconds // MINUTE
    said = ngettext(
        "Parvis looks every %(n)d minute for what people write to this account.",
        "Parvis looks every %(n)d minutes for what people write to this account.",
        minutes,
    )
    return said % {"n": minutes}


def _why(account: Account, known: Subscription | None, may: bool) -> str:
    if not NETWORKS[account.network].subscriptions:
        return _("This network does not tell of each account at once.")
    if not may:
        return _("The administrators have not set up that this network tells at once.")
    if known is None or not known.problem:
        return _("It is about to ask the network to tell it at once.")
    if known.refused:
        said = _("The network does not agree to tell it at once: %(why)s")
        return said % {"why": network_sentence(known.problem)}
    return _("The network could not be asked yet to tell it at once. Parvis goes on trying.")
