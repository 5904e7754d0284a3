"""Account audits in the API: their lists, from the file to the registry, and what they found."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts_registry import actions
from accounts_registry.api.pages import OldestFirst
from accounts_registry.models import AccountAudit, Finding, ListedAccount, ListImport, ListLine
from accounts_registry.queries.audits import visible_audits, visible_imports
from accounts_registry.queries.findings import visible_findings
from accounts_registry.serializers.audits import (
    AssignFindingSerializer,
    AuditSerializer,
    AuditWriteSerializer,
    ColumnsSerializer,
    ExaminedSerializer,
    FindingFilterSerializer,
    FindingSerializer,
    ImportFilterSerializer,
    LineFilterSerializer,
    LineSerializer,
    ListedFilterSerializer,
    ListedSerializer,
    ListImportSerializer,
    NewListSerializer,
)
from organisation import policy
from organisation.api import Noun, asked, person_of
from organisation.enums import Permission
from organisation.serializers import ReasonSerializer

MANAGE, SEE = Permission.ACCOUNT_MANAGE, Permission.DOSSIER_VIEW


class AuditViewSet(Noun):
    """Account audits of units in sight."""

    called, sees = "audit", SEE
    serializer_class = AuditSerializer
    queryset = AccountAudit.objects.none()

    def get_queryset(self) -> QuerySet[AccountAudit]:
        return visible_audits(person_of(self.request))

    @extend_schema(request=AuditWriteSerializer, responses={201: AuditSerializer})
    def create(self, request: Request) -> Response:
        """Begins one, of a unit and all below it."""
        return self.made(actions.begin_audit, MANAGE, AuditWriteSerializer)

    @extend_schema(request={"multipart/form-data": NewListSerializer}, responses={202: ListImportSerializer})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def lists(self, request: Request, pk: str) -> Response:
        """Takes a list in. A worker reads it: `account-lists` tells what became of it."""
        audit, person = self.get_object(), person_of(request)
        policy.require(person, MANAGE, audit)
        sent = actions.send_list(audit=audit, by=person, **self.said(NewListSerializer))
        return Response(ListImportSerializer(sent).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=ExaminedSerializer)
    @action(detail=True, methods=["post"])
    def examine(self, request: Request, pk: str) -> Response:
        """Looks anew at all that there is; what holds no longer is no finding any more."""
        audit, person = self.get_object(), person_of(request)
        policy.require(person, MANAGE, audit)
        return Response(ExaminedSerializer(actions.examine_audit(audit=audit, by=person)).data)

    @extend_schema(request=ReasonSerializer, responses=AuditSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Ends it."""
        return self.acted(actions.close_audit, MANAGE, ReasonSerializer)


class ListImportViewSet(Noun):
    """Lists on their way into an audit: read, tried, taken over, undone."""

    called, sees = "given", SEE
    serializer_class = ListImportSerializer
    queryset = ListImport.objects.none()

    def get_queryset(self) -> QuerySet[ListImport]:
        found = visible_imports(person_of(self.request))
        return found.filter(**asked(self.request, ImportFilterSerializer)) if self.action == "list" else found

    @extend_schema(parameters=[ImportFilterSerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=ColumnsSerializer, responses=ListImportSerializer)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """Tries what it would change, and changes nothing: `list-lines` tell it row by row."""
        return self.acted(actions.check_list, MANAGE, ColumnsSerializer)

    @extend_schema(request=None, responses=ListImportSerializer)
    @action(detail=True, methods=["post"], url_path="take-over")
    def take_over(self, request: Request, pk: str) -> Response:
        """Does what was tried."""
        return self.acted(actions.take_over_list, MANAGE)

    @extend_schema(request=None, responses=ListImportSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """Puts it aside; nothing of it was taken over."""
        return self.acted(actions.drop_list, MANAGE)

    @extend_schema(request=ReasonSerializer, responses=ListImportSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Everything is as it was before it was taken over."""
        return self.acted(actions.undo_import, MANAGE, ReasonSerializer)


class LineViewSet(Noun):
    """What becomes of each row of a list."""

    called, sees = "line", SEE
    serializer_class = LineSerializer
    pagination_class = OldestFirst
    queryset = ListLine.objects.none()

    def get_queryset(self) -> QuerySet[ListLine]:
        seen = visible_imports(person_of(self.request)).order_by().values("pk")
        found = ListLine.objects.filter(of__in=seen).select_related("row")
        return found.filter(**asked(self.request, LineFilterSerializer)) if self.action == "list" else found

    @extend_schema(parameters=[LineFilterSerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)


class ListedViewSet(Noun):
    """Accounts as the lists of audits tell of them."""

    called, sees = "listed", SEE
    serializer_class = ListedSerializer
    pagination_class = OldestFirst
    queryset = ListedAccount.objects.none()

    def get_queryset(self) -> QuerySet[ListedAccount]:
        seen = visible_audits(person_of(self.request)).order_by().values("pk")
        found = ListedAccount.objects.filter(audit__in=seen).select_related("unit")
        return found.filter(**asked(self.request, ListedFilterSerializer)) if self.action == "list" else found

    @extend_schema(parameters=[ListedFilterSerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)


class FindingViewSet(Noun):
    """What audits found."""

    called, sees = "finding", SEE
    serializer_class = FindingSerializer
    pagination_class = OldestFirst
    queryset = Finding.objects.none()

    def get_queryset(self) -> QuerySet[Finding]:
        found = visible_findings(person_of(self.request))
        return found.filter(**asked(self.request, FindingFilterSerializer)) if self.action == "list" else found

    @extend_schema(parameters=[FindingFilterSerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=AssignFindingSerializer, responses=FindingSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        """Says who sees to it, and until when."""
        return self.acted(actions.assign_finding, MANAGE, AssignFindingSerializer)

    @extend_schema(request=ReasonSerializer, responses=FindingSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """It is dealt with."""
        return self.acted(actions.settle_finding, MANAGE, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=FindingSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """It is none."""
        return self.acted(actions.dismiss_finding, MANAGE, ReasonSerializer)
