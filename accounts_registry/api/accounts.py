"""Accounts in the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts_registry.actions import (
    begin_closing,
    change_account,
    close_account,
    confirm_account,
    disconnect_account,
    hand_over_account,
    reactivate_account,
    renew_account,
    request_about,
    set_budget,
    suspend_account,
    tick_exit_step,
    untick_exit_step,
)
from accounts_registry.actions.figures import note_figure
from accounts_registry.api.pages import OldestFirst
from accounts_registry.models import Account, Budget, ExitStepDone
from accounts_registry.policy import require_holder
from accounts_registry.queries import visible_accounts, visible_dossiers
from accounts_registry.queries.figures import figures_of
from accounts_registry.serializers import (
    AccountChangeSerializer,
    AccountSerializer,
    ActSerializer,
    DossierSerializer,
    HandOverSerializer,
    RenewSerializer,
)
from accounts_registry.serializers.closing import BeginClosingSerializer, ExitStepSerializer, TickSerializer
from accounts_registry.serializers.figures import FigureSerializer
from accounts_registry.serializers.keeping import BudgetSerializer, BudgetWriteSerializer
from accounts_registry.serializers.requests import RequestSerializer
from organisation import policy
from organisation.api import person_of
from organisation.enums import Permission
from organisation.keyed import Keyed
from organisation.models import Person
from organisation.serializers import ReasonSerializer


def _tick(*, account: Account, by: Person, edition: int, step: str, done: bool = True, note: str = "") -> object:
    if done:
        return tick_exit_step(account=account, by=by, edition=edition, step=step, note=note)
    return untick_exit_step(account=account, by=by, edition=edition, step=step)


class AccountViewSet(Keyed, ReadOnlyModelViewSet[Account]):
    serializer_class = AccountSerializer
    pagination_class = OldestFirst
    queryset = Account.objects.none()

    def get_queryset(self) -> QuerySet[Account]:
        return visible_accounts(person_of(self.request)).select_related("pair")

    @extend_schema(request=AccountChangeSerializer, responses=AccountSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes what the registry knows of an account. Network, name and unit are the committee's, owner and backup
        holder change by `hand-over`, the review by `renew`."""
        return self._done(request, AccountChangeSerializer, change_account)

    @extend_schema(request=HandOverSerializer, responses=AccountSerializer)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, pk: str) -> Response:
        """From now on others answer for it."""
        return self._done(request, HandOverSerializer, hand_over_account)

    @extend_schema(request=RenewSerializer, responses=AccountSerializer)
    @action(detail=True, methods=["post"])
    def renew(self, request: Request, pk: str) -> Response:
        """Its review: what came of it, and until when it goes on."""
        return self._done(request, RenewSerializer, renew_account)

    @extend_schema(request=BeginClosingSerializer, responses=AccountSerializer)
    @action(detail=True, methods=["post"], url_path="begin-closing")
    def begin_closing(self, request: Request, pk: str) -> Response:
        """From now on nothing new is scheduled, and the exit plan is worked through."""
        return self._done(request, BeginClosingSerializer, begin_closing)

    @extend_schema(methods=["GET"], responses=ExitStepSerializer(many=True), filters=False)
    @extend_schema(methods=["POST"], request=TickSerializer, responses=AccountSerializer)
    @action(detail=True, methods=["get", "post"], url_path="exit-steps", pagination_class=None)
    def exit_steps(self, request: Request, pk: str) -> Response:
        """The steps of its exit plan that are done; a POST ticks one, or takes it back with `done` false."""
        if request.method == "POST":
            return self._done(request, TickSerializer, _tick)
        found = ExitStepDone.objects.filter(plan__account=self.get_object()).select_related("done_by")
        return Response(ExitStepSerializer(found.order_by("pk"), many=True).data)

    @extend_schema(request=ActSerializer, responses=AccountSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Archives an account that closes, once every step of its exit plan is done."""
        return self._done(request, ActSerializer, close_account)

    @extend_schema(request=ReasonSerializer, responses=AccountSerializer)
    @action(detail=True, methods=["post"])
    def suspend(self, request: Request, pk: str) -> Response:
        """Nothing is sent from it until somebody reactivates it. The connection stays."""
        return self._done(request, ReasonSerializer, suspend_account)

    @extend_schema(request=ReasonSerializer, responses=AccountSerializer)
    @action(detail=True, methods=["post"])
    def reactivate(self, request: Request, pk: str) -> Response:
        """Messages may be sent from it again."""
        return self._done(request, ReasonSerializer, reactivate_account)

    @extend_schema(request=ReasonSerializer, responses=AccountSerializer)
    @action(detail=True, methods=["post"])
    def disconnect(self, request: Request, pk: str) -> Response:
        """Nothing is sent or read until somebody connects it again; its credentials are forgotten."""
        return self._done(request, ReasonSerializer, disconnect_account, Permission.ACCOUNT_CONNECT)

    @extend_schema(request=BudgetWriteSerializer, responses=BudgetSerializer)
    @action(detail=True, methods=["get", "put"], pagination_class=None)
    def budget(self, request: Request, pk: str) -> Response:
        """What it may spend in a month, where its network charges; 404 where nobody has said so yet."""
        account, person = self.get_object(), person_of(request)
        if request.method == "PUT":
            policy.require(person, Permission.ACCOUNT_MANAGE, account)
            said = BudgetWriteSerializer(data=request.data)
            said.is_valid(raise_exception=True)
            set_budget(account=account, by=person, **said.validated_data)
        return Response(BudgetSerializer(get_object_or_404(Budget, account=account)).data)

    @extend_schema(request=RequestSerializer, responses={201: DossierSerializer})
    @action(detail=True, methods=["post"])
    def requests(self, request: Request, pk: str) -> Response:
        """Begins a dossier that asks the committee to rename, hand over, merge or close it."""
        account, person = self.get_object(), person_of(request)
        policy.require(person, Permission.DOSSIER_WRITE, account)
        told = RequestSerializer(data=request.data, context={"account": account, "person": person})
        told.is_valid(raise_exception=True)
        made = request_about(account=account, by=person, **told.validated_data)
        fresh = visible_dossiers(person).get(pk=made.pk)
        return Response(DossierSerializer(fresh).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ActSerializer, responses=AccountSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """One of the two who answer for it says that its facts are right."""
        account, person = self.get_object(), person_of(request)
        require_holder(person, account)
        read = ActSerializer(data=request.data)
        read.is_valid(raise_exception=True)
        confirm_account(account=account, by=person, **read.validated_data)
        return self._fresh(account)

    @extend_schema(methods=["GET"], responses=FigureSerializer(many=True), filters=False)
    @extend_schema(methods=["POST"], request=FigureSerializer, responses={201: FigureSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=OldestFirst)
    def figures(self, request: Request, pk: str) -> Response:
        """Its dated figures; one more, which takes the place of another of the same day."""
        account, person = self.get_object(), person_of(request)
        if request.method != "POST":
            rows: Any = figures_of(account)
            page: Any = self.paginate_queryset(rows)
            return self.get_paginated_response(FigureSerializer(page, many=True).data)
        policy.require(person, Permission.ACCOUNT_MANAGE, account)
        said = FigureSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        noted = note_figure(account=account, by=person, **said.validated_data)
        return Response(FigureSerializer(noted).data, status=201)

    def _done(
        self,
        request: Request,
        shape: type[Serializer[Any]],
        verb: Callable[..., object],
        permission: Permission = Permission.ACCOUNT_MANAGE,
    ) -> Response:
        account, person = self.get_object(), person_of(request)
        policy.require(person, permission, account)
        said = shape(data=request.data, context={"account": account, "person": person})
        said.is_valid(raise_exception=True)
        verb(account=account, by=person, **said.validated_data)
        return self._fresh(account)

    def _fresh(self, account: Account) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=account.pk)).data)
