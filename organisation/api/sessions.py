"""Where the person who asks is signed in, in the API."""

from __future__ import annotations

from django.contrib.auth import update_session_auth_hash
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from organisation.actions import end_other_sessions, end_session
from organisation.api.base import person_of
from organisation.keyed import Keyed
from organisation.models import PersonSession
from organisation.queries.sessions import sessions_of
from organisation.serializers import SessionSerializer


class SessionViewSet(Keyed, GenericViewSet[PersonSession]):
    """Where the person who asks is signed in; each is ended at once."""

    serializer_class = SessionSerializer
    queryset = PersonSession.objects.none()
    pagination_class = None

    def get_queryset(self) -> QuerySet[PersonSession]:
        return sessions_of(person_of(self.request))

    @extend_schema(operation_id="me_sessions", responses=SessionSerializer(many=True))
    def list(self, request: Request) -> Response:
        """The latest used first; `here` is the one that asks."""
        return Response(SessionSerializer(self.get_queryset(), many=True, context={"here": _here(request)}).data)

    @extend_schema(operation_id="me_session_end", request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Ends one of the others."""
        end_session(session=self.get_object(), by=person_of(request), here=_here(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(operation_id="me_sessions_end_others", request=None, responses={204: None})
    @action(detail=False, methods=["post"], url_path="end-others")
    def end_others(self, request: Request) -> Response:
        """Ends all but the one that asks."""
        person = end_other_sessions(by=person_of(request), here=_here(request))
        update_session_auth_hash(request._request, person)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _here(request: Request) -> str:
    return str(request.session.session_key or "")
