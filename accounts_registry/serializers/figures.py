from __future__ import annotations

from rest_framework import serializers

from accounts_registry.actions.figures import MOST
from accounts_registry.enums.figure import Measure
from accounts_registry.models import AccountFigure


class FigureSerializer(serializers.ModelSerializer[AccountFigure]):
    """How many there were of what `measure` counts, on one day."""

    measure = serializers.ChoiceField(choices=Measure.choices)
    value = serializers.IntegerField(min_value=0, max_value=MOST)

    class Meta:
        model = AccountFigure
        fields = ["id", "measure", "value", "on", "source", "noted_at"]
        read_only_fields = ["id", "noted_at"]
