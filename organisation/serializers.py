from __future__ import annotations

from rest_framework import serializers

from organisation.models import Grant, Person, Unit


class GrantSerializer(serializers.ModelSerializer[Grant]):
    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Grant
        fields = ["role", "unit", "until"]


class MeSerializer(serializers.ModelSerializer[Person]):
    """Who is asking, and what they hold."""

    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    grants = GrantSerializer(source="open_grants", many=True, read_only=True)

    class Meta:
        model = Person
        fields = ["id", "name", "email", "language", "unit", "grants"]
