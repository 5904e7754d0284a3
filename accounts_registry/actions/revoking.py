"""Ending at the network what an account gave up; after that, and only after that, it is forgotten here."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry import vault
from accounts_registry.actions.listening import unsubscribe
from accounts_registry.models import Access, PendingRevocation
from accounts_registry.queries.connection import egress
from accounts_registry.queries.homes import network_app
from networks import catalogue
from networks.errors import AuthExpired, EgressRefused, Gone, NetworkError, Rejected, Unsupported
from organisation import audit
from organisation.audit import action

log = logging.getLogger(__name__)

MOST_TRIES = 8
LEASE = timedelta(minutes=3)  # longer than a worker lets a task run
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)

ENDED = audit.tell("account.access_ended", _("%(actor)s ended the access to this account at the network"))
LEFT = audit.tell(
    "account.access_left",
    _("%(actor)s forgot the credentials of this account, but could not end the access at the network: end it there"),
)


def revoke_pending(*, seconds: float) -> int:
    """Ends what is due until nothing is or `seconds` have passed; how many were tried. Many workers may run it."""
    ends, tried = time.monotonic() + seconds, 0
    while time.monotonic() < ends and (revocation := _claim()) is not None:
        _try(revocation)
        tried += 1
    return tried


def _claim() -> PendingRevocation | None:
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=Now())
    with transaction.atomic():
        due = PendingRevocation.objects.filter(free, next_try_at__lte=Now()).select_for_update(
            skip_locked=True, of=("self",)
        )
        found = due.first()
        if found is None:
            return None
        PendingRevocation.objects.filter(pk=found.pk).update(lease_until=Now() + LEASE, tries=F("tries") + 1)
    return PendingRevocation.objects.select_related("account__unit").get(pk=found.pk)


def _try(revocation: PendingRevocation) -> None:
    """One call; a network that is away is tried again, one that refuses has nothing left to end."""
    try:
        _revoke(revocation)
    except (AuthExpired, Gone):
        _end(revocation=revocation, verb=ENDED)  # it was over already
    except (Rejected, EgressRefused, vault.Broken) as error:
        _end(revocation=revocation, verb=LEFT, code=getattr(error, "code", "vault_broken"))
    except NetworkError as error:
        _later(revocation, error.code)
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


def _later(revocation: PendingRevocation, code: str) -> None:
    if revocation.tries >= MOST_TRIES:
        _end(revocation=revocation, verb=LEFT, code=code)
        return
    pause = min(FIRST_PAUSE * 2 ** (revocation.tries - 1), LONGEST_PAUSE)
    PendingRevocation.objects.filter(pk=revocation.pk).update(lease_until=None, next_try_at=Now() + pause, problem=code)


@action
def _end(*, revocation: PendingRevocation, verb: str, code: str = "") -> None:
    """Forgets the credentials, and tells how it ended; nothing where a new connection has forgotten them meanwhile."""
    if PendingRevocation.objects.select_for_update().filter(pk=revocation.pk).exists():
        PendingRevocation.objects.filter(pk=revocation.pk).delete()
        audit.record(verb=verb, thing=revocation.account, by=None, code=code)
