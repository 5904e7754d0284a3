"""Networks are looked through for accounts that pose as us: begun and ended by people, done by a worker."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry import vault
from accounts_registry.actions.connection import mark_connection_broken
from accounts_registry.actions.renewing import keep_fresh
from accounts_registry.actions.sightings import keep_on, weigh
from accounts_registry.actions.waking import wake
from accounts_registry.enums import Discovery
from accounts_registry.models import Account, ImitationSearch, Sighting
from accounts_registry.queries.connection import able, account_ref, egress
from accounts_registry.queries.imitations import (
    is_known,
    names_to_look_for,
    official_hosts,
    searching_accounts,
    sighting_of,
)
from accounts_registry.queries.suspicion import OurNames
from networks import catalogue
from networks.errors import AuthExpired, NetworkError, RateLimited
from networks.kinds import Purpose
from networks.port import AccountFinder
from organisation import audit, due, locks, policy
from organisation.audit import action
from organisation.clock import database_now, database_today
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import Person
from organisation.ration import Ration

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
NAMES_A_LOOK = 8  # each is a call
CALLS_A_DAY = 40  # of one search, whoever asks for more
LOOKS_AN_HOUR = Ration("imitation-looks", an_hour=4)
BUDGET, VAULT_BROKEN = "budget", "vault_broken"
BEGUN = audit.tell("imitation_search.begun", _("%(actor)s had this network looked through for imitations"))
ENDED = audit.tell("imitation_search.ended", _("%(actor)s ended looking through this network for imitations"))
FOUND = audit.tell("sighting.found", _("Parvis found this account while it looked for imitations"))


@action
def begin_search(*, account: Account, by: Person) -> ImitationSearch:
    """From now on its network is looked through every day, as `account`. Refused where that is done already, or where
    the account cannot."""
    held = locks.take(Account.objects.select_related("unit"), account.pk)
    policy.require(by, Permission.SIGHTING_MANAGE, held)
    if not searching_accounts(by).filter(pk=held.pk).exists():
        raise Refused(_("As this account the network cannot be looked through now."))
    search, is_new = ImitationSearch.objects.get_or_create(account=held, defaults={"begun_by": by})
    if is_new:
        audit.record(verb=BEGUN, thing=search, by=by, account=held.pk)
        transaction.on_commit(wake_searches)
    return search


def look_now(*, search: ImitationSearch, by: Person) -> ImitationSearch:
    """A worker looks at once, instead of when its time comes; nothing else changes, so there is no event."""
    policy.require(by, Permission.SIGHTING_MANAGE, search.account)
    if not LOOKS_AN_HOUR.take(search.pk):
        raise Refused(_("This network was looked through several times within the hour. Wait for the next one."))
    ImitationSearch.objects.filter(pk=search.pk).update(next_at=Now())
    wake_searches()
    return search


@action
def end_search(*, search: ImitationSearch, by: Person) -> None:
    """What it found stays."""
    held = locks.take(ImitationSearch.objects.select_related("account__unit"), search.pk)
    policy.require(by, Permission.SIGHTING_MANAGE, held.account)
    audit.record(verb=ENDED, thing=held, by=by, account=held.account_id)
    held.delete()


def wake_searches() -> None:
    wake("accounts_registry.tasks.search_imitations")


# ---- The worker -----------------------------------------------------------------------------------------------------
def _due() -> QuerySet[ImitationSearch]:
    rows = ImitationSearch.objects.filter(able(Purpose.READ, to="account__"), next_at__lte=Now())
    return rows.select_related("account__unit", "begun_by").order_by("next_at", "pk")


SEARCHES = due.Queue(_due, lease=timedelta(minutes=2), next_at="next_at")


def search_imitations(*, seconds: float) -> int:
    """A worker looks through what is due, for at most `seconds`; how many it was."""
    return due.work(lambda: SEARCHES.turn(_look), seconds=seconds)


def _look(search: ImitationSearch) -> None:
    names, today = names_to_look_for(search.account.unit), database_today()
    spent = search.calls if search.calls_on == today else 0
    wanted = _turn(names, search.place)[: max(0, min(NAMES_A_LOOK, CALLS_A_DAY - spent))]
    facts = {"calls_on": today, "looked_at": Now()}
    if names and not wanted:
        SEARCHES.release(search, next_at=database_now() + EVERY, problem=BUDGET, calls=spent, **facts)
        return
    seen = made = asked = 0
    try:
        keep_fresh(account=search.account, purpose=Purpose.READ)
        finder = catalogue.account_finder(account_ref(search.account, Purpose.READ), egress())
        for name in wanted:
            asked += 1
            told = _report(search, finder, name)
            seen, made = seen + told[0], made + told[1]
    except (NetworkError, vault.Broken) as error:
        _failed(search, error, calls=spent + asked, seen=seen, made=made, **facts)
        return
    facts |= {"calls": spent + asked, "seen": seen, "made": made, "problem": "", "failures": 0}
    SEARCHES.release(search, next_at=database_now() + EVERY, place=search.place + len(wanted), **facts)


def _turn(names: Sequence[str], place: int) -> list[str]:
    """All of them, beginning where the last look ended."""
    at = place % len(names) if names else 0
    return [*names[at:], *names[:at]]


def _failed(search: ImitationSearch, error: Exception, **facts: object) -> None:
    code = error.code if isinstance(error, NetworkError) else VAULT_BROKEN
    if isinstance(error, AuthExpired | vault.Broken):
        mark_connection_broken(account=search.account, code=code, purpose=Purpose.READ)
    retry_at = error.retry_at if isinstance(error, RateLimited) else None
    told = {"problem": code, "failures": search.failures + 1, **facts}
    SEARCHES.put_off(search, search.failures, retry_at=retry_at, **told)


def _report(search: ImitationSearch, finder: AccountFinder, name: str) -> tuple[int, int]:
    """What the network shows for `name`: how many accounts, and how many of them are reported."""
    ours, hosts = OurNames.of(search.account.unit), official_hosts(search.account.unit)
    found = finder.find_accounts(name)
    made = [one for account in found if (one := sighting_of(account, search, ours, hosts)) is not None]
    return len(found), sum(_reported(search, one) for one in made)


def _reported(search: ImitationSearch, made: Sighting) -> bool:
    """False where it was seen before, or somebody reports it at this very moment."""
    if is_known(made):
        return False
    try:
        report_found(search=search, sighting=made)
    except IntegrityError:
        return False
    return True


@action
def report_found(*, search: ImitationSearch, sighting: Sighting) -> Sighting:
    """As a report of whoever had it looked for; with the score for it, it goes into the abuse register as any other."""
    sighting.found, sighting.reported_by, sighting.kept_until = Discovery.SEARCH, search.begun_by, keep_on()
    with transaction.atomic():
        sighting.save()
    sighting.refresh_from_db()
    audit.record(verb=FOUND, thing=sighting, by=None, kind=sighting.kind, found=sighting.found)
    weigh(sighting)
    return sighting
