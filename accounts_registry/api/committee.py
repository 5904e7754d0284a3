"""What the committee's chair and the applicants do with a dossier between submission and decision, and conditions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts_registry import actions
from accounts_registry.enums import CONDITION_LIFECYCLE, DOSSIER_LIFECYCLE
from accounts_registry.models import Condition, JustificationDossier
from accounts_registry.queries.conditions import visible_conditions
from accounts_registry.serializers import ConditionSerializer, DossierSerializer
from accounts_registry.serializers.committee import (
    EvidenceSerializer,
    MarkSerializer,
    ReasonedMarkSerializer,
    ReasonedRoundSerializer,
    RoundSerializer,
)
from organisation import policy
from organisation.api import Noun, person_of
from organisation.enums import Permission


class CommitteeActs:
    """Of the set of views of dossiers."""

    @extend_schema(request=RoundSerializer, responses=DossierSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """It is complete: the committee may vote."""
        return self._committee("accept", actions.accept_dossier, RoundSerializer)

    @extend_schema(request=ReasonedRoundSerializer, responses=DossierSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """Back to its authors, with what is missing."""
        return self._committee("return", actions.return_dossier, ReasonedRoundSerializer)

    @extend_schema(request=ReasonedRoundSerializer, responses=DossierSerializer)
    @action(detail=True, methods=["post"])
    def defer(self, request: Request, pk: str) -> Response:
        """Put off; the votes cast stand."""
        return self._committee("defer", actions.defer_dossier, ReasonedRoundSerializer)

    @extend_schema(request=RoundSerializer, responses=DossierSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """The committee may vote again."""
        return self._committee("resume", actions.resume_dossier, RoundSerializer)

    @extend_schema(request=ReasonedRoundSerializer, responses=DossierSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """The unit no longer asks."""
        return self._committee("withdraw", actions.withdraw_dossier, ReasonedRoundSerializer)

    def _committee(
        self, edge: str, verb: Callable[..., JustificationDossier], reads: type[Serializer[Any]]
    ) -> Response:
        view: Any = self
        dossier, person = view.get_object(), person_of(view.request)
        permission = DOSSIER_LIFECYCLE.permission_for(edge, dossier)
        assert permission is not None
        policy.require(person, permission, dossier)
        read = reads(data=view.request.data)
        read.is_valid(raise_exception=True)
        verb(dossier=dossier, by=person, **read.validated_data)
        return Response(view.get_serializer(view.get_queryset().get(pk=dossier.pk)).data)


class ConditionViewSet(Noun):
    """Conditions of the committee, of dossiers in sight."""

    called, sees = "condition", Permission.DOSSIER_VIEW
    serializer_class = ConditionSerializer
    queryset = Condition.objects.none()

    def get_queryset(self) -> QuerySet[Condition]:
        return visible_conditions(person_of(self.request))

    @extend_schema(request=EvidenceSerializer, responses=ConditionSerializer)
    @action(detail=True, methods=["post"])
    def report(self, request: Request, pk: str) -> Response:
        """It is met, and how one sees that."""
        return self.acted(actions.report_condition, self._asked("report"), EvidenceSerializer)

    @extend_schema(request=MarkSerializer, responses=ConditionSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """The chair agrees."""
        return self.acted(actions.confirm_condition, self._asked("confirm"), MarkSerializer)

    @extend_schema(request=ReasonedMarkSerializer, responses=ConditionSerializer)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        """It is open again."""
        return self.acted(actions.send_condition_back, self._asked("send_back"), ReasonedMarkSerializer)

    def _asked(self, edge: str) -> Permission | None:
        return CONDITION_LIFECYCLE.permission_for(edge, self.get_object())
