from __future__ import annotations

from datetime import UTC
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from monitoring.actions.lawfulness import require_lawful
from monitoring.enums import WATCH_LIFECYCLE, WatchState
from monitoring.models import Watch
from monitoring.queries import collecting_watches
from organisation import audit, locks, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person

CREATED = audit.tell("watch.created", _("%(actor)s described this watch"))
UPDATED = audit.tell("watch.updated", _("%(actor)s changed this watch"))


@action
def create_watch(*, account: Account, by: Person, **facts: Any) -> Watch:
    """A watch in draft in the account's unit; it collects nothing before somebody starts it.

    `facts`: name, query, purpose, legal_basis, law, dpia_reference, owner, expires_on; all of them are needed.
    """
    policy.require(by, Permission.WATCH_MANAGE, account)
    watch = Watch(account=account, unit=account.unit, **facts)
    require_lawful(watch)
    watch.save()
    audit.record(verb=CREATED, thing=watch, by=by, **watch.facts())
    return watch


@action
def update_watch(*, watch: Watch, by: Person, **facts: Any) -> Watch:
    """Changes a draft. What a running watch collects, and why, never changes: end it and describe another one."""
    locked = _locked(watch)
    policy.require(by, Permission.WATCH_MANAGE, locked)
    if locked.state != WatchState.DRAFT:
        raise Conflict(locked, "update")
    before = locked.facts()
    for field, value in facts.items():
        setattr(locked, field, value)
    require_lawful(locked)
    locked.save(update_fields=list(facts))
    after = locked.facts()
    audit.record(verb=UPDATED, thing=locked, by=by, **after, **audit.differences(before, after))
    return locked


@action
def activate_watch(*, watch: Watch, by: Person) -> Watch:
    """From now on, and until its last day is over, workers collect what it finds."""
    return perform(WATCH_LIFECYCLE, "activate", watch, by=by)


@action
def end_watch(*, watch: Watch, by: Person, reason: str) -> Watch:
    """Nothing more is collected; what was found stays until its own last day."""
    if not reason.strip():
        raise Refused(_("Say why this watch ends."), field="reason")
    return perform(WATCH_LIFECYCLE, "end", watch, by=by, details={"reason": reason})


def expire_watches() -> int:
    """Ends the watches whose last day, in their unit's own time, is over."""
    # No zone is a day ahead of this one, so the others need not be asked.
    near = collecting_watches().filter(expires_on__lte=database_today(UTC)).select_related("unit")
    over = [watch for watch in near if not watch.collects]
    for watch in over:
        try:
            perform(WATCH_LIFECYCLE, "expire", watch, by=None)
        except Conflict:
            continue  # another worker, or a person, was faster
    return len(over)


def _locked(watch: Watch) -> Watch:
    return locks.locked(Watch.objects.select_related("unit", "account", "owner"), watch.pk)
