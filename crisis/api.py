"""Playbooks and crises in the API."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from crisis import actions
from crisis.models import Crisis, CrisisStep, Playbook
from crisis.queries import visible_crises, visible_playbooks
from crisis.serializers import (
    CrisisSerializer,
    DeclareSerializer,
    FreezeSerializer,
    NoteSerializer,
    PlaybookChangeSerializer,
    PlaybookSerializer,
    PlaybookWriteSerializer,
    StepSerializer,
    WholeCrisisSerializer,
    WholePlaybookSerializer,
    WhySerializer,
)
from organisation.api import Noun, Pages, person_of
from organisation.enums import Permission
from organisation.policy import require_anywhere
from organisation.queries import Keyset

LEAD, WRITE, SEE = Permission.CRISIS_LEAD, Permission.PLAYBOOK_WRITE, Permission.CRISIS_VIEW


class LatestDeclared(Pages):
    order = Keyset("declared_at", size=50)


class PlaybookViewSet(Noun):
    """What is done when something happens, ready before it does."""

    called, sees, whole = "playbook", SEE, WholePlaybookSerializer
    serializer_class = PlaybookSerializer
    queryset = Playbook.objects.none()

    def get_queryset(self) -> QuerySet[Playbook]:
        return visible_playbooks(person_of(self.request))

    @extend_schema(request=PlaybookWriteSerializer, responses={201: WholePlaybookSerializer})
    def create(self, request: Request) -> Response:
        """Writes one."""
        return self.made(actions.create_playbook, WRITE, PlaybookWriteSerializer)

    @extend_schema(request=PlaybookChangeSerializer, responses=WholePlaybookSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Its next edition. Crises that were declared keep the steps they began with."""
        return self.acted(actions.update_playbook, WRITE, PlaybookChangeSerializer)

    @extend_schema(request=DeclareSerializer, responses={201: WholeCrisisSerializer})
    @action(detail=True, methods=["post"])
    def declare(self, request: Request, pk: str) -> Response:
        """Declares a crisis, or an exercise, by it."""
        playbook, person = self.get_object(), person_of(request)
        require_anywhere(person, LEAD)
        crisis = actions.declare_crisis(playbook=playbook, by=person, **self.said(DeclareSerializer))
        return Response(WholeCrisisSerializer(crisis).data, status=status.HTTP_201_CREATED)


class CrisisViewSet(Noun):
    """Crises and exercises in sight."""

    called, sees, whole = "crisis", SEE, WholeCrisisSerializer
    serializer_class = CrisisSerializer
    pagination_class = LatestDeclared
    queryset = Crisis.objects.none()

    def get_queryset(self) -> QuerySet[Crisis]:
        return visible_crises(person_of(self.request))

    @extend_schema(request=NoteSerializer, responses=WholeCrisisSerializer)
    @action(detail=True, methods=["post"])
    def note(self, request: Request, pk: str) -> Response:
        """One more line in its log."""
        return self.acted(actions.add_note, LEAD, NoteSerializer)

    @extend_schema(request=FreezeSerializer, responses=WholeCrisisSerializer)
    @action(detail=True, methods=["post"])
    def freeze(self, request: Request, pk: str) -> Response:
        """Stops every send in its unit, or in the whole organisation."""
        return self.acted(actions.freeze, LEAD, FreezeSerializer)

    @extend_schema(request=WhySerializer, responses=WholeCrisisSerializer)
    @action(detail=True, methods=["post"])
    def thaw(self, request: Request, pk: str) -> Response:
        """Lifts its own freeze; others stay."""
        return self.acted(actions.thaw, LEAD, WhySerializer)

    @extend_schema(request=WhySerializer, responses=WholeCrisisSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """It is over."""
        return self.acted(actions.end_crisis, LEAD, WhySerializer)


class StepViewSet(Noun):
    """Steps of crises in sight."""

    called, sees = "step", SEE
    serializer_class = StepSerializer
    queryset = CrisisStep.objects.none()

    def get_queryset(self) -> QuerySet[CrisisStep]:
        seen = visible_crises(person_of(self.request)).order_by().values("pk")
        return CrisisStep.objects.filter(crisis__in=seen).select_related("crisis__unit", "done_by")

    @extend_schema(request=None, responses=StepSerializer)
    @action(detail=True, methods=["post"])
    def tick(self, request: Request, pk: str) -> Response:
        """It is done."""
        return self.acted(actions.tick_step, LEAD)

    @extend_schema(request=None, responses=StepSerializer)
    @action(detail=True, methods=["post"])
    def untick(self, request: Request, pk: str) -> Response:
        """It is not done after all."""
        return self.acted(actions.untick_step, LEAD)


router = SimpleRouter()
router.register("playbooks", PlaybookViewSet, basename="playbook")
router.register("crises", CrisisViewSet, basename="crisis")
router.register("crisis-steps", StepViewSet, basename="crisis-step")
