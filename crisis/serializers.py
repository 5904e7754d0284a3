"""Playbooks and crises, as programs read and write them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crisis.enums import Freeze, Level, Phase, Severity
from crisis.models import ChecklistItem, Crisis, CrisisStep, LogEntry, Playbook
from crisis.queries import by_phase
from organisation.enums import Permission
from organisation.serializers.choices import NamedSerializer, UnitSlug, UnitWhere

FREEZES = [one for one in Freeze.choices if one[0] != Freeze.NONE]


class PlaybookStepSerializer(serializers.ModelSerializer[ChecklistItem]):
    class Meta:
        model = ChecklistItem
        fields = ["phase", "position", "text"]
        read_only_fields = fields


class PlaybookSerializer(serializers.ModelSerializer[Playbook]):
    """What is done when something happens."""

    unit = UnitSlug()

    class Meta:
        model = Playbook
        fields = ["id", "unit", "title", "summary", "edition", "changed_at"]
        read_only_fields = fields


class WholePlaybookSerializer(PlaybookSerializer):
    steps = PlaybookStepSerializer(source="items", many=True, read_only=True)

    class Meta(PlaybookSerializer.Meta):
        fields = [*PlaybookSerializer.Meta.fields, "steps"]
        read_only_fields = fields


def _steps() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=500), required=False, max_length=100)


class StepsSerializer(serializers.Serializer[dict[str, Any]]):
    """Of each phase, its steps in order."""

    before = _steps()
    during = _steps()
    after = _steps()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {phase: list(attrs.get(phase, [])) for phase in Phase.values}


class PlaybookChangeSerializer(serializers.Serializer[dict[str, Any]]):
    """The next edition; what is not named stays. `edition` is the one that was read."""

    title = serializers.CharField(max_length=150)
    summary = serializers.CharField(max_length=1000)
    steps = StepsSerializer()
    edition = serializers.IntegerField(min_value=1, max_value=2**31 - 1)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "edition" not in attrs:
            raise serializers.ValidationError({"edition": self.fields["edition"].error_messages["required"]})
        playbook: Playbook = self.context["thing"]
        now = {group.phase.value: [item.text for item in group.steps] for group in by_phase(playbook.items.all())}
        return {"title": playbook.title, "summary": playbook.summary, "steps": now, **attrs}


class PlaybookWriteSerializer(serializers.Serializer[dict[str, Any]]):
    unit = UnitWhere(Permission.PLAYBOOK_WRITE)
    title = serializers.CharField(max_length=150)
    summary = serializers.CharField(max_length=1000)
    steps = StepsSerializer()


class StepSerializer(serializers.ModelSerializer[CrisisStep]):
    """A step as the playbook had it when the crisis was declared."""

    done_by = NamedSerializer(read_only=True)

    class Meta:
        model = CrisisStep
        fields = ["id", "crisis", "phase", "position", "text", "done_by", "done_at"]
        read_only_fields = fields


class LogSerializer(serializers.ModelSerializer[LogEntry]):
    by = NamedSerializer(read_only=True)

    class Meta:
        model = LogEntry
        fields = ["id", "text", "by", "at"]
        read_only_fields = fields


class CrisisSerializer(serializers.ModelSerializer[Crisis]):
    """Something that happens, or the exercise of it."""

    unit = UnitSlug()
    declared_by = NamedSerializer(read_only=True)

    class Meta:
        model = Crisis
        fields = [
            *("id", "unit", "playbook", "title", "reason", "level", "severity", "is_exercise", "state"),
            *("declared_by", "declared_at", "ended_at", "hold"),
        ]
        read_only_fields = fields


class WholeCrisisSerializer(CrisisSerializer):
    steps = serializers.SerializerMethodField()
    log = serializers.SerializerMethodField()

    class Meta(CrisisSerializer.Meta):
        fields = [*CrisisSerializer.Meta.fields, "steps", "log"]
        read_only_fields = fields

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, crisis: Crisis) -> Any:
        found: QuerySet[CrisisStep] = crisis.steps.select_related("done_by")
        return StepSerializer(found, many=True).data

    @extend_schema_field(LogSerializer(many=True))
    def get_log(self, crisis: Crisis) -> Any:
        return LogSerializer(crisis.log.select_related("by"), many=True).data


class DeclareSerializer(serializers.Serializer[dict[str, Any]]):
    unit = UnitWhere(Permission.CRISIS_LEAD)
    title = serializers.CharField(max_length=150)
    reason = serializers.CharField(max_length=2000, help_text="Everybody who sees the freeze reads it")
    level = serializers.ChoiceField(choices=Level.choices)
    severity = serializers.ChoiceField(choices=Severity.choices)
    is_exercise = serializers.BooleanField(required=False)
    freeze_scope = serializers.ChoiceField(choices=Freeze.choices, required=False)


class NoteSerializer(serializers.Serializer[dict[str, Any]]):
    text = serializers.CharField(max_length=2000)


class FreezeSerializer(serializers.Serializer[dict[str, Any]]):
    scope = serializers.ChoiceField(choices=FREEZES)
    reason = serializers.CharField(max_length=500)


class WhySerializer(serializers.Serializer[dict[str, Any]]):
    reason = serializers.CharField(max_length=500)
