"""What somebody has to know in the API: their own notices, and that they looked at one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from notices import actions
from notices.forms import NoticeFilter
from notices.models import Addressee
from notices.queries import visible_addressees
from notices.serializers import NoticeSerializer
from organisation.api import Pages, person_of
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

    @extend_schema(request=None, responses=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def seen(self, request: Request, pk: int) -> Response:
        """It is no longer new to you, and is not mailed."""
        actions.see(told=self.get_object())
        return Response(self.get_serializer(self.get_object()).data)


router = SimpleRouter()
router.register("notices", NoticeViewSet, basename="notice")
