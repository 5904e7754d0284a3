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

from accounts_registry import actions
from accounts_registry.actions import (
    appeal_dossier,
    cast_vote,
    change_account,
    close_account,
    confirm_account,
    create_dossier,
    decide,
    hand_over_account,
    renew_account,
    submit_dossier,
    update_dossier,
)
from accounts_registry.enums import ABUSE_LIFECYCLE, SIGHTING_LIFECYCLE
from accounts_registry.models import AbuseCase, Account, JustificationDossier, NilReturn, Sighting, Vote
from accounts_registry.policy import require_holder
from accounts_registry.queries import visible_accounts, visible_dossiers
from accounts_registry.queries.sightings import visible_cases, visible_nil_returns, visible_sightings
from accounts_registry.serializers import (
    AccountChangeSerializer,
    AccountSerializer,
    ActSerializer,
    AppealSerializer,
    BallotSerializer,
    CloseSerializer,
    DecideSerializer,
    DecisionSerializer,
    DossierChangeSerializer,
    DossierSerializer,
    DossierWriteSerializer,
    HandOverSerializer,
    NoAnswers,
    RenewSerializer,
    VoteSerializer,
)
from accounts_registry.serializers.sightings import (
    AbuseCaseSerializer,
    MergeSerializer,
    NilReturnSerializer,
    NotifySerializer,
    SightingChangeSerializer,
    SightingReportSerializer,
    SightingSerializer,
)
from organisation import policy
from organisation.api import Pages, person_of
from organisation.enums import Permission
from organisation.keyed import Keyed
from organisation.queries import Keyset
from organisation.serializers import ReasonSerializer


