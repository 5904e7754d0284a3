"""What somebody has to know in the API: their own notices, and that they looked at one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from notices import actions
from notices.forms import NoticeFilter
from notices.models import Addressee, Letter, WebhookCall, WebhookTarget
from notices.queries import visible_addressees
from notices.queries.failing import visible_failures
from notices.queries.letters import choices_of
from notices.queries.targets import visible_targets
from notices.serializers import (
    CallFilterSerializer,
    CallSerializer,
    ChoicesSerializer,
    LetterSerializer,
    MadeWebhookSerializer,
    NoticeSerializer,
    WebhookSerializer,
    WebhookWriteSerializer,
)
from organisation import policy
from organisation.api import Noun, Pages, asked, person_of
from organisation.enums import Permission
from organisation.keyed import Keyed
from organisation.queries import Keyset

FILTERS = [
    OpenApiParameter("show", description="What stands; of this what is new; or all", enum=["unseen", "all"]),
    OpenApiParameter("kind", description="Of one kind, as `kind` of a notice says"),
]


class LatestTold(Pages):
    order = Keyset("told_at", size=50)


class NoticeViewSet(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Addressee]):
    """What the person who asks was told, the latest first."""

    serializer_class = NoticeSerializer
    pagination_class = LatestTold
    queryset = Addressee.objects.none()
    lookup_field, lookup_url_kwarg = "notice_id", "pk"
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Addressee]:
        theirs = visible_addressees(person_of(self.request))
        if self.action != "list":
            return theirs
        form = NoticeFilter(self.request.query_params)
        if not form.is_valid():
            raise ValidationError({name: [str(one) for one in told] for name, told in form.errors.items()})
        return form.narrowed(theirs)

    @extend_schema(parameters=FILTERS)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(operation_id="notices_seen_all", request=None, responses={204: None})
    @action(detail=False, methods=["post"], url_path="seen-all")
    def seen_all(self, request: Request) -> Response:
        """None of them is new to you any more."""
        actions.see_all(by=person_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        request=ChoicesSerializer, responses=forced_singular_serializer(ChoicesSerializer), parameters=[], filters=False
    )
    @action(detail=False, methods=["get", "patch"], pagination_class=None, serializer_class=ChoicesSerializer)
    def choices(self, request: Request) -> Response:
        """How you want to be told; a PATCH changes what it names."""
        person = person_of(request)
        chosen = choices_of([person])[person.pk]
        if request.method == "PATCH":
            read = ChoicesSerializer(chosen, data=request.data, partial=True)
            read.is_valid(raise_exception=True)
            chosen = actions.choose(by=person, **read.validated_data)
        return Response(ChoicesSerializer(chosen).data)

    @extend_schema(request=None, responses=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def seen(self, request: Request, pk: int) -> Response:
        """It is no longer new to you, and is not mailed."""
        actions.see(told=self.get_object())
        return Response(self.get_serializer(self.get_object()).data)


class WebhookViewSet(Noun):
    """Addresses that are called with what happens in a unit."""

    called, sees = "target", Permission.AUDIT_VIEW
    serializer_class = WebhookSerializer
    queryset = WebhookTarget.objects.none()

    def get_queryset(self) -> QuerySet[WebhookTarget]:
        return visible_targets(person_of(self.request))

    @extend_schema(request=WebhookWriteSerializer, responses={201: MadeWebhookSerializer})
    def create(self, request: Request) -> Response:
        """Its secret is told this once."""
        person = person_of(request)
        policy.require_anywhere(person, Permission.UNIT_MANAGE)
        target, secret = actions.set_target(by=person, **self.said(WebhookWriteSerializer))
        return Response(MadeWebhookSerializer(target, context={"secret": secret}).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=WebhookSerializer)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """It is called once, within seconds, with nothing but that it is a trial."""
        return self.acted(actions.call_for_trial, Permission.UNIT_MANAGE)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """It is called no longer, not even with what waits."""
        actions.end_target(target=self.get_object(), by=person_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class CallViewSet(Noun):
    """Calls of the webhooks in sight, of a month."""

    called, sees = "call", Permission.AUDIT_VIEW
    serializer_class = CallSerializer
    queryset = WebhookCall.objects.none()

    def get_queryset(self) -> QuerySet[WebhookCall]:
        seen = visible_targets(person_of(self.request)).order_by().values("pk")
        found = WebhookCall.objects.filter(target__in=seen).select_related("notice")
        return found.filter(**asked(self.request, CallFilterSerializer)) if self.action == "list" else found

    @extend_schema(parameters=[CallFilterSerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)


class LetterViewSet(Noun):
    """Mail that did not leave."""

    called, sees = "letter", Permission.PERSON_VIEW
    serializer_class = LetterSerializer
    queryset = Letter.objects.none()

    def get_queryset(self) -> QuerySet[Letter]:
        return visible_failures(person_of(self.request))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str) -> Response:
        """It is tried again within seconds."""
        actions.try_again(letter=self.get_object(), by=person_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


router = SimpleRouter()
router.register("notices", NoticeViewSet, basename="notice")
router.register("webhooks", WebhookViewSet, basename="webhook")
router.register("webhook-calls", CallViewSet, basename="webhook-call")
router.register("letters", LetterViewSet, basename="letter")
