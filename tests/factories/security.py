"""Security records of accounts, made directly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from accounts_registry.enums.security import SecurityItem, SecurityLevel
from accounts_registry.models import Account, SecurityCheck, SecurityException, SecurityRecord
from tests.factories.accounts_registry import AccountFactory
from tests.factories.organisation import person_with


class SecurityExceptionFactory(factory.django.DjangoModelFactory[SecurityException]):
    """Asked for by the account's owner; its item is not met."""

    class Meta:
        model = SecurityException

    account = factory.SubFactory(AccountFactory)
    item = SecurityItem.VAULT
    why = "The vault comes in spring"
    until = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=60))
    asked_by = factory.SelfAttribute("account.owner")

    @classmethod
    def _create(cls, model_class: type[SecurityException], *args: Any, **facts: Any) -> SecurityException:
        if facts.get("state", "asked") in ("accepted", "expired"):
            facts.setdefault("decided_by", person_with("ict_security", facts["account"].unit))
        if not facts["account"].security_checks.filter(item=facts["item"]).exists():
            stands(facts["account"], facts["item"], SecurityLevel.NOT_MET)
        made: SecurityException = model_class.objects.create(**facts)
        return made


def stands(account: Account, item: SecurityItem, level: SecurityLevel) -> SecurityCheck:
    """`item` of `account` was looked at, and is at `level`."""
    SecurityRecord.objects.get_or_create(account=account)
    facts = {"level": level, "evidence": "Seen", "checked_by": account.owner, "checked_on": timezone.localdate()}
    made, _new = SecurityCheck.objects.update_or_create(account=account, item=item, defaults=facts)
    return made


def whole(account: Account, level: SecurityLevel = SecurityLevel.MET) -> Account:
    """Every item of `account` was looked at, and is at `level`."""
    for item in SecurityItem:
        stands(account, item, level)
    return account
