from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts_registry.enums.advice import Opinion
from accounts_registry.models import Advice
from accounts_registry.serializers import HolderSerializer


class AdviceSerializer(serializers.ModelSerializer[Advice]):
    given_by = HolderSerializer(read_only=True)

    class Meta:
        model = Advice
        fields = ["round", "opinion", "reasons", "points", "given_by", "given_at"]
        read_only_fields = fields


class GiveAdviceSerializer(serializers.Serializer[dict[str, Any]]):
    """On the dossier as it was read in `round`; it stays as it is given. Points: what is to be settled."""

    opinion = serializers.ChoiceField(choices=Opinion.choices)
    reasons = serializers.CharField(max_length=5000)
    points = serializers.ListField(child=serializers.CharField(max_length=500), required=False, max_length=20)
    round = serializers.IntegerField(source="seen_round", help_text="The `round` of the dossier that was read.")
