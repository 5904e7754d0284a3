"""Routes of approval in the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from approvals.actions import NewStep, end_route, set_route
from approvals.models import Route
from approvals.queries import visible_routes
from approvals.serializers import RouteSerializer, RouteWriteSerializer
from organisation.api import Noun, person_of
from organisation.enums import Permission
from organisation.models import Person


def _set(*, by: Person, steps: list[dict[str, Any]], **facts: Any) -> Route:
    return set_route(by=by, steps=[NewStep(**step) for step in steps], **facts)


class RouteViewSet(Noun):
    """The steps that things take before they are approved, in units in sight."""

    called, sees = "route", Permission.AUDIT_VIEW
    serializer_class = RouteSerializer
    queryset = Route.objects.none()

    def get_queryset(self) -> QuerySet[Route]:
        return visible_routes(person_of(self.request))

    @extend_schema(request=RouteWriteSerializer, responses={201: RouteSerializer})
    def create(self, request: Request) -> Response:
        """They hold for what is submitted from now on, in the place of those that stood there."""
        return self.made(_set, Permission.UNIT_MANAGE, RouteWriteSerializer)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """They are asked for no longer. What was submitted before keeps them."""
        end_route(route=self.get_object(), by=person_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


router = SimpleRouter()
router.register("approval-routes", RouteViewSet, basename="approval-route")
