from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import Q, QuerySet

from accounts_registry.enums import AccountState
from accounts_registry.models import Account
from accounts_registry.queries.connection import able
from accounts_registry.queries.life import ORPHANED, RENAMED, REVIEW_NOTICE, UNCONFIRMED, review_until
from networks.folding import holds, score
from networks.kinds import Purpose
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries import within


def visible_accounts(person: Person) -> QuerySet[Account]:
    """Accounts of which `person` may know, with unit, owner, backup holder and pair at hand."""
    return Account.objects.filter(within(person, Permission.ACCOUNT_VIEW)).select_related(
        "unit", "owner", "backup_holder", "pair"
    )


def publishable_accounts(person: Person, permission: Permission) -> QuerySet[Account]:
    """Accounts that may be written from, in units where `person` holds `permission`."""
    return Account.objects.filter(within(person, permission), able(Purpose.WRITE)).select_related("unit")


# What may be amiss with an account, as the list's filter and its address call it.
AMISS: dict[str, Callable[[date], Q]] = {
    "review": lambda today: review_until(today + REVIEW_NOTICE),
    "orphan": lambda today: ORPHANED,
    "unconfirmed": lambda today: UNCONFIRMED,
    "renamed": lambda today: RENAMED,
    "unpaired": lambda today: ~Q(state=AccountState.ARCHIVED),
}


def registry(
    person: Person,
    *,
    words: str = "",
    unit: str = "",
    language: str = "",
    amiss: str = "",
    today: date | None = None,
    **exactly: str,
) -> list[Account]:
    """The visible accounts that match; an empty filter matches all. `unit` is a slug and takes in all below it; `words`
    stand in an account's names or purpose, in the names of its unit, in any language, or in those of its holders;
    `amiss`, a key of `AMISS`, is looked at as of `today`; `exactly`: network, kind, state."""
    found = visible_accounts(person).filter(**{name: value for name, value in exactly.items() if value})
    if amiss:
        found = found.filter(AMISS[amiss](today or database_today()))
    if unit:
        found = found.filter(unit__path__startswith=_path(unit))
    if language:
        found = found.filter(languages__contains=[language])
    listed = list(found.prefetch_related("accesses", "revocations").order_by("unit__path", "network", "handle"))
    if amiss == "unpaired":
        listed = [account for account in listed if account.missing_languages]
    return [account for account in listed if holds(_said(account), words)] if words else listed


def accounts_named(person: Person, words: str) -> list[Account]:
    """The visible accounts that hold all of `words`, folded (`networks.folding`), the best first."""
    found = [(one, _said(one)) for one in visible_accounts(person).order_by("network", "handle")]
    return [one for one, said in sorted(found, key=lambda pair: -score(pair[1], words)) if holds(said, words)]


def _said(account: Account) -> str:
    names = " ".join((account.owner.name, account.backup_holder.name, *account.unit.names.values()))
    return f"{account.label} {names} {account.purpose} {account.url}"


def _path(slug: str) -> str:
    # An unknown slug gives a path that no unit has.
    return Unit.objects.filter(slug=slug).values_list("path", flat=True).first() or "-"
