"""What is said about conditions of the committee."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class EvidenceSerializer(serializers.Serializer[dict[str, Any]]):
    """How one sees that a condition is met."""

    evidence = serializers.CharField(max_length=2000)
