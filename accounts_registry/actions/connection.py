from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry import vault
from accounts_registry.enums import CONNECTION_PROBLEMS, AccountState, ConnectionState, network_sentence
from accounts_registry.models import Account, Credential
from accounts_registry.policy import is_the_account
from accounts_registry.queries.connection import egress
from networks import catalogue
from networks.errors import NetworkError, PermissionMissing, Unsupported
from networks.types import AccountRef, Identity
from organisation import audit, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person

CONNECTED = audit.tell("account.connected", _("%(actor)s connected this account"))
DISCONNECTED = audit.tell("account.disconnected", _("%(actor)s disconnected this account"))
BROKEN = audit.tell("account.connection_broken", _("%(actor)s found the connection of this account broken"))

# Where on the connect form a network's error belongs.
_FIELD_OF = {"egress_refused": "base_url", "unavailable": "base_url"}


def connect_account(*, account: Account, by: Person, fields: Mapping[str, str], base_url: str = "") -> Account:
    """Asks the network who `fields` belong to and, when it is this account, seals them.

    The network is called before anything is locked. Refused with a sentence when the account is not active, the
    network does not accept the credentials, or they belong to somebody else.
    """
    policy.require(by, Permission.ACCOUNT_CONNECT, account)
    _require_active(account)
    server = (base_url or account.base_url).rstrip("/")
    identity, problem = _look(account, server, fields)
    if not is_the_account(account, server, identity):
        raise Refused(
            _("These credentials belong to @%(found)s, but the dossier was approved for @%(expected)s.")
            % {"found": identity.handle, "expected": account.handle}
        )
    return _keep(account=account, by=by, server=server, fields=fields, identity=identity, problem=problem)


def _look(account: Account, server: str, fields: Mapping[str, str]) -> tuple[Identity, str]:
    """Who the credentials belong to, and the code of what they do not allow (empty when nothing is missing)."""
    ref = AccountRef(account.network, server, account.remote_id, account.handle, dict(fields))
    try:
        connector = catalogue.connector(ref, egress())
        identity = connector.identify()
    except NetworkError as error:
        raise Refused(network_sentence(error.code), field=_FIELD_OF.get(error.code)) from None
    try:
        known = AccountRef(account.network, server, identity.remote_id, identity.handle, dict(fields))
        catalogue.connector(known, egress()).inbox()
    except (PermissionMissing, Unsupported) as error:
        return identity, error.code if isinstance(error, PermissionMissing) else ""
    except NetworkError:
        # The credentials were just accepted; that reading fails this minute says nothing about them.
        return identity, ""
    return identity, ""


@action
def _keep(
    *, account: Account, by: Person, server: str, fields: Mapping[str, str], identity: Identity, problem: str
) -> Account:
    locked = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    policy.require(by, Permission.ACCOUNT_CONNECT, locked)
    _require_active(locked)
    Credential.objects.filter(account=locked).exclude(name__in=fields).delete()
    for name, secret in fields.items():
        _seal(locked, name, secret)
    state = CONNECTION_PROBLEMS[problem] if problem else ConnectionState.CONNECTED
    facts = {"base_url": server, "remote_id": identity.remote_id, "url": identity.url}
    _write(locked, connection_state=state, connection_problem=problem, connected_at=Now(), **facts)
    audit.record(verb=CONNECTED, thing=locked, by=by, connection=state, base_url=server)
    account.refresh_from_db()
    return locked


def _seal(account: Account, name: str, secret: str) -> None:
    credential = Credential.objects.filter(account=account, name=name).first() or Credential(account=account, name=name)
    box = vault.seal(secret, credential.row)
    credential.ciphertext, credential.nonce, credential.key_id = box.ciphertext, box.nonce, box.key_id
    credential.save()


def _write(account: Account, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(account, name, value)
    try:
        with transaction.atomic():
            account.save(update_fields=list(facts))
    except IntegrityError:
        raise Refused(_("This presence on the network is already connected as another account.")) from None
    account.refresh_from_db()


def _require_active(account: Account) -> None:
    if account.state != AccountState.ACTIVE:
        raise Refused(
            _("Only an active account can be connected; this one is: %(state)s.")
            % {"state": account.get_state_display()}
        )


@action
def disconnect_account(*, account: Account, by: Person, reason: str) -> Account:
    """Forgets the credentials. What was published stays."""
    locked = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    policy.require(by, Permission.ACCOUNT_CONNECT, locked)
    if locked.connection_state == ConnectionState.DISCONNECTED:
        raise Conflict(locked, "disconnect")
    forget_credentials(locked)
    audit.record(verb=DISCONNECTED, thing=locked, by=by, reason=reason)
    account.refresh_from_db()
    return locked


def forget_credentials(account: Account) -> None:
    """Deletes what the vault holds of a locked account; its identity on the network stays known."""
    Credential.objects.filter(account=account).delete()
    _write(account, connection_state=ConnectionState.DISCONNECTED, connection_problem="", connected_at=None)


@action
def mark_connection_broken(*, account: Account, code: str) -> Account:
    """The system met the network's error `code` while acting as `account`.

    Only codes that speak of the connection count (enums.CONNECTION_PROBLEMS); a network that is slow or down is not a
    dead token, and a state already known is not told twice. The credentials stay.
    """
    locked = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    state = CONNECTION_PROBLEMS.get(code)
    known = (locked.connection_state, locked.connection_problem)
    if state is not None and locked.connection_state != ConnectionState.DISCONNECTED and known != (state, code):
        _write(locked, connection_state=state, connection_problem=code)
        audit.record(verb=BROKEN, thing=locked, by=None, code=code)
    account.refresh_from_db()
    return locked
