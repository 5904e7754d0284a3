"""What the vault keeps of a connection, and in which state that leaves the account. Within other actions only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry import vault
from accounts_registry.enums import AccountState, ConnectionState
from accounts_registry.models import Access, Account, Credential, PendingRevocation, Subscription
from accounts_registry.queries.homes import network_app
from networks.catalogue import NETWORKS
from networks.consent import Granted, Renewed
from networks.kinds import Purpose
from organisation.lifecycle import Refused

# A token is renewed when a quarter of its time is left: never less than this before its end, nor more.
NEAREST, FARTHEST = timedelta(minutes=5), timedelta(days=7)


@dataclass(frozen=True)
class Standing:
    """What a connection comes to."""

    state: ConnectionState
    may_read: bool
    may_write: bool
    problem: str = ""


def require_active(account: Account) -> None:
    if account.state != AccountState.ACTIVE:
        raise Refused(
            _("Only an active account can be connected; this one is: %(state)s.")
            % {"state": account.get_state_display()}
        )
    _require_held(account)


def _require_held(account: Account) -> None:
    """Two people answer for an account. Where one of them is gone it is handed over first, and then connected."""
    gone = [holder for holder in (account.owner, account.backup_holder) if not holder.is_active]
    if gone:
        told = [_("%(name)s is suspended and cannot hold an account.") % {"name": one.name} for one in gone]
        raise Refused(*told, _("Hand the account over first: the account's page says how."))


def wait_for_renewal() -> None:
    """For the rest of this transaction: a renewal holds its row for as long as one call to a network may take."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '45s'")


def idle_while_asking() -> None:
    """For the rest of this transaction: the database leaves it open while a renewal makes all its calls (X: two, of at
    most half a minute each). Else what the first one brought would be lost, and the old token is dead by then."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '150s'")


def seal_all(account: Account, purpose: Purpose, secrets: Mapping[str, str]) -> None:
    """Seals `secrets` under their names; what has another name stays. An empty secret replaces nothing."""
    for name, secret in secrets.items():
        if secret:
            place = {"account": account, "purpose": purpose, "name": name, "revocation": None}
            credential = Credential.objects.filter(**place).first() or Credential(**place)
            credential.box = vault.seal(secret, credential.row)
            credential.save()


def keep_granted(account: Account, purpose: Purpose, granted: Granted, now: datetime) -> Access:
    """Seals what a consent gave. A refresh token that the answer leaves out stays as it was."""
    asked = [scope.name for scope in NETWORKS[account.network].asked(purpose, network_app(account.network))]
    missing = [name for name in asked if name not in granted.scopes] if granted.scopes else []
    _drop_typed(account)
    seal_all(account, purpose, granted.renewed.credentials)
    access, _new = Access.objects.update_or_create(
        account=account,
        purpose=purpose,
        defaults={
            "scopes": list(granted.scopes) or asked,
            "missing": missing,
            "granted_at": now,
            "ended": False,
            **renewal_facts(granted.renewed, now),
        },
    )
    _drop_superseded(account, purpose)
    PendingRevocation.objects.filter(account=account).delete()
    return access


def renewal_facts(renewed: Renewed, now: datetime) -> dict[str, Any]:
    """The fields of an Access after new tokens came."""
    renew_at = None
    if renewed.expires_at is not None:
        ahead = min(max((renewed.expires_at - now) / 4, NEAREST), FARTHEST)
        renew_at = renewed.expires_at - ahead
    return {
        "expires_at": renewed.expires_at,
        "renew_at": renew_at,
        "ends_at": renewed.ends_at,
        "failing_since": None,
        "failures": 0,
        "problem": "",
    }


def _drop_typed(account: Account) -> None:
    """What a person once typed in is another key to the same door: it goes when a consent takes its place."""
    if not Access.objects.filter(account=account).exists():
        Credential.objects.filter(account=account, revocation__isnull=True).delete()


def _drop_superseded(account: Account, purpose: Purpose) -> None:
    """One consent for everything takes the place of two for parts of it, and two for parts that of one."""
    standing = set(Access.objects.filter(account=account).values_list("purpose", flat=True))
    if purpose == Purpose.ALL:
        gone = {Purpose.READ, Purpose.WRITE}
    else:
        gone = {Purpose.ALL} if {Purpose.READ, Purpose.WRITE} <= standing else set()
    Access.objects.filter(account=account, purpose__in=gone).delete()
    Credential.objects.filter(account=account, purpose__in=gone, revocation__isnull=True).delete()


def standing_of(accesses: Iterable[Access]) -> Standing:
    """What the consents of one account allow together."""
    held = list(accesses)
    reads, writes = any(one.reads for one in held), any(one.writes for one in held)
    whole = reads and writes and not any(one.missing or one.ended for one in held)
    if whole:
        return Standing(ConnectionState.CONNECTED, True, True)
    if reads or writes:
        ended = any(one.ended for one in held)
        return Standing(
            ConnectionState.HALF_CONNECTED, reads, writes, "auth_expired" if ended else "permission_missing"
        )
    ended = bool(held) and all(one.ended for one in held)
    state = ConnectionState.BROKEN if ended else ConnectionState.HALF_CONNECTED
    return Standing(state, False, False, "auth_expired" if ended else "permission_missing")


def write(account: Account, **facts: Any) -> None:
    """Writes `facts` of a locked account; Refused where they belong to another account already."""
    for name, value in facts.items():
        setattr(account, name, value)
    try:
        with transaction.atomic():
            account.save(update_fields=list(facts))
    except IntegrityError:
        raise Refused(_("This presence on the network is already connected as another account.")) from None
    account.refresh_from_db()


def set_aside(account: Account, *, subscription: str = "") -> None:
    """Takes from a locked account all that could act as it: to be ended at the network, then forgotten. What reads ends
    the `subscription` of that name."""
    wait_for_renewal()
    Access.objects.filter(account=account).delete()
    held = Credential.objects.filter(account=account, revocation__isnull=True)
    # What everybody agreed to at once comes first, then what reads.
    for purpose in sorted(set(held.values_list("purpose", flat=True))):
        revocation = PendingRevocation.objects.create(
            account=account, base_url=account.base_url, subscription=subscription
        )
        subscription = ""
        held.filter(purpose=purpose).update(revocation=revocation)


def begin_listening_anew(account: Account) -> None:
    """A locked account was connected, by other credentials than before: the network is asked soon. No event of its
    own."""
    Subscription.objects.filter(account=account).update(
        since=None, tries=0, refused=False, problem="", lease_until=None, next_try_at=Now()
    )


def stop_listening(account: Account) -> str:
    """Forgets the subscription of a locked account; its name, for the revocation that ends it. No event of its own."""
    known = Subscription.objects.filter(account=account).first()
    Subscription.objects.filter(account=account).delete()
    return known.name if known else ""
