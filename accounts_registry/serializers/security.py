"""How safe accounts are, as programs read and write it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts_registry.enums.security import RecoveryOwner, SecondFactor, SecurityItem, SecurityLevel, SecurityStanding
from accounts_registry.models import Account, SecurityException
from accounts_registry.policy import sees_recovery
from accounts_registry.queries.security import items_of, record_of
from accounts_registry.serializers import HolderSerializer
from organisation.clock import database_now
from organisation.models import Unit


class ItemSerializer(serializers.Serializer[Any]):
    """One item of a checklist; `level` is "unknown" where nobody looked."""

    item = serializers.ChoiceField(choices=SecurityItem.choices)
    level = serializers.ChoiceField(choices=SecurityStanding.choices)
    evidence = serializers.CharField(source="check.evidence", default="")
    checked_on = serializers.DateField(source="check.checked_on", default=None)
    is_borne = serializers.BooleanField()


class SecurityRecordSerializer(serializers.ModelSerializer[Account]):
    """The security record of an account, under the account's id. The recovery addresses stand in it for those alone who
    manage its access; for others they are empty."""

    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    standing = serializers.ChoiceField(source="security_standing", choices=SecurityStanding.choices, read_only=True)
    is_overdue = serializers.BooleanField(source="is_unattested", read_only=True)
    second_factor = serializers.SerializerMethodField()
    recovery_phone_of = serializers.SerializerMethodField()
    recovery_mail_of = serializers.SerializerMethodField()
    recovery_phone = serializers.SerializerMethodField()
    recovery_mail = serializers.SerializerMethodField()
    attested_at = serializers.SerializerMethodField()
    edition = serializers.SerializerMethodField()
    items = serializers.SerializerMethodField()

    class Meta:
        model = Account
        fields = [
            "id",
            "unit",
            "network",
            "handle",
            "standing",
            "is_overdue",
            "second_factor",
            "recovery_phone_of",
            "recovery_mail_of",
            "recovery_phone",
            "recovery_mail",
            "attested_at",
            "edition",
            "items",
        ]
        read_only_fields = fields

    def get_second_factor(self, account: Account) -> str:
        return record_of(account).second_factor

    def get_recovery_phone_of(self, account: Account) -> str:
        return record_of(account).recovery_phone_of

    def get_recovery_mail_of(self, account: Account) -> str:
        return record_of(account).recovery_mail_of

    def _secret(self, account: Account, name: str) -> str:
        request = self.context.get("request")
        seen = request is not None and sees_recovery(request.user, account)
        return str(getattr(record_of(account), name)) if seen else ""

    def get_recovery_phone(self, account: Account) -> str:
        return self._secret(account, "recovery_phone")

    def get_recovery_mail(self, account: Account) -> str:
        return self._secret(account, "recovery_mail")

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_attested_at(self, account: Account) -> Any:
        return record_of(account).attested_at

    def get_edition(self, account: Account) -> int:
        return record_of(account).edition

    @extend_schema_field(ItemSerializer(many=True))
    def get_items(self, account: Account) -> Any:
        context: Any = self.context
        now = context["now"] if "now" in context else context.setdefault("now", database_now())
        today = timezone.localdate(now, account.unit.zone)
        return ItemSerializer(items_of(account, today).values(), many=True).data


class _Read(serializers.Serializer[dict[str, Any]]):
    edition = serializers.IntegerField(min_value=0, help_text="The `edition` of the record that was read.")


class SettingsSerializer(_Read):
    second_factor = serializers.ChoiceField(choices=SecondFactor.choices)
    recovery_phone_of = serializers.ChoiceField(choices=RecoveryOwner.choices)
    recovery_mail_of = serializers.ChoiceField(choices=RecoveryOwner.choices)
    recovery_phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    recovery_mail = serializers.EmailField(max_length=254, required=False, allow_blank=True)


class SecurityCheckSerializer(_Read):
    item = serializers.ChoiceField(choices=SecurityItem.choices)
    level = serializers.ChoiceField(choices=SecurityLevel.choices)
    evidence = serializers.CharField(max_length=1000)

    def validate_item(self, item: str) -> SecurityItem:
        return SecurityItem(item)

    def validate_level(self, level: str) -> SecurityLevel:
        return SecurityLevel(level)


class AttestSerializer(_Read):
    """Nothing else: who attests stands by the whole record."""


class AskExceptionSerializer(_Read):
    item = serializers.ChoiceField(choices=SecurityItem.choices)
    why = serializers.CharField(max_length=1000)
    until = serializers.DateField()

    def validate_item(self, item: str) -> SecurityItem:
        return SecurityItem(item)


class SecurityExceptionSerializer(serializers.ModelSerializer[SecurityException]):
    asked_by = HolderSerializer(read_only=True)
    decided_by = HolderSerializer(read_only=True)

    class Meta:
        model = SecurityException
        fields = ["id", "account", "item", "state", "why", "until", "asked_by", "asked_at", "decided_by"]
        read_only_fields = fields
