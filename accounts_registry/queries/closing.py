"""How far the end of an account has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts_registry.enums import AccountState
from accounts_registry.enums.closing import ExitStep
from accounts_registry.models import Account, ExitStepDone
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import for_each_reader, within
from organisation.queries.waiting import Waiting


@dataclass(frozen=True)
class Step:
    """One step of an exit plan; `done` tells who saw it done, when and with which note."""

    key: str
    label: str
    done: ExitStepDone | None


def steps_of(account: Account) -> list[Step]:
    """Every step of the exit plan of an account that closes, in their order. One query."""
    done = {one.step: one for one in ExitStepDone.objects.filter(plan__account=account).select_related("done_by")}
    return [Step(one.value, str(one.label), done.get(one.value)) for one in ExitStep]


def steps_left(account: Account) -> list[str]:
    """What is still to be done before it is archived, in words."""
    return [one.label for one in steps_of(account) if one.done is None]


def closing_waiting(person: Person) -> Iterator[Waiting]:
    """Accounts that close, for who manages them: how many steps are left, and where they are ticked."""
    for account in _closing(person):
        done: int = getattr(account, "steps_done", 0)
        url = reverse("accounts_registry:account_detail", args=[account.pk]) + "#closing"
        facts = {"done": done, "all": len(ExitStep)}
        detail = _("It is closing: %(done)d of %(all)d steps of its exit plan are done") % facts
        yield Waiting(account.label, detail, url, _("Go on closing it"), weight=1)


@for_each_reader
def _closing(person: Person) -> QuerySet[Account, Account]:
    theirs = Account.objects.filter(within(person, Permission.ACCOUNT_MANAGE), state=AccountState.CLOSING)
    return theirs.annotate(steps_done=Count("exit_plan__done")).order_by("pk")
