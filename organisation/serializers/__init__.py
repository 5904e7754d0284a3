from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from organisation.access_review import LineState
from organisation.clock import database_now
from organisation.enums import GovernanceModel, Permission
from organisation.fields import NO_HOUR, WallTimeField, has_hour, one_line, within_time
from organisation.models import (
    AccessReview,
    Certificate,
    Delegation,
    Grant,
    GroupRule,
    Person,
    PersonSession,
    PolicyVersion,
    ProviderIdentity,
    ReviewLine,
    Unit,
)
from organisation.queries import visible_people, within
from organisation.queries.delegations import colleagues, own_to_lend
from organisation.roles import role_choices


@extend_schema_field(OpenApiTypes.STR)
class WallTime(serializers.Field[datetime, str, str, Any]):
    """Date and time on the wall clock, without a zone: "2026-05-03T09:00"."""

    default_error_messages = {"invalid": _("Write the time like 2026-05-03T09:00, without a zone.")}

    def to_internal_value(self, data: Any) -> datetime:
        if not has_hour(data):
            raise serializers.ValidationError(NO_HOUR, code="no_hour")
        try:
            wall = WallTimeField().to_python(data)
        except Exception:  # whatever is no such time, the sentence is the same
            wall = None
        if wall is None:
            self.fail("invalid")
        return wall

    def to_representation(self, value: datetime) -> str:
        return value.isoformat(timespec="minutes")


class MomentField(serializers.DateTimeField):
    """An aware moment. One that has no year in the local zone, at either end of time, is told to be out of range."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validators=[within_time], **options)

    def to_internal_value(self, value: Any) -> datetime:
        if not has_hour(value):
            raise serializers.ValidationError(NO_HOUR, code="no_hour")
        return super().to_internal_value(value)

    def enforce_timezone(self, value: datetime) -> datetime:
        try:
            return super().enforce_timezone(value)
        except OverflowError:
            self.fail("overflow")


class GrantSerializer(serializers.ModelSerializer[Grant]):
    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Grant
        fields = ["role", "unit", "until"]


class WholeGrantSerializer(serializers.ModelSerializer[Grant]):
    """A role that somebody holds, or is proposed for: `confirmed_at` is empty while it waits for a second person."""

    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Grant
        fields = [
            *("id", "person", "role", "unit", "until"),
            *("given_by", "given_at", "confirmed_by", "confirmed_at", "revoked_at", "replaces"),
        ]
        read_only_fields = fields


class GroundSerializer(serializers.Serializer[Any]):
    """A grant by which somebody may; `shared` where services see each other, and it is held in another one. `lent_by`
    and `lent_until` where it is somebody else's, for whom they stand in."""

    grant = serializers.IntegerField(source="grant.pk")
    role = serializers.ChoiceField(source="grant.role", choices=role_choices())
    unit = serializers.SlugField(source="grant.unit.slug")
    until = serializers.DateTimeField(source="grant.until", allow_null=True)
    shared = serializers.BooleanField()
    lent_by = serializers.SerializerMethodField()
    lent_until = serializers.SerializerMethodField()

    def get_lent_by(self, ground: Any) -> int | None:
        return ground.grant.person_id if ground.lent else None

    def get_lent_until(self, ground: Any) -> datetime | None:
        return ground.lent.ends if ground.lent else None


