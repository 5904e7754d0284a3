"""How safe accounts are, in the API: their records, and what of them is borne for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts_registry import actions
from accounts_registry.api.pages import NewestFirst, OldestFirst
from accounts_registry.enums.security import SECURITY_EXCEPTION_LIFECYCLE
from accounts_registry.models import Account, SecurityException
from accounts_registry.policy import require_security
from accounts_registry.queries.security import visible_exceptions, visible_security, with_security
from accounts_registry.serializers import NoAnswers
from accounts_registry.serializers.security import (
    AskExceptionSerializer,
    AttestSerializer,
    SecurityCheckSerializer,
    SecurityExceptionSerializer,
    SecurityRecordSerializer,
    SettingsSerializer,
)
from organisation import policy
from organisation.api import person_of
from organisation.enums import Permission
from organisation.keyed import Keyed
from organisation.serializers import ReasonSerializer


class SecurityRecordViewSet(Keyed, ReadOnlyModelViewSet[Account]):
    """Security records, each under the id of its account."""

    serializer_class = SecurityRecordSerializer
    pagination_class = OldestFirst
    queryset = Account.objects.none()

    def get_queryset(self) -> QuerySet[Account]:
        return with_security(visible_security(person_of(self.request)))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        policy.require_anywhere(person_of(request), Permission.DOSSIER_VIEW)
        return super().list(request, *args, **kwargs)

    @extend_schema(request=SettingsSerializer, responses=SecurityRecordSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Notes what the network's own settings are."""
        account = self.get_object()
        require_security(person_of(request), account)
        return self._done(account, SettingsSerializer, actions.note_security)

    @extend_schema(request=SecurityCheckSerializer, responses=SecurityRecordSerializer)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """Notes how an item stands today, and by what one sees it."""
        account = self.get_object()
        require_security(person_of(request), account)
        return self._done(account, SecurityCheckSerializer, actions.check_security)

    @extend_schema(request=AttestSerializer, responses=SecurityRecordSerializer)
    @action(detail=True, methods=["post"])
    def attest(self, request: Request, pk: str) -> Response:
        """Stands by the record; of people, never of programs."""
        account = self.get_object()
        policy.require(request.user, Permission.ACCOUNT_MANAGE, account)
        return self._done(account, AttestSerializer, actions.attest_security)

    @extend_schema(request=AskExceptionSerializer, responses={201: SecurityExceptionSerializer})
    @action(detail=True, methods=["post"])
    def exceptions(self, request: Request, pk: str) -> Response:
        """Asks that an item which is not met is borne until a day."""
        account = self.get_object()
        policy.require(request.user, Permission.ACCOUNT_MANAGE, account)
        read = AskExceptionSerializer(data=request.data)
        read.is_valid(raise_exception=True)
        made = actions.ask_exception(account=account, by=person_of(request), **read.validated_data)
        return Response(SecurityExceptionSerializer(made).data, status=status.HTTP_201_CREATED)

    def _done(self, account: Account, shape: type[Any], verb: Callable[..., object]) -> Response:
        read = shape(data=self.request.data)
        read.is_valid(raise_exception=True)
        verb(account=account, by=person_of(self.request), **read.validated_data)
        return Response(self.get_serializer(self.get_queryset().get(pk=account.pk)).data)


class SecurityExceptionViewSet(Keyed, ReadOnlyModelViewSet[SecurityException]):
    """What of the security of accounts is not met and borne for a while, or should be."""

    serializer_class = SecurityExceptionSerializer
    pagination_class = NewestFirst
    queryset = SecurityException.objects.none()

    def get_queryset(self) -> QuerySet[SecurityException]:
        return visible_exceptions(person_of(self.request))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        policy.require_anywhere(person_of(request), Permission.DOSSIER_VIEW)
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NoAnswers, responses=SecurityExceptionSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """As a second person: until its day the item counts as borne."""
        return self._done("accept", actions.accept_exception, NoAnswers)

    @extend_schema(request=ReasonSerializer, responses=SecurityExceptionSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """The item counts as it stands."""
        return self._done("refuse", actions.refuse_exception, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=SecurityExceptionSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Takes it back."""
        return self._done("end", actions.end_exception, ReasonSerializer)

    def _done(self, verb: str, act: Callable[..., object], reads: type[Any]) -> Response:
        exception, person = self.get_object(), person_of(self.request)
        permission = SECURITY_EXCEPTION_LIFECYCLE.permission_for(verb, exception)
        assert permission is not None
        policy.require(person, permission, exception)
        read = reads(data=self.request.data)
        read.is_valid(raise_exception=True)
        act(exception=exception, by=person, **read.validated_data)
        return Response(self.get_serializer(self.get_queryset().get(pk=exception.pk)).data)
