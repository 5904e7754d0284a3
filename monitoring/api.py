"""What is heard, in the API: watches, sources and what these said."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from monitoring import actions
from monitoring.models import Entry, Source, Watch
from monitoring.queries import visible_sources, visible_watches
from monitoring.serializers import (
    EntryFilterSerializer,
    SourceChangeSerializer,
    SourceEntrySerializer,
    SourceSerializer,
    SourceWriteSerializer,
    WatchChangeSerializer,
    WatchSerializer,
    WatchWriteSerializer,
)
from organisation.api import Noun, Pages, asked, person_of
from organisation.enums import Permission
from organisation.queries import Keyset
from organisation.serializers import MayReasonSerializer

MANAGE = Permission.WATCH_MANAGE


class LatestWritten(Pages):
    order = Keyset("published_at", size=50)


class WatchViewSet(Noun):
    """Keywords that are looked for in public messages."""

    called, sees = "watch", Permission.WATCH_VIEW
    serializer_class = WatchSerializer
    queryset = Watch.objects.none()

    def get_queryset(self) -> QuerySet[Watch]:
        return visible_watches(person_of(self.request))

    @extend_schema(request=WatchWriteSerializer, responses={201: WatchSerializer})
    def create(self, request: Request) -> Response:
        """Describes one; it collects nothing before it is started."""
        return self.made(actions.create_watch, MANAGE, WatchWriteSerializer)

    @extend_schema(request=WatchChangeSerializer, responses=WatchSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes a draft. What a running one collects never changes."""
        return self.acted(actions.update_watch, MANAGE, WatchChangeSerializer)

    @extend_schema(request=None, responses=WatchSerializer)
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, pk: str) -> Response:
        """It collects from now on."""
        return self.acted(actions.activate_watch, MANAGE)

    @extend_schema(request=MayReasonSerializer, responses=WatchSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """It collects no longer."""
        return self.acted(actions.end_watch, MANAGE, MayReasonSerializer)


class SourceViewSet(Noun):
    """Feeds and pages of others that are read for what is new."""

    called, sees = "source", Permission.WATCH_VIEW
    serializer_class = SourceSerializer
    queryset = Source.objects.none()

    def get_queryset(self) -> QuerySet[Source]:
        return visible_sources(person_of(self.request))

    @extend_schema(request=SourceWriteSerializer, responses={201: SourceSerializer})
    def create(self, request: Request) -> Response:
        """It is tried at once, and read from now on."""
        return self.made(actions.add_source, MANAGE, SourceWriteSerializer)

    @extend_schema(request=SourceChangeSerializer, responses=SourceSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes what is said of it. Unit and address stay: end it, and add another one."""
        return self.acted(actions.update_source, MANAGE, SourceChangeSerializer)

    @extend_schema(request=None, responses=SourceSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """It is not read until somebody has it read again."""
        return self.acted(actions.pause_source, MANAGE)

    @extend_schema(request=None, responses=SourceSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """It is read again."""
        return self.acted(actions.resume_source, MANAGE)

    @extend_schema(request=MayReasonSerializer, responses=SourceSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """It is read no longer."""
        return self.acted(actions.end_source, MANAGE, MayReasonSerializer)


class EntryViewSet(Noun):
    """What the sources in sight said."""

    called, sees = "entry", Permission.WATCH_VIEW
    serializer_class = SourceEntrySerializer
    pagination_class = LatestWritten
    queryset = Entry.objects.none()

    def get_queryset(self) -> QuerySet[Entry]:
        seen = visible_sources(person_of(self.request)).order_by()
        found = Entry.objects.filter(source__in=seen.values("pk")).select_related("item")
        narrowed = asked(self.request, EntryFilterSerializer) if self.action == "list" else {}
        return found.filter(**narrowed)

    @extend_schema(parameters=[EntryFilterSerializer])
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The latest written first."""
        return super().list(request, *args, **kwargs)


router = SimpleRouter()
router.register("watches", WatchViewSet, basename="watch")
router.register("sources", SourceViewSet, basename="source")
router.register("entries", EntryViewSet, basename="entry")
