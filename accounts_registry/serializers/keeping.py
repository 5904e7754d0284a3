"""What an account may spend, and the apps of others that may act on it, as programs read and write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts_registry.models import Account, Budget, ThirdPartyApp
from accounts_registry.money import micro
from accounts_registry.queries import visible_accounts
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within
from organisation.serializers.choices import NamedSerializer, OneOf

MICRO = Decimal(1_000_000)
_AMOUNT: dict[str, Any] = {"max_digits": 9, "decimal_places": 2, "min_value": Decimal(0)}


class Dollars(serializers.DecimalField):
    """Kept in millionths."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**_AMOUNT, **options})

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(Decimal(value) / MICRO)

    def to_internal_value(self, data: Any) -> Any:
        return micro(super().to_internal_value(data))


class BudgetSerializer(serializers.ModelSerializer[Budget]):
    """Most in a month, in US dollars, and what of it is kept for answers."""

    limit = Dollars(read_only=True)
    kept_for_answers = Dollars(read_only=True)

    class Meta:
        model = Budget
        fields = ["account", "limit", "kept_for_answers", "owns_app", "set_at"]
        read_only_fields = fields


class BudgetWriteSerializer(serializers.Serializer[dict[str, Any]]):
    limit = Dollars()
    kept_for_answers = Dollars()
    owns_app = serializers.BooleanField(required=False, allow_null=True)


class AppSerializer(serializers.ModelSerializer[ThirdPartyApp]):
    """An app of somebody else that may act on an account."""

    noted_by = NamedSerializer(read_only=True)

    class Meta:
        model = ThirdPartyApp
        fields = ["id", "account", "name", "purpose", "noted_by", "noted_at", "last_seen_on"]
        read_only_fields = fields


def kept_accounts(person: Person) -> Any:
    return visible_accounts(person).filter(within(person, Permission.ACCOUNT_MANAGE))


class AppWriteSerializer(serializers.Serializer[dict[str, Any]]):
    account = OneOf(Account, kept_accounts)
    name = serializers.CharField(max_length=120)
    purpose = serializers.CharField(max_length=300)
    last_seen_on = serializers.DateField(required=False, allow_null=True)
