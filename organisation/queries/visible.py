from __future__ import annotations

from django.db.models import Q, QuerySet

from organisation.enums import Permission
from organisation.models import AuditEvent, Person, Unit
from organisation.queries.units import within


def visible_units(person: Person) -> QuerySet[Unit]:
    """Units of which the person sees anything: where they work, and where they see people or accounts."""
    seen = within(person, Permission.PERSON_VIEW, field="") | within(person, Permission.ACCOUNT_VIEW, field="")
    return Unit.objects.filter(seen | Q(pk=person.unit_id)).order_by("path")


def visible_people(person: Person) -> QuerySet[Person]:
    """People whom the person may look up; always themselves."""
    return Person.objects.filter(within(person, Permission.PERSON_VIEW) | Q(pk=person.pk)).select_related("unit")


def visible_events(person: Person) -> QuerySet[AuditEvent]:
    """Events of the units whose audit trail the person reads; events of no unit for readers of a whole organisation."""
    units = Unit.objects.filter(within(person, Permission.AUDIT_VIEW, field=""))
    whole = units.filter(depth=1).exists()
    return AuditEvent.objects.filter(
        Q(unit_id__in=units.values("pk")) | (Q(unit_id__isnull=True) if whole else Q(pk__in=[]))
    )
