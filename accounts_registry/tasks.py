"""What workers do for the registry. No task carries anything: each finds its work in the database.

A copy does none of what acts as an account; to ask a server what it allows is public, and nobody's act.
"""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from accounts_registry import actions
from organisation import outward

LONGEST_RUN = 60.0


@shared_task(name="accounts_registry.tasks.renew_due")
def renew_due() -> None:
    """Renews tokens ahead of their end."""
    close_old_connections()
    if outward.may_act():
        actions.renew_due(seconds=LONGEST_RUN)


@shared_task(name="accounts_registry.tasks.revoke_pending")
def revoke_pending() -> None:
    """Ends at the networks what accounts gave up."""
    close_old_connections()
    if outward.may_act():
        actions.revoke_pending(seconds=LONGEST_RUN)


@shared_task(name="accounts_registry.tasks.subscribe_due")
def subscribe_due() -> None:
    """Asks networks to call us about accounts."""
    close_old_connections()
    if outward.may_act():
        actions.subscribe_due(seconds=LONGEST_RUN)


@shared_task(name="accounts_registry.tasks.ask_servers")
def ask_servers() -> None:
    """Asks servers what they allow."""
    close_old_connections()
    actions.ask_servers()


@shared_task(name="accounts_registry.tasks.answer_lookups")
def answer_lookups() -> None:
    """Looks at the addresses that people wait for."""
    close_old_connections()
    if outward.may_act():
        actions.answer_lookups(seconds=LONGEST_RUN)


@shared_task(name="accounts_registry.tasks.expire_accounts")
def expire_accounts() -> None:
    """Suspends trials and campaigns whose last day is over."""
    close_old_connections()
    actions.expire_accounts()


@shared_task(name="accounts_registry.tasks.read_lists")
def read_lists() -> None:
    """Reads the lists of accounts that people sent; on the queue of what strangers wrote."""
    close_old_connections()
    actions.read_lists(seconds=LONGEST_RUN)


@shared_task(name="accounts_registry.tasks.purge_sightings")
def purge_sightings() -> None:
    """Forgets what is over of people whose accounts were reported."""
    close_old_connections()
    actions.purge_sightings()


@shared_task(name="accounts_registry.tasks.hold_overdue")
def hold_overdue() -> None:
    """Suspends accounts of which a condition of the committee is overdue."""
    close_old_connections()
    if outward.may_act():
        actions.hold_overdue()


@shared_task(name="accounts_registry.tasks.search_imitations")
def search_imitations() -> None:
    """Looks through networks for accounts that bear our names."""
    close_old_connections()
    if outward.may_act():
        actions.search_imitations(seconds=LONGEST_RUN)


@shared_task(name="accounts_registry.tasks.expire_exceptions")
def expire_exceptions() -> None:
    """Ends exceptions of security whose day is over."""
    close_old_connections()
    actions.expire_exceptions()


@shared_task(name="accounts_registry.tasks.end_written")
def end_written() -> None:
    """Ends votes in writing whose last day is over."""
    close_old_connections()
    if outward.may_act():
        actions.end_written()
