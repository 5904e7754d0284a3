"""Rules by which groups of the administration's provider give roles."""

from __future__ import annotations

from django.db.models import QuerySet

from organisation.enums import Permission
from organisation.models import GroupRule, Person
from organisation.queries.units import within


def visible_rules(person: Person) -> QuerySet[GroupRule]:
    """Open ones in units whose people `person` may look up."""
    found = GroupRule.objects.filter(within(person, Permission.PERSON_VIEW), ended_at__isnull=True)
    return found.select_related("unit", "made_by").order_by("group", "unit__path", "role")
