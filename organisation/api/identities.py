"""Sign-in with the administration's provider in the API: who is linked, and which groups give which roles."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from organisation import policy
from organisation.actions import end_group_rule, make_group_rule, take_identity
from organisation.api.base import Pages, person_of
from organisation.enums import Permission
from organisation.keyed import Keyed
from organisation.models import GroupRule, ProviderIdentity
from organisation.queries.groups import visible_rules
from organisation.queries.identities import LATEST_FIRST, visible_identities
from organisation.queries.paging import Keyset
from organisation.serializers import (
    GroupRuleCreateSerializer,
    GroupRuleSerializer,
    IdentitySerializer,
    ReasonSerializer,
)


class IdentityPages(Pages):
    order = LATEST_FIRST


class RulePages(Pages):
    order = Keyset("", size=50)


class IdentityViewSet(Keyed, mixins.ListModelMixin, GenericViewSet[ProviderIdentity]):
    """People in sight who are linked to an account of the administration."""

    serializer_class = IdentitySerializer
    pagination_class = IdentityPages
    queryset = ProviderIdentity.objects.none()

    def get_queryset(self) -> QuerySet[ProviderIdentity]:
        return visible_identities(person_of(self.request))

    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        policy.require_anywhere(person_of(request), Permission.PERSON_VIEW)
        return super().list(request, *args, **kwargs)

    @extend_schema(request=ReasonSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Ends the link of somebody else, and their sessions; they are told by mail."""
        identity = self.get_object()
        policy.require(person_of(request), Permission.PERSON_MANAGE, identity.person)
        read = ReasonSerializer(data=request.data)
        read.is_valid(raise_exception=True)
        take_identity(identity=identity, by=person_of(request), **read.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


class GroupRuleViewSet(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[GroupRule]):
    """Which groups of the administration's provider give which roles."""

    serializer_class = GroupRuleSerializer
    pagination_class = RulePages
    queryset = GroupRule.objects.none()

    def get_queryset(self) -> QuerySet[GroupRule]:
        return visible_rules(person_of(self.request))

    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        policy.require_anywhere(person_of(request), Permission.PERSON_VIEW)
        return super().list(request, *args, **kwargs)

    @extend_schema(request=GroupRuleCreateSerializer, responses={201: GroupRuleSerializer})
    def create(self, request: Request) -> Response:
        """Whoever signs in and is in the group holds the role, in the name of who makes the rule."""
        person = person_of(request)
        policy.require_anywhere(person, Permission.PERSON_MANAGE)
        read = GroupRuleCreateSerializer(data=request.data, context={"person": person})
        read.is_valid(raise_exception=True)
        rule = make_group_rule(by=person, **read.validated_data)
        return Response(GroupRuleSerializer(rule).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=GroupRuleSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Nothing is given from now on, and what it gave is taken back."""
        ended = end_group_rule(rule=self.get_object(), by=person_of(request))
        return Response(GroupRuleSerializer(ended).data)
