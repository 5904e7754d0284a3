from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts_registry.enums import AccountKind, Audience, Maturity, Outcome, Term, VoteChoice
from accounts_registry.enums.questions import OPENING
from accounts_registry.models import Account, Condition, Decision, JustificationDossier, Vote
from accounts_registry.queries import possible_holders, possible_pairs
from accounts_registry.queries.conditions import possible_answerers
from accounts_registry.queries.dossiers import missing
from accounts_registry.queries.holders import holders_for, pairs_for
from accounts_registry.queries.requests import possible_successors
from networks.catalogue import NETWORKS
from organisation.enums import Language, Permission
from organisation.models import Person, Unit
from organisation.queries import units_where

# On which an account may stand.
ACCOUNT_NETWORKS = [(network.key, network.name) for network in NETWORKS.values() if network.holds_accounts]

OPENINGS = [(one.value, one.label) for one in OPENING]


class HolderSerializer(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ["id", "name"]


class AccountSerializer(serializers.ModelSerializer[Account]):
    """An account as the registry shows it; credentials are no part of it."""

    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    owner = HolderSerializer(read_only=True)
    backup_holder = HolderSerializer(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # the base has a `label` of its own
    publishable = serializers.BooleanField(read_only=True)
    connection_sentence = serializers.CharField(read_only=True)
    missing_languages = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Account
        fields = [
            "id",
            "label",
            "unit",
            "dossier",
            "network",
            "base_url",
            "handle",
            "told_handle",
            "expected_handle",
            "url",
            "kind",
            "maturity",
            "term",
            "ends_on",
            "purpose",
            "audiences",
            "languages",
            "missing_languages",
            "owner",
            "backup_holder",
            "pair",
            "state",
            "review_on",
            "reviewed_at",
            "confirmed_at",
            "edition",
            "connection_state",
            "connection_problem",
            "connection_sentence",
            "publishable",
        ]
        read_only_fields = fields


class ActSerializer(serializers.Serializer[dict[str, Any]]):
    """What every change of an account names."""

    edition = serializers.IntegerField(help_text="The edition that was read; another one by now answers 409.")


class AccountChangeSerializer(ActSerializer):
    """What changes, and why; a field that is left out stays."""

    reason = serializers.CharField(max_length=5000)
    purpose = serializers.CharField(max_length=5000, required=False)
    audiences = serializers.ListField(child=serializers.ChoiceField(choices=Audience.choices), required=False)
    languages = serializers.ListField(child=serializers.ChoiceField(choices=Language.choices), required=False)
    pair: serializers.PrimaryKeyRelatedField[Account] = serializers.PrimaryKeyRelatedField(
        queryset=Account.objects.none(), required=False, allow_null=True
    )
    kind = serializers.ChoiceField(choices=AccountKind.choices, required=False)
    url = serializers.URLField(max_length=500, required=False, allow_blank=True)
    maturity = serializers.ChoiceField(choices=Maturity.choices, required=False)
    term = serializers.ChoiceField(choices=Term.choices, required=False)
    ends_on = serializers.DateField(required=False, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if account := self.context.get("account"):
            fields["pair"].queryset = pairs_for(account, self.context["person"])
        return fields


class HandOverSerializer(ActSerializer):
    reason = serializers.CharField(max_length=5000)
    owner: serializers.PrimaryKeyRelatedField[Person] = serializers.PrimaryKeyRelatedField(
        queryset=Person.objects.none()
    )
    backup_holder: serializers.PrimaryKeyRelatedField[Person] = serializers.PrimaryKeyRelatedField(
        queryset=Person.objects.none()
    )

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if account := self.context.get("account"):
            for name in ("owner", "backup_holder"):
                fields[name].queryset = holders_for(account)
        return fields


class RenewSerializer(ActSerializer):
    evaluation = serializers.CharField(max_length=5000)
    figures = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    next_on = serializers.DateField(help_text="The next review; of a trial or a campaign its last day.")


class DossierSerializer(serializers.ModelSerializer[JustificationDossier]):
    """A dossier as it stands. `round` is what a vote has to name: each submission opens another one. `missing` are the
    keys of the questions that a submission still needs answered."""

    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    requested_by = HolderSerializer(read_only=True)
    title = serializers.CharField(read_only=True)
    answers = serializers.DictField(read_only=True)
    missing = serializers.SerializerMethodField()

    class Meta:
        model = JustificationDossier
        fields = [
            "id",
            "title",
            "unit",
            "request_type",
            "platform",
            "account_kind",
            "proposed_handle",
            "server",
            "languages",
            "pair_of",
            "about",
            "successor",
            "objective",
            "audiences",
            "why_not_existing",
            "owner",
            "backup_holder",
            "review_on",
            "answers",
            "missing",
            "requested_by",
            "state",
            "edition",
            "round",
            "submitted_at",
        ]
        read_only_fields = fields

    def get_missing(self, dossier: JustificationDossier) -> list[str]:
        return [question.key for question in missing(dossier)] if dossier.is_editable else []


class DossierWriteSerializer(serializers.Serializer[dict[str, Any]]):
    """The questionnaire; a draft may leave all but the unit and the network out.

    `answers` holds the further questions by key; an empty answer takes one away.
    """

    request_type = serializers.ChoiceField(choices=OPENINGS, required=False)
    unit = serializers.SlugRelatedField(slug_field="slug", queryset=Unit.objects.none())
    platform = serializers.ChoiceField(choices=ACCOUNT_NETWORKS)
    account_kind = serializers.ChoiceField(choices=AccountKind.choices, required=False)
    proposed_handle = serializers.CharField(max_length=150, required=False)
    server = serializers.URLField(max_length=200, required=False)
    languages = serializers.ListField(child=serializers.ChoiceField(choices=Language.choices), required=False)
    pair_of = serializers.PrimaryKeyRelatedField(queryset=Account.objects.none(), required=False, allow_null=True)
    objective = serializers.CharField(max_length=5000, required=False)
    audiences = serializers.ListField(child=serializers.ChoiceField(choices=Audience.choices), required=False)
    why_not_existing = serializers.CharField(max_length=5000, required=False)
    owner = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none(), required=False)
    backup_holder = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none(), required=False)
    review_on = serializers.DateField(required=False)
    answers = serializers.DictField(required=False)

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        request = self.context.get("request")
        if request is not None and isinstance(request.user, Person):
            person = request.user
            units = [unit.pk for unit in units_where(person, Permission.DOSSIER_WRITE)]
            fields["unit"].queryset = Unit.objects.filter(pk__in=units)
            fields["pair_of"].queryset = possible_pairs(person)
            fields["owner"].queryset = fields["backup_holder"].queryset = possible_holders(person)
        return fields


class DossierChangeSerializer(DossierWriteSerializer):
    """Answers to write into a draft; what is left out stays. Another `edition` by now: 400, nothing is written."""

    successor = serializers.PrimaryKeyRelatedField(
        queryset=Account.objects.none(), required=False, help_text="Of a merger: the account that goes on."
    )
    edition = serializers.IntegerField(help_text="The `edition` of the dossier that was read.")

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if (dossier := self.context.get("dossier")) is not None and dossier.about is not None:
            fields["successor"].queryset = possible_successors(self.context["request"].user, dossier.about)
        return fields


class VoteSerializer(serializers.ModelSerializer[Vote]):
    member = HolderSerializer(read_only=True)

    class Meta:
        model = Vote
        fields = ["member", "choice", "reason", "cast_at"]
        read_only_fields = ["member", "cast_at"]


class BallotSerializer(serializers.Serializer[dict[str, Any]]):
    choice = serializers.ChoiceField(choices=VoteChoice.choices)
    reason = serializers.CharField(max_length=2000)
    round = serializers.IntegerField(
        source="seen_round",
        help_text="The `round` of the dossier that was read.",
        error_messages={"required": _("Name the round of the dossier that you read.")},
    )


class ConditionSerializer(serializers.ModelSerializer[Condition]):
    """A condition of the committee. `owner` answers for it by `due_on`; overdue, the account is suspended. Whoever
    confirms that it is met, or sends it back, names by `content_hash` what they read."""

    content_hash = serializers.CharField(source="mark", read_only=True)

    owner: serializers.PrimaryKeyRelatedField[Person] = serializers.PrimaryKeyRelatedField(
        queryset=Person.objects.none()
    )

    class Meta:
        model = Condition
        fields = ["id", "text", "owner", "due_on", "state", "evidence", "content_hash"]
        read_only_fields = ["id", "state", "evidence"]

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if (dossier := self.context.get("dossier")) is not None:
            fields["owner"].queryset = possible_answerers(dossier.unit)
        return fields


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    conditions = ConditionSerializer(many=True, read_only=True)
    decided_by = HolderSerializer(read_only=True)

    class Meta:
        model = Decision
        fields = [
            "outcome",
            "reasons",
            "decided_by",
            "decided_at",
            "round",
            "votes_for",
            "votes_against",
            "abstentions",
            "quorum",
            "voting_members",
            "conditions",
        ]
        read_only_fields = fields


class DecideSerializer(serializers.Serializer[dict[str, Any]]):
    """The outcome is what the votes say: `outcome` names the one for which the reasons were written."""

    reasons = serializers.CharField(max_length=5000)
    round = serializers.IntegerField(source="seen_round", help_text="The `round` of the dossier that was read.")
    outcome = serializers.ChoiceField(source="seen_outcome", choices=Outcome.choices)
    conditions = ConditionSerializer(many=True, required=False)


class AppealSerializer(serializers.Serializer[dict[str, Any]]):
    reason = serializers.CharField(max_length=2000)


class NoAnswers(serializers.Serializer[None]):
    """An act that needs nothing but its address."""
