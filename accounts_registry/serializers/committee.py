"""What is said of what lies before the committee, and about its conditions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class EvidenceSerializer(serializers.Serializer[dict[str, Any]]):
    """How one sees that a condition is met."""

    evidence = serializers.CharField(max_length=2000)


class RoundSerializer(serializers.Serializer[dict[str, Any]]):
    """In which round the dossier was read: in another one by now its words may be others."""

    round = serializers.IntegerField(
        source="seen_round",
        help_text="The `round` of the dossier that was read.",
        error_messages={"required": _("Name the round of the dossier that you read.")},
    )


class ReasonedRoundSerializer(RoundSerializer):
    reason = serializers.CharField(max_length=2000)


class MarkSerializer(serializers.Serializer[dict[str, Any]]):
    """Which report of a condition was read."""

    content_hash = serializers.CharField(
        source="seen",
        max_length=32,
        help_text="The `content_hash` of the condition that was read.",
        error_messages={"required": _("Name the report that you read, by its content_hash.")},
    )


class ReasonedMarkSerializer(MarkSerializer):
    reason = serializers.CharField(max_length=2000)
