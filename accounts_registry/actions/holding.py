"""An account under lock for a change of its life, with its language pair. Within other actions only."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import AccountState
from accounts_registry.models import Account
from organisation import audit, locks, policy
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import Person

PAIRED = audit.tell("account.paired", _("%(actor)s changed the language pair of this account, from its sister's page"))


def locked_for(account: Account, by: Person, verb: str, *, edition: int | None = None) -> Account:
    """The account, locked with its pair; `by` may manage it.

    Conflict where it is closed by now, Outdated where its facts are others than those of the `edition` that was read.
    """
    return locked_with(account, None, by, verb, edition=edition)[0]


def locked_with(
    account: Account, beside: Account | None, by: Person, verb: str, *, edition: int | None = None
) -> tuple[Account, Account | None]:
    """As `locked_for`, and the account `beside` it under lock too; all of them in the order of their keys."""
    pair_id = Account.objects.values_list("pair_id", flat=True).get(pk=account.pk)
    rows = Account.objects.select_related("unit", "owner", "backup_holder", "dossier")
    wanted = {account.pk, pair_id, beside.pk if beside else None} - {None}
    held = {row.pk: row for row in locks.take_all(rows, wanted)}
    locked = held[account.pk]
    policy.require(by, Permission.ACCOUNT_MANAGE, locked)
    if locked.state == AccountState.ARCHIVED:
        raise Conflict(locked, verb)
    if locked.pair_id != pair_id or edition not in (None, locked.edition):
        raise outdated()
    if pair_id is not None:
        locked.pair = held[pair_id]
    return locked, held.get(beside.pk) if beside else None


def decided_on(account: Account) -> Account:
    """The account, locked, for what the committee decided; Refused where it closes by now, or is closed."""
    locked = locks.take(Account.objects.select_related("unit", "owner", "backup_holder", "dossier"), account.pk)
    if locked.state not in (AccountState.ACTIVE, AccountState.SUSPENDED):
        raise Refused(_("The account is closing or closed: what was asked for cannot be done any more."))
    return locked


def outdated() -> Outdated:
    return Outdated(
        _(
            "Somebody changed this account since you opened the page. What you wrote is still here: compare, then save "
            "again."
        )
    )


def part(sister: Account | None, by: Person, *, account: Account | None = None) -> None:
    """`sister`, under lock, is the pair of `account` from here on; None: of nobody."""
    if sister is not None and sister.pair_id != (account.pk if account else None):
        was, sister.pair = sister.pair_id, account
        sister.edition += 1
        sister.save(update_fields=["pair", "edition"])
        audit.record(verb=PAIRED, thing=sister, by=by, changes={"pair": [was, sister.pair_id]})
