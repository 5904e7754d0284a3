"""Accounts on their way out: by the acts, step by step, or made directly."""

from __future__ import annotations

from typing import Any

from accounts_registry.actions import begin_closing, close_account, tick_exit_step
from accounts_registry.enums import AccountState
from accounts_registry.enums.closing import ExitStep
from accounts_registry.models import Account, ExitPlan, ExitStepDone
from organisation.models import Person
from tests.factories.accounts_registry import EXIT, AccountFactory


def closed(account: Account, by: Person, reason: str = "Merged") -> Account:
    """Begun, every step ticked, archived."""
    account.refresh_from_db()
    begin_closing(account=account, by=by, edition=account.edition, reason=reason, **EXIT)
    for step in ExitStep:
        tick_exit_step(account=account, by=by, edition=account.edition, step=step)
    return close_account(account=account, by=by, edition=account.edition)


def closing_account(*, ticked: bool = False, **facts: Any) -> Account:
    """With its exit plan, and every step of it done where `ticked`."""
    account: Account = AccountFactory.create(state=AccountState.CLOSING, **facts)
    plan = ExitPlan.objects.create(account=account, made_by=account.owner, **EXIT)
    for step in ExitStep if ticked else ():
        ExitStepDone.objects.create(plan=plan, step=step, done_by=account.owner)
    return account
