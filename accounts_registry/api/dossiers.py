"""Dossiers in the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts_registry.actions import (
    appeal_dossier,
    cast_vote,
    comment_on_dossier,
    create_dossier,
    decide,
    give_advice,
    submit_dossier,
    update_dossier,
)
from accounts_registry.actions.commenting import require_speaking
from accounts_registry.api.committee import CommitteeActs
from accounts_registry.api.pages import NewestFirst, OldestFirst
from accounts_registry.models import Advice, JustificationDossier, Vote
from accounts_registry.queries import visible_dossiers
from accounts_registry.queries.comments import comments_on
from accounts_registry.serializers import (
    AppealSerializer,
    BallotSerializer,
    DecideSerializer,
    DecisionSerializer,
    DossierChangeSerializer,
    DossierSerializer,
    DossierWriteSerializer,
    NoAnswers,
    VoteSerializer,
)
from accounts_registry.serializers.advice import AdviceSerializer, GiveAdviceSerializer
from accounts_registry.serializers.comments import CommentSerializer, CommentWriteSerializer
from organisation import policy
from organisation.api import person_of
from organisation.enums import Permission
from organisation.keyed import Keyed


class DossierViewSet(
    CommitteeActs, Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[JustificationDossier]
):
    serializer_class = DossierSerializer
    pagination_class = OldestFirst
    queryset = JustificationDossier.objects.none()

    def get_queryset(self) -> QuerySet[JustificationDossier]:
        return visible_dossiers(person_of(self.request))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        policy.require_anywhere(person_of(request), Permission.DOSSIER_VIEW)
        return super().list(request, *args, **kwargs)

    @extend_schema(request=DossierWriteSerializer, responses={201: DossierSerializer})
    def create(self, request: Request) -> Response:
        """Begins a draft."""
        person = person_of(request)
        policy.require_anywhere(person, Permission.DOSSIER_WRITE)
        answers = DossierWriteSerializer(data=request.data, context=self.get_serializer_context())
        answers.is_valid(raise_exception=True)
        facts: dict[str, Any] = answers.validated_data
        dossier = create_dossier(by=person, **facts)
        return Response(self.get_serializer(self._fresh(dossier)).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=DossierChangeSerializer, responses=DossierSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Writes answers into a draft or a returned dossier."""
        dossier, person = self.get_object(), person_of(request)
        policy.require(person, Permission.DOSSIER_WRITE, dossier)
        context = {**self.get_serializer_context(), "dossier": dossier}
        told = DossierChangeSerializer(data=request.data, context=context, partial=True)
        told.is_valid(raise_exception=True)
        facts: dict[str, Any] = told.validated_data
        update_dossier(dossier=dossier, by=person, edition=facts.pop("edition", 0), **facts)
        return Response(self.get_serializer(self._fresh(dossier)).data)

    @extend_schema(request=NoAnswers, responses=DossierSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Hands a complete dossier in."""
        dossier = submit_dossier(dossier=self.get_object(), by=person_of(request))
        return Response(self.get_serializer(self._fresh(dossier)).data)

    @extend_schema(request=DecideSerializer, responses=DecisionSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Records what the votes say, as the committee's chair; an approval may have conditions."""
        dossier, person = self.get_object(), person_of(request)
        policy.require(person, Permission.DOSSIER_DECIDE, dossier)
        told = DecideSerializer(data=request.data, context={**self.get_serializer_context(), "dossier": dossier})
        told.is_valid(raise_exception=True)
        return Response(DecisionSerializer(decide(dossier=dossier, by=person, **told.validated_data)).data)

    @extend_schema(request=AppealSerializer, responses=DossierSerializer)
    @action(detail=True, methods=["post"])
    def appeal(self, request: Request, pk: str) -> Response:
        """Once, against a refusal: the committee hears the dossier again."""
        dossier, person = self.get_object(), person_of(request)
        policy.require(person, Permission.DOSSIER_WRITE, dossier)
        told = AppealSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        appeal_dossier(dossier=dossier, by=person, **told.validated_data)
        return Response(self.get_serializer(self._fresh(dossier)).data)

    @extend_schema(request=BallotSerializer, responses=VoteSerializer(many=True), filters=False)
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def votes(self, request: Request, pk: str) -> Response:
        """The votes of the present round; a POST casts, or changes, one's own.

        It names the `round` in which the dossier was read. In another one by now its words may be others: 409.
        """
        dossier = self.get_object()
        if request.method == "POST":
            policy.require(request.user, Permission.DOSSIER_VOTE, dossier)
            ballot = BallotSerializer(data=request.data)
            ballot.is_valid(raise_exception=True)
            cast_vote(dossier=dossier, by=person_of(request), **ballot.validated_data)
        cast = Vote.objects.filter(dossier=dossier, round=dossier.round).select_related("member")
        return Response(VoteSerializer(cast, many=True).data)

    @extend_schema(request=GiveAdviceSerializer, responses=AdviceSerializer(many=True), filters=False)
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def advice(self, request: Request, pk: str) -> Response:
        """What ICT/security said, one advice a round; a POST gives the present round's."""
        dossier, person = self.get_object(), person_of(request)
        if request.method == "POST":
            policy.require(person, Permission.DOSSIER_ADVISE, dossier)
            told = GiveAdviceSerializer(data=request.data)
            told.is_valid(raise_exception=True)
            give_advice(dossier=dossier, by=person, **told.validated_data)
        given = Advice.objects.filter(dossier=dossier).select_related("given_by")
        return Response(AdviceSerializer(given, many=True).data)

    @extend_schema(methods=["GET"], responses=CommentSerializer(many=True), filters=False)
    @extend_schema(methods=["POST"], request=CommentWriteSerializer, responses={201: CommentSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=NewestFirst)
    def comments(self, request: Request, pk: str) -> Response:
        """What people said to it, the newest first; a POST says something."""
        dossier, person = self.get_object(), person_of(request)
        if request.method == "POST":
            require_speaking(person, dossier)
            told = CommentWriteSerializer(data=request.data)
            told.is_valid(raise_exception=True)
            made = comment_on_dossier(dossier=dossier, by=person, **told.validated_data)
            return Response(CommentSerializer(made).data, status=status.HTTP_201_CREATED)
        said: Any = comments_on(dossier)  # the list's own noun is another one
        page: Any = self.paginate_queryset(said)
        return self.get_paginated_response(CommentSerializer(page, many=True).data)

    def _fresh(self, dossier: JustificationDossier) -> JustificationDossier:
        return visible_dossiers(person_of(self.request)).get(pk=dossier.pk)
