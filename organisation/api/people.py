"""The ground floor in the API: who is asking, and who holds which role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ViewSet

from organisation import policy
from organisation.actions import (
    advance_grant,
    confirm_grant,
    give_grant,
    prolong_grant,
    refuse_grant,
    revoke_grant,
)
from organisation.api.base import Pages, person_of, said
from organisation.enums import Permission
from organisation.keyed import Keyed
from organisation.models import Grant
from organisation.queries import grants_to_show, visible_grants, visible_units
from organisation.rights import rights_in
from organisation.serializers import (
    GrantCreateSerializer,
    MeSerializer,
    ProlongSerializer,
    ReasonSerializer,
    RightsSerializer,
    WholeGrantSerializer,
)

UNIT_PARAMETER = OpenApiParameter("unit", str, description="Short name of a unit in sight.")


class MeViewSet(ViewSet):
    @extend_schema(operation_id="me", responses=forced_singular_serializer(MeSerializer))
    def list(self, request: Request) -> Response:
        """The person who asks, their unit and their roles in force."""
        person: Any = request.user
        person.open_grants = list(visible_grants(person, person))
        return Response(MeSerializer(person).data)

    @extend_schema(operation_id="me_rights", parameters=[UNIT_PARAMETER], responses=RightsSerializer(many=False))
    @action(detail=False, methods=["get"])
    def rights(self, request: Request) -> Response:
        """What the person who asks may do in a unit, permission by permission, and why; without one, in their own."""
        person, slug = person_of(request), said(request, "unit")
        unit = visible_units(person).filter(slug=slug).first() if slug else person.unit
        if unit is None:
            raise NotFound(_("There is no such unit in your sight."))
        return Response(RightsSerializer(rights_in(person, unit)).data)


class GrantViewSet(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Grant]):
    """Roles: held, and proposed ones that wait for a second person."""

    serializer_class = WholeGrantSerializer
    pagination_class = Pages
    queryset = Grant.objects.none()

    def get_queryset(self) -> QuerySet[Grant]:
        return grants_to_show(person_of(self.request))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        policy.require_anywhere(person_of(request), Permission.PERSON_VIEW)
        return super().list(request, *args, **kwargs)

    @extend_schema(request=GrantCreateSerializer, responses={201: WholeGrantSerializer})
    def create(self, request: Request) -> Response:
        """Gives a role; one that weighs is proposed, and holds once a second person confirms it."""
        person = person_of(request)
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

    @extend_schema(request=ProlongSerializer, responses=WholeGrantSerializer)
    @action(detail=True, methods=["post"])
    def prolong(self, request: Request, pk: str) -> Response:
        """The same role until later; one that weighs is proposed."""
        return self._replaced(ProlongSerializer(data=request.data), prolong_grant)

    @extend_schema(request=ReasonSerializer, responses=WholeGrantSerializer)
    @action(detail=True, methods=["post"])
    def advance(self, request: Request, pk: str) -> Response:
        """Whoever was new is experienced: the next role is proposed in the place of this one."""
        return self._replaced(ReasonSerializer(data=request.data), advance_grant)

    def _replaced(self, read: Any, verb: Callable[..., Grant]) -> Response:
        grant = self.get_object()
        policy.require(person_of(self.request), Permission.PERSON_MANAGE, grant)
        read.is_valid(raise_exception=True)
        made = verb(grant=grant, by=person_of(self.request), **read.validated_data)
        return Response(WholeGrantSerializer(made).data)

    def _done(self, verb: Callable[..., Grant]) -> Response:
        return Response(WholeGrantSerializer(verb(grant=self.get_object(), by=person_of(self.request))).data)
