"""A message looked for at an address. A page asks, a worker looks: only a worker may act as an account."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry import vault
from accounts_registry.actions.connection import mark_connection_broken
from accounts_registry.actions.renewing import keep_fresh
from accounts_registry.actions.spending import count_reading
from accounts_registry.actions.waking import wake_lookups
from accounts_registry.models import Account, Lookup
from accounts_registry.queries.connection import connector_for
from accounts_registry.queries.spending import costs
from networks.errors import AuthExpired, NetworkError
from networks.kinds import Purpose
from networks.types import PostRef
from organisation import due
from organisation.lifecycle import Refused
from organisation.ration import Ration

log = logging.getLogger(__name__)

PATIENCE = 15.0  # seconds that a page waits
STEP = 0.1
FRESH = timedelta(minutes=2)  # an answer this old still holds
KEPT = timedelta(hours=1)
VAULT_BROKEN = "vault_broken"
UNEXPECTED = "unexpected"
ASKED_TOO_OFTEN = "asked_too_often"
PAID_LOOKUPS = Ration("paid-lookups", an_hour=30)  # addresses that people have looked up, where each costs money


def look_up(*, account: Account, address: str, patience: float = PATIENCE) -> Lookup:
    """What a worker found at `address`, as `account`. Called outside transactions, by what shows a page.

    Refused where no worker has answered within `patience` seconds: asked again soon after, the answer may be there.
    Writes no state of the account, so there is no event.
    """
    asked = Lookup.objects.filter(account=account, address=address, asked_at__gt=Now() - FRESH).order_by("-pk")
    known = asked.filter(problem="").first() or Lookup.objects.create(account=account, address=address)
    ends = time.monotonic() + patience
    if known.answered_at is None:
        wake_lookups()
    while time.monotonic() < ends:
        if (answered := Lookup.objects.filter(pk=known.pk, answered_at__isnull=False).first()) is not None:
            return answered
        time.sleep(STEP)
    raise Refused(_("Parvis is still looking at this address. Wait a moment, then do the same again."))


def _waiting() -> QuerySet[Lookup]:
    """Addresses that somebody waits for."""
    asked = Lookup.objects.filter(answered_at__isnull=True, asked_at__gt=Now() - FRESH)
    return asked.select_related("account").order_by("asked_at", "pk")


# Each is looked at once: a look may cost money. Nobody waits any longer for one whose lease ran out.
LOOKUPS = due.Queue(_waiting, lease=FRESH)


def answer_lookups(*, seconds: float) -> int:
    """A worker looks at every address that somebody waits for, for at most `seconds`; how many it was."""
    Lookup.objects.filter(asked_at__lte=Now() - KEPT).delete()
    return due.work(lambda: LOOKUPS.turn(_resolve_lookup), seconds=seconds)


def _resolve_lookup(lookup: Lookup) -> None:
    if costs(lookup.account) and not PAID_LOOKUPS.take(lookup.account_id):
        LOOKUPS.release(lookup, answered_at=Now(), problem=ASKED_TOO_OFTEN)
        return
    try:
        ref = _located(lookup.account, lookup.address)
    except (NetworkError, vault.Broken) as error:
        code = error.code if isinstance(error, NetworkError) else VAULT_BROKEN
        if isinstance(error, AuthExpired | vault.Broken):
            mark_connection_broken(account=lookup.account, code=code, purpose=Purpose.WRITE)
        facts = {"problem": code}
    except Exception:
        log.exception("lookup %s failed unexpectedly", lookup.pk)
        facts = {"problem": UNEXPECTED}
    else:
        facts = {"remote_id": ref.id, "url": ref.url, "cid": ref.cid} if ref else {}
    LOOKUPS.release(lookup, answered_at=Now(), **facts)


def _located(account: Account, address: str) -> PostRef | None:
    """Counted as one message read and its author, whatever stands there: a stranger's message is charged for too."""
    keep_fresh(account=account, purpose=Purpose.WRITE)
    ref = connector_for(account).locate(address)
    count_reading(account=account, others=1, users=1)
    return ref
