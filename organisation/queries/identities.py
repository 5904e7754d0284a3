"""Who people are at the administration's provider, for whoever looks them up."""

from __future__ import annotations

from django.db.models import QuerySet

from organisation.models import Person, ProviderIdentity
from organisation.queries.paging import Keyset
from organisation.queries.visible import visible_people

LATEST_FIRST = Keyset("linked_at", size=50)


def visible_identities(person: Person) -> QuerySet[ProviderIdentity]:
    """Of people whom `person` may look up."""
    seen = ProviderIdentity.objects.filter(person__in=visible_people(person))
    return seen.select_related("person__unit")
