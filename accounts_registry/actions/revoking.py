"""Ending at the network what an account gave up; after that, and only after that, it is forgotten here."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry import vault
from accounts_registry.actions.listening import unsubscribe
from accounts_registry.models import Access, PendingRevocation
from accounts_registry.queries.connection import egress
from accounts_registry.queries.homes import network_app
from networks import catalogue
from networks.errors import AuthExpired, EgressRefused, Gone, NetworkError, RateLimited, Rejected, Unsupported
from organisation import audit, due
from organisation.audit import action

log = logging.getLogger(__name__)

MOST_TRIES = 8

ENDED = audit.tell("account.access_ended", _("%(actor)s ended the access to this account at the network"))
LEFT = audit.tell(
    "account.access_left",
    _("%(actor)s forgot the credentials of this account, but could not end the access at the network: end it there"),
)


def revoke_pending(*, seconds: float) -> int:
    """Ends what is due until nothing is or `seconds` have passed; how many were tried. Many workers may run it."""
    return due.work(lambda: REVOCATIONS.turn(_try), seconds=seconds)


def _due() -> QuerySet[PendingRevocation]:
    pending = PendingRevocation.objects.filter(next_try_at__lte=Now())
    return pending.select_related("account__unit").order_by("next_try_at", "pk")


# The lease is longer than a worker lets a task run.
REVOCATIONS = due.Queue(
    _due,
    lease=timedelta(minutes=3),
    backoff=due.Backoff(timedelta(minutes=1), timedelta(hours=6)),
    next_at="next_try_at",
    tries="tries",
)


def _try(revocation: PendingRevocation) -> None:
    """One call; a network that is away is tried again, one that refuses has nothing left to end."""
    try:
        _revoke(revocation)
    except (AuthExpired, Gone):
        _end(revocation=revocation, verb=ENDED)  # it was over already
    except (Rejected, EgressRefused, vault.Broken) as error:
        _end(revocation=revocation, verb=LEFT, code=getattr(error, "code", "vault_broken"))
    except NetworkError as error:
        _later(revocation, error.code, error.retry_at if isinstance(error, RateLimited) else None)
    except Exception:
        log.exception("revocation %s failed unexpectedly", revocation.pk)
        _later(revocation, "unexpected")
    else:
        _end(revocation=revocation, verb=ENDED)


def _revoke(revocation: PendingRevocation) -> None:
    account = revocation.account
    held = {one.name: vault.unseal(one.box, one.row) for one in revocation.credentials.all()}
    unsubscribe(revocation, held)
    if not catalogue.network(account.network).consent:
        raise Unsupported("no consent at this network")
    if _others_live_by_it(revocation):
        raise Unsupported("another account may live by the same consent")
    consent = catalogue.consent(account.network, revocation.base_url, network_app(account.network), egress())
    consent.revoke(held)


def _others_live_by_it(revocation: PendingRevocation) -> bool:
    """True where the network ends all that a person agreed to at once, and another account may be among it."""
    family = catalogue.network(revocation.account.network).consent_family
    kin = [key for key, network in catalogue.NETWORKS.items() if family and network.consent_family == family]
    return Access.objects.filter(account__network__in=kin).exclude(account=revocation.account).exists()


def _later(revocation: PendingRevocation, code: str, retry_at: datetime | None = None) -> None:
    if revocation.tries >= MOST_TRIES:
        _end(revocation=revocation, verb=LEFT, code=code)
    else:
        REVOCATIONS.put_off(revocation, revocation.tries - 1, retry_at=retry_at, problem=code)


@action
def _end(*, revocation: PendingRevocation, verb: str, code: str = "") -> None:
    """Forgets the credentials, and tells how it ended; Lost where a new connection has forgotten them meanwhile."""
    REVOCATIONS.hold(revocation).delete()
    audit.record(verb=verb, thing=revocation.account, by=None, code=code)
