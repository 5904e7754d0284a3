from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts_registry.enums import AccountState, DossierState
from accounts_registry.models import Account, JustificationDossier
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within

# What a submitted dossier must hold, in the order of the questions.
QUESTIONS = (
    "account_kind",
    "proposed_handle",
    "languages",
    "objective",
    "audiences",
    "why_not_existing",
    "owner",
    "backup_holder",
    "review_on",
)


def visible_dossiers(person: Person) -> QuerySet[JustificationDossier]:
    """Dossiers of which `person` may know; a draft only as its author or as one who writes in its unit."""
    drafts = Q(state=DossierState.DRAFT) & ~within(person, Permission.DOSSIER_WRITE) & ~Q(requested_by=person)
    seen = within(person, Permission.DOSSIER_VIEW) | Q(requested_by=person)
    return (
        JustificationDossier.objects.filter(seen)
        .exclude(drafts)
        .select_related("unit", "owner", "backup_holder", "requested_by", "pair_of")
    )


def possible_holders(person: Person) -> QuerySet[Person]:
    """Whom `person` may propose as owner or backup holder: active people of the units for which they write dossiers."""
    return Person.objects.filter(within(person, Permission.DOSSIER_WRITE), is_active=True).order_by("name")


def possible_pairs(person: Person) -> QuerySet[Account]:
    """Accounts that still lack a pair and that `person` sees."""
    return Account.objects.filter(
        within(person, Permission.ACCOUNT_VIEW), state=AccountState.ACTIVE, pair__isnull=True
    ).order_by("network", "handle")


def holes(dossier: JustificationDossier) -> list[str]:
    """The questions that still have no answer, by field name."""
    return [name for name in QUESTIONS if getattr(dossier, name) in (None, "", [])]


def missing_answers(dossier: JustificationDossier) -> list[str]:
    """The questions that still have no answer, in the reader's words."""
    fields: dict[str, Any] = {field.name: field for field in JustificationDossier._meta.get_fields()}
    return [str(fields[name].verbose_name) for name in holes(dossier)]


def namesake(dossier: JustificationDossier) -> Account | None:
    """The account that already stands in the registry under the proposed name."""
    found = Account.objects.filter(network=dossier.platform, handle__iexact=dossier.proposed_handle)
    return found.exclude(state=AccountState.ARCHIVED).first()
