from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet

from networks.folding import holds, score
from organisation.enums import Permission
from organisation.models import AuditEvent, Grant, Person, Recovery, Unit
from organisation.queries.units import within


def visible_units(person: Person) -> QuerySet[Unit]:
    """Units of which the person sees anything: where they work, and where they see people or accounts."""
    seen = within(person, Permission.PERSON_VIEW, field="") | within(person, Permission.ACCOUNT_VIEW, field="")
    return Unit.objects.filter(seen | Q(pk=person.unit_id)).order_by("path")


def looked_at(person: Person, pk: object) -> Unit | None:
    """The unit that the person chose to look at (the session's `unit`), while they still see it; None for all."""
    return visible_units(person).filter(pk=pk).first() if isinstance(pk, int) else None


def visible_people(person: Person) -> QuerySet[Person]:
    """People whom the person may look up; always themselves."""
    return Person.objects.filter(within(person, Permission.PERSON_VIEW) | Q(pk=person.pk)).select_related("unit")


def visible_grants(person: Person, holder: Person | None = None) -> QuerySet[Grant]:
    """Open grants of people whom `person` may look up, of `holder` alone where one is named."""
    grants = Grant.objects.in_force().filter(person__in=visible_people(person))
    if holder is not None:
        grants = grants.filter(person=holder)
    return grants.select_related("unit", "person__unit", "given_by", "confirmed_by").order_by("unit__path", "role")


def visible_proposals(person: Person, holder: Person | None = None) -> QuerySet[Grant]:
    """Proposed grants of people whom `person` may look up, of `holder` alone where one is named."""
    grants = Grant.objects.proposed().filter(person__in=visible_people(person))
    if holder is not None:
        grants = grants.filter(person=holder)
    return grants.select_related("unit", "person__unit", "person__invited_by", "given_by").order_by("given_at", "pk")


def grants_to_show(person: Person) -> QuerySet[Grant]:
    """Open and proposed grants of people whom `person` may look up."""
    found = (Grant.objects.in_force() | Grant.objects.proposed()).filter(person__in=visible_people(person))
    return found.select_related("unit", "person__unit", "given_by", "confirmed_by")


def visible_recoveries(person: Person, other: Person | None = None) -> QuerySet[Recovery]:
    """Proposed ways back in of people whom `person` may look up, of `other` alone where one is named."""
    found = Recovery.objects.proposed().filter(person__in=visible_people(person))
    if other is not None:
        found = found.filter(person=other)
    return found.select_related("person__unit", "proposed_by").order_by("proposed_at", "pk")


def named_like(people: QuerySet[Person], words: str, *fields: str) -> list[int]:
    """Keys of those of `people` whose `fields` hold all of `words`, folded (`networks.folding`): the best first."""
    rows = people.order_by("name", "pk").values_list("pk", *fields)
    found = [(pk, said) for pk, *told in rows if holds(said := " ".join(told), words)]
    return [pk for pk, said in sorted(found, key=lambda one: -score(one[1], words))]


def people(person: Person, *, named: str = "", unit: str = "", role: str = "") -> list[Person]:
    """The people whom `person` may look up and who match, by name, each with `open_grants` and their units at hand.

    `unit` is a slug and takes in all below it.
    """
    found = visible_people(person).filter(responsible__isnull=True)
    if named:
        found = found.filter(pk__in=named_like(found, named, "name", "email"))
    if unit:
        path = Unit.objects.filter(slug=unit).values_list("path", flat=True).first()
        found = found.filter(unit__path__startswith=path or "-")
    if role:
        found = found.filter(pk__in=Grant.objects.in_force().filter(role=role).values("person_id"))
    grants = Grant.objects.in_force().select_related("unit").order_by("unit__path", "role")
    return list(found.prefetch_related(Prefetch("grants", queryset=grants, to_attr="open_grants")).order_by("name"))


def visible_events(person: Person) -> QuerySet[AuditEvent]:
    """Events of the units whose audit trail the person reads; events of no unit for readers of a whole organisation."""
    units = Unit.objects.filter(within(person, Permission.AUDIT_VIEW, field=""))
    whole = units.filter(depth=1).exists()
    return AuditEvent.objects.filter(
        Q(unit_id__in=units.values("pk")) | (Q(unit_id__isnull=True) if whole else Q(pk__in=[]))
    )
