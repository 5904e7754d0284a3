"""Whether Parvis can act as an account, and every code of a network as a sentence that a person can act on."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from networks.kinds import Need


class ConnectionState(models.TextChoices):
    DISCONNECTED = "disconnected", _("Not connected")
    HALF_CONNECTED = "half_connected", _("Half connected")
    CONNECTED = "connected", _("Connected")
    BROKEN = "broken", _("Connection broken")


class AccessPurpose(models.TextChoices):
    """`networks.kinds.Purpose`, in the reader's language: what one set of credentials is for."""

    READ = "read", _("Reading")
    WRITE = "write", _("Writing")
    ALL = "all", _("Reading and writing")


# What of a network's errors says something about the connection itself, and in which state it leaves it. All else is
# about one message or one moment: a network that is slow is not a dead token.
CONNECTION_PROBLEMS: dict[str, ConnectionState] = {
    "auth_expired": ConnectionState.BROKEN,
    "gone": ConnectionState.BROKEN,
    "egress_refused": ConnectionState.BROKEN,
    "vault_broken": ConnectionState.BROKEN,
    "permission_missing": ConnectionState.HALF_CONNECTED,
}

# What a scope is asked for, and what an account may not do without it: after "to", and after "may not".
NEED_WORDS: dict[Need, Promise] = {
    Need.IDENTIFY: _("see which account it is"),
    Need.PUBLISH: _("publish messages"),
    Need.MEDIA: _("send pictures and videos along"),
    Need.ANSWER: _("answer people"),
    Need.DELETE: _("take messages back"),
    Need.INBOX: _("read what people say to the account"),
    Need.SEARCH: _("search public messages"),
    Need.METRICS: _("read figures"),
    Need.STAY_CONNECTED: _("stay connected without asking you again"),
    Need.LISTEN: _("be told by the network at once when somebody writes to the account"),
}

_SENTENCES: dict[str, str | Promise] = {
    "auth_expired": _("The network no longer accepts these credentials. Connect the account again with new ones."),
    "permission_missing": _(
        "The credentials work but do not allow everything Parvis needs. "
        "Make new ones that may read and write, and connect again."
    ),
    "gone": _("The network says that this is no longer there. Look on the network itself."),
    "egress_refused": _(
        "Parvis may not call this address. Check it for a typing error, or ask the administrators to allow it."
    ),
    "vault_broken": _("The stored credentials cannot be opened any more. Connect the account again."),
    "unavailable": _("The network cannot be reached just now. Nothing was sent; try again in a few minutes."),
    "rate_limited": _("The network asks us to slow down. Nothing was sent; Parvis waits and tries again."),
    "asked_too_often": _(
        "Parvis has looked up as much for this account as it may in one hour: each look costs money. Try again later."
    ),
    "budget_missing": _(
        "This network takes money, and nobody has set a budget for this account. Set one on the account's page."
    ),
    "budget_used_up": _(
        "What this account may spend this month is used up. Raise its budget on the account's page, "
        "or wait for the next month."
    ),
    "quota_exhausted": _("What the network allows for this period is used up. Nothing was sent."),
    "rejected": _("The network refused this. Trying again unchanged would not help."),
    "invalid": _("The network refuses this content: it breaks one of its rules. Change it and try again."),
    "too_wide": _(
        "More people would have seen this answer than see the message that it answers, so it was not sent. "
        "Write it anew: Parvis has looked again at who sees the message."
    ),
    "duplicate": _("The network already holds the very same message and refuses a second one."),
    "unsupported": _("This network cannot do that."),
    "withheld": _("Somebody stopped this before it was sent. Nothing went out."),
    "not_applied": _("The network did nothing. Try again in a few minutes."),
    "outcome_unknown": _("The network did not answer. The message may or may not be out: look on the network first."),
}
_UNNAMED = _("Something went wrong with the network. Try again, and tell the administrators if it stays so.")


def network_sentence(code: str) -> str:
    """The `code` of a `networks.errors` type as a sentence; empty for no code."""
    return str(_SENTENCES.get(code, _UNNAMED)) if code else ""
