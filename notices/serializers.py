"""What a notice says in the API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from notices.enums import Urgency, Way
from notices.kinds import kind_of
from notices.models import Addressee, Letter, WebhookCall, WebhookTarget
from notices.queries.targets import visible_targets
from organisation.enums import Language, Permission
from organisation.serializers.choices import NamedSerializer, OneOf, UnitSlug, UnitWhere


class NoticeSerializer(serializers.ModelSerializer[Addressee]):
    """`text` in the caller's language; `url`: where something is done about it; `settled_at`: no longer so since."""

    id = serializers.IntegerField(source="notice_id")
    kind = serializers.CharField(source="notice.kind")
    urgency = serializers.SerializerMethodField()
    text = serializers.CharField(source="notice.told")
    unit = serializers.SerializerMethodField()
    since = serializers.DateTimeField(source="notice.happened_at")
    due_at = serializers.DateTimeField(source="notice.due_at", allow_null=True)
    settled_at = serializers.DateTimeField(source="notice.settled_at", allow_null=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Addressee
        fields = ["id", "kind", "urgency", "text", "unit", "since", "due_at", "settled_at", "seen_at", "url"]
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=Urgency.choices, allow_null=True))
    def get_urgency(self, told: Addressee) -> str | None:
        kind = told.notice.as_kind
        return kind.urgency if kind else None

    @extend_schema_field(serializers.SlugField(allow_null=True))
    def get_unit(self, told: Addressee) -> str | None:
        return told.notice.unit.slug if told.notice.unit else None

    @extend_schema_field(serializers.URLField())
    def get_url(self, told: Addressee) -> Any:
        return f"{settings.PUBLIC_URL.rstrip('/')}{told.notice.url}"


class ChoicesSerializer(serializers.Serializer[Any]):
    """How somebody wants to be told: hours on the wall clock of their unit, and for each kind a way."""

    digest_at = serializers.TimeField(help_text="Hour of the daily mail")
    quiet_from = serializers.TimeField(allow_null=True)
    quiet_until = serializers.TimeField(allow_null=True)
    ways = serializers.DictField(child=serializers.ChoiceField(choices=Way.choices), help_text="By kind of notice")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What is not named stays."""
        hours = {name: getattr(self.instance, name) for name in ("digest_at", "quiet_from", "quiet_until")}
        told: dict[str, Any] = {**hours, "ways": {}, **attrs}
        if (told["quiet_from"] is None) != (told["quiet_until"] is None):
            raise serializers.ValidationError({"quiet_until": _("Give both ends of the quiet hours, or none.")})
        if unknown := [key for key in told["ways"] if kind_of(key) is None]:
            raise serializers.ValidationError({"ways": _("There is no such notice: %(key)s") % {"key": unknown[0]}})
        return told


class WebhookSerializer(serializers.ModelSerializer[WebhookTarget]):
    """`address`: its host and end, for whoever has the whole may write there. `failure`: how the latest call went."""

    unit = UnitSlug()
    address = serializers.CharField(source="__str__", read_only=True)
    failure = serializers.CharField(source="failure_told", read_only=True)
    made_by = NamedSerializer(read_only=True)
    kinds = serializers.ListField(child=serializers.CharField(), read_only=True)
    events = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = WebhookTarget
        fields = ["id", "unit", "address", "kinds", "events", "language", "made_by", "made_at", "failure"]
        read_only_fields = fields


class MadeWebhookSerializer(WebhookSerializer):
    """With the secret that signs its calls, which is told this once."""

    secret = serializers.SerializerMethodField()

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]
        read_only_fields = fields

    def get_secret(self, target: WebhookTarget) -> str:
        return str(self.context["secret"])


class WebhookWriteSerializer(serializers.Serializer[dict[str, Any]]):
    """Without `kinds` and `events` it is called with every notice."""

    unit = UnitWhere(Permission.UNIT_MANAGE)
    address = serializers.CharField(max_length=500)
    language = serializers.ChoiceField(choices=Language.choices)
    kinds = serializers.ListField(child=serializers.CharField(max_length=40), required=False, default=list)
    events = serializers.ListField(child=serializers.CharField(max_length=40), required=False, default=list)


class CallSerializer(serializers.ModelSerializer[WebhookCall]):
    """One call of a webhook, made or waiting; kept for a month."""

    what = serializers.CharField(read_only=True)
    failure = serializers.CharField(source="failure_told", read_only=True)

    class Meta:
        model = WebhookCall
        fields = ["id", "target", "what", "created_at", "next_at", "failures", "failure", "ended_at", "was_taken"]
        read_only_fields = fields


class CallFilterSerializer(serializers.Serializer[dict[str, Any]]):
    target = OneOf(WebhookTarget, visible_targets, required=False)


class LetterSerializer(serializers.ModelSerializer[Letter]):
    """Mail that did not leave, to somebody in sight."""

    person = NamedSerializer(read_only=True)

    class Meta:
        model = Letter
        fields = ["id", "person", "created_at", "failures"]
        read_only_fields = fields
