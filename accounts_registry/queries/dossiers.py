from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts_registry.enums import AccountState, DossierState
from accounts_registry.models import Account, JustificationDossier
from accounts_registry.questionnaire import BY_KEY, Question, unanswered
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within


def visible_dossiers(person: Person) -> QuerySet[JustificationDossier]:
    """Dossiers of which `person` may know; a draft only as its author or as one who writes in its unit."""
    reaches = person.reaches  # a key that does not read dossiers reads none that its service account asked for
    own = Q(requested_by=person) if reaches is None or Permission.DOSSIER_VIEW in reaches else Q(pk__in=[])
    drafts = Q(state=DossierState.DRAFT) & ~within(person, Permission.DOSSIER_WRITE) & ~own
    seen = within(person, Permission.DOSSIER_VIEW) | own
    return (
        JustificationDossier.objects.filter(seen)
        .exclude(drafts)
        .select_related("unit", "owner", "backup_holder", "requested_by", "pair_of", "about", "successor")
    )


def possible_holders(person: Person) -> QuerySet[Person]:
    """Whom `person` may propose as owner or backup holder: active people of the units for which they write dossiers."""
    return Person.objects.filter(
        within(person, Permission.DOSSIER_WRITE), is_active=True, responsible__isnull=True
    ).order_by("name")


def possible_pairs(person: Person) -> QuerySet[Account]:
    """Accounts that still lack a pair and that `person` sees."""
    return Account.objects.filter(
        within(person, Permission.ACCOUNT_VIEW), state=AccountState.ACTIVE, pair__isnull=True
    ).order_by("network", "handle")


def said(dossier: JustificationDossier) -> dict[str, Any]:
    """Every answer as it stands, by its question's key; people and accounts by their number, days as text."""
    return {key: _plain_value(dossier, question) for key, question in BY_KEY.items()}


def _plain_value(dossier: JustificationDossier, question: Question) -> Any:
    value = dossier.answer(question)
    value = getattr(value, "pk", value)
    return value.isoformat() if isinstance(value, date) else value


def missing(dossier: JustificationDossier) -> list[Question]:
    """The questions that a submission still misses, in their order."""
    return unanswered(said(dossier))


def label_of(question: Question) -> str:
    """As it is called within a sentence."""
    if question.is_written:
        return str(question.label)
    field: Any = JustificationDossier._meta.get_field(question.key)
    return str(field.verbose_name)


def missing_answers(dossier: JustificationDossier) -> list[str]:
    """The questions that still have no answer, in the reader's words."""
    return [label_of(question) for question in missing(dossier)]


def namesake(dossier: JustificationDossier) -> Account | None:
    """The account that already stands in the registry under the proposed name."""
    found = Account.objects.filter(network=dossier.platform, handle__iexact=dossier.proposed_handle)
    if dossier.about_id is not None:
        found = found.exclude(pk=dossier.about_id)
    return found.exclude(state=AccountState.ARCHIVED).first()
