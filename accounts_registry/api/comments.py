"""Comments on dossiers in the API; a dossier's own list them and take new ones."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts_registry import actions
from accounts_registry.enums.comment import COMMENT_LIFECYCLE
from accounts_registry.models import DossierComment
from accounts_registry.queries.comments import visible_comments
from accounts_registry.serializers import NoAnswers
from accounts_registry.serializers.comments import CommentSerializer
from organisation import policy
from organisation.api import person_of
from organisation.keyed import Keyed


class CommentViewSet(Keyed, mixins.RetrieveModelMixin, GenericViewSet[DossierComment]):
    serializer_class = CommentSerializer
    queryset = DossierComment.objects.none()

    def get_queryset(self) -> QuerySet[DossierComment]:
        return visible_comments(person_of(self.request))

    @extend_schema(request=NoAnswers, responses=CommentSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, pk: str) -> Response:
        """It is dealt with."""
        return self._done("resolve", actions.resolve_comment)

    @extend_schema(request=NoAnswers, responses=CommentSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """It is not dealt with after all."""
        return self._done("reopen", actions.reopen_comment)

    @extend_schema(request=NoAnswers, responses=CommentSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """By who wrote it: its words are forgotten."""
        return self._done("withdraw", actions.withdraw_comment)

    def _done(self, verb: str, act: Callable[..., DossierComment]) -> Response:
        comment, person = self.get_object(), person_of(self.request)
        permission = COMMENT_LIFECYCLE.permission_for(verb, comment)
        assert permission is not None
        policy.require(person, permission, comment)
        return Response(self.get_serializer(act(comment=comment, by=person)).data)
