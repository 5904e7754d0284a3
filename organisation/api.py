"""The ground floor in the API: who is asking."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ViewSet

from organisation.queries import visible_grants
from organisation.serializers import MeSerializer


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


router = SimpleRouter()
router.register("me", MeViewSet, basename="me")
