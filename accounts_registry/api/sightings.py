"""Wild accounts, and the abuse register, in the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from accounts_registry import actions
from accounts_registry.api.pages import NewestFirst
from accounts_registry.enums import ABUSE_LIFECYCLE, SIGHTING_LIFECYCLE
from accounts_registry.models import AbuseCase, NilReturn, Sighting
from accounts_registry.queries.sightings import visible_cases, visible_nil_returns, visible_sightings
from accounts_registry.serializers import (
    NoAnswers,
)
from accounts_registry.serializers.sightings import (
    AbuseCaseSerializer,
    MergeSerializer,
    NilReturnSerializer,
    NotifySerializer,
    SightingChangeSerializer,
    SightingReportSerializer,
    SightingSerializer,
)
from organisation import policy
from organisation.api import person_of
from organisation.enums import Permission
from organisation.keyed import Keyed
from organisation.serializers import ReasonSerializer


class SightingViewSet(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Sighting]):
    """Wild accounts, and those that pose as us."""

    serializer_class = SightingSerializer
    pagination_class = NewestFirst
    queryset = Sighting.objects.none()

    def get_queryset(self) -> QuerySet[Sighting]:
        return visible_sightings(person_of(self.request))

    @extend_schema(request=SightingReportSerializer, responses={201: SightingSerializer})
    def create(self, request: Request) -> Response:
        """Reports an account."""
        person = person_of(request)
        policy.require_anywhere(person, Permission.SIGHTING_REPORT)
        read = SightingReportSerializer(data=request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        facts: dict[str, Any] = read.validated_data
        made = actions.report_sighting(by=person, **facts)
        return Response(self._told(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SightingChangeSerializer, responses=SightingSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Writes what is known by now; which account it is stays."""
        sighting = self.get_object()
        policy.require(request.user, Permission.SIGHTING_MANAGE, sighting)
        read = SightingChangeSerializer(data=request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        facts: dict[str, Any] = read.validated_data
        return Response(self._told(actions.update_sighting(sighting=sighting, by=person_of(request), **facts)).data)

    @extend_schema(request=ReasonSerializer, responses=SightingSerializer)
    @action(detail=True, methods=["post"])
    def contact(self, request: Request, pk: str) -> Response:
        """Notes who was contacted."""
        return self._done("contact", actions.contact_sighting, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=SightingSerializer)
    @action(detail=True, methods=["post"])
    def explain(self, request: Request, pk: str) -> Response:
        """Notes why it was created."""
        return self._done("explain", actions.explain_sighting, ReasonSerializer)

    @extend_schema(request=NoAnswers, responses=SightingSerializer)
    @action(detail=True, methods=["post"])
    def regularise(self, request: Request, pk: str) -> Response:
        """Begins its dossier."""
        return self._done("regularise", actions.regularise_sighting, NoAnswers)

    @extend_schema(request=MergeSerializer, responses=SightingSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Notes that it was merged into an account of the registry."""
        return self._done("merge", actions.merge_sighting, MergeSerializer)

    @extend_schema(request=ReasonSerializer, responses=SightingSerializer)
    @action(detail=True, methods=["post"])
    def register(self, request: Request, pk: str) -> Response:
        """Enters it in the abuse register."""
        return self._done("register", actions.register_sighting, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=SightingSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Ends it."""
        return self._done("close", actions.close_sighting, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=SightingSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Takes it up again."""
        return self._done("reopen", actions.reopen_sighting, ReasonSerializer)

    def _done(self, verb: str, act: Callable[..., Sighting], reads: type[Any]) -> Response:
        sighting, person = self.get_object(), person_of(self.request)
        permission = SIGHTING_LIFECYCLE.permission_for(verb, sighting)
        assert permission is not None
        policy.require(person, permission, sighting)
        read = reads(data=self.request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        return Response(self._told(act(sighting=sighting, by=person, **read.validated_data)).data)

    def _told(self, sighting: Sighting) -> Any:
        return self.get_serializer(visible_sightings(person_of(self.request)).get(pk=sighting.pk))


class AbuseCaseViewSet(Keyed, ReadOnlyModelViewSet[AbuseCase]):
    """The abuse register."""

    serializer_class = AbuseCaseSerializer
    pagination_class = NewestFirst
    queryset = AbuseCase.objects.none()

    def get_queryset(self) -> QuerySet[AbuseCase]:
        return visible_cases(person_of(self.request))

    @extend_schema(request=NoAnswers, responses=AbuseCaseSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """As a second person: from now on the public register warns of the account."""
        return self._done("confirm", actions.confirm_abuse, NoAnswers)

    @extend_schema(request=NotifySerializer, responses=AbuseCaseSerializer)
    @action(detail=True, methods=["post"])
    def notify(self, request: Request, pk: str) -> Response:
        """Notes that the network was told."""
        return self._done("notify", actions.notify_network, NotifySerializer)

    @extend_schema(request=ReasonSerializer, responses=AbuseCaseSerializer)
    @action(detail=True, methods=["post"], url_path="take-down")
    def take_down(self, request: Request, pk: str) -> Response:
        """Notes that the account is gone."""
        return self._done("take_down", actions.take_down, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=AbuseCaseSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """The account does not pose as us."""
        return self._done("dismiss", actions.dismiss_abuse, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=AbuseCaseSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Somebody else has to confirm it anew."""
        return self._done("reopen", actions.reopen_abuse, ReasonSerializer)

    def _done(self, verb: str, act: Callable[..., AbuseCase], reads: type[Any]) -> Response:
        case, person = self.get_object(), person_of(self.request)
        permission = ABUSE_LIFECYCLE.permission_for(verb, case)
        assert permission is not None
        policy.require(person, permission, case)
        read = reads(data=self.request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        act(case=case, by=person, **read.validated_data)
        return Response(self.get_serializer(self.get_queryset().get(pk=case.pk)).data)


class NilReturnViewSet(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[NilReturn]):
    """Declarations that nobody posed as a unit."""

    serializer_class = NilReturnSerializer
    pagination_class = NewestFirst
    queryset = NilReturn.objects.none()

    def get_queryset(self) -> QuerySet[NilReturn]:
        return visible_nil_returns(person_of(self.request))

    def create(self, request: Request) -> Response:
        """Declares that somebody looked, and there was none."""
        person = person_of(request)
        policy.require_anywhere(person, Permission.SIGHTING_MANAGE)
        read = self.get_serializer(data=request.data)
        read.is_valid(raise_exception=True)
        made = actions.declare_none(by=person, **read.validated_data)
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)
