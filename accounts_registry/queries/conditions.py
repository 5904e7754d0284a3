"""Conditions of the committee: which are open, which are overdue, and who may answer for one."""

from __future__ import annotations

from datetime import UTC, timedelta

from django.db.models import Q, QuerySet

from accounts_registry.enums import AccountState, ConditionState
from accounts_registry.models import Account, Condition, JustificationDossier
from accounts_registry.queries.dossiers import visible_dossiers
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.models import Grant, Person, Unit
from organisation.roles import holding

A_DAY = timedelta(days=1)


def visible_conditions(person: Person) -> QuerySet[Condition]:
    """Those of the dossiers that `person` sees."""
    seen = Condition.objects.filter(decision__dossier__in=visible_dossiers(person))
    return seen.select_related("decision__dossier__unit", "owner", "reported_by")


def open_conditions(dossier: JustificationDossier) -> QuerySet[Condition]:
    """What is reported and not confirmed is open too."""
    return Condition.objects.filter(decision__dossier=dossier).exclude(state=ConditionState.MET)


def overdue_conditions(account: Account) -> list[Condition]:
    """Of the account's dossier: nobody said in time that they are met. What is reported waits for the committee."""
    today = database_today(account.unit.zone)
    of_it = Q(decision__dossier=account.dossier_id) | Q(decision__dossier__about=account)
    late = Condition.objects.filter(of_it, state=ConditionState.OPEN, due_on__lt=today)
    return list(late)


def accounts_to_hold() -> list[Account]:
    """Active ones with a condition that may be overdue: where the day ends later, the hold itself looks again."""
    latest = database_today(UTC) + A_DAY
    late = Condition.objects.filter(state=ConditionState.OPEN, due_on__lt=latest).values("decision__dossier")
    of_these = Q(dossier__in=late) | Q(pk__in=JustificationDossier.objects.filter(pk__in=late).values("about"))
    return list(Account.objects.filter(of_these, state=AccountState.ACTIVE).order_by("pk"))


def possible_answerers(unit: Unit) -> QuerySet[Person]:
    """Who may answer for a condition: active people who write dossiers for the unit, for they report it as met."""
    above = Q()
    for end in range(Unit.steplen, len(unit.path) + 1, Unit.steplen):
        above |= Q(unit__path=unit.path[:end])
    grants = Grant.objects.in_force().filter(above, role__in=holding(Permission.DOSSIER_WRITE))
    people = Person.objects.filter(is_active=True, responsible__isnull=True)
    return people.filter(pk__in=grants.values("person")).order_by("name")
