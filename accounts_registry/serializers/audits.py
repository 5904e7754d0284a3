"""Account audits, their lists and findings, as programs read and write them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts_registry.enums.audit import ImportState, LineOutcome, ListedState
from accounts_registry.enums.finding import FindingKind, FindingState
from accounts_registry.models import AccountAudit, Finding, ListedAccount, ListImport, ListLine
from accounts_registry.queries.audits import visible_audits, visible_imports
from accounts_registry.queries.findings import auditors
from organisation.enums import Permission
from organisation.models import Person
from organisation.serializers.choices import NamedSerializer, OneOf, UnitSlug, UnitWhere


class AuditSerializer(serializers.ModelSerializer[AccountAudit]):
    """A campaign: a unit looks at all accounts that there are, registered or not."""

    unit = UnitSlug()
    begun_by = NamedSerializer(read_only=True)

    class Meta:
        model = AccountAudit
        fields = ["id", "unit", "name", "due_on", "state", "begun_by", "begun_at", "closed_at"]
        read_only_fields = fields


class AuditWriteSerializer(serializers.Serializer[dict[str, Any]]):
    unit = UnitWhere(Permission.ACCOUNT_MANAGE)
    name = serializers.CharField(max_length=120)
    due_on = serializers.DateField()


class ExaminedSerializer(serializers.Serializer[dict[str, int]]):
    """How many findings are open; which are new, hold no longer, or hold again though they were dealt with."""

    open = serializers.IntegerField()
    new = serializers.IntegerField()
    lapsed = serializers.IntegerField()
    returned = serializers.IntegerField()


class NewListSerializer(serializers.Serializer[dict[str, Any]]):
    """Multipart: the file, and the name of the list. A later delivery of a list bears the same name."""

    file = serializers.FileField(max_length=200, allow_empty_file=True)
    series = serializers.CharField(max_length=120)


class ListImportSerializer(serializers.ModelSerializer[ListImport]):
    """A delivery of a list. `sheets` and `mapping`: what Parvis takes its columns for; `figures`: lines by outcome."""

    sent_by = NamedSerializer(read_only=True)
    unit = UnitSlug()
    sheets = serializers.ListField(child=serializers.DictField(), read_only=True)
    mapping = serializers.DictField(child=serializers.CharField(allow_blank=True), read_only=True)
    figures = serializers.DictField(child=serializers.IntegerField(), read_only=True)

    class Meta:
        model = ListImport
        fields = [
            *("id", "audit", "unit", "series", "name", "sha256", "size", "state", "unread", "sent_by", "sent_at"),
            *("taken_over_at", "sheets", "mapping", "figures"),
        ]
        read_only_fields = fields


class SheetSerializer(serializers.Serializer[dict[str, Any]]):
    """Whether the sheet is taken, and in which row its headings stand; 0: it has none."""

    taken = serializers.BooleanField()
    heading = serializers.IntegerField(min_value=0, max_value=10_000_000)


class ColumnsSerializer(serializers.Serializer[dict[str, Any]]):
    """What each column is, by its heading, in the words that `mapping` of the list uses; "" leaves it aside."""

    sheets = SheetSerializer(many=True)
    mapping = serializers.DictField(child=serializers.CharField(max_length=40, allow_blank=True))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        given: ListImport = self.context["thing"]
        if len(attrs["sheets"]) != len(given.sheets):
            raise serializers.ValidationError({"sheets": _("Say it of each sheet.")})
        return attrs


class LineSerializer(serializers.ModelSerializer[ListLine]):
    """What a row of a list says of one account, and what becomes of it."""

    row = serializers.IntegerField(source="row.number", read_only=True, allow_null=True)
    told = serializers.DictField(read_only=True)

    class Meta:
        model = ListLine
        fields = ["id", "of", "row", "outcome", "why", "told", "listed"]
        read_only_fields = fields


class ListedSerializer(serializers.ModelSerializer[ListedAccount]):
    """An account as a list tells of it; `account` is the registered one."""

    unit = UnitSlug()

    class Meta:
        model = ListedAccount
        fields = [
            *("id", "audit", "series", "network", "server", "handle", "remote_id", "address", "title", "unit"),
            *("owner_told", "languages", "followers", "last_post_on", "admins", "kind", "account", "state"),
        ]
        read_only_fields = fields


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """What an audit found of one account: `sentence` is its evidence, `formula` when it is one."""

    owner = NamedSerializer(read_only=True)
    subject = serializers.CharField(read_only=True)
    sentence = serializers.CharField(read_only=True)
    formula = serializers.CharField(read_only=True)
    first_action = serializers.CharField(read_only=True)

    class Meta:
        model = Finding
        fields = [
            *("id", "audit", "kind", "account", "listed", "subject", "sentence", "formula", "first_action", "state"),
            *("owner", "due_on", "reason", "found_at"),
        ]
        read_only_fields = fields


class AssignFindingSerializer(serializers.Serializer[dict[str, Any]]):
    owner = OneOf(Person, lambda _person: Person.objects.none())
    due_on = serializers.DateField()

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if (finding := self.context.get("thing")) is not None:
            fields["owner"].found = lambda _person: auditors(finding.audit)
        return fields


class FindingFilterSerializer(serializers.Serializer[dict[str, Any]]):
    audit = OneOf(AccountAudit, visible_audits, required=False)
    kind = serializers.ChoiceField(choices=FindingKind.choices, required=False)
    state = serializers.ChoiceField(choices=FindingState.choices, required=False)


class ListedFilterSerializer(serializers.Serializer[dict[str, Any]]):
    audit = OneOf(AccountAudit, visible_audits, required=False)
    state = serializers.ChoiceField(choices=ListedState.choices, required=False)


class ImportFilterSerializer(serializers.Serializer[dict[str, Any]]):
    audit = OneOf(AccountAudit, visible_audits, required=False)
    state = serializers.ChoiceField(choices=ImportState.choices, required=False)


class LineFilterSerializer(serializers.Serializer[dict[str, Any]]):
    of = OneOf(ListImport, visible_imports, required=False)
    outcome = serializers.ChoiceField(choices=LineOutcome.choices, required=False)
