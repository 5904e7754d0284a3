from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry import vault
from accounts_registry.actions.keeping import (
    Standing,
    begin_listening_anew,
    require_active,
    seal_all,
    set_aside,
    standing_of,
    stop_listening,
    wait_for_renewal,
    write,
)
from accounts_registry.actions.spending import count_reading
from accounts_registry.actions.waking import wake_revocations
from accounts_registry.enums import CONNECTION_PROBLEMS, ConnectionState, network_sentence
from accounts_registry.models import Access, Account, Credential
from accounts_registry.queries.connection import egress, opened
from accounts_registry.queries.naming import is_the_account, renamed_by, renamed_to
from networks import catalogue, signs
from networks.addresses import kept_address
from networks.errors import AuthExpired, NetworkError, PermissionMissing, Unsupported
from networks.kinds import Purpose
from networks.prices import users_on
from networks.types import AccountRef, Identity
from organisation import audit, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person

CONNECTED = audit.tell("account.connected", _("%(actor)s connected this account"))
DISCONNECTED = audit.tell("account.disconnected", _("%(actor)s disconnected this account"))
BROKEN = audit.tell("account.connection_broken", _("%(actor)s found the connection of this account broken"))

LONGEST_ID, LONGEST_HANDLE = 200, 150  # of what a network says
# Where on the connect form a network's error belongs.
_FIELD_OF = {"egress_refused": "base_url", "unavailable": "base_url"}


def connect_account(*, account: Account, by: Person, fields: Mapping[str, str], base_url: str = "") -> Account:
    """Asks the network who `fields` belong to and, when it is this account, seals them.

    The network is called before anything is locked. Refused with a sentence when the account is not active, lives on
    another server, the network does not accept the credentials, or they belong to somebody else.
    """
    policy.require(by, Permission.ACCOUNT_CONNECT, account)
    require_active(account)
    server = server_for(account, base_url)
    identity, standing = _look(account, server, fields)
    require_same(account, server, [identity])
    return _keep(account=account, by=by, server=server, fields=fields, identity=identity, standing=standing)


def server_for(account: Account, base_url: str) -> str:
    """The server to connect on. Refused where it is not the one that the dossier was approved for, unless the account
    is known already and keeps its id wherever it moves: any server may say that it has somebody of that name."""
    server = (base_url or account.base_url).rstrip("/")
    moves = bool(account.remote_id) and catalogue.network(account.network).ids_are_global
    if not moves and _place(server) != _place(account.base_url):
        raise Refused(
            _("The dossier was approved for an account on %(approved)s. On another server it would be another account.")
            % {"approved": urlsplit(account.base_url).netloc},
            field="base_url",
        )
    return server


def _place(url: str) -> tuple[str, str]:
    split = urlsplit(url)
    return split.scheme.casefold(), split.netloc.casefold()


def require_same(account: Account, server: str, found: list[Identity]) -> Identity:
    """The one of `found` that is the approved account; Refused, with who they are instead, where none is."""
    for identity in found:
        if is_the_account(account, server, identity):
            if not _is_an_id(identity.remote_id):
                raise Refused(_("The network did not say by which id it knows this account. Try again later."))
            return identity
    names = ", ".join(signs.isolated(f"@{one.handle[:LONGEST_HANDLE]}") for one in found) or _("nobody")
    raise Refused(
        _("These credentials belong to %(found)s, but the dossier was approved for @%(expected)s.")
        % {"found": names, "expected": account.handle}
    )


def require_still_same(locked: Account, server: str, identity: Identity) -> None:
    """As found before the network was called: somebody may have connected the account, or moved it, meanwhile."""
    server_for(locked, server)
    require_same(locked, server, [identity])


def _is_an_id(told: str) -> bool:
    return 0 < len(told) <= LONGEST_ID and told.isprintable()


def _look(account: Account, server: str, fields: Mapping[str, str]) -> tuple[Identity, Standing]:
    """Who the credentials belong to, and what they allow as far as looking can tell."""
    ref = AccountRef(account.network, server, account.remote_id, account.handle, dict(fields))
    try:
        identity = catalogue.connector(ref, egress()).identify()
    except NetworkError as error:
        raise Refused(network_sentence(error.code), field=_FIELD_OF.get(error.code)) from None
    count_reading(account=account, users=1)
    whole = Standing(ConnectionState.CONNECTED, True, True)
    try:
        known = AccountRef(account.network, server, identity.remote_id, identity.handle, dict(fields))
        page = catalogue.connector(known, egress()).inbox()
        count_reading(account=account, mentions=page.returned, others=page.brought, users=users_on(page))
    except PermissionMissing as error:
        return identity, Standing(ConnectionState.HALF_CONNECTED, False, True, error.code)
    except Unsupported:
        return identity, whole
    except NetworkError:
        # The credentials were just accepted; that reading fails this minute says nothing about them.
        return identity, whole
    return identity, whole


@action
def _keep(
    *, account: Account, by: Person, server: str, fields: Mapping[str, str], identity: Identity, standing: Standing
) -> Account:
    locked = locked_account(account)
    policy.require(by, Permission.ACCOUNT_CONNECT, locked)
    require_active(locked)
    require_still_same(locked, server, identity)
    if Access.objects.filter(account=locked).exists():
        set_aside(locked)
        transaction.on_commit(wake_revocations)
    else:
        Credential.objects.filter(account=locked, revocation__isnull=True).exclude(name__in=fields).delete()
    seal_all(locked, Purpose.ALL, fields)
    tell_connected(locked, by, server, identity, standing)
    account.refresh_from_db()
    return locked


