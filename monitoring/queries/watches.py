from __future__ import annotations

from django.db.models import QuerySet

from accounts_registry.models import Account
from accounts_registry.queries import publishable_accounts
from monitoring.models import Watch
from networks.catalogue import NETWORKS
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within


def visible_watches(person: Person) -> QuerySet[Watch]:
    """Watches of which `person` may know, with unit, account and owner at hand."""
    return Watch.objects.filter(within(person, Permission.WATCH_VIEW)).select_related("unit", "account", "owner")


def searchable_accounts(person: Person) -> QuerySet[Account]:
    """Connected accounts of networks that can be searched, in units where `person` manages watches."""
    searching = [key for key, network in NETWORKS.items() if network.capabilities.searches]
    return publishable_accounts(person, Permission.WATCH_MANAGE).filter(network__in=searching)
