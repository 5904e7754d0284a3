"""Mentions and conversations in the API: the same actions and the same policy as the inbox."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from conversations import actions
from conversations.models import Answer, Conversation
from conversations.queries import assignable, heard_by, searched, visible_conversations
from conversations.serializers import (
    AnswerSerializer,
    AssignSerializer,
    CategorySerializer,
    ClosingSerializer,
    ConversationDetailSerializer,
    ConversationFilterSerializer,
    ConversationSerializer,
    MentionSerializer,
    SendAgainSerializer,
    WithdrawAnswerSerializer,
    WriteAnswerSerializer,
)
from monitoring.models import Mention
from organisation.api import Noun, Pages, asked, person_of, said
from organisation.enums import Permission
from organisation.keyed import Keyed
from organisation.policy import require, require_anywhere
from organisation.queries import Keyset, KeysFirst, Parts, by_unit


class NewestMentionFirst(Pages):
    order = Keyset("sent_at", size=50)


class NewestConversationFirst(Pages):
    order = Keyset("last_mention_at", size=50)


class MentionViewSet(ReadOnlyModelViewSet[Mention]):
    serializer_class = MentionSerializer
    pagination_class = NewestMentionFirst
    queryset = Mention.objects.none()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        require_anywhere(request.user, Permission.MENTION_VIEW)
        return super().list(request, *args, **kwargs)

    def parts(self) -> Parts:
        return heard_by(person_of(self.request))

    def get_queryset(self) -> QuerySet[Mention]:
        seen = visible_conversations(person_of(self.request)).values("pk")
        return Mention.objects.filter(inbound__conversation__in=seen).select_related("inbound__conversation", "item")


class ConversationViewSet(Keyed, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Conversation]):
    pagination_class = NewestConversationFirst
    queryset = Conversation.objects.none()

    @extend_schema(parameters=[ConversationFilterSerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        require_anywhere(request.user, Permission.MENTION_VIEW)
        return super().list(request, *args, **kwargs)

    def parts(self) -> Parts | KeysFirst:
        """Words are found by an index of their own, whichever unit they stand in."""
        return KeysFirst() if self._words() else by_unit(person_of(self.request), Permission.MENTION_VIEW)

    @extend_schema(parameters=[OpenApiParameter("page", description="What `earlier` or `later` of an answer says")])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        context = {**self.get_serializer_context(), "page": said(request, "page")}
        return Response(ConversationDetailSerializer(self.get_object(), context=context).data)

    def get_queryset(self) -> QuerySet[Conversation]:
        found = visible_conversations(person_of(self.request))
        if self.action != "list":
            return found
        narrowed = asked(self.request, ConversationFilterSerializer)
        if "state" in narrowed:
            found = found.filter(state=narrowed["state"])
        words = self._words()
        return searched(found, words, narrowed.get("reach", "")) if words else found

    def get_serializer_class(self) -> type[BaseSerializer[Conversation]]:
        return ConversationSerializer if self.action == "list" else ConversationDetailSerializer

    @extend_schema(request=None, responses=ConversationDetailSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        """The conversation is yours to answer."""
        actions.take_conversation(conversation=self.get_object(), by=person_of(request))
        return self._now(pk)

    @extend_schema(request=AssignSerializer, responses=ConversationDetailSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        """Gives the conversation to somebody who may answer it."""
        conversation = self._mine(Permission.MENTION_ASSIGN)
        told = self._validated(AssignSerializer(data=request.data, people=assignable(conversation.unit)))
        actions.assign_conversation(conversation=conversation, by=person_of(request), **told)
        return self._now(pk)

    @extend_schema(request=CategorySerializer, responses=ConversationDetailSerializer)
    @action(detail=True, methods=["post"])
    def categorise(self, request: Request, pk: str) -> Response:
        """What the citizen wants; the deadline follows."""
        conversation = self._mine(Permission.MENTION_ASSIGN)
        told = self._validated(CategorySerializer(data=request.data))
        actions.categorise_conversation(conversation=conversation, by=person_of(request), **told)
        return self._now(pk)

    @extend_schema(request=WriteAnswerSerializer, responses=ConversationDetailSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Puts an answer in line, to be sent at once."""
        conversation = self._mine(Permission.ANSWER_WRITE)
        told = self._validated(WriteAnswerSerializer(data=request.data))
        actions.answer_conversation(conversation=conversation, by=person_of(request), **told)
        return self._now(pk)

    @extend_schema(request=None, responses=ConversationDetailSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Back among the new ones, with nobody assigned."""
        actions.reopen_conversation(conversation=self._mine(Permission.MENTION_ASSIGN), by=person_of(request))
        return self._now(pk)

    @extend_schema(request=ClosingSerializer, responses=ConversationDetailSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Nothing more to do; what nobody answered needs a reason."""
        conversation = self._mine(Permission.MENTION_ASSIGN)
        told = self._validated(ClosingSerializer(data=request.data))
        actions.close_conversation(conversation=conversation, by=person_of(request), **told)
        return self._now(pk)

    def _words(self) -> str:
        return said(self.request, "q").strip()

    def _mine(self, to: Permission) -> Conversation:
        """The conversation, once it is clear that the person may act `to` it."""
        conversation = self.get_object()
        require(self.request.user, to, conversation)
        return conversation

    def _validated(self, serializer: Any) -> dict[str, Any]:
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _now(self, pk: str) -> Response:
        fresh = visible_conversations(person_of(self.request)).get(pk=pk)
        return Response(ConversationDetailSerializer(fresh).data)


class AnswerViewSet(Noun):
    """What was answered in the conversations in sight."""

    called, sees = "answer", Permission.MENTION_VIEW
    serializer_class = AnswerSerializer
    queryset = Answer.objects.none()

    def get_queryset(self) -> QuerySet[Answer]:
        seen = visible_conversations(person_of(self.request)).order_by().values("pk")
        found = Answer.objects.filter(conversation__in=seen)
        return found.select_related("conversation__unit", "conversation__account", "author")

    @extend_schema(request=WithdrawAnswerSerializer, responses=AnswerSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Takes one out of the line that is not on the network."""
        return self.acted(actions.withdraw_answer, Permission.ANSWER_WRITE, WithdrawAnswerSerializer)

    @extend_schema(request=SendAgainSerializer, responses=AnswerSerializer)
    @action(detail=True, methods=["post"], url_path="send-again")
    def send_again(self, request: Request, pk: str) -> Response:
        """Puts one in line again that the network certainly did not take."""
        return self.acted(actions.send_again, Permission.ANSWER_WRITE, SendAgainSerializer)


router = SimpleRouter()
router.register("mentions", MentionViewSet, basename="mention")
router.register("answers", AnswerViewSet, basename="answer")
router.register("conversations", ConversationViewSet, basename="conversation")
