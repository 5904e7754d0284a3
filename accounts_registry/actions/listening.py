"""Asking networks to call us about an account.

Whatever they say to that, the account goes on as before: it is looked at now and then, as where nobody calls.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils.translation import gettext_lazy as _

from accounts_registry import vault
from accounts_registry.actions.renewing import VAULT_BROKEN, keep_fresh
from accounts_registry.models import Account, PendingRevocation, Subscription
from accounts_registry.queries.connection import able, account_ref, egress
from accounts_registry.queries.homes import network_app
from accounts_registry.queries.listening import listening_address, listening_networks
from networks import catalogue
from networks.errors import EgressRefused, NetworkError, RateLimited, Rejected
from networks.kinds import Purpose
from networks.types import AccountRef
from networks.webhooks import Subscriptions
from organisation import audit
from organisation.audit import action

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)  # longer than a worker lets a task run
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
AGAIN = timedelta(days=1)  # what stands is asked for anew, and so is what was refused
PATIENCE = 3  # tries to end a subscription before the credentials end all the same

TOLD = audit.tell("account.listening", _("%(actor)s had the network agree to tell at once who writes to this account"))
NOT_TOLD = audit.tell(
    "account.not_listening", _("%(actor)s met with a refusal: the network does not tell at once who writes here")
)


def subscribe_due(*, seconds: float) -> int:
    """Asks for what is due until nothing is or `seconds` have passed; how many were. Many workers may run it."""
    ends, tried = time.monotonic() + seconds, 0
    _know_all_accounts()
    while time.monotonic() < ends and (subscription := _claim()) is not None:
        _try(subscription)
        tried += 1
    return tried


def unsubscribe(revocation: PendingRevocation, held: dict[str, str]) -> None:
    """Has the network call no more about an account that gave up the credentials `held`. It may fail: then the network
    goes on calling, and nobody listens. `NetworkError` where trying again may help."""
    name, account = revocation.subscription, revocation.account
    if not name or Subscription.objects.filter(name=name).exists():
        return
    ref = AccountRef(account.network, revocation.base_url, account.remote_id, account.handle, held)
    try:
        _subscriptions(account.network, revocation.base_url).unsubscribe(ref, name)
    except (Rejected, EgressRefused) as error:
        log.warning("revocation %s: the network goes on calling: %s", revocation.pk, error.code)
    except NetworkError:
        if revocation.tries < PATIENCE:
            raise
    PendingRevocation.objects.filter(pk=revocation.pk).update(subscription="")


def _know_all_accounts() -> None:
    listening = Account.objects.filter(able(Purpose.READ), network__in=listening_networks(), subscription__isnull=True)
    new = [Subscription(account_id=pk) for pk in listening.values_list("pk", flat=True)]
    Subscription.objects.bulk_create(new, ignore_conflicts=True)


def _claim() -> Subscription | None:
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=Now())
    may = able(Purpose.READ, to="account__") & Q(account__network__in=listening_networks())
    with transaction.atomic():
        due = Subscription.objects.filter(free, may, next_try_at__lte=Now())
        found = due.select_for_update(skip_locked=True, of=("self",)).first()
        if found is None:
            return None
        Subscription.objects.filter(pk=found.pk).update(lease_until=Now() + LEASE, tries=F("tries") + 1)
        # Still under the lock: whoever disconnects or connects anew right after takes the claim away, and is not read.
        return Subscription.objects.select_related("account__unit").get(pk=found.pk)


def _try(claimed: Subscription) -> None:
    """Asks the network once; what it says is kept by whoever still holds the claim."""
    account = claimed.account
    try:
        keep_fresh(account=account, purpose=Purpose.READ)
        ref = account_ref(account, Purpose.READ)
        asking = _subscriptions(account.network, account.base_url)
        name = asking.subscribe(ref, listening_address(account.network))
    except vault.Broken:
        _refused(claimed=claimed, code=VAULT_BROKEN)
    except (Rejected, EgressRefused) as error:
        _refused(claimed=claimed, code=error.code)
    except NetworkError as error:
        _later(claimed, error.code, error.retry_at if isinstance(error, RateLimited) else None)
    except Exception:
        log.exception("subscription %s failed unexpectedly", claimed.pk)
        _later(claimed, "unexpected")
    else:
        _agreed(claimed=claimed, name=name)
        _take_back_where_left(account, asking, ref, name)


def _take_back_where_left(account: Account, asking: Subscriptions, ref: AccountRef, name: str) -> None:
    """Whoever disconnected the account meanwhile could not know of what the network has just agreed to."""
    if Subscription.objects.filter(Q(account=account) | Q(name=name)).exists():
        return
    try:
        asking.unsubscribe(ref, name)
    except NetworkError as error:
        log.warning("account %s: the network goes on calling: %s", account.pk, error.code)


def _subscriptions(network: str, base_url: str) -> Subscriptions:
    return catalogue.subscriptions(network, base_url, network_app(network), egress())


@action
def _agreed(*, claimed: Subscription, name: str) -> None:
    if (held := _held(claimed)) is not None:
        facts = {"since": Coalesce("since", Now()), "name": name, "refused": False, "problem": "", "tries": 0}
        _write(held, pause=AGAIN, **facts)
        if held.since is None:
            audit.record(verb=TOLD, thing=claimed.account, by=None)


@action
def _refused(*, claimed: Subscription, code: str) -> None:
    """The same refusal, met again, is not told twice."""
    if (held := _held(claimed)) is not None:
        _write(held, pause=AGAIN, since=None, refused=True, problem=code)
        if not held.refused or held.problem != code:
            audit.record(verb=NOT_TOLD, thing=claimed.account, by=None, code=code)


def _later(claimed: Subscription, code: str, retry_at: datetime | None = None) -> None:
    """Nothing is known of the subscription by that: what stood stands, and what was refused is.

    Where this machine's clock is slow, `retry_at` may be over already: the pause is kept all the same.
    """
    pause = min(FIRST_PAUSE * 2 ** min(claimed.tries - 1, 10), LONGEST_PAUSE)
    with transaction.atomic():
        if (held := _held(claimed)) is not None:
            facts: dict[str, Any] = {"next_try_at": Greatest(retry_at, Now() + pause)} if retry_at else {}
            _write(held, pause=pause, problem=held.problem if held.refused else code, **facts)


def _held(claimed: Subscription) -> Subscription | None:
    """The row, locked; None where the claim on it is over."""
    rows = Subscription.objects.select_for_update().filter(pk=claimed.pk, lease_until=claimed.lease_until)
    return rows.first()


def _write(held: Subscription, *, pause: timedelta, **facts: Any) -> None:
    rows = Subscription.objects.filter(pk=held.pk)
    rows.update(**{"lease_until": None, "next_try_at": Now() + pause, **facts})