class GrantCreateSerializer(serializers.Serializer[Any]):
    """A role for somebody in sight, in a unit whose people the asker keeps."""

    person: Any = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none())
    role = serializers.ChoiceField(choices=role_choices())
    unit: Any = serializers.SlugRelatedField(slug_field="slug", queryset=Unit.objects.none())
    until = MomentField(required=False, allow_null=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.context.get("person")
        if isinstance(person, Person):
            fields: Any = self.fields
            if "person" in fields:
                fields["person"].queryset = visible_people(person)
            fields["unit"].queryset = Unit.objects.filter(within(person, Permission.PERSON_MANAGE, field=""))

    def validate_until(self, until: datetime | None) -> datetime | None:
        if until is not None and until <= database_now():
            raise serializers.ValidationError(_("This moment has passed. Choose a later one."))
        return until


class MeSerializer(serializers.ModelSerializer[Person]):
    """Who is asking, and what they hold."""

    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    grants = GrantSerializer(source="open_grants", many=True, read_only=True)

    class Meta:
        model = Person
        fields = ["id", "name", "email", "language", "unit", "grants"]


class SessionSerializer(serializers.ModelSerializer[PersonSession]):
    """A place where somebody is signed in; `here` where it is the one that asks."""

    device = serializers.CharField(read_only=True)
    here = serializers.SerializerMethodField()

    class Meta:
        model = PersonSession
        fields = ["id", "device", "since", "last_used", "here"]
        read_only_fields = fields

    def get_here(self, session: PersonSession) -> bool:
        return session.session_key == self.context.get("here")


class RightSerializer(serializers.Serializer[Any]):
    """One permission: whether, by which grants, and what it asks for of each single thing besides."""

    permission = serializers.ChoiceField(choices=Permission.choices)
    what = serializers.CharField(source="permission.label")
    allowed = serializers.BooleanField()
    by = GroundSerializer(source="grounds", many=True)
    against = serializers.CharField(allow_null=True)
    rules = serializers.ListField(child=serializers.CharField())


class RightsSerializer(serializers.Serializer[Any]):
    """What somebody may do in a unit, and how it is governed."""

    unit = serializers.SlugField(source="unit.slug")
    model = serializers.ChoiceField(choices=GovernanceModel.choices)
    rights = RightSerializer(many=True)


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class ProlongSerializer(ReasonSerializer):
    until = MomentField(allow_null=True)


class ReviewSerializer(serializers.ModelSerializer[AccessReview]):
    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = AccessReview
        fields = ["id", "unit", "state", "reason", "started_by", "started_at", "due_at"]
        read_only_fields = fields


class ReviewCreateSerializer(serializers.Serializer[Any]):
    unit: Any = serializers.SlugRelatedField(slug_field="slug", queryset=Unit.objects.none())
    last_day = serializers.DateField()
    reason = serializers.CharField(max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.context.get("person")
        if isinstance(person, Person):
            fields: Any = self.fields
            fields["unit"].queryset = Unit.objects.filter(within(person, Permission.PERSON_MANAGE, field=""))


class ReviewLineSerializer(serializers.ModelSerializer[ReviewLine]):
    """A role in an access review, and what became of it."""

    role = serializers.CharField(source="grant.role")
    person = serializers.IntegerField(source="grant.person_id")
    unit = serializers.SlugField(source="grant.unit.slug")

    class Meta:
        model = ReviewLine
        fields = ["id", "review", "grant", "role", "person", "unit", "state", "answered_by", "answered_at", "reason"]
        read_only_fields = fields


class LineFilterSerializer(serializers.Serializer[dict[str, Any]]):
    """Of which access review, and in which state."""

    review = serializers.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    state = serializers.ChoiceField(choices=LineState.choices, required=False)


class DelegationSerializer(serializers.ModelSerializer[Delegation]):
    """A role that its holder lent to a colleague, from a moment to another."""

    role = serializers.CharField(source="grant.role")
    unit = serializers.SlugField(source="grant.unit.slug")
    person = serializers.IntegerField(source="grant.person_id")

    class Meta:
        model = Delegation
        fields = [
            *("id", "grant", "role", "unit", "person", "delegate"),
            *("begins", "ends", "reason", "text", "given_at", "revoked_at"),
        ]
        read_only_fields = fields


class DelegationCreateSerializer(serializers.Serializer[Any]):
    """A role of one's own, lent; without `begins` from now on."""

    grant: Any = serializers.PrimaryKeyRelatedField(queryset=Grant.objects.none())
    delegate: Any = serializers.PrimaryKeyRelatedField(queryset=Person.objects.none())
    begins = MomentField(required=False, allow_null=True, default=None)
    ends = MomentField()
    reason = serializers.CharField(max_length=500)
    text = serializers.CharField(max_length=4000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.context.get("person")
        if isinstance(person, Person):
            own, fields = own_to_lend(person), cast("Any", self.fields)
            fields["grant"].queryset, fields["delegate"].queryset = own, colleagues(person, own)


class PolicySerializer(serializers.ModelSerializer[PolicyVersion]):
    """One version of a house policy; `content_hash` stands for exactly this text."""

    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    texts = serializers.DictField(child=serializers.CharField(), read_only=True)
    grace_ends = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = PolicyVersion
        fields = [
            *("id", "unit", "number", "state", "texts", "content_hash"),
            *("grace_days", "published_at", "grace_ends", "started_by", "started_at"),
        ]
        read_only_fields = fields


class SeenSerializer(serializers.Serializer[Any]):
    seen = serializers.CharField(max_length=64)


class AttestedSerializer(serializers.Serializer[Any]):
    """How many people of a unit are asked to attest a version, and how many have."""

    unit = serializers.SlugField(source="unit.slug")
    asked = serializers.IntegerField()
    done = serializers.IntegerField()


class CertificateSerializer(serializers.ModelSerializer[Certificate]):
    """A training that somebody passed; it does not expire where `expires_at` is empty."""

    number = serializers.CharField(read_only=True)
    training = serializers.CharField(source="module.name", read_only=True)

    class Meta:
        model = Certificate
        fields = ["id", "number", "module", "training", "given_at", "expires_at"]
        read_only_fields = fields


class IdentitySerializer(serializers.ModelSerializer[ProviderIdentity]):
    """That somebody is linked to an account of the administration; not which, since that name is theirs."""

    class Meta:
        model = ProviderIdentity
        fields = ["id", "person", "issuer", "linked_at", "last_used"]
        read_only_fields = fields


class GroupRuleSerializer(serializers.ModelSerializer[GroupRule]):
    """Whoever is in `group` at the administration's provider holds `role` in `unit`."""

    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = GroupRule
        fields = ["id", "group", "role", "unit", "until", "made_by", "made_at", "ended_at"]
        read_only_fields = fields


class GroupRuleCreateSerializer(GrantCreateSerializer):
    """A role in a unit whose people the asker keeps, for everybody in a group."""

    person = None
    group = serializers.CharField(max_length=255, validators=[one_line])


class MayReasonSerializer(serializers.Serializer[dict[str, Any]]):
    """Of an act that may be told why."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
