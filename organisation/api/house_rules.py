"""House policies and one's certificates in the API: read, and attested."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from organisation import policy
from organisation.actions import attest_policy
from organisation.api.base import Pages, person_of
from organisation.enums import Permission
from organisation.keyed import Keyed
from organisation.models import Certificate, PolicyVersion
from organisation.queries.house_policy import LATEST_FIRST, attestations, visible_policies
from organisation.queries.training import certificates_of
from organisation.serializers import AttestedSerializer, CertificateSerializer, PolicySerializer, SeenSerializer


class PolicyPages(Pages):
    order = LATEST_FIRST


class PolicyViewSet(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[PolicyVersion]):
    """Versions of house policies in sight."""

    serializer_class = PolicySerializer
    pagination_class = PolicyPages
    queryset = PolicyVersion.objects.none()

    def get_queryset(self) -> QuerySet[PolicyVersion]:
        return visible_policies(person_of(self.request))

    @extend_schema(request=SeenSerializer, responses=PolicySerializer)
    @action(detail=True, methods=["post"])
    def attest(self, request: Request, pk: str) -> Response:
        """Whoever asks has read exactly this text: `seen` is the `content_hash` that they read. For people alone."""
        version = self.get_object()
        read = SeenSerializer(data=request.data)
        read.is_valid(raise_exception=True)
        attest_policy(version=version, by=person_of(request), **read.validated_data)
        return Response(PolicySerializer(version).data)

    @extend_schema(responses=AttestedSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def attestations(self, request: Request, pk: str) -> Response:
        """By unit, how many are asked and how many have attested it."""
        version = self.get_object()
        policy.require_anywhere(person_of(request), Permission.TRAINING_VIEW)
        return Response(AttestedSerializer(attestations(version, person_of(request)), many=True).data)


class CertificateViewSet(Keyed, mixins.ListModelMixin, GenericViewSet[Certificate]):
    """Certificates of the person who asks, the newest first."""

    serializer_class = CertificateSerializer
    pagination_class = PolicyPages
    queryset = Certificate.objects.none()

    def get_queryset(self) -> QuerySet[Certificate]:
        return certificates_of(person_of(self.request))
