"""Roles lent to colleagues for a time, in the API."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from organisation.actions import delegate_right, require_ending, revoke_delegation
from organisation.api.base import Pages, person_of
from organisation.keyed import Keyed
from organisation.models import Delegation
from organisation.queries.delegations import FIRST_TO_BEGIN, visible_delegations
from organisation.serializers import DelegationCreateSerializer, DelegationSerializer, ReasonSerializer


class DelegationPages(Pages):
    order = FIRST_TO_BEGIN


class DelegationViewSet(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Delegation]):
    """Who acts by whose role while somebody is away: one's own, and of people in sight."""

    serializer_class = DelegationSerializer
    pagination_class = DelegationPages
    queryset = Delegation.objects.none()

    def get_queryset(self) -> QuerySet[Delegation]:
        return visible_delegations(person_of(self.request))

    @extend_schema(request=DelegationCreateSerializer, responses={201: DelegationSerializer})
    def create(self, request: Request) -> Response:
        """Lends a role of one's own to a colleague, with a beginning and an end."""
        person = person_of(request)
        read = DelegationCreateSerializer(data=request.data, context={"person": person})
        read.is_valid(raise_exception=True)
        made = delegate_right(by=person, **read.validated_data)
        return Response(DelegationSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReasonSerializer, responses=DelegationSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Ends it before its time."""
        delegation = self.get_object()
        require_ending(person_of(request), delegation)
        read = ReasonSerializer(data=request.data)
        read.is_valid(raise_exception=True)
        ended = revoke_delegation(delegation=delegation, by=person_of(request), **read.validated_data)
        return Response(DelegationSerializer(ended).data)
