"""Access reviews in the API: started, and answered line by line."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from organisation import policy
from organisation.actions import call_off_review, confirm_line, start_review, strike_line
from organisation.api.base import Pages, asked, person_of
from organisation.enums import Permission
from organisation.keyed import Keyed
from organisation.models import AccessReview, ReviewLine
from organisation.queries.reviews import IN_ORDER, LATEST_FIRST, visible_lines, visible_reviews
from organisation.serializers import (
    LineFilterSerializer,
    ReasonSerializer,
    ReviewCreateSerializer,
    ReviewLineSerializer,
    ReviewSerializer,
)


class ReviewPages(Pages):
    order = LATEST_FIRST


class LinePages(Pages):
    order = IN_ORDER


def _reason(request: Request) -> str:
    read = ReasonSerializer(data=request.data)
    read.is_valid(raise_exception=True)
    return str(read.validated_data["reason"])


class ReviewViewSet(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[AccessReview]):
    """Access reviews of units in sight."""

    serializer_class = ReviewSerializer
    pagination_class = ReviewPages
    queryset = AccessReview.objects.none()

    def get_queryset(self) -> QuerySet[AccessReview]:
        return visible_reviews(person_of(self.request))

    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        policy.require_anywhere(person_of(request), Permission.PERSON_VIEW)
        return super().list(request, *args, **kwargs)

    @extend_schema(request=ReviewCreateSerializer, responses={201: ReviewSerializer})
    def create(self, request: Request) -> Response:
        """Each role held in the unit and below becomes a line, to be answered by the end of the last day."""
        person = person_of(request)
        policy.require_anywhere(person, Permission.PERSON_MANAGE)
        read = ReviewCreateSerializer(data=request.data, context={"person": person})
        read.is_valid(raise_exception=True)
        review = start_review(by=person, **read.validated_data)
        return Response(ReviewSerializer(review).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReasonSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["post"], url_path="call-off")
    def call_off(self, request: Request, pk: str) -> Response:
        """Nothing lapses; what was answered stays so."""
        review = self.get_object()
        policy.require(person_of(request), Permission.PERSON_MANAGE, review)
        call_off_review(review=review, by=person_of(request), reason=_reason(request))
        return Response(ReviewSerializer(review).data)


class ReviewLineViewSet(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[ReviewLine]):
    """Roles in access reviews, of people in sight; narrowed by `review` and `state`."""

    serializer_class = ReviewLineSerializer
    pagination_class = LinePages
    queryset = ReviewLine.objects.none()

    def get_queryset(self) -> QuerySet[ReviewLine]:
        found = visible_lines(person_of(self.request))
        return found.filter(**asked(self.request, LineFilterSerializer)) if self.action == "list" else found

    @extend_schema(parameters=[LineFilterSerializer])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        policy.require_anywhere(person_of(request), Permission.PERSON_VIEW)
        return super().list(request, *args, **kwargs)

    @extend_schema(request=None, responses=ReviewLineSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """The role is still needed."""
        return Response(ReviewLineSerializer(confirm_line(line=self.get_object(), by=person_of(request))).data)

    @extend_schema(request=ReasonSerializer, responses=ReviewLineSerializer)
    @action(detail=True, methods=["post"])
    def strike(self, request: Request, pk: str) -> Response:
        """The role ends now."""
        line = self.get_object()
        policy.require(person_of(request), Permission.PERSON_MANAGE, line.grant)
        struck = strike_line(line=line, by=person_of(request), reason=_reason(request))
        return Response(ReviewLineSerializer(struck).data)
