"""What citizens change or take away on the network changes or goes here too."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import PAID_LOOKS, count_reading, require_reading
from accounts_registry.models import Account
from accounts_registry.queries import costs
from monitoring.actions.claiming import look_soon
from monitoring.actions.keeping import erase_content
from monitoring.actions.receiving import check_every, refresh
from monitoring.listeners import listeners
from monitoring.models import Item, Mention, Stream
from networks.catalogue import NETWORKS
from networks.errors import NetworkError, RateLimited, Rejected, Unavailable
from networks.port import Connector
from networks.types import Incoming, PostRef
from organisation import audit
from organisation.audit import action
from organisation.clock import database_now

log = logging.getLogger(__name__)

GONE = audit.tell("mention.gone", _("The citizen deleted this message; its text was erased here too"))
CHECKED_A_TURN = 5
# No look begins later than this after the first one: on Instagram it takes up to six calls of half a minute, and the
# claim on the stream lasts for eight minutes.
LOOKING = 240.0
TRY_AGAIN, SOON = timedelta(hours=1), timedelta(minutes=5)
FRESH = timedelta(minutes=10)  # what was looked at since then is as its reader sees it
FRESH_AT_A_PRICE = timedelta(hours=1)


def check_mentions(*, account: Account, connector: Connector, most: int = CHECKED_A_TURN) -> None:
    """Looks again at a few messages of `account` whose time has come, the longest waiting first.

    Raises OutOfBudget where the network takes money for it and none is left. Where it does, no account looks more
    often in an hour than `PAID_LOOKS`, whoever asks for it: what waits stays due. So does what a slow network leaves no
    time for.
    """
    begun = time.monotonic()
    due = Mention.objects.filter(account=account, gone_at__isnull=True, check_at__lte=Now())
    for mention in due.select_related("item", "account").order_by("check_at")[:most]:
        if time.monotonic() - begun > LOOKING:
            return
        require_reading(account=account, at=database_now())
        if costs(account) and not PAID_LOOKS.take(account.pk):
            return
        ref = PostRef(mention.item.remote_id, mention.item.url, mention.item.cid)
        try:
            found = connector.fetch(ref)
        except RateLimited:
            raise
        except (Rejected, Unavailable) as error:
            log.info("mention %s could not be looked at: %s", mention.pk, error.code)
            is_away = isinstance(error, Unavailable)
            Mention.objects.filter(pk=mention.pk).update(check_at=Now() + (SOON if is_away else TRY_AGAIN))
            if is_away:  # or it is misshapen: it keeps neither the others, nor what is new, from being read
                return
        else:
            try:
                _seen(mention=mention, found=found)
            except Exception:  # what breaks off at one keeps no other from being looked at, nor is tried at each turn
                log.exception("what mention %s says now could not be kept", mention.pk)
                Mention.objects.filter(pk=mention.pk).update(check_at=Now() + TRY_AGAIN)


@action
def _seen(*, mention: Mention, found: Incoming | None) -> None:
    # The item before the mention, as whoever stores does.
    item = Item.objects.select_for_update(no_key=True).filter(mentions=mention).first()
    rows = Mention.objects.select_for_update(of=("self",), no_key=True).select_related("account", "account__unit")
    locked = rows.filter(pk=mention.pk).first() if item is not None else None
    if locked is not None and item is not None:
        locked.item = item
        if found is None:
            if locked.gone_at is None:
                _forget(locked)
        else:
            refresh(locked, found)
            Mention.objects.filter(pk=locked.pk).update(check_at=Now() + check_every(locked.account))
    if found:
        count_reading(account=mention.account, others=found.read, users=found.users)


def _forget(mention: Mention) -> None:
    """Its words go at once, where no other account of ours still sees it there."""
    Mention.objects.filter(pk=mention.pk).update(gone_at=Now(), check_at=None)
    erase_content([mention.item_id])
    audit.record(verb=GONE, thing=mention, by=None)
    for listener in listeners():
        listener.deleted([mention])


def check_soon(*, mention_ids: Iterable[int]) -> None:
    """A worker looks next whether these messages are still there, and who sees them."""
    Mention.objects.filter(pk__in=list(mention_ids), gone_at__isnull=True).update(check_at=Now())


def look_now(*, mention: Mention, connector: Connector) -> tuple[Incoming, ...]:
    """At once, before it is answered: what is gone or changed is told to whoever listens, and what the account itself
    answered there comes back, the oldest first. Not where a look costs money, and what the network does not say now
    changes nothing."""
    if costs(mention.account):
        return ()
    ref = PostRef(mention.item.remote_id, mention.item.url, mention.item.cid)
    try:
        found = connector.fetch(ref)
        _seen(mention=mention, found=found)
        known = NETWORKS.get(mention.account.network)
        asked = found is not None and known is not None and known.capabilities.answers_asked
        return tuple(sorted(connector.answers_to(ref), key=lambda one: one.created_at)) if asked else ()
    except NetworkError as error:
        log.info("mention %s could not be looked at before its answer: %s", mention.pk, error.code)
        return ()


def look_when_opened(*, mentions: Sequence[Mention]) -> None:
    """Somebody has these messages of one account before them, the latest last: a worker looks whether they still stand
    as they are shown, where nobody has for a while, and what was answered there. Where each look costs money, the
    latest alone, once an hour, and within what an account may look at in one (`PAID_LOOKS`)."""
    if not mentions:
        return
    account = mentions[0].account
    is_dear = costs(account)
    looked_before = Now() + (check_every(account) - (FRESH_AT_A_PRICE if is_dear else FRESH))
    asked = [one.pk for one in (mentions[-1:] if is_dear else mentions)]
    shown = Mention.objects.filter(pk__in=asked, gone_at__isnull=True, check_at__gt=Now())
    if shown.filter(check_at__lt=looked_before).update(check_at=Now()):
        look_soon(Stream.objects.filter(watch__isnull=True, account=account, problem_code=""))
