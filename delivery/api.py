"""What goes out, and freezes, in the API."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from delivery import actions
from delivery.models import Delivery, Hold
from delivery.origins import kinds, permissions_on
from delivery.policy import against_lifting, may_lift
from delivery.queries import visible_deliveries, visible_holds
from delivery.serializers import (
    AnewSerializer,
    DeliveryFilterSerializer,
    HoldSerializer,
    HoldWriteSerializer,
    LiftSerializer,
    SendingSerializer,
    VerdictSerializer,
)
from organisation import policy
from organisation.api import Noun, Pages, asked, person_of
from organisation.enums import Permission
from organisation.queries import Keyset


class LatestPlaced(Pages):
    order = Keyset("placed_at", size=50)


class DeliveryViewSet(Noun):
    """Messages on their way to an account, and what became of them."""

    called = "delivery"
    serializer_class = SendingSerializer
    queryset = Delivery.objects.none()

    def get_queryset(self) -> QuerySet[Delivery]:
        found = visible_deliveries(person_of(self.request))
        return found.filter(**asked(self.request, DeliveryFilterSerializer)) if self.action == "list" else found

    @extend_schema(parameters=[DeliveryFilterSerializer])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        if not any(policy.allows_anywhere(request.user, kind.permissions.see) for kind in kinds()):
            raise PermissionDenied
        return super().list(request, *args, **kwargs)

    @extend_schema(request=VerdictSerializer, responses=SendingSerializer)
    @action(detail=True, methods=["POST"])
    def decide(self, request: Request, pk: str) -> Response:
        """Ends the uncertainty of one of which nobody knows whether it went out."""
        return self.acted(actions.resolve_unknown, Permission.DELIVERY_RESOLVE, VerdictSerializer)

    @extend_schema(request=None, responses=SendingSerializer)
    @action(detail=True, methods=["POST"])
    def complete(self, request: Request, pk: str) -> Response:
        """What it went out without is there now."""
        return self.acted(actions.complete_delivery, permissions_on(self.get_object()).schedule)

    @extend_schema(request=AnewSerializer, responses=SendingSerializer)
    @action(detail=True, methods=["POST"])
    def reconfirm(self, request: Request, pk: str) -> Response:
        """Puts one in line again that failed, or came too late."""
        return self.acted(actions.reconfirm_delivery, permissions_on(self.get_object()).reconfirm, AnewSerializer)


class HoldViewSet(Noun):
    """Freezes in sight, those that are over too."""

    called = "hold"
    serializer_class = HoldSerializer
    pagination_class = LatestPlaced
    queryset = Hold.objects.none()

    def get_queryset(self) -> QuerySet[Hold]:
        return visible_holds(person_of(self.request))

    @extend_schema(request=HoldWriteSerializer, responses={201: HoldSerializer})
    def create(self, request: Request) -> Response:
        """Freezes: nothing that it stops is sent from now on."""
        return self.made(actions.place_hold, Permission.HOLD_PLACE, HoldWriteSerializer)

    @extend_schema(request=LiftSerializer, responses=HoldSerializer)
    @action(detail=True, methods=["POST"])
    def lift(self, request: Request, pk: str) -> Response:
        """Ends it: what is due goes out."""
        hold, person = self.get_object(), person_of(request)
        if not may_lift(person, hold):
            raise PermissionDenied(against_lifting(person, hold) or "")
        return self.acted(actions.lift_hold, None, LiftSerializer)


router = SimpleRouter()
router.register("deliveries", DeliveryViewSet, basename="delivery")
router.register("holds", HoldViewSet, basename="hold")
