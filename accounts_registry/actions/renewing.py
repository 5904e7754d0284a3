"""New tokens for old, ahead of their end, under the lock of their row: however many ask, the network is asked once.

And of two systems only one asks: a token that changes hands with its renewal would be dead in the other.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Now

from accounts_registry import vault
from accounts_registry.actions.connection import mark_connection_broken
from accounts_registry.actions.keeping import idle_while_asking, renewal_facts, seal_all, wait_for_renewal
from accounts_registry.models import Access, Account
from accounts_registry.queries.connection import egress, opened
from accounts_registry.queries.homes import network_app
from networks import catalogue
from networks.errors import AuthExpired, NetworkError, RateLimited, Unavailable, Unsupported
from networks.kinds import Purpose
from organisation import due, outward
from organisation.audit import action
from organisation.clock import database_now
from organisation.prepared import Prepared, Slot

log = logging.getLogger(__name__)

AT_HAND = timedelta(seconds=60)  # a token that ends sooner than this is not begun with
VAULT_BROKEN = "vault_broken"


def renew_due(*, seconds: float) -> int:
    """Renews what is due until nothing is or `seconds` have passed; how many were asked for. Many workers may run it.

    A network that is away, slow or refuses Parvis itself leaves the old token in place, and is asked again later.
    """
    return due.work(lambda: RENEWALS.turn(_renew_claimed), seconds=seconds)


def _due() -> QuerySet[Access]:
    return Access.objects.filter(renew_at__lte=Now(), ended=False).select_related("account").order_by("renew_at", "pk")


# The clockwork's claim keeps its workers apart; the token is renewed under the row's lock, by whoever comes first. The
# lease is longer than a worker lets a task run, and no pause so long that a day goes by.
RENEWALS = due.Queue(
    _due,
    lease=timedelta(minutes=3),
    backoff=due.Backoff(timedelta(minutes=1), timedelta(hours=1)),
    next_at="renew_at",
)


def keep_fresh(*, account: Account, purpose: Purpose) -> None:
    """Sees to it that the account's token for `purpose` is not over, waiting for whoever is renewing it.

    Called before a worker acts, outside every transaction. `AuthExpired` where a person has to agree again,
    `RateLimited` or `Unavailable` where the renewal has to wait; `vault.Broken` as when opening.
    """
    held = {access.purpose: access for access in _held()(account=account.pk)}
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


@cache
def _held() -> Prepared[Access, Access]:
    return Prepared(Access.objects.filter(account=Slot("account", BigIntegerField()), ended=False))


def _renew_claimed(access: Access) -> None:
    if not outward.count_act():
        RENEWALS.put_off(access, 0)
        return
    try:
        problem = _renew(access_id=access.pk, waiting=False)
    except vault.Broken:
        mark_connection_broken(account=access.account, code=VAULT_BROKEN)
        RENEWALS.put_off(access, access.failures, **_failed(access, VAULT_BROKEN))
    except Exception:
        log.exception("access %s could not be renewed", access.pk)
        RENEWALS.put_off(access, access.failures, **_failed(access, "unexpected"))
    else:
        RENEWALS.release(access)
        if isinstance(problem, AuthExpired):
            mark_connection_broken(account=access.account, code=problem.code, purpose=Purpose(access.purpose))


@action
def _renew(*, access_id: int, waiting: bool) -> NetworkError | None:
    """Asks the network once, while the row is locked; what came of it is written, and the network's refusal returned.

    Whoever waited finds the new token. No state of the account changes, so there is no event; that a consent is over is
    told by `mark_connection_broken`.
    """
    if waiting:
        wait_for_renewal()
    idle_while_asking()
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
        retry_at = error.retry_at if isinstance(error, RateLimited) else None
        again = RENEWALS.backoff.next_try(access.failures, now=now, retry_at=retry_at)
        _write(access, renew_at=again, **_failed(access, error.code))
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


def _failed(access: Access, code: str) -> dict[str, Any]:
    since = access.failing_since or Now()
    return {"failures": access.failures + 1, "failing_since": since, "problem": code}
