"""What goes out and what is frozen, as programs read and write it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from accounts_registry.models import Account
from accounts_registry.queries import visible_accounts
from delivery.enums import DeliveryState, HoldScope, Verdict
from delivery.models import Delivery, Hold
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within
from organisation.serializers import MomentField
from organisation.serializers.choices import NamedSerializer, OneOf, UnitSlug, UnitWhere


def freezable_accounts(person: Person) -> QuerySet[Account]:
    return visible_accounts(person).filter(within(person, Permission.HOLD_PLACE))


class LackSerializer(serializers.Serializer[dict[str, str]]):
    """A part that is missing, and of which language."""

    part = serializers.CharField()
    language = serializers.CharField()


class SendingSerializer(serializers.ModelSerializer[Delivery]):
    """One message on one account: `origin_kind` and `origin_id` say which; `lacks` what it is out without."""

    unit = UnitSlug()
    lacks = LackSerializer(many=True, read_only=True)

    class Meta:
        model = Delivery
        fields = [
            *("id", "unit", "account", "origin_kind", "origin_id", "state", "due_at", "unknown_at", "published_at"),
            *("remote_url", "problem_code", "lacks"),
        ]
        read_only_fields = fields


class DeliveryFilterSerializer(serializers.Serializer[dict[str, Any]]):
    state = serializers.ChoiceField(choices=DeliveryState.choices, required=False)


class VerdictSerializer(serializers.Serializer[dict[str, Any]]):
    """What somebody saw on the network."""

    verdict = serializers.ChoiceField(choices=Verdict.choices)
    published_url = serializers.CharField(
        max_length=500, required=False, allow_blank=True, help_text="Of the message, where it is there"
    )
    reason = serializers.CharField(max_length=500, help_text="How they know")


class AnewSerializer(serializers.Serializer[dict[str, Any]]):
    due_at = MomentField()
    meant = serializers.CharField(
        max_length=64, required=False, allow_blank=True, default="", help_text="What a 409 gave, for a yes"
    )


class HoldSerializer(serializers.ModelSerializer[Hold]):
    """A freeze: over an account, a unit and all below it, or the whole organisation."""

    unit = UnitSlug()
    reason = serializers.CharField(source="why", read_only=True)
    placed_by = NamedSerializer(read_only=True)
    lifted_by = NamedSerializer(read_only=True)

    class Meta:
        model = Hold
        fields = [
            *("id", "scope", "unit", "account", "reason", "placed_by", "placed_at", "until"),
            *("lifted_by", "lifted_at", "lift_reason"),
        ]
        read_only_fields = fields


class HoldWriteSerializer(serializers.Serializer[dict[str, Any]]):
    """`unit` where a unit is frozen, `account` where an account is."""

    scope = serializers.ChoiceField(choices=HoldScope.choices)
    unit = UnitWhere(Permission.HOLD_PLACE, required=False)
    account = OneOf(Account, freezable_accounts, required=False)
    reason = serializers.CharField(max_length=500, help_text="Everybody who is stopped reads it")
    until = MomentField(required=False, allow_null=True)


class LiftSerializer(serializers.Serializer[dict[str, Any]]):
    reason = serializers.CharField(max_length=500)
