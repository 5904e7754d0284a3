"""Units in the API: how they are governed, and when they are open."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from organisation import policy
from organisation.actions import add_closure, change_closure, change_governance, remove_closure, set_office_hours
from organisation.actions.moving import move_unit
from organisation.api.base import Pages, asked, person_of
from organisation.api.nouns import Noun
from organisation.enums import Permission
from organisation.forms import places_for
from organisation.models import Closure, Unit
from organisation.queries import Keyset, visible_units
from organisation.queries.governing import Effect, effects_of, token_of
from organisation.queries.moving import effects_of_move
from organisation.serializers.units import (
    ClosureChangeSerializer,
    ClosureSerializer,
    ClosureWriteSerializer,
    EffectsSerializer,
    GovernSerializer,
    HoursSerializer,
    ModelSerializer,
    MoveUnitSerializer,
    PlaceSerializer,
    UnitSerializer,
)

MANAGE = Permission.UNIT_MANAGE


class OldestFirst(Pages):
    order = Keyset("", size=50, newest_first=False)


class UnitViewSet(Noun):
    """Units in sight."""

    called = "unit"
    serializer_class = UnitSerializer
    pagination_class = OldestFirst
    queryset = Unit.objects.none()

    def get_queryset(self) -> QuerySet[Unit]:
        return visible_units(person_of(self.request))

    @extend_schema(parameters=[ModelSerializer], responses=EffectsSerializer, filters=False)
    @action(detail=True)
    def effects(self, request: Request, pk: str) -> Response:
        """What it changes for whom where the unit is governed by another model."""
        return _told(effects_of(self._governed(), asked(request, ModelSerializer)["model"]))

    @extend_schema(parameters=[PlaceSerializer], responses=EffectsSerializer, filters=False)
    @action(detail=True, url_path="move-effects")
    def move_effects(self, request: Request, pk: str) -> Response:
        """What it changes for whom where the unit, with all below it, stands elsewhere."""
        unit = self.get_object()
        policy.require(person_of(request), MANAGE, unit)
        told = asked(request, PlaceSerializer)
        return _told(effects_of_move(unit, self._place(unit, told)["parent"]) if told else [])

    @extend_schema(request=MoveUnitSerializer, responses=UnitSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Moves it, by the effects that were seen; 409 where they are others by now."""
        unit, person = self.get_object(), person_of(request)
        policy.require(person, MANAGE, unit)
        move_unit(unit=unit, by=person, **self._place(unit, self.said(MoveUnitSerializer)))
        return self.shown(unit)

    def _place(self, unit: Unit, told: dict[str, Any]) -> dict[str, Any]:
        """400 for a place where the unit cannot stand, or who asks may not put it."""
        places = places_for(person_of(self.request), unit) if unit.depth > 1 else []
        if told["parent"] not in places:
            raise ValidationError({"parent": [_("The unit cannot stand there.")]})
        return told

    @extend_schema(request=GovernSerializer, responses=UnitSerializer)
    @action(detail=True, methods=["post"])
    def govern(self, request: Request, pk: str) -> Response:
        """Changes the model, by the effects that were seen; 409 where they are others by now."""
        self._governed()
        return self.acted(change_governance, MANAGE, GovernSerializer)

    @extend_schema(request=HoursSerializer, responses=UnitSerializer)
    @action(detail=True, methods=["put"])
    def hours(self, request: Request, pk: str) -> Response:
        """When it is open on each weekday."""
        return self.acted(set_office_hours, MANAGE, HoursSerializer)

    def _governed(self) -> Unit:
        unit: Unit = self.get_object()
        policy.require(person_of(self.request), MANAGE, unit)
        if not policy.may_govern(person_of(self.request), unit):
            raise PermissionDenied(policy.DECIDED_ABOVE)
        return unit


def _told(effects: list[Effect]) -> Response:
    told = [
        {**vars(one), "units": [unit.slug for unit in one.units], "permissions": [str(p) for p in one.permissions]}
        for one in effects
    ]
    return Response(EffectsSerializer({"seen": token_of(effects), "effects": told}).data)


class ClosureViewSet(Noun):
    """Days on which units in sight are closed."""

    called = "closure"
    serializer_class = ClosureSerializer
    queryset = Closure.objects.none()

    def get_queryset(self) -> QuerySet[Closure]:
        return Closure.objects.filter(unit__in=visible_units(person_of(self.request))).select_related("unit")

    @extend_schema(request=ClosureWriteSerializer, responses={201: ClosureSerializer})
    def create(self, request: Request) -> Response:
        """Adds one; deadlines follow within a minute."""
        return self.made(add_closure, MANAGE, ClosureWriteSerializer)

    @extend_schema(request=ClosureChangeSerializer, responses=ClosureSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes it."""
        return self.acted(change_closure, MANAGE, ClosureChangeSerializer)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        """The service is open again on these days."""
        closure: Any = self.get_object()
        remove_closure(closure=closure, by=person_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
