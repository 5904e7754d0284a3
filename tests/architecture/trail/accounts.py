from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from accounts_registry.actions import (
    begin_closing,
    change_account,
    close_account,
    confirm_account,
    expire_accounts,
    hand_over_account,
    renew_account,
    tick_exit_step,
    untick_exit_step,
)
from accounts_registry.actions.figures import note_figure
from accounts_registry.models import Account
from tests.architecture.trail.world import AN, BRAM, NOBODY, World, leaves
from tests.factories.accounts_registry import EXIT, AccountFactory
from tests.factories.closing import closing_account

READ = {"edition": 1}


@leaves(("account.changed", AN, {"reason": "r", "changes": {"maturity": ["experimental", "integrated"]}}))
def account_changed(world: World) -> Callable[[], object]:
    return lambda: change_account(account=world.account, by=world.an, reason="r", maturity="integrated", **READ)


@leaves(
    ("account.changed", AN, {"reason": "r", "changes": {"pair": [None, ...]}}),
    ("account.paired", AN, {"changes": {"pair": [None, ...]}}),
)
def account_paired(world: World) -> Callable[[], object]:
    sister = AccountFactory.create(unit=world.unit, languages=["nl"])
    return lambda: change_account(account=world.account, by=world.an, reason="r", pair=sister, **READ)


@leaves(
    ("account.begin_closing", AN, {"from": "active", "to": "closing", "reason": "Merged"}),
    ("delivery.void", NOBODY, {"from": "due", "to": "cancelled", "reason": "account_closing"}),
)
def account_closing(world: World) -> Callable[[], object]:
    world.delivery()
    return lambda: begin_closing(account=world.account, by=world.an, reason="Merged", waiting="end", **READ, **EXIT)


@leaves(("account.exit_step_done", AN, {"step": "page", "note": "Gone"}))
def exit_step_done(world: World) -> Callable[[], object]:
    account = closing_account(unit=world.unit)
    return lambda: tick_exit_step(account=account, by=world.an, step="page", note="Gone", **READ)


@leaves(("account.exit_step_undone", AN, {"step": "page"}))
def exit_step_undone(world: World) -> Callable[[], object]:
    account = closing_account(unit=world.unit, ticked=True)
    return lambda: untick_exit_step(account=account, by=world.an, step="page", **READ)


@leaves(
    ("account.close", AN, {"from": "closing", "to": "archived"}),
    ("account.paired", AN, {"changes": {"pair": [..., None]}}),
)
def account_closed(world: World) -> Callable[[], object]:
    account = closing_account(unit=world.unit, ticked=True)
    sister = AccountFactory.create(unit=world.unit, languages=["nl"], pair=account)
    Account.objects.filter(pk=account.pk).update(pair=sister)
    return lambda: close_account(account=account, by=world.an, **READ)


@leaves(("account.handed_over", AN, {"reason": "r", "changes": {"owner": [..., ...], "backup_holder": [..., ...]}}))
def account_handed_over(world: World) -> Callable[[], object]:
    holders = {"owner": world.an, "backup_holder": world.bram}
    return lambda: hand_over_account(account=world.account, by=world.an, reason="r", **READ, **holders)


@leaves(
    ("account.figure_noted", AN, {"measure": "followers", "on": "2026-10-01", "value": 7}),
)
def account_figure_noted(world: World) -> Callable[[], object]:
    told = {"measure": "followers", "value": 7, "on": date(2026, 10, 1), "source": "The network"}
    return lambda: note_figure(account=world.account, by=world.an, **told)


@leaves(("account.confirmed", BRAM, {}))
def account_confirmed(world: World) -> Callable[[], object]:
    account = AccountFactory.create(unit=world.unit, backup_holder=world.bram)
    return lambda: confirm_account(account=account, by=world.bram)


@leaves(("account.renewed", AN, {"reason": "Useful", "changes": {"review_on": [..., ...]}}))
def account_renewed(world: World) -> Callable[[], object]:
    facts = {"evaluation": "Useful", "next_on": world.account.today + timedelta(days=40), **READ}
    return lambda: renew_account(account=world.account, by=world.an, **facts)


@leaves(("account.expire", NOBODY, {"from": "active", "to": "suspended"}))
def trial_over(world: World) -> Callable[[], object]:
    AccountFactory.create(unit=world.unit, term="trial", ends_on=world.account.today - timedelta(days=1))
    return expire_accounts
