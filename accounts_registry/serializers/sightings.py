"""Wild accounts and the abuse register, as programs read and write them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts_registry.enums import Discovery, SightingKind
from accounts_registry.models import AbuseCase, Account, NilReturn, Sighting
from accounts_registry.queries.sightings import imitable_accounts
from accounts_registry.queries.suspicion import OurNames, suspicion
from accounts_registry.serializers import ACCOUNT_NETWORKS, HolderSerializer
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries import units_where
from organisation.serializers import ReasonSerializer


class SightingSerializer(serializers.ModelSerializer[Sighting]):
    """An account that bears our name. `score` is the sum of what `reasons` weigh; `unknown` weighs nothing."""

    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    reported_by = HolderSerializer(read_only=True)
    score = serializers.SerializerMethodField()
    reasons = serializers.SerializerMethodField()
    unknown = serializers.SerializerMethodField()
    case: serializers.PrimaryKeyRelatedField[AbuseCase] = serializers.PrimaryKeyRelatedField(
        read_only=True, allow_null=True
    )

    class Meta:
        model = Sighting
        fields = [
            "id",
            "unit",
            "kind",
            "state",
            "network",
            "server",
            "handle",
            "remote_id",
            "address",
            "found",
            "note",
            "words_seen",
            "imitates",
            "shown_name",
            "uses_our_name",
            "links_to_us",
            "asks",
            "created_on",
            "why_created",
            "merged_into",
            "dossier",
            "reported_by",
            "reported_at",
            "kept_until",
            "edition",
            "score",
            "reasons",
            "unknown",
            "case",
        ]
        read_only_fields = fields

    def _found(self, sighting: Sighting) -> Any:
        """Of a page of many, the names are read once for each organisation."""
        context: Any = self.context
        known = context.setdefault("our_names", {})
        path = sighting.unit.path[: Unit.steplen]
        ours = known[path] if path in known else known.setdefault(path, OurNames.of(sighting.unit))
        return suspicion(sighting, ours)

    def get_score(self, sighting: Sighting) -> int:
        score: int = self._found(sighting).score
        return score

    def get_reasons(self, sighting: Sighting) -> list[str]:
        return [f"+{one.weight} {one.words}" for one in self._found(sighting).reasons]

    def get_unknown(self, sighting: Sighting) -> list[str]:
        return [str(words) for words in self._found(sighting).unknown]


class _SightingFacts(serializers.Serializer[dict[str, Any]]):
    kind = serializers.ChoiceField(choices=SightingKind.choices)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    words_seen = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    shown_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    uses_our_name = serializers.BooleanField(required=False, allow_null=True)
    links_to_us = serializers.BooleanField(required=False, allow_null=True)
    asks = serializers.BooleanField(required=False, allow_null=True)
    created_on = serializers.DateField(required=False, allow_null=True)
    imitates = serializers.PrimaryKeyRelatedField(queryset=Account.objects.none(), required=False, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        request = self.context.get("request")
        if request is not None and isinstance(request.user, Person):
            fields["imitates"].queryset = imitable_accounts(request.user)
            if "unit" in fields:
                units = [unit.pk for unit in units_where(request.user, Permission.SIGHTING_REPORT)]
                fields["unit"].queryset = Unit.objects.filter(pk__in=units)
        return fields


class SightingReportSerializer(_SightingFacts):
    """`account` in any spelling; `network` where it is a mere name. What is left out, nobody knows yet."""

    unit = serializers.SlugRelatedField(slug_field="slug", queryset=Unit.objects.none())
    account = serializers.CharField(max_length=500)
    network = serializers.ChoiceField(
        choices=ACCOUNT_NETWORKS,
        required=False,
    )
    found = serializers.ChoiceField(choices=Discovery.choices, required=False)


class SightingChangeSerializer(_SightingFacts):
    """`edition` is the one that was read."""

    kind = serializers.ChoiceField(choices=SightingKind.choices, required=False)
    edition = serializers.IntegerField()


class MergeSerializer(ReasonSerializer):
    into = serializers.PrimaryKeyRelatedField(queryset=Account.objects.none())

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        request = self.context.get("request")
        if request is not None and isinstance(request.user, Person):
            fields["into"].queryset = imitable_accounts(request.user)
        return fields


class AbuseCaseSerializer(serializers.ModelSerializer[AbuseCase]):
    reported_by = HolderSerializer(read_only=True)
    confirmed_by = HolderSerializer(read_only=True)

    class Meta:
        model = AbuseCase
        fields = [
            "id",
            "sighting",
            "state",
            "reported_by",
            "reported_at",
            "confirmed_by",
            "confirmed_at",
            "reference",
            "notified_on",
        ]
        read_only_fields = fields


class NotifySerializer(serializers.Serializer[dict[str, Any]]):
    reference = serializers.CharField(max_length=200)
    notified_on = serializers.DateField(required=False)


class NilReturnSerializer(serializers.ModelSerializer[NilReturn]):
    """Somebody looked, and nobody posed as the unit from `since` to `until`."""

    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(
        slug_field="slug", queryset=Unit.objects.none()
    )
    declared_by = HolderSerializer(read_only=True)

    class Meta:
        model = NilReturn
        fields = ["id", "unit", "since", "until", "how", "declared_by", "declared_at"]
        read_only_fields = ["declared_at"]
        extra_kwargs = {"how": {"max_length": 2000}}

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        request = self.context.get("request")
        if request is not None and isinstance(request.user, Person):
            units = [unit.pk for unit in units_where(request.user, Permission.SIGHTING_MANAGE)]
            fields["unit"].queryset = Unit.objects.filter(pk__in=units)
        return fields
