"""What a program names: units and things in the sight of who asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet
from rest_framework import serializers

from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries import within

Found = Callable[[Person], QuerySet[Any]]


def asker_of(field: serializers.Field[Any, Any, Any, Any]) -> Person | None:
    """Who asks; None where the API is described, and nobody does."""
    person = getattr(field.context.get("request"), "user", None)
    return person if isinstance(person, Person) else None


class UnitSlug(serializers.SlugRelatedField[Unit]):
    """The short name of the unit in which something stands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="slug", read_only=True, **options)


class UnitWhere(serializers.SlugRelatedField[Unit]):
    """The short name of a unit where who asks holds `permission`."""

    def __init__(self, permission: Permission, **options: Any) -> None:
        self.permission = permission
        super().__init__(slug_field="slug", queryset=Unit.objects.none(), **options)

    def get_queryset(self) -> QuerySet[Unit]:
        person = asker_of(self)
        return Unit.objects.filter(within(person, self.permission, field="")) if person else Unit.objects.none()


class UnitSeen(serializers.SlugRelatedField[Unit]):
    """The short name of one of the units that `found(who asks)` gives."""

    def __init__(self, found: Found, **options: Any) -> None:
        self.found = found
        super().__init__(slug_field="slug", queryset=Unit.objects.none(), **options)

    def get_queryset(self) -> QuerySet[Unit]:
        person = asker_of(self)
        return self.found(person) if person else Unit.objects.none()


class OneOf(serializers.PrimaryKeyRelatedField[Any]):
    """The number of one of `found(who asks)`, rows of `model`."""

    def __init__(self, model: type[Model], found: Found, **options: Any) -> None:
        self.model, self.found = model, found
        super().__init__(queryset=model._base_manager.none(), **options)

    def get_queryset(self) -> QuerySet[Any]:
        person = asker_of(self)
        return self.found(person) if person else self.model._base_manager.none()


class NamedSerializer(serializers.ModelSerializer[Person]):
    """Somebody, by name."""

    class Meta:
        model = Person
        fields = ["id", "name"]
