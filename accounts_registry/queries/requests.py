"""Requests about an account that stands: which are open, what may be chosen, and what stands against one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import AccountState, DossierState, RequestType
from accounts_registry.models import Account, JustificationDossier
from accounts_registry.queries.dossiers import visible_dossiers
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries import within

ALIVE_STATES = (AccountState.ACTIVE, AccountState.SUSPENDED)


def possible_successors(person: Person, account: Account) -> QuerySet[Account]:
    """Accounts of which `person` knows that may go on with the work of `account`: of its organisation, and active."""
    seen = Account.objects.filter(within(person, Permission.ACCOUNT_VIEW), state=AccountState.ACTIVE)
    here = seen.filter(unit__path__startswith=account.unit.path[: Unit.steplen]).exclude(pk=account.pk)
    return here.select_related("unit").order_by("network", "handle")


def requests_about(account: Account, person: Person) -> QuerySet[JustificationDossier]:
    """Of those that `person` sees, the ones about `account` on which nobody has decided yet."""
    settled = [DossierState.APPROVED, DossierState.APPROVED_WITH_CONDITIONS, DossierState.REFUSED]
    found = visible_dossiers(person).filter(about=account).exclude(state__in=[*settled, DossierState.WITHDRAWN])
    return found.order_by("pk")


def against_request(dossier: JustificationDossier) -> Iterator[Any]:
    """Its account still stands, and what is asked for is not so already."""
    account = dossier.about
    if account is None:
        return
    if account.state not in ALIVE_STATES:
        yield _("%(account)s is closing or closed: there is nothing to ask for any more.") % {"account": account.label}
    if dossier.request_type == RequestType.RENAME and dossier.proposed_handle == account.handle.lower():
        yield _("The account bears this name already.")
    now = (account.owner_id, account.backup_holder_id)
    if dossier.request_type == RequestType.CHANGE_OWNER and (dossier.owner_id, dossier.backup_holder_id) == now:
        yield _("These two answer for it already.")
    if dossier.successor is not None and dossier.successor.state != AccountState.ACTIVE:
        yield _("%(account)s is not active: nothing can be merged into it.") % {"account": dossier.successor.label}
