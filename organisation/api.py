"""The ground floor in the API: who is asking, and who holds which role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet, ViewSet

from organisation import policy
from organisation.actions import confirm_grant, give_grant, refuse_grant, revoke_grant
from organisation.enums import Permission
from organisation.models import Grant, Person
from organisation.queries import grants_to_show, visible_grants
from organisation.serializers import GrantCreateSerializer, MeSerializer, WholeGrantSerializer


class Pages(CursorPagination):
    """Keyset pages; a room says in which order. A cursor that somebody wrote by hand leads nowhere: 404."""

    page_size = 50

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError, DataError):
            raise NotFound(self.invalid_cursor_message) from None


class MeViewSet(ViewSet):
    @extend_schema(operation_id="me", responses=MeSerializer(many=False))
    def list(self, request: Request) -> Response:
        """The person who asks, their unit and their roles in force."""
        person: Any = request.user
        person.open_grants = list(visible_grants(person, person))
        return Response(MeSerializer(person).data)


class NewestFirst(Pages):
    ordering = "-pk"


class GrantViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Grant]):
    """Roles: held, and proposed ones that wait for a second person."""

    serializer_class = WholeGrantSerializer
    pagination_class = NewestFirst
    queryset = Grant.objects.none()

    def get_queryset(self) -> QuerySet[Grant]:
        return grants_to_show(_person(self.request))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        policy.require_anywhere(_person(request), Permission.PERSON_VIEW)
        return super().list(request, *args, **kwargs)

    @extend_schema(request=GrantCreateSerializer, responses={201: WholeGrantSerializer})
    def create(self, request: Request) -> Response:
        """Gives a role; one that weighs is proposed, and holds once a second person confirms it."""
        person = _person(request)
        policy.require_anywhere(person, Permission.PERSON_MANAGE)
        read = GrantCreateSerializer(data=request.data, context={"person": person})
        read.is_valid(raise_exception=True)
        grant = give_grant(by=person, **read.validated_data)
        return Response(WholeGrantSerializer(grant).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=WholeGrantSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """As a second person; from now on it holds."""
        return self._done(confirm_grant)

    @extend_schema(request=None, responses=WholeGrantSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """Ends a proposal."""
        return self._done(refuse_grant)

    @extend_schema(request=None, responses=WholeGrantSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Takes a role back that holds."""
        return self._done(revoke_grant)

    def _done(self, verb: Callable[..., Grant]) -> Response:
        return Response(WholeGrantSerializer(verb(grant=self.get_object(), by=_person(self.request))).data)


def _person(request: Request) -> Person:
    """Who asks; the permission classes have let nobody else in."""
    assert isinstance(request.user, Person)
    return request.user


router = SimpleRouter()
router.register("me", MeViewSet, basename="me")
router.register("grants", GrantViewSet, basename="grant")
