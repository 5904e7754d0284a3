"""Asking networks to call us about an account.

Whatever they say to that, the account goes on as before: it is looked at now and then, as where nobody calls.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from accounts_registry import vault
from accounts_registry.actions.renewing import VAULT_BROKEN, keep_fresh
from accounts_registry.models import Account, PendingRevocation, Subscription
from accounts_registry.queries.connection import able, account_ref, egress
from accounts_registry.queries.homes import network_app
from accounts_registry.queries.listening import listening_address, listening_networks
from networks import catalogue
from networks.errors import EgressRefused, NetworkError, RateLimited, Rejected, Unavailable
from networks.kinds import Purpose
from networks.types import AccountRef
from networks.webhooks import Subscriptions
from organisation import audit, due
from organisation.audit import action

log = logging.getLogger(__name__)

AGAIN = timedelta(days=1)  # what stands is asked for anew, and so is what was refused
LONGEST_NAME = 300
PATIENCE = 3  # tries to end a subscription before the credentials end all the same

TOLD = audit.tell("account.listening", _("%(actor)s had the network agree to tell at once who writes to this account"))
NOT_TOLD = audit.tell(
    "account.not_listening", _("%(actor)s met with a refusal: the network does not tell at once who writes here")
)


def subscribe_due(*, seconds: float) -> int:
    """Asks for what is due until nothing is or `seconds` have passed; how many were. Many workers may run it."""
    _know_all_accounts()
    return due.work(lambda: SUBSCRIPTIONS.turn(_try), seconds=seconds)


def _due() -> QuerySet[Subscription]:
    may = able(Purpose.READ, to="account__") & Q(account__network__in=listening_networks())
    found = Subscription.objects.filter(may, next_try_at__lte=Now()).select_related("account__unit")
    return found.order_by("next_try_at", "pk")


# The lease is longer than a worker lets a task run.
SUBSCRIPTIONS = due.Queue(
    _due,
    lease=timedelta(minutes=3),
    backoff=due.Backoff(timedelta(minutes=1), timedelta(hours=6)),
    next_at="next_try_at",
    tries="tries",
)


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


def _try(claimed: Subscription) -> None:
    """Asks the network once; what it says is kept by whoever still holds the claim."""
    account = claimed.account
    try:
        keep_fresh(account=account, purpose=Purpose.READ)
        ref = account_ref(account, Purpose.READ)
        asking = _subscriptions(account.network, account.base_url)
        name = _kept(asking.subscribe(ref, listening_address(account.network)))
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
        try:
            _agreed(claimed=claimed, name=name)
        finally:
            _take_back_where_left(account, asking, ref, name)


def _kept(name: str) -> str:
    """`name`; `Unavailable` where no column holds it: what cannot be ended by its name is not begun with."""
    if not name.isprintable() or len(name) > LONGEST_NAME:
        raise Unavailable("a subscription whose name cannot be kept")
    return name


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
    held = SUBSCRIPTIONS.hold(claimed)
    facts = {"since": Coalesce("since", Now()), "name": name, "refused": False, "problem": "", "tries": 0}
    SUBSCRIPTIONS.release(held, next_try_at=Now() + AGAIN, **facts)
    if held.since is None:
        audit.record(verb=TOLD, thing=claimed.account, by=None)


@action
def _refused(*, claimed: Subscription, code: str) -> None:
    """The same refusal, met again, is not told twice."""
    held = SUBSCRIPTIONS.hold(claimed)
    SUBSCRIPTIONS.release(held, next_try_at=Now() + AGAIN, since=None, refused=True, problem=code)
    if not held.refused or held.problem != code:
        audit.record(verb=NOT_TOLD, thing=claimed.account, by=None, code=code)


def _later(claimed: Subscription, code: str, retry_at: datetime | None = None) -> None:
    """Nothing is known of the subscription by that: what stood stands, and what was refused is."""
    problem = claimed.problem if claimed.refused else code
    SUBSCRIPTIONS.put_off(claimed, claimed.tries - 1, retry_at=retry_at, problem=problem)
