"""Whom and what an account may be given: people who answer for it, and a language pair."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts_registry.enums import AccountState
from accounts_registry.models import Account
from accounts_registry.queries.committee import root_path
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within


def holders_for(account: Account) -> QuerySet[Person]:
    """The active people of the account's organisation, and those who hold it now."""
    here = Q(is_active=True, responsible__isnull=True, unit__path__startswith=root_path(account.unit))
    return Person.objects.filter(here | Q(pk__in=[account.owner_id, account.backup_holder_id])).order_by("name")


def pairs_for(account: Account, person: Person) -> QuerySet[Account]:
    """Accounts of the same network that `person` manages and that have no other pair."""
    free = Q(pair__isnull=True) | Q(pair=account) | Q(pk=account.pair_id)
    alike = Account.objects.filter(free, within(person, Permission.ACCOUNT_MANAGE), network=account.network)
    return alike.exclude(state=AccountState.ARCHIVED).exclude(pk=account.pk).order_by("handle")
