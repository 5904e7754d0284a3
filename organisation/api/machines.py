"""Service accounts and their keys in the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from organisation import policy
from organisation.actions import (
    add_service_account,
    make_key,
    renew_key,
    revoke_key,
)
from organisation.api.base import asked, person_of
from organisation.api.nouns import Noun
from organisation.enums import Permission
from organisation.models import ApiKey, Person
from organisation.queries.keys import visible_keys, visible_machines
from organisation.serializers.people import (
    KeyFilterSerializer,
    KeySerializer,
    KeyWriteSerializer,
    MachineWriteSerializer,
    MadeKeySerializer,
    PersonSerializer,
)

MANAGE, SEE = Permission.PERSON_MANAGE, Permission.PERSON_VIEW


class MachineViewSet(Noun):
    """Service accounts in sight: programs, for each of which somebody answers."""

    called, sees = "person", SEE
    serializer_class = PersonSerializer
    queryset = Person.objects.none()

    def get_queryset(self) -> QuerySet[Person]:
        return visible_machines(person_of(self.request)).select_related("unit", "responsible")

    @extend_schema(request=MachineWriteSerializer, responses={201: PersonSerializer})
    def create(self, request: Request) -> Response:
        """Adds one, still without role and key."""
        return self.made(add_service_account, MANAGE, MachineWriteSerializer)

    @extend_schema(request=KeyWriteSerializer, responses={201: MadeKeySerializer})
    @action(detail=True, methods=["post"])
    def keys(self, request: Request, pk: str) -> Response:
        """Makes a key: its secret is told this once."""
        machine, person = self.get_object(), person_of(request)
        policy.require(person, MANAGE, machine)
        return _told(make_key(person=machine, by=person, **self.said(KeyWriteSerializer)))


class KeyViewSet(Noun):
    """Keys of the service accounts in sight, those that are over too."""

    called, sees = "key", SEE
    serializer_class = KeySerializer
    queryset = ApiKey.objects.none()

    def get_queryset(self) -> QuerySet[ApiKey]:
        found = visible_keys(person_of(self.request)).select_related("person__unit", "made_by")
        return found.filter(**asked(self.request, KeyFilterSerializer)) if self.action == "list" else found

    @extend_schema(parameters=[KeyFilterSerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=None, responses={201: MadeKeySerializer})
    @action(detail=True, methods=["post"])
    def renew(self, request: Request, pk: str) -> Response:
        """Another one takes its place; this one works for a week more."""
        key, person = self.get_object(), person_of(request)
        policy.require(person, MANAGE, key.person)
        return _told(renew_key(key=key, by=person))

    @extend_schema(request=None, responses=KeySerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """From now on it lets nobody in."""
        return self.acted(revoke_key, None)


def _told(made: tuple[ApiKey, str]) -> Response:
    key, secret = made
    told = MadeKeySerializer(key, context={"secret": secret}).data
    return Response(told, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})
