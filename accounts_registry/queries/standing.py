"""How it stands with the connection of an account, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_registry.enums import NEED_WORDS, AccessPurpose, ConnectionState, network_sentence
from accounts_registry.models import Access, Account, PendingRevocation
from networks.kinds import Need
from organisation.dates import dated

NOTICE = timedelta(days=14)  # before its end, that a person has to connect an account again becomes a task


@dataclass(frozen=True)
class Standing:
    """`state` is what colour and icon follow, `label` its word. `sentences` say why and what to do; `missing` what the
    account may not do. `ends_at` is when a person has to connect it again, None where no end is known."""

    state: str
    label: str
    sentences: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    ends_at: datetime | None = None

    @property
    def is_ending(self) -> bool:
        return self.ends_at is not None and self.ends_at <= timezone.now() + NOTICE


def standing(account: Account) -> Standing:
    """Ask with `accesses` and `revocations` prefetched where there are many accounts."""
    state = ConnectionState(account.connection_state)
    if state == ConnectionState.DISCONNECTED:
        told = [_("Parvis holds no credentials: nothing is sent or read.")]
        return Standing(state, str(state.label), told + [_pending_revocation(one) for one in account.revocations.all()])
    accesses = [one for one in account.accesses.all() if not one.ended]
    ends_at = min((one.ends_at for one in accesses if one.ends_at), default=None)
    told = [*_WHY[state](account), *_of_the_network(account), *_of_renewals(accesses), *_of_the_end(ends_at)]
    missing = _missing(account) if state == ConnectionState.HALF_CONNECTED else []
    found = Standing(state, str(state.label), told, missing, ends_at)
    if state == ConnectionState.CONNECTED and found.is_ending:
        return Standing("expiring", days_left(ends_at), told, missing, ends_at)
    return found


def days_left(ends_at: datetime | None) -> str:
    days = max(((ends_at or timezone.now()) - timezone.now()).days, 0)
    return ngettext("Ends in %(days)d day", "Ends in %(days)d days", days) % {"days": days}


def _connected(account: Account) -> list[str]:
    return [_("The network accepts the credentials; Parvis can send and read.")]


def _half(account: Account) -> list[str]:
    able = {(True, False): _("Parvis reads, but does not send."), (False, True): _("Parvis sends, but does not read.")}
    both = _("Parvis sends and reads, but not everything it should be able to do is allowed.")
    neither = _("Parvis neither sends nor reads.")
    held = (account.may_read, account.may_write)
    return [able.get(held, both if all(held) else neither), network_sentence(account.connection_problem)]


def _broken(account: Account) -> list[str]:
    return [network_sentence(account.connection_problem), _CAUSES.get(account.connection_problem, _the_account)()]


def _the_token() -> str:
    return _("It is the credentials, not the network: waiting does not help.")


def _the_address() -> str:
    return _("It is the address, not the credentials.")


def _the_account() -> str:
    return _("It is the account on the network, not the credentials.")


_WHY = {
    ConnectionState.CONNECTED: _connected,
    ConnectionState.HALF_CONNECTED: _half,
    ConnectionState.BROKEN: _broken,
}
_CAUSES = {"auth_expired": _the_token, "vault_broken": _the_token, "egress_refused": _the_address}


def _of_the_network(account: Account) -> list[str]:
    if account.unreachable_since is None:
        return []
    said = _("It is the network, not the credentials: it has not answered since %(when)s. Parvis goes on trying.")
    return [said % {"when": _moment(account.unreachable_since)}]


def _of_renewals(accesses: list[Access]) -> list[str]:
    told = []
    for access in accesses:
        if access.failing_since is not None:
            said = _("The next token has not been had since %(when)s (%(why)s). Parvis goes on trying.")
            why = network_sentence(access.problem).rstrip(".")
            told.append(said % {"when": _moment(access.failing_since), "why": why})
    return told


def _of_the_end(ends_at: datetime | None) -> list[str]:
    if ends_at is None:
        return []
    said = _("Somebody has to connect it again before %(when)s. %(left)s.")
    return [said % {"when": _moment(ends_at), "left": days_left(ends_at)}]


def _missing(account: Account) -> list[str]:
    """What it may not do, each once; whole halves that nobody has agreed to first."""
    accesses = list(account.accesses.all())
    held = {one.purpose for one in accesses if not one.ended}
    halves = {
        AccessPurpose.READ: _("read: nobody has agreed to it"),
        AccessPurpose.WRITE: _("send: nobody has agreed to it"),
    }
    apart = bool(accesses) and AccessPurpose.ALL not in held
    told = [words for half, words in halves.items() if apart and half not in held]
    lacking = {need for one in accesses for need in one.missing_needs}
    return told + [str(NEED_WORDS[need]) for need in Need if need in lacking]


def _pending_revocation(revocation: PendingRevocation) -> str:
    if revocation.tries == 0:
        return _("Parvis is about to end the access at the network.")
    said = _("The access at the network is not ended yet (tried %(tries)d times). Parvis goes on trying.")
    return said % {"tries": revocation.tries}


def _moment(when: datetime) -> str:
    return dated(timezone.localtime(when), "j F Y, H:i")
