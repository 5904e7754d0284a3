"""Sessions of the committee in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts_registry.enums import Presence
from accounts_registry.models import AgendaItem, Attendance, CommitteeSession, JustificationDossier
from accounts_registry.queries.frames import for_an_agenda
from accounts_registry.queries.sessions import committees_of
from organisation.models import Unit
from organisation.serializers import WallTime


class AgendaItemSerializer(serializers.ModelSerializer[AgendaItem]):
    """A point of an agenda: a `dossier`, or one with a `title`."""

    class Meta:
        model = AgendaItem
        fields = ["id", "position", "dossier", "title", "result", "deferred_to", "note"]
        read_only_fields = fields


class AttendanceSerializer(serializers.ModelSerializer[Attendance]):
    class Meta:
        model = Attendance
        fields = ["member", "presence"]
        read_only_fields = fields


class CommitteeSessionSerializer(serializers.ModelSerializer[CommitteeSession]):
    """A session as it stands. `edition` is what a change, and a new agenda, have to name."""

    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    wall_time = WallTime(read_only=True)
    items = AgendaItemSerializer(many=True, read_only=True)
    attendances = AttendanceSerializer(many=True, read_only=True)

    class Meta:
        model = CommitteeSession
        fields = [
            "id",
            "unit",
            "wall_time",
            "zone",
            "starts_at",
            "place",
            "link",
            "names_votes",
            "state",
            "edition",
            "opened_by",
            "opened_at",
            "closed_at",
            "items",
            "attendances",
        ]
        read_only_fields = fields


class SessionFacts(serializers.Serializer[dict[str, Any]]):
    """When, as the clock on the wall of the unit shows it, and where: a place, a link or both."""

    wall_time = WallTime()
    fold = serializers.ChoiceField(
        choices=[0, 1],
        required=False,
        allow_null=True,
        default=None,
        help_text="Which of two: where an hour comes twice.",
    )
    place = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    link = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")
    names_votes = serializers.BooleanField(required=False, default=True)


class SessionPlanSerializer(SessionFacts):
    unit = serializers.SlugRelatedField(slug_field="slug", queryset=Unit.objects.none())

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if "person" in self.context:
            fields["unit"].queryset = committees_of(self.context["person"])
        return fields


class SessionChangeSerializer(SessionFacts):
    edition = serializers.IntegerField(help_text="The `edition` that was read; another one by now answers 409.")


class EntrySerializer(serializers.Serializer[dict[str, Any]]):
    """Exactly one of these."""

    item = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="One that stands there."
    )
    dossier: serializers.PrimaryKeyRelatedField[JustificationDossier] = serializers.PrimaryKeyRelatedField(
        queryset=JustificationDossier.objects.none(), required=False
    )
    title = serializers.CharField(max_length=200, required=False)

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if (session := self.context.get("session")) is not None:
            fields["dossier"].queryset = for_an_agenda(session.unit.path, session)
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError(_("Name an item, a dossier or a title, one of them."))
        return attrs


class AgendaSerializer(serializers.Serializer[dict[str, Any]]):
    """The whole agenda in its order; of the points that wait, what is left out goes."""

    edition = serializers.IntegerField(help_text="The `edition` that was read; another one by now answers 409.")
    entries = EntrySerializer(many=True)


class PresenceSerializer(serializers.Serializer[dict[str, Any]]):
    member = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    presence = serializers.ChoiceField(choices=Presence.choices)


class PresencesSerializer(serializers.Serializer[dict[str, Any]]):
    """Whoever is not named stays as noted."""

    presences = PresenceSerializer(many=True)
