from __future__ import annotations

from rest_framework import serializers

from accounts_registry.enums.closing import ExitStep, InLine
from accounts_registry.models import ExitStepDone
from accounts_registry.serializers import ActSerializer, HolderSerializer


class BeginClosingSerializer(ActSerializer):
    """Why it is closed, the exit plan, and what becomes of messages that are to go out, where there are any."""

    reason = serializers.CharField(max_length=5000)
    followers = serializers.CharField(max_length=5000)
    archive = serializers.CharField(max_length=5000)
    name = serializers.CharField(max_length=5000)
    waiting = serializers.ChoiceField(choices=InLine.choices, required=False)


class ExitStepSerializer(serializers.ModelSerializer[ExitStepDone]):
    done_by = HolderSerializer(read_only=True)

    class Meta:
        model = ExitStepDone
        fields = ["step", "note", "done_by", "done_at"]
        read_only_fields = fields


class TickSerializer(ActSerializer):
    step = serializers.ChoiceField(choices=ExitStep.choices)
    done = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
