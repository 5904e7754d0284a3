"""People, service accounts, keys and what somebody leaves behind, as programs read and write them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from organisation.enums import Language, Permission
from organisation.models import ApiKey, Person, Recovery
from organisation.queries import visible_people
from organisation.roles import MACHINES_MAY
from organisation.serializers import MomentField
from organisation.serializers.choices import NamedSerializer, OneOf, UnitSlug, UnitWhere

MANAGE = Permission.PERSON_MANAGE
MACHINE_SCOPES = [(one.value, one.label) for one in Permission if one in MACHINES_MAY]


class PersonSerializer(serializers.ModelSerializer[Person]):
    """Somebody, or a service account, for which `responsible` answers. `vouched_at`: somebody vouched for them."""

    unit = UnitSlug()
    responsible = NamedSerializer(read_only=True)

    class Meta:
        model = Person
        fields = ["id", "name", "email", "language", "unit", "is_active", "joined_at", "vouched_at", "responsible"]
        read_only_fields = fields


class PeopleFilterSerializer(serializers.Serializer[dict[str, Any]]):
    unit = serializers.SlugField(required=False, help_text="Short name of a unit: it, and all below")


class InviteSerializer(serializers.Serializer[dict[str, Any]]):
    """Whoever invites hands the link over, on the page of the person."""

    name = serializers.CharField(max_length=150)
    email = serializers.EmailField(max_length=254)
    unit = UnitWhere(MANAGE)
    language = serializers.ChoiceField(choices=Language.choices)


class MoveSerializer(serializers.Serializer[dict[str, Any]]):
    unit = UnitWhere(MANAGE)
    reason = serializers.CharField(max_length=500)


class InHandSerializer(serializers.Serializer[Any]):
    """A thing that somebody answers for, and who may take it over."""

    name = serializers.CharField()
    kind = serializers.CharField(source="kind.label")
    title = serializers.CharField()
    takers = NamedSerializer(many=True)


class LeaveSerializer(serializers.Serializer[dict[str, Any]]):
    """`successors`: of each thing in hand by its name, who takes it over; null where nobody is to."""

    reason = serializers.CharField(max_length=500)
    successors = serializers.DictField(child=serializers.IntegerField(min_value=1, allow_null=True), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"successors": {}, **attrs}


class RecoverySerializer(serializers.ModelSerializer[Recovery]):
    """A way back in that waits for a second administrator."""

    person = NamedSerializer(read_only=True)
    proposed_by = NamedSerializer(read_only=True)

    class Meta:
        model = Recovery
        fields = ["id", "person", "kind", "reason", "proposed_by", "proposed_at"]
        read_only_fields = fields


def possible_responsibles(person: Person) -> QuerySet[Person]:
    return visible_people(person).filter(is_active=True, responsible__isnull=True)


class MachineWriteSerializer(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField(max_length=150)
    unit = UnitWhere(MANAGE)
    responsible = OneOf(Person, possible_responsibles)


class KeySerializer(serializers.ModelSerializer[ApiKey]):
    """A key of a service account. `ending`: the last signs of its secret."""

    scopes = serializers.ListField(child=serializers.CharField(), read_only=True)
    made_by = NamedSerializer(read_only=True)

    class Meta:
        model = ApiKey
        fields = [
            *("id", "person", "name", "ending", "scopes", "made_by", "made_at", "expires_at", "revoked_at"),
            "last_used_at",
        ]
        read_only_fields = fields


class MadeKeySerializer(KeySerializer):
    """With its secret, which is told this once."""

    secret = serializers.SerializerMethodField()

    class Meta(KeySerializer.Meta):
        fields = [*KeySerializer.Meta.fields, "secret"]
        read_only_fields = fields

    def get_secret(self, key: ApiKey) -> str:
        return str(self.context["secret"])


class KeyWriteSerializer(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField(max_length=60)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=MACHINE_SCOPES), min_length=1)
    expires_at = MomentField(help_text="Within a year")


class KeyFilterSerializer(serializers.Serializer[dict[str, Any]]):
    person = OneOf(Person, visible_people, required=False)