class OldestFirst(Pages):
    order = Keyset("", size=50, newest_first=False)


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

    @extend_schema(request=DecideSerializer, responses=DecisionSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Records what the votes say, as the committee's chair; an approval may have conditions."""
        dossier, person = self.get_object(), person_of(request)
        policy.require(person, Permission.DOSSIER_DECIDE, dossier)
        told = DecideSerializer(data=request.data, context={**self.get_serializer_context(), "dossier": dossier})
        told.is_valid(raise_exception=True)
        return Response(DecisionSerializer(decide(dossier=dossier, by=person, **told.validated_data)).data)

    @extend_schema(request=AppealSerializer, responses=DossierSerializer)
    @action(detail=True, methods=["post"])
    def appeal(self, request: Request, pk: str) -> Response:
        """Once, against a refusal: the committee hears the dossier again."""
        dossier, person = self.get_object(), person_of(request)
        policy.require(person, Permission.DOSSIER_WRITE, dossier)
        told = AppealSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        appeal_dossier(dossier=dossier, by=person, **told.validated_data)
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


class NewestFirst(Pages):
    order = Keyset("", size=50)


class SightingViewSet(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Sighting]):
    """Wild accounts, and those that pose as us."""

    serializer_class = SightingSerializer
    pagination_class = NewestFirst
    queryset = Sighting.objects.none()

    def get_queryset(self) -> QuerySet[Sighting]:
        return visible_sightings(person_of(self.request))

    @extend_schema(request=SightingReportSerializer, responses={201: SightingSerializer})
    def create(self, request: Request) -> Response:
        """Reports an account."""
        person = person_of(request)
        policy.require_anywhere(person, Permission.SIGHTING_REPORT)
        read = SightingReportSerializer(data=request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        facts: dict[str, Any] = read.validated_data
        made = actions.report_sighting(by=person, **facts)
        return Response(self._told(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SightingChangeSerializer, responses=SightingSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Writes what is known by now; which account it is stays."""
        sighting = self.get_object()
        policy.require(request.user, Permission.SIGHTING_MANAGE, sighting)
        read = SightingChangeSerializer(data=request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        facts: dict[str, Any] = read.validated_data
        return Response(self._told(actions.update_sighting(sighting=sighting, by=person_of(request), **facts)).data)

    @extend_schema(request=ReasonSerializer, responses=SightingSerializer)
    @action(detail=True, methods=["post"])
    def contact(self, request: Request, pk: str) -> Response:
        """Notes who was contacted."""
        return self._done("contact", actions.contact_sighting, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=SightingSerializer)
    @action(detail=True, methods=["post"])
    def explain(self, request: Request, pk: str) -> Response:
        """Notes why it was created."""
        return self._done("explain", actions.explain_sighting, ReasonSerializer)

    @extend_schema(request=NoAnswers, responses=SightingSerializer)
    @action(detail=True, methods=["post"])
    def regularise(self, request: Request, pk: str) -> Response:
        """Begins its dossier."""
        return self._done("regularise", actions.regularise_sighting, NoAnswers)

    @extend_schema(request=MergeSerializer, responses=SightingSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Notes that it was merged into an account of the registry."""
        return self._done("merge", actions.merge_sighting, MergeSerializer)

    @extend_schema(request=ReasonSerializer, responses=SightingSerializer)
    @action(detail=True, methods=["post"])
    def register(self, request: Request, pk: str) -> Response:
        """Enters it in the abuse register."""
        return self._done("register", actions.register_sighting, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=SightingSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Ends it."""
        return self._done("close", actions.close_sighting, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=SightingSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Takes it up again."""
        return self._done("reopen", actions.reopen_sighting, ReasonSerializer)

    def _done(self, verb: str, act: Callable[..., Sighting], reads: type[Any]) -> Response:
        sighting, person = self.get_object(), person_of(self.request)
        permission = SIGHTING_LIFECYCLE.permission_for(verb, sighting)
        assert permission is not None
        policy.require(person, permission, sighting)
        read = reads(data=self.request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        return Response(self._told(act(sighting=sighting, by=person, **read.validated_data)).data)

    def _told(self, sighting: Sighting) -> Any:
        return self.get_serializer(visible_sightings(person_of(self.request)).get(pk=sighting.pk))


class AbuseCaseViewSet(Keyed, ReadOnlyModelViewSet[AbuseCase]):
    """The abuse register."""

    serializer_class = AbuseCaseSerializer
    pagination_class = NewestFirst
    queryset = AbuseCase.objects.none()

    def get_queryset(self) -> QuerySet[AbuseCase]:
        return visible_cases(person_of(self.request))

    @extend_schema(request=NoAnswers, responses=AbuseCaseSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """As a second person: from now on the public register warns of the account."""
        return self._done("confirm", actions.confirm_abuse, NoAnswers)

    @extend_schema(request=NotifySerializer, responses=AbuseCaseSerializer)
    @action(detail=True, methods=["post"])
    def notify(self, request: Request, pk: str) -> Response:
        """Notes that the network was told."""
        return self._done("notify", actions.notify_network, NotifySerializer)

    @extend_schema(request=ReasonSerializer, responses=AbuseCaseSerializer)
    @action(detail=True, methods=["post"], url_path="take-down")
    def take_down(self, request: Request, pk: str) -> Response:
        """Notes that the account is gone."""
        return self._done("take_down", actions.take_down, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=AbuseCaseSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """The account does not pose as us."""
        return self._done("dismiss", actions.dismiss_abuse, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=AbuseCaseSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Somebody else has to confirm it anew."""
        return self._done("reopen", actions.reopen_abuse, ReasonSerializer)

    def _done(self, verb: str, act: Callable[..., AbuseCase], reads: type[Any]) -> Response:
        case, person = self.get_object(), person_of(self.request)
        permission = ABUSE_LIFECYCLE.permission_for(verb, case)
        assert permission is not None
        policy.require(person, permission, case)
        read = reads(data=self.request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        act(case=case, by=person, **read.validated_data)
        return Response(self.get_serializer(self.get_queryset().get(pk=case.pk)).data)


class NilReturnViewSet(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[NilReturn]):
    """Declarations that nobody posed as a unit."""

    serializer_class = NilReturnSerializer
    pagination_class = NewestFirst
    queryset = NilReturn.objects.none()

    def get_queryset(self) -> QuerySet[NilReturn]:
        return visible_nil_returns(person_of(self.request))

    def create(self, request: Request) -> Response:
        """Declares that somebody looked, and there was none."""
        person = person_of(request)
        policy.require_anywhere(person, Permission.SIGHTING_MANAGE)
        read = self.get_serializer(data=request.data)
        read.is_valid(raise_exception=True)
        made = actions.declare_none(by=person, **read.validated_data)
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)


router = SimpleRouter()
router.register("accounts", AccountViewSet, basename="account")
router.register("dossiers", DossierViewSet, basename="dossier")
router.register("sightings", SightingViewSet, basename="sighting")
router.register("abuse-cases", AbuseCaseViewSet, basename="abuse-case")
router.register("nil-returns", NilReturnViewSet, basename="nil-return")