def locked_account(account: Account) -> Account:
    return Account.objects.select_for_update(of=("self",)).get(pk=account.pk)


def tell_connected(locked: Account, by: Person, server: str, identity: Identity, standing: Standing) -> None:
    """Writes what a connection came to, and that `by` made it. The name that the committee approved since is the
    account's own once the network tells it."""
    before, renamed = locked.handle, renamed_by(locked, renamed_to(locked, server, identity))
    write(
        locked,
        **{field: getattr(locked, field) for field in renamed if field != "told_handle"},
        connection_state=standing.state,
        connection_problem=standing.problem,
        may_read=standing.may_read,
        may_write=standing.may_write,
        connected_at=Now(),
        unreachable_since=None,
        base_url=server,
        remote_id=identity.remote_id,
        url=kept_address(identity.url) or locked.url,
        told_handle=renamed_to(locked, server, identity)[:LONGEST_HANDLE],
    )
    begin_listening_anew(locked)
    told: dict[str, Any] = {"told_handle": locked.told_handle} if locked.told_handle else {}
    if renamed:
        told["changes"] = {"handle": [before, locked.handle]}
    audit.record(verb=CONNECTED, thing=locked, by=by, connection=standing.state, base_url=server, **told)


@action
def disconnect_account(*, account: Account, by: Person, reason: str) -> Account:
    """Gives the credentials up, and has a worker end them at the network where it can. What was published stays."""
    locked = locked_account(account)
    policy.require(by, Permission.ACCOUNT_CONNECT, locked)
    if locked.connection_state == ConnectionState.DISCONNECTED:
        raise Conflict(locked, "disconnect")
    forget_credentials(locked)
    audit.record(verb=DISCONNECTED, thing=locked, by=by, reason=reason)
    account.refresh_from_db()
    return locked


def forget_credentials(account: Account) -> None:
    """Takes the credentials from a locked account; its identity on the network stays known."""
    set_aside(account, subscription=stop_listening(account))
    transaction.on_commit(wake_revocations)
    write(
        account,
        connection_state=ConnectionState.DISCONNECTED,
        connection_problem="",
        connected_at=None,
        may_read=False,
        may_write=False,
        unreachable_since=None,
    )


@action
def mark_connection_broken(
    *, account: Account, code: str, purpose: Purpose = Purpose.ALL, used: AccountRef | None = None
) -> Account:
    """The system met the network's error `code` while acting as `account`, reading or writing as `purpose` says.

    Only codes that speak of the connection count (enums.CONNECTION_PROBLEMS); a network that is slow or down is not a
    dead token, and a state already known is not told twice. The credentials stay. Where reading and writing have
    credentials of their own, those that still work go on. `used` is what it acted with, in a worker: where a renewal or
    a person has put other credentials in its place meanwhile, nothing is broken.
    """
    locked = locked_account(account)
    if code == AuthExpired.code and used is not None and _replaced(locked, used, purpose):
        return locked
    if code in CONNECTION_PROBLEMS and locked.connection_state != ConnectionState.DISCONNECTED:
        known = (locked.connection_state, locked.connection_problem, locked.may_read, locked.may_write)
        left = _left_of(locked, code, purpose)
        if known != (left.state, left.problem, left.may_read, left.may_write):
            write(
                locked,
                connection_state=left.state,
                connection_problem=left.problem,
                may_read=left.may_read,
                may_write=left.may_write,
            )
            audit.record(verb=BROKEN, thing=locked, by=None, code=code)
    account.refresh_from_db()
    return locked


def _replaced(account: Account, used: AccountRef, purpose: Purpose) -> bool:
    """Whether other credentials for `purpose` stand in the place of those `used`, once who is renewing them is done."""
    wait_for_renewal()
    list(account.accesses.select_for_update().order_by("pk"))
    try:
        return opened(account, purpose) != dict(used.credentials)
    except vault.Broken:
        return False


def _left_of(account: Account, code: str, purpose: Purpose) -> Standing:
    """What the connection comes to after `code` was met for `purpose`."""
    state = CONNECTION_PROBLEMS[code]
    if code == AuthExpired.code:
        accesses = list(account.accesses.all())
        if met := next((one for one in accesses if one.purpose == purpose), None):
            met.ended, met.renew_at = True, None
            met.save(update_fields=["ended", "renew_at"])
            return standing_of(accesses)
        Access.objects.filter(account=account, purpose=Purpose.ALL).update(ended=True, renew_at=None)
    if state == ConnectionState.BROKEN:
        return Standing(state, False, False, code)
    if account.connection_state == ConnectionState.BROKEN:
        return Standing(ConnectionState.BROKEN, False, False, account.connection_problem)
    whole = account.connection_state == ConnectionState.CONNECTED
    reads, writes = whole or account.may_read, whole or account.may_write
    return Standing(state, reads and purpose == Purpose.WRITE, writes and purpose == Purpose.READ, code)


def note_reached(*, account: Account) -> None:
    """The network answered."""
    if account.unreachable_since is not None:
        Account.objects.filter(pk=account.pk).update(unreachable_since=None)


def note_unreachable(*, account: Account) -> None:
    """The network did not answer: pages tell since when. No state of the account changes, so there is no event."""
    Account.objects.filter(pk=account.pk, unreachable_since__isnull=True).update(unreachable_since=Now())
