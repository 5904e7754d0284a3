from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from conversations.enums import Category, ConversationState
from conversations.models import Answer, Conversation
from conversations.queries import AnswerStatus, latest_message, mark_of_question, turns
from monitoring.models import Mention
from monitoring.models.item import ItemAudience
from organisation.models import Person, Unit


class AssigneeSerializer(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ["id", "name"]


class MentionSerializer(serializers.ModelSerializer[Mention]):
    """A citizen's message; of the citizen only what the network shows publicly."""

    conversation: serializers.PrimaryKeyRelatedField[Conversation] = serializers.PrimaryKeyRelatedField(
        source="inbound.conversation", read_only=True
    )
    author = serializers.CharField(source="inbound.conversation.author", read_only=True)
    author_handle = serializers.CharField(source="inbound.conversation.author_handle", read_only=True)
    text = serializers.CharField(read_only=True)
    language = serializers.CharField(source="item.language", read_only=True)
    audience = serializers.ChoiceField(source="item.audience", choices=ItemAudience.choices, read_only=True)
    warning = serializers.CharField(read_only=True)
    attachments = serializers.JSONField(read_only=True)
    choices = serializers.JSONField(read_only=True)
    votes = serializers.JSONField(read_only=True)
    poll_ends_at = serializers.DateTimeField(source="item.poll_ends_at", read_only=True, allow_null=True)
    url = serializers.URLField(source="item.url", read_only=True)
    edited_at = serializers.DateTimeField(source="item.edited_at", read_only=True, allow_null=True)

    class Meta:
        model = Mention
        fields = [
            "id",
            "conversation",
            "account",
            "watch",
            "kind",
            "author",
            "author_handle",
            "text",
            "language",
            "audience",
            "warning",
            "attachments",
            "choices",
            "votes",
            "poll_ends_at",
            "filtered",
            "url",
            "sent_at",
            "received_at",
            "edited_at",
            "gone_at",
            "purge_after",
        ]
        read_only_fields = fields


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    """`author` is null where somebody answered on the network itself, past Parvis: then `was_found`."""

    author = AssigneeSerializer(read_only=True, allow_null=True)
    was_found = serializers.BooleanField(read_only=True)

    class Meta:
        model = Answer
        fields = ["id", "text", "language", "author", "was_found", "written_at", "published_at"]
        read_only_fields = fields


class AnswerStatusSerializer(serializers.Serializer[AnswerStatus]):
    """An answer and where it stands on its way to the network."""

    answer = AnswerSerializer(read_only=True)
    state = serializers.CharField(read_only=True)
    url = serializers.CharField(read_only=True)
    problem = serializers.CharField(read_only=True)


class ConversationSerializer(serializers.ModelSerializer[Conversation]):
    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    author = serializers.CharField(read_only=True)
    assigned_to = AssigneeSerializer(read_only=True)
    is_late = serializers.BooleanField(read_only=True)

    class Meta:
        model = Conversation
        fields = [
            "id",
            "unit",
            "account",
            "author",
            "author_handle",
            "language",
            "state",
            "category",
            "assigned_to",
            "clock_started_at",
            "deadline",
            "answered_at",
            "is_late",
            "last_mention_at",
        ]
        read_only_fields = fields


class ConversationDetailSerializer(ConversationSerializer):
    """With both sides of what was said: the latest messages and the answers between them, or those at a `page`.

    `earlier` and `later` are the `page` to ask for next, empty where nothing more is that way. `question` names the
    message that an answer would be for, as it stands: hand it back with the answer.
    """

    mentions = MentionSerializer(many=True, read_only=True, source="turns.mentions")
    answers = AnswerStatusSerializer(many=True, read_only=True, source="turns.answers")
    earlier = serializers.CharField(read_only=True, source="turns.earlier")
    later = serializers.CharField(read_only=True, source="turns.later")
    question = serializers.SerializerMethodField()

    class Meta(ConversationSerializer.Meta):
        fields = [*ConversationSerializer.Meta.fields, "mentions", "answers", "earlier", "later", "question"]
        read_only_fields = fields

    def get_question(self, conversation: Conversation) -> str:
        return mark_of_question(latest_message(conversation))

    def to_representation(self, instance: Conversation) -> dict[str, Any]:
        said: Any = instance
        said.turns = turns(instance, self.context.get("page", ""))
        return super().to_representation(said)


class AssignSerializer(serializers.Serializer[Any]):
    to = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none())

    def __init__(self, *args: Any, people: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people is not None:
            field: Any = self.fields["to"]
            field.queryset = people


class CategorySerializer(serializers.Serializer[Any]):
    category = serializers.ChoiceField(choices=Category.choices)


class WriteAnswerSerializer(serializers.Serializer[Any]):
    """`seen` is the id of the newest answer you know of, 0 for none: a colleague's answer in between is a conflict.

    `question` is what the conversation told of itself as you read it: where the citizen wrote, changed or deleted
    something since, the answer is refused. `audience` is who may see the answer at most. It is never for more people
    than its question, whatever is asked here.
    """

    text = serializers.CharField(max_length=10_000)
    seen = serializers.IntegerField(min_value=0)
    question = serializers.CharField(
        max_length=60, error_messages={"required": _("Name the question that you read, as the conversation told it.")}
    )
    audience = serializers.ChoiceField(choices=ItemAudience.choices, required=False, allow_blank=True, default="")


class WithdrawAnswerSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


class SendAgainSerializer(serializers.Serializer[Any]):
    """`seen`: the newest answer that was read, where another one was given meanwhile."""

    seen = serializers.IntegerField(required=False, min_value=0, max_value=2**63 - 1)


class ClosingSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


class ConversationFilterSerializer(serializers.Serializer[dict[str, Any]]):
    """What a list of conversations is narrowed by."""

    q = serializers.CharField(
        required=False, allow_blank=True, help_text="Words of messages, names and answers, all of them, in any order"
    )
    state = serializers.ChoiceField(ConversationState.choices, required=False, help_text="Of those in this state")
    reach = serializers.ChoiceField(
        [("all", "all")], required=False, help_text="Of words: the last 90 days, or all that is kept"
    )
