"""New tokens for old, ahead of their end, under the lock of their row: however many ask, the network is asked once.

And of two systems only one asks: a token that changes hands with its renewal would be dead in the other.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from accounts_registry import vault
from accounts_registry.actions.connection import mark_connection_broken
from accounts_registry.actions.keeping import renewal_facts, seal_all, wait_for_renewal
from accounts_registry.models import Access, Account
from accounts_registry.queries.connection import egress, opened
from accounts_registry.queries.homes import network_app
from accounts_registry.queries.moments import database_now
from networks import catalogue
from networks.errors import AuthExpired, NetworkError, RateLimited, Unavailable, Unsupported
from networks.kinds import Purpose
from organisation import outward
from organisation.audit import action

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
AT_HAND = timedelta(seconds=60)  # a token that ends sooner than this is not begun with
VAULT_BROKEN = "vault_broken"


def renew_due(*, seconds: float) -> int:
    """Renews what is due until nothing is or `seconds` have passed; how many were asked for. Many workers may run it.

    A network that is away, slow or refuses Parvis itself leaves the old token in place, and is asked again later.
    """
    ends, done = time.monotonic() + seconds, 0
    for pk in list(_due().order_by("renew_at").values_list("pk", flat=True)):
        if time.monotonic() >= ends:
            break
        try:
            done += _renew_one(pk)
        except Exception:
            log.exception("access %s could not be renewed", pk)
            _put_off(Access.objects.get(pk=pk), "unexpected")
    return done


def keep_fresh(*, account: Account, purpose: Purpose) -> None:
    """Sees to it that the account's token for `purpose` is not over, waiting for whoever is renewing it.

    Called before a worker acts, outside every transaction. `AuthExpired` where a person has to agree again,
    `RateLimited` or `Unavailable` where the renewal has to wait; `vault.Broken` as when opening.
    """
    held = {access.purpose: access for access in Access.objects.filter(account=account, ended=False)}
    access = held.get(purpose) or held.get(Purpose.ALL)
    if access is None or access.expires_at is None or access.renew_at is None:
        return
    if access.expires_at > database_now() + AT_HAND:
        return
    if not outward.count_act():
        raise Unavailable("this system may not renew now")
    problem = _renew(access_id=access.pk, waiting=True)
    if problem is None or isinstance(problem, AuthExpired | RateLimited):
        if problem is not None:
            raise problem
        return
    raise Unavailable(problem.detail)


def _due() -> Any:
    return Access.objects.filter(renew_at__lte=Now(), ended=False)


def _renew_one(pk: int) -> bool:
    """Renews one for the clockwork; False where somebody else is at it."""
    access = Access.objects.select_related("account").filter(pk=pk).first()
    if access is None:
        return False
    if not outward.count_act():
        return False
    try:
        problem = _renew(access_id=pk, waiting=False)
    except vault.Broken:
        mark_connection_broken(account=access.account, code=VAULT_BROKEN)
        _put_off(access, VAULT_BROKEN)
        return True
    if isinstance(problem, AuthExpired):
        mark_connection_broken(account=access.account, code=problem.code, purpose=Purpose(access.purpose))
    return True


@action
def _renew(*, access_id: int, waiting: bool) -> NetworkError | None:
    """One call at most, while the row is locked; what came of it is written, and the network's refusal returned.

    Whoever waited finds the new token. No state of the account changes, so there is no event; that a consent is over is
    told by `mark_connection_broken`.
    """
    if waiting:
        wait_for_renewal()
    rows = Access.objects.select_for_update(of=("self",), skip_locked=not waiting).select_related("account__unit")
    access = rows.filter(pk=access_id, ended=False).first()
    if access is None or access.renew_at is None:
        return None
    now = database_now()
    if access.renew_at > now:
        over = access.expires_at is not None and access.expires_at <= now
        return Unavailable(f"renewing fails: {access.problem}") if over and access.problem else None
    try:
        renewed = _ask(access)
    except Unsupported:
        # It lasts as long as it lasts; pages say until when.
        _write(access, renew_at=None, ends_at=access.ends_at or access.expires_at)
        return None
    except NetworkError as error:
        _put_off(access, error.code, retry_at=error.retry_at if isinstance(error, RateLimited) else None)
        return error
    seal_all(access.account, Purpose(access.purpose), renewed.credentials)
    facts = renewal_facts(renewed, now)
    # The end that the consent was given with holds, unless the network now sets a later one.
    facts["ends_at"] = max((end for end in (access.ends_at, renewed.ends_at) if end is not None), default=None)
    _write(access, **facts)
    return None


def _ask(access: Access) -> Any:
    account = access.account
    if not catalogue.network(account.network).consent:
        raise Unsupported("no consent at this network")
    consent = catalogue.consent(account.network, account.base_url, network_app(account.network), egress())
    return consent.renew(opened(account, Purpose(access.purpose)))


def _write(access: Access, **facts: Any) -> None:
    Access.objects.filter(pk=access.pk).update(**facts)


def _put_off(access: Access, code: str, retry_at: Any = None) -> None:
    """Later, and later still each time; never so late that a day goes by."""
    pause = min(FIRST_PAUSE * 2 ** min(access.failures, 10), LONGEST_PAUSE)
    now = database_now()
    _write(
        access,
        renew_at=max(retry_at, now) if retry_at else now + pause,
        failures=access.failures + 1,
        failing_since=access.failing_since or now,
        problem=code,
    )
