"""Sessions of the committee in the API: read, planned, their agenda and attendance."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts_registry.actions import change_session, note_attendance, plan_session, set_agenda
from accounts_registry.api.pages import NewestFirst
from accounts_registry.models import CommitteeSession
from accounts_registry.queries.sessions import committees_of, visible_sessions
from accounts_registry.serializers.sessions import (
    AgendaSerializer,
    CommitteeSessionSerializer,
    PresencesSerializer,
    SessionChangeSerializer,
    SessionPlanSerializer,
)
from organisation import policy
from organisation.api import person_of
from organisation.enums import Permission
from organisation.keyed import Keyed


class SessionViewSet(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[CommitteeSession]):
    """Sessions of the steering committee, the one that was planned last first."""

    serializer_class = CommitteeSessionSerializer
    pagination_class = NewestFirst
    queryset = CommitteeSession.objects.none()

    def get_queryset(self) -> QuerySet[CommitteeSession]:
        return visible_sessions(person_of(self.request)).prefetch_related("items", "attendances")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        policy.require_anywhere(person_of(request), Permission.DOSSIER_VIEW)
        return super().list(request, *args, **kwargs)

    @extend_schema(request=SessionPlanSerializer, responses={201: CommitteeSessionSerializer})
    def create(self, request: Request) -> Response:
        """Plans a session; the members are told."""
        person = person_of(request)
        policy.require_anywhere(person, Permission.DOSSIER_CHECK)
        if not committees_of(person).exists():
            raise PermissionDenied
        read = SessionPlanSerializer(data=request.data, context={"person": person})
        read.is_valid(raise_exception=True)
        planned = plan_session(by=person, **read.validated_data)
        return Response(self._told(planned), status=status.HTTP_201_CREATED)

    @extend_schema(request=SessionChangeSerializer, responses=CommitteeSessionSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Another hour or place, all of it."""
        session, person = self._prepared(request)
        read = SessionChangeSerializer(data=request.data)
        read.is_valid(raise_exception=True)
        return Response(self._told(change_session(session=session, by=person, **read.validated_data)))

    @extend_schema(request=AgendaSerializer, responses=CommitteeSessionSerializer)
    @action(detail=True, methods=["post"])
    def agenda(self, request: Request, pk: str) -> Response:
        """Sets the agenda, in its order."""
        session, person = self._prepared(request)
        read = AgendaSerializer(data=request.data, context={"session": session})
        read.is_valid(raise_exception=True)
        return Response(self._told(set_agenda(session=session, by=person, **read.validated_data)))

    @extend_schema(request=PresencesSerializer, responses=CommitteeSessionSerializer)
    @action(detail=True, methods=["post"])
    def attendance(self, request: Request, pk: str) -> Response:
        """Notes who is there."""
        session, person = self._prepared(request)
        read = PresencesSerializer(data=request.data)
        read.is_valid(raise_exception=True)
        noted = {one["member"]: one["presence"] for one in read.validated_data["presences"]}
        return Response(self._told(note_attendance(session=session, by=person, presences=noted)))

    def _prepared(self, request: Request) -> tuple[CommitteeSession, Any]:
        session, person = self.get_object(), person_of(request)
        policy.require(person, Permission.DOSSIER_CHECK, session)
        return session, person

    def _told(self, session: CommitteeSession) -> Any:
        return self.get_serializer(self.get_queryset().get(pk=session.pk)).data
