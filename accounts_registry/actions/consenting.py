"""Signing in by consent: a person is sent to the network, and comes back with a code that becomes credentials."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry import vault
from accounts_registry.actions.connection import (
    locked_account,
    require_same,
    require_still_same,
    server_for,
    tell_connected,
)
from accounts_registry.actions.keeping import keep_granted, require_active, standing_of, wait_for_renewal
from accounts_registry.actions.spending import count_reading
from accounts_registry.enums import network_sentence
from accounts_registry.models import Access, Account, PendingConsent
from accounts_registry.queries.connection import egress
from accounts_registry.queries.homes import consent_offered, network_app
from networks import catalogue
from networks.addresses import host_of
from networks.consent import Consent, Granted
from networks.errors import NetworkError
from networks.kinds import Purpose
from organisation import policy
from organisation.audit import action
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import Person

LASTS = timedelta(minutes=10)
DENIED = "access_denied"


@dataclass(frozen=True)
class Visit:
    """Where a consent is begun and ended: the session, and the host at which Parvis was asked for."""

    session: str
    host: str


def begin_consent(
    *, account: Account, by: Person, purpose: Purpose, visit: Visit, redirect_uri: str, base_url: str = ""
) -> str:
    """The network's own page to send `by` to. Whatever they had begun for this account before is forgotten.

    The network may be called, outside every transaction. Refused with a sentence where the account is not active, or
    the network has no consent or refuses.
    """
    policy.require(by, Permission.ACCOUNT_CONNECT, account)
    require_active(account)
    if not consent_offered(account.network):
        raise Refused(_("Parvis is not registered at this network yet. Ask the administrators to do it."))
    server, state = server_for(account, base_url), secrets.token_urlsafe(32)
    try:
        begun = _consent(account, server).begin(state=state, redirect_uri=redirect_uri, purpose=purpose)
    except NetworkError as error:
        raise Refused(network_sentence(error.code)) from None
    PendingConsent.objects.filter(account=account, person=by).delete()
    PendingConsent.objects.filter(expires_at__lte=Now()).delete()
    pending = PendingConsent(
        state_hash=_hash(state),
        session_hash=_hash(visit.session),
        person=by,
        account=account,
        purpose=purpose,
        base_url=server,
        host=visit.host,
        redirect_uri=redirect_uri,
        expires_at=database_now() + LASTS,
    )
    pending.box = vault.seal(json.dumps(dict(begun.kept)), pending.row)
    pending.save()
    return begun.url


@action
def claim_consent(*, state: str, by: Person, visit: Visit) -> PendingConsent:
    """The consent that `by` began, taken out so that nobody finishes it a second time.

    Refused, and left where it is, for another person, session or host: it is not theirs to spoil. Refused when it has
    been used or is over. No state of the account changes, so there is no event.
    """
    pending = (
        PendingConsent.objects.select_for_update(of=("self",))
        .select_related("account__unit", "account__dossier")
        .filter(state_hash=_hash(state))
        .first()
    )
    if pending is None:
        raise Refused(_("This consent is not known here, or it was used already. Begin again from the account."))
    if pending.person_id != by.pk:
        raise Refused(_("Somebody else began this consent. Only they can finish it; begin your own from the account."))
    if pending.session_hash != _hash(visit.session):
        raise Refused(_("This consent was begun before you signed in anew. Begin again from the account."))
    if pending.host != visit.host:
        raise Refused(_("This consent was begun at another address of Parvis. Begin again from the account."))
    PendingConsent.objects.filter(pk=pending.pk).delete()
    return pending


def finish_consent(*, pending: PendingConsent, by: Person, code: str, error: str = "", issuer: str = "") -> Account:
    """Changes the code for credentials and, when one of those granted is the approved account, seals them.

    `error` and `issuer` are what the network says at the way back. The network is called before anything is locked.
    """
    account, server = pending.account, pending.base_url
    policy.require(by, Permission.ACCOUNT_CONNECT, account)
    require_active(account)
    _require_agreed(pending, code=code, error=error, issuer=issuer)
    try:
        kept = json.loads(vault.unseal_kept(pending.box, pending.row))
        redirect_uri = pending.redirect_uri
        granted = _consent(account, server).finish(code=code, kept=kept, redirect_uri=redirect_uri)
    except NetworkError as problem:
        raise Refused(network_sentence(problem.code)) from None
    except vault.Broken:
        raise Refused(_("What was kept of this consent cannot be opened any more. Begin again.")) from None
    count_reading(account=account, users=len(granted))
    identity = require_same(account, server, [one.identity for one in granted])
    ours = next(one for one in granted if one.identity == identity)
    return _keep(account=account, by=by, server=server, purpose=Purpose(pending.purpose), granted=ours)


def _require_agreed(pending: PendingConsent, *, code: str, error: str, issuer: str) -> None:
    if pending.expires_at <= database_now():
        raise Refused(_("More than ten minutes have passed since this consent began. Begin again."))
    if error == DENIED:
        raise Refused(
            _("You did not agree on the network's page, so nothing has changed. You can begin again any time.")
        )
    if error or not code:
        raise Refused(_("The network sent you back without agreeing, and without a reason that we know. Try again."))
    # Where anybody may have a server, one could send its visitor on to another and get that one's code (RFC 9207).
    told = bool(issuer) and catalogue.network(pending.account.network).many_servers
    if told and host_of(issuer) != host_of(pending.base_url):
        raise Refused(_("Another server than the one you were sent to answered. Nothing was kept."))


@action
def _keep(*, account: Account, by: Person, server: str, purpose: Purpose, granted: Granted) -> Account:
    locked = locked_account(account)
    policy.require(by, Permission.ACCOUNT_CONNECT, locked)
    require_active(locked)
    require_still_same(locked, server, granted.identity)
    wait_for_renewal()
    keep_granted(locked, purpose, granted, database_now())
    standing = standing_of(Access.objects.filter(account=locked).select_related("account"))
    tell_connected(locked, by, server, granted.identity, standing)
    account.refresh_from_db()
    return locked


def _consent(account: Account, server: str) -> Consent:
    return catalogue.consent(account.network, server, network_app(account.network), egress())


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
