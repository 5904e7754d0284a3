"""Networks tell us where to look. What they say is believed that far and no further: nothing of it is stored."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from celery import current_app
from django.db import transaction
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from accounts_registry.models import Account
from accounts_registry.queries import network_app
from monitoring.actions.claiming import look_soon
from monitoring.actions.keeping import is_name
from monitoring.models import Mention, Stream, WebhookCall
from networks import catalogue
from networks.webhooks import Challenge, Hint, WebhookRefused, Webhooks, is_fresh
from organisation.clock import database_now
from organisation.ration import Ration

log = logging.getLogger(__name__)

PULL = "monitoring.tasks.pull_streams"
# Before everything that is due by its own time.
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
REMEMBERED = timedelta(days=1)
# A network asks once a day or once an hour, and whenever somebody sets its app up. A stranger at one address gets no
# more than a few of these (`limits.QUESTIONS`).
ANSWERS = Ration("webhook-answers", an_hour=600)
# Looking where a call says costs money on some networks. The rest waits for its own turn, which comes anyhow.
PAID_HINTS = Ration("paid-hints", an_hour=60)


def answer_challenge(*, network: str, query: Mapping[str, str]) -> Challenge:
    """What the network wants to hear before it trusts our address; `WebhookRefused` for anybody else."""
    answer = _webhooks(network).challenge(query)
    if not ANSWERS.take(network):
        raise WebhookRefused("asked too often")
    return answer


def hear(*, network: str, headers: Mapping[str, str], body: bytes) -> int:
    """Looks soon where a genuine, fresh call says; how many hints it had. `WebhookRefused` for every other call.

    `headers` have lower-case names. A call that comes a second time is refused: what it asked for is under way.
    """
    hints = _read(_webhooks(network), headers, body)
    now = database_now()
    fresh = [hint for hint in hints if is_fresh(hint, now)]
    if hints and not fresh:
        raise WebhookRefused("stale")
    with transaction.atomic():
        digest = hashlib.sha256(network.encode() + b"\n" + body).hexdigest()
        _call, is_new = WebhookCall.objects.get_or_create(digest=digest, defaults={"network": network})
        if not is_new:
            raise WebhookRefused("heard before")
        due = _look_soon(network, _affordable(network, fresh))
    if due:
        _wake()
    return len(fresh)


def forget_calls() -> None:
    """A replay is stale long before we forget what it repeats."""
    WebhookCall.objects.filter(received_at__lt=Now() - REMEMBERED).delete()


def _webhooks(network: str) -> Webhooks:
    known = catalogue.NETWORKS.get(network)
    if known is None or not known.webhooks:
        raise WebhookRefused("no webhooks")
    return catalogue.webhooks(network, network_app(network))


def _read(reader: Webhooks, headers: Mapping[str, str], body: bytes) -> tuple[Hint, ...]:
    try:
        reader.verify_webhook(headers, body)
        told = reader.parse_webhook(body)
    except WebhookRefused:
        raise
    except Exception as error:
        # Strangers send anything: what a reader stumbles over is refused like the rest.
        log.warning("a webhook call could not be read: %s", type(error).__name__)
        raise WebhookRefused("unreadable") from None
    # Nothing of ours bears a name that is not kept, and the database cannot be asked for every one.
    return tuple(hint for hint in told if is_name(hint.account) and is_name(hint.message))


def _affordable(network: str, hints: list[Hint]) -> list[Hint]:
    """All of them where looking is free; else as many for each account as its hour has left."""
    if catalogue.network(network).capabilities.prices is None:
        return hints
    known = Account.objects.filter(network=network, remote_id__in={hint.account for hint in hints})
    ids = dict(known.values_list("remote_id", "pk"))
    return [hint for hint in hints if hint.account in ids and PAID_HINTS.take(ids[hint.account])]


def _look_soon(network: str, hints: list[Hint]) -> bool:
    """The inboxes of the accounts that the hints name become due, and the messages are looked at again.

    True where there is something to pull at this very moment.
    """
    accounts = {hint.account for hint in hints}
    streams = Stream.objects.filter(
        watch__isnull=True, account__network=network, account__remote_id__in=accounts, problem_code=""
    )
    look_soon(streams)
    for hint in hints:
        if hint.message:
            Mention.objects.filter(
                account__network=network,
                account__remote_id=hint.account,
                item__remote_id=hint.message,
                gone_at__isnull=True,
            ).update(check_at=AT_ONCE)
    return streams.filter(next_pull_at__lte=Now()).exists()


def _wake() -> None:
    try:
        current_app.send_task(PULL, retry=False)
    except OperationalError as error:
        log.warning("no worker woken, the broker does not answer: %s", error)
