"""The registry in the API: the same actions and the same policy as its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from accounts_registry.actions import (
    cast_vote,
    change_account,
    close_account,
    confirm_account,
    create_dossier,
    hand_over_account,
    renew_account,
    submit_dossier,
    update_dossier,
)
from accounts_registry.models import Account, JustificationDossier, Vote
from accounts_registry.policy import require_holder
from accounts_registry.queries import visible_accounts, visible_dossiers
from accounts_registry.serializers import (
    AccountChangeSerializer,
    AccountSerializer,
    ActSerializer,
    BallotSerializer,
    CloseSerializer,
    DossierChangeSerializer,
    DossierSerializer,
    DossierWriteSerializer,
    HandOverSerializer,
    NoAnswers,
    RenewSerializer,
    VoteSerializer,
)
from organisation import policy
from organisation.api import Pages, person_of
from organisation.enums import Permission
from organisation.keyed import Keyed
from organisation.queries import Keyset


class OldestFirst(Pages):
    order = Keyset("", size=50, newest_first=False)


class AccountViewSet(ReadOnlyModelViewSet[Account]):
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

    @extend_schema(request=CloseSerializer, responses=AccountSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Closes it for good, with its exit plan."""
        return self._done(request, CloseSerializer, close_account)

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

    def _done(self, request: Request, shape: type[Serializer[Any]], verb: Callable[..., object]) -> Response:
        account, person = self.get_object(), person_of(request)
        policy.require(person, Permission.ACCOUNT_MANAGE, account)
        said = shape(data=request.data, context={"account": account, "person": person})
        said.is_valid(raise_exception=True)
        verb(account=account, by=person, **said.validated_data)
        return self._fresh(account)

    def _fresh(self, account: Account) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=account.pk)).data)


class DossierViewSet(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[JustificationDossier]):
    serializer_class = DossierSerializer
    pagination_class = OldestFirst
    queryset = JustificationDossier.objects.none()

    def get_queryset(self) -> QuerySet[JustificationDossier]:
        return visible_dossiers(person_of(self.request))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        policy.require_anywhere(person_of(request), Permission.DOSSIER_VIEW)
        return super().list(request, *args, **kwargs)

    @extend_schema(request=DossierWriteSerializer, responses={201: DossierSerializer})
    def create(self, request: Request) -> Response:
        """Begins a draft."""
        person = person_of(request)
        policy.require_anywhere(person, Permission.DOSSIER_WRITE)
        answers = DossierWriteSerializer(data=request.data, context=self.get_serializer_context())
        answers.is_valid(raise_exception=True)
        facts: dict[str, Any] = answers.validated_data
        dossier = create_dossier(by=person, **facts)
        return Response(self.get_serializer(self._fresh(dossier)).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=DossierChangeSerializer, responses=DossierSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Writes answers into a draft or a returned dossier."""
        dossier, person = self.get_object(), person_of(request)
        policy.require(person, Permission.DOSSIER_WRITE, dossier)
        told = DossierChangeSerializer(data=request.data, context=self.get_serializer_context(), partial=True)
        told.is_valid(raise_exception=True)
        facts: dict[str, Any] = told.validated_data
        update_dossier(dossier=dossier, by=person, edition=facts.pop("edition", 0), **facts)
        return Response(self.get_serializer(self._fresh(dossier)).data)

    @extend_schema(request=NoAnswers, responses=DossierSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Hands a complete dossier in."""
        dossier = submit_dossier(dossier=self.get_object(), by=person_of(request))
        return Response(self.get_serializer(self._fresh(dossier)).data)

    @extend_schema(request=BallotSerializer, responses=VoteSerializer(many=True), filters=False)
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def votes(self, request: Request, pk: str) -> Response:
        """The votes of the present round; a POST casts, or changes, one's own.

        It names the `round` in which the dossier was read. In another one by now its words may be others: 409.
        """
        dossier = self.get_object()
        if request.method == "POST":
            policy.require(request.user, Permission.DOSSIER_VOTE, dossier)
            ballot = BallotSerializer(data=request.data)
            ballot.is_valid(raise_exception=True)
            cast_vote(dossier=dossier, by=person_of(request), **ballot.validated_data)
        cast = Vote.objects.filter(dossier=dossier, round=dossier.round).select_related("member")
        return Response(VoteSerializer(cast, many=True).data)

    def _fresh(self, dossier: JustificationDossier) -> JustificationDossier:
        return visible_dossiers(person_of(self.request)).get(pk=dossier.pk)


router = SimpleRouter()
router.register("accounts", AccountViewSet, basename="account")
router.register("dossiers", DossierViewSet, basename="dossier")
