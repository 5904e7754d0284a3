"""Account audits: begun, and closed with all that names people gone."""

from __future__ import annotations

from datetime import date

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.audit import AUDIT_LIFECYCLE
from accounts_registry.models import AccountAudit, ListedAccount, ListLine, ListRow
from organisation import audit as trail
from organisation import locks, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import Person, Unit

BEGUN = trail.tell("account_audit.begun", _("%(actor)s began this audit"))


@action
def begin_audit(*, unit: Unit, by: Person, name: str, due_on: date) -> AccountAudit:
    """A campaign of `unit` and all below it."""
    policy.require(by, Permission.ACCOUNT_MANAGE, unit)
    if due_on <= database_today(unit.zone):
        raise Refused(_("This day is over. Choose a later one."), field="due_on")
    begun = AccountAudit.objects.create(unit=unit, name=name.strip(), due_on=due_on, begun_by=by)
    trail.record(verb=BEGUN, thing=begun, by=by, name=begun.name, due_on=due_on.isoformat())
    return begun


@action
def close_audit(*, audit: AccountAudit, by: Person, reason: str) -> AccountAudit:
    """What the lists said of people goes, and the rows as they stood in the files; accounts and findings stay."""
    locked = locks.take(AccountAudit.objects.select_related("unit"), audit.pk)
    perform(AUDIT_LIFECYCLE, "close", locked, by=by, changes={"closed_at": Now()}, details={"reason": reason})
    ListedAccount.objects.filter(audit=locked).update(owner_told="")
    ListRow.objects.filter(of__audit=locked).update(cells=[])
    ListLine.objects.filter(of__audit=locked).update(told={}, before={})
    audit.refresh_from_db()
    return audit
