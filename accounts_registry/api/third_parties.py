"""The apps of others that may act on accounts, in the API."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts_registry.actions import list_third_party_app, see_third_party_app, strike_third_party_app
from accounts_registry.models import ThirdPartyApp
from accounts_registry.queries import visible_accounts
from accounts_registry.serializers.keeping import AppSerializer, AppWriteSerializer
from organisation import policy
from organisation.api import Noun, person_of
from organisation.enums import Permission
from organisation.serializers import ReasonSerializer


class AppViewSet(Noun):
    """Apps of others that may act on accounts in sight."""

    called, sees = "app", Permission.ACCOUNT_VIEW
    serializer_class = AppSerializer
    queryset = ThirdPartyApp.objects.none()

    def get_queryset(self) -> QuerySet[ThirdPartyApp]:
        seen = visible_accounts(person_of(self.request)).order_by().values("pk")
        return ThirdPartyApp.objects.filter(account__in=seen).select_related("account__unit", "noted_by")

    @extend_schema(request=AppWriteSerializer, responses={201: AppSerializer})
    def create(self, request: Request) -> Response:
        """Notes one."""
        return self.made(list_third_party_app, Permission.ACCOUNT_MANAGE, AppWriteSerializer)

    @extend_schema(request=None, responses=AppSerializer)
    @action(detail=True, methods=["post"])
    def seen(self, request: Request, pk: str) -> Response:
        """Somebody looked at the network today: it is still there."""
        self._kept()
        return self.acted(see_third_party_app, None)

    @extend_schema(request=ReasonSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def strike(self, request: Request, pk: str) -> Response:
        """It may no longer act on the account."""
        app = self._kept()
        strike_third_party_app(app=app, by=person_of(request), **self.said(ReasonSerializer))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _kept(self) -> ThirdPartyApp:
        app: ThirdPartyApp = self.get_object()
        policy.require(person_of(self.request), Permission.ACCOUNT_MANAGE, app.account)
        return app
