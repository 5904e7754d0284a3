"""Watches, sources and what these said, as programs read and write them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from accounts_registry.models import Account
from monitoring.enums import LegalBasis
from monitoring.models import Entry, Source, Watch
from monitoring.queries import searchable_accounts, visible_sources
from networks.catalogue import NETWORKS
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import units_where
from organisation.serializers.choices import NamedSerializer, OneOf, UnitSlug, UnitWhere

WAYS_OF_READING = [(network.key, network.name) for network in NETWORKS.values() if not network.holds_accounts]
_LAWFUL = ["purpose", "legal_basis", "law", "dpia_reference", "owner", "expires_on"]


def possible_owners(person: Person) -> QuerySet[Person]:
    """Of a watch or a source that `person` sets up."""
    return Person.objects.filter(unit__in=units_where(person, Permission.WATCH_MANAGE), is_active=True)


class _LawfulSerializer(serializers.Serializer[dict[str, Any]]):
    """What every collecting of public words needs."""

    purpose = serializers.CharField(max_length=1000)
    legal_basis = serializers.ChoiceField(choices=LegalBasis.choices)
    law = serializers.CharField(max_length=250)
    dpia_reference = serializers.CharField(max_length=100)
    owner = OneOf(Person, possible_owners)
    expires_on = serializers.DateField()


class WatchSerializer(serializers.ModelSerializer[Watch]):
    """Keywords that are looked for in public messages, and why that is lawful."""

    unit = UnitSlug()
    owner = NamedSerializer(read_only=True)

    class Meta:
        model = Watch
        fields = ["id", "unit", "account", "name", "query", "state", *_LAWFUL, "created_at"]
        read_only_fields = fields


class WatchChangeSerializer(_LawfulSerializer):
    name = serializers.CharField(max_length=120)
    query = serializers.CharField(max_length=200)


class WatchWriteSerializer(WatchChangeSerializer):
    account = OneOf(Account, searchable_accounts)


class SourceSerializer(serializers.ModelSerializer[Source]):
    """A feed or a page that is read; `problem` says what is wrong with it."""

    unit = UnitSlug()
    owner = NamedSerializer(read_only=True)
    problem = serializers.CharField(read_only=True)

    class Meta:
        model = Source
        fields = ["id", "unit", "network", "url", "title", "words", "state", "problem", *_LAWFUL, "created_at"]
        read_only_fields = fields


class SourceChangeSerializer(_LawfulSerializer):
    title = serializers.CharField(max_length=120)
    words = serializers.CharField(max_length=200, allow_blank=True, required=False)


class SourceWriteSerializer(SourceChangeSerializer):
    unit = UnitWhere(Permission.WATCH_MANAGE)
    network = serializers.ChoiceField(choices=WAYS_OF_READING)
    url = serializers.URLField(max_length=500)


class SourceEntrySerializer(serializers.ModelSerializer[Entry]):
    """What a source said."""

    title = serializers.CharField(source="item.title", read_only=True)
    text = serializers.CharField(source="item.text", read_only=True)
    url = serializers.CharField(source="item.url", read_only=True)

    class Meta:
        model = Entry
        fields = ["id", "source", "title", "text", "url", "published_at", "first_seen_at"]
        read_only_fields = fields


class EntryFilterSerializer(serializers.Serializer[dict[str, Any]]):
    source = OneOf(Source, visible_sources, required=False)  # type: ignore[assignment]  # the base has a `source` too
