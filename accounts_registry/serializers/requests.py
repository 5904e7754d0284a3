from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts_registry.enums.questions import OPENING, RequestType
from accounts_registry.models import Account
from accounts_registry.queries import possible_holders
from accounts_registry.queries.requests import possible_successors
from organisation.models import Person

ABOUT_AN_ACCOUNT = [(one.value, one.label) for one in RequestType if one not in OPENING]


class RequestSerializer(serializers.Serializer[dict[str, Any]]):
    """What the committee is asked about an account, and as much of the answers as is known; the dossier takes the rest.

    `proposed_handle` is a renaming's, `owner` and `backup_holder` a change of holders', `successor` a merger's.
    """

    request_type = serializers.ChoiceField(choices=ABOUT_AN_ACCOUNT)
    proposed_handle = serializers.CharField(max_length=150, required=False)
    owner = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none(), required=False)
    backup_holder = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none(), required=False)
    successor = serializers.PrimaryKeyRelatedField(queryset=Account.objects.none(), required=False)
    answers = serializers.DictField(required=False)

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if account := self.context.get("account"):
            person = self.context["person"]
            fields["owner"].queryset = fields["backup_holder"].queryset = possible_holders(person)
            fields["successor"].queryset = possible_successors(person, account)
        return fields
