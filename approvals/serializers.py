"""Routes of approval, as programs read and write them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from approvals.enums import Place
from approvals.models import Route, Step
from approvals.models.route import MOST_HANDS
from approvals.subjects import registered
from organisation.enums import Permission
from organisation.queries import visible_units
from organisation.roles import role_choices
from organisation.serializers.choices import NamedSerializer, UnitSeen, UnitSlug, UnitWhere


class RouteStepSerializer(serializers.ModelSerializer[Step]):
    """`place`: where whoever takes it holds their right; `hands`: how many of them."""

    unit = UnitSlug()

    class Meta:
        model = Step
        fields = ["position", "place", "unit", "role", "hands"]
        read_only_fields = fields


class RouteSerializer(serializers.ModelSerializer[Route]):
    """The steps that things of one kind take in a unit and below."""

    unit = UnitSlug()
    made_by = NamedSerializer(read_only=True)
    steps = RouteStepSerializer(many=True, read_only=True)

    class Meta:
        model = Route
        fields = ["id", "unit", "kind", "steps", "made_by", "made_at"]
        read_only_fields = fields


class NewStepSerializer(serializers.Serializer[dict[str, Any]]):
    place = serializers.ChoiceField(choices=Place.choices)
    unit = UnitSeen(visible_units, required=False, help_text="The other unit, where `place` is one")
    role = serializers.ChoiceField(choices=role_choices(), required=False, allow_blank=True)
    hands = serializers.IntegerField(min_value=1, max_value=MOST_HANDS, required=False)


class RouteWriteSerializer(serializers.Serializer[dict[str, Any]]):
    unit = UnitWhere(Permission.UNIT_MANAGE)
    kind = serializers.CharField(max_length=30)
    steps = serializers.ListField(child=NewStepSerializer(), min_length=1, max_length=3)

    def validate_kind(self, kind: str) -> str:
        if kind not in {one.kind for one in registered()}:
            serializers.ChoiceField(choices=[]).fail("invalid_choice", input=kind)
        return kind
