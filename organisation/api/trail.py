"""The audit trail in the API."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers

from organisation.api.base import person_of
from organisation.api.nouns import Noun
from organisation.enums import Permission
from organisation.models import AuditEvent
from organisation.queries.visible import visible_events


class EventSerializer(serializers.ModelSerializer[AuditEvent]):
    """One thing that happened. `told`: a sentence in the language of whoever asks.

    `details`: what was said, and what was before.
    """

    id = serializers.IntegerField(source="sequence", read_only=True)
    told = serializers.CharField(read_only=True)
    details = serializers.DictField(read_only=True)

    class Meta:
        model = AuditEvent
        fields = ["id", "occurred_at", "told", "verb", "actor_id", "actor_name", "noun", "object_id", "details"]
        read_only_fields = fields


class EventViewSet(Noun):
    """What happened in the units whose trail the person who asks reads, the newest first."""

    called, sees = "event", Permission.AUDIT_VIEW
    serializer_class = EventSerializer
    queryset = AuditEvent.objects.none()

    def get_queryset(self) -> QuerySet[AuditEvent]:
        return visible_events(person_of(self.request))
