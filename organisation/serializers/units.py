"""Units, how they are governed and when they are open, as programs read and write them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from organisation.enums import GovernanceModel, Language, Permission
from organisation.models import Closure, Unit
from organisation.queries import visible_units
from organisation.queries.units import model_of
from organisation.serializers.choices import NamedSerializer, UnitSeen, UnitSlug, UnitWhere


class UnitSerializer(serializers.ModelSerializer[Unit]):
    """`model`: how it is governed in fact; `governance_model`: its own, empty where it is as the unit above."""

    names = serializers.DictField(child=serializers.CharField(), read_only=True)
    model = serializers.SerializerMethodField()
    languages = serializers.ListField(child=serializers.CharField(), read_only=True)
    office_hours = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()), read_only=True, help_text="Monday first"
    )

    class Meta:
        model = Unit
        fields = [
            *("id", "slug", "names", "kind", "governance_model", "model", "languages", "time_zone"),
            *("working_calendar", "office_hours"),
        ]
        read_only_fields = fields

    def get_model(self, unit: Unit) -> str:
        return model_of(unit).value


class ModelSerializer(serializers.Serializer[dict[str, Any]]):
    """ "" for the model of the unit above."""

    model = serializers.ChoiceField(choices=GovernanceModel.choices, allow_blank=True, required=False, default="")


class EffectSerializer(serializers.Serializer[Any]):
    """The same for all of `people`: in `units` they gain, or lose, `permissions`, or the giving of `roles`."""

    gains = serializers.BooleanField()
    people = NamedSerializer(many=True)
    units = serializers.ListField(child=serializers.CharField())
    permissions = serializers.ListField(child=serializers.CharField())
    roles = serializers.ListField(child=serializers.CharField())


class EffectsSerializer(serializers.Serializer[Any]):
    """What another model changes for whom; `seen` is sent back by whoever agrees to exactly this."""

    seen = serializers.CharField()
    effects = EffectSerializer(many=True)


class GovernSerializer(ModelSerializer):
    seen = serializers.CharField(max_length=64)
    reason = serializers.CharField(max_length=500)


class PlaceSerializer(serializers.Serializer[dict[str, Any]]):
    """Below which unit it is to stand; nothing changes where it stands."""

    parent = UnitSeen(visible_units, required=False)  # type: ignore[assignment]  # the base has a `parent` too


class MoveUnitSerializer(serializers.Serializer[dict[str, Any]]):
    parent = UnitSeen(visible_units)  # type: ignore[assignment]  # the base has a `parent` too
    seen = serializers.CharField(max_length=64)
    reason = serializers.CharField(max_length=500)


class HoursSerializer(serializers.Serializer[dict[str, Any]]):
    """Of each weekday from Monday, when it opens and closes; a closed day is empty. No days: as the unit above."""

    hours = serializers.ListField(
        child=serializers.ListField(child=serializers.RegexField(r"^([01]\d|2[0-3]):[0-5]\d$"), max_length=2),
        max_length=7,
    )


class NamesSerializer(serializers.Serializer[dict[str, str]]):
    """In at least one language."""

    def get_fields(self) -> dict[str, Any]:
        return {
            code.value: serializers.CharField(max_length=100, required=False, allow_blank=True) for code in Language
        }

    def to_internal_value(self, data: Any) -> Any:
        return {code: name for code, name in super().to_internal_value(data).items() if name}


class ClosureSerializer(serializers.ModelSerializer[Closure]):
    """Days, or hours of each, on which a unit and all below it are closed."""

    unit = UnitSlug()
    names = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Closure
        fields = ["id", "unit", "names", "first", "last", "since", "until"]
        read_only_fields = fields


class ClosureChangeSerializer(serializers.Serializer[dict[str, Any]]):
    names = NamesSerializer()
    first = serializers.DateField()
    last = serializers.DateField()
    since = serializers.TimeField(required=False, allow_null=True, help_text="Without hours: the whole day")
    until = serializers.TimeField(required=False, allow_null=True)


class ClosureWriteSerializer(ClosureChangeSerializer):
    unit = UnitWhere(Permission.UNIT_MANAGE)
