"""What is pulled, and what is due to be pulled."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from accounts_registry.models import Account
from accounts_registry.queries import MonthSoFar, able, stopped_accounts
from monitoring.enums import WatchState
from monitoring.models import Stream, Watch
from networks.catalogue import NETWORKS
from networks.kinds import Purpose
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within


def pullable_accounts() -> QuerySet[Account]:
    """Accounts that may be read, of networks that tell who mentions them."""
    telling = [key for key, network in NETWORKS.items() if network.capabilities.mentions]
    return Account.objects.filter(able(Purpose.READ), network__in=telling)


def collecting_watches() -> QuerySet[Watch]:
    """Active watches; that the last day is not over is looked at again, in the unit's own time, before each pull."""
    return Watch.objects.filter(state=WatchState.ACTIVE)


def due_streams() -> QuerySet[Stream]:
    """Streams to pull now, the longest due first, with account and watch."""
    accounts = pullable_accounts().filter(pk=OuterRef("account_id"))
    watched = Q(watch__isnull=True) | Exists(collecting_watches().filter(pk=OuterRef("watch_id")))
    due = Stream.objects.filter(watched, Exists(accounts), next_pull_at__lte=Now())
    return due.select_related("account", "account__unit", "watch", "watch__unit").order_by("next_pull_at", "pk")


def visible_streams(person: Person) -> QuerySet[Stream]:
    """Streams of the accounts whose conversations, and of the watches which, `person` sees; failing ones first."""
    inboxes = Q(watch__isnull=True) & within(person, Permission.MENTION_VIEW, field="account__unit")
    watches = Q(watch__isnull=False) & within(person, Permission.WATCH_VIEW, field="account__unit")
    return (
        Stream.objects.filter(inboxes | watches)
        .select_related("account", "account__unit", "watch")
        .order_by(F("failing_since").asc(nulls_last=True), "account__handle", "kind", "pk")
    )


def stopped_readings(person: Person, permission: Permission = Permission.MENTION_VIEW) -> list[MonthSoFar]:
    """Accounts in units where `person` holds `permission` that are no longer read for want of money."""
    return stopped_accounts(Account.objects.filter(within(person, permission)))
