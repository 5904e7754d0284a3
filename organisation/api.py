"""The ground floor in the API: who is asking."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ViewSet

from organisation.queries import visible_grants
from organisation.serializers import MeSerializer


class MeViewSet(ViewSet):
    @extend_schema(operation_id="me", responses=MeSerializer(many=False))
    def list(self, request: Request) -> Response:
        """The person who asks, their unit and their roles in force."""
        person: Any = request.user
        person.open_grants = list(visible_grants(person, person))
        return Response(MeSerializer(person).data)


router = SimpleRouter()
router.register("me", MeViewSet, basename="me")
