"""What a notice says in the API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from notices.enums import Urgency
from notices.models import Addressee


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
