"""Findings of an audit: looked for again as often as one likes, given to somebody, dealt with or dismissed."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.finding import FINDING_LIFECYCLE, FindingState
from accounts_registry.models import Account, AccountAudit, Finding, ListedAccount
from accounts_registry.queries.findings import Found, auditors, found_in
from organisation import audit as trail
from organisation import bulk, locks, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person
from organisation.sentences import kept

EXAMINED = trail.tell("account_audit.examined", _("%(actor)s had Parvis look for findings"))
ASSIGNED = trail.tell("finding.assigned", _("%(actor)s gave this finding to somebody"))


@action
def examine_audit(*, audit: AccountAudit, by: Person) -> dict[str, int]:
    """Looks at everything anew. What is found again stays as it is, what holds no longer says so, what was dealt with
    and holds still is open again; dismissed stays dismissed. How many: `new`, `open`, `lapsed`, `returned`."""
    locked = locks.take(AccountAudit.objects.select_related("unit"), audit.pk)
    policy.require(by, Permission.ACCOUNT_MANAGE, locked)
    if not locked.is_open:
        raise Conflict(locked, "examine")
    found = found_in(locked)
    known = {one.mark: one for one in Finding.objects.select_for_update(of=("self",)).filter(audit=locked)}
    bulk.insert(_new(locked, one) for mark, one in found.items() if mark not in known)
    lapsed = [one for mark, one in known.items() if mark not in found and one.state == FindingState.OPEN]
    over = (FindingState.DONE, FindingState.LAPSED)
    returned = [one for mark, one in known.items() if mark in found and one.state in over]
    for one in lapsed:
        perform(FINDING_LIFECYCLE, "lapse", one, by=None)
    for one in returned:
        perform(FINDING_LIFECYCLE, "return", one, by=None)
    for mark in found.keys() & known.keys():
        known[mark].evidence = kept(found[mark].evidence)
    bulk.update([known[mark] for mark in found.keys() & known.keys()], ["evidence"])
    told = {"new": len(found.keys() - known.keys()), "lapsed": len(lapsed), "returned": len(returned)}
    trail.record(verb=EXAMINED, thing=locked, by=by, **told)
    return {**told, "open": Finding.objects.filter(audit=locked, state=FindingState.OPEN).count()}


def _new(audit: AccountAudit, found: Found) -> Finding:
    """In the hands of whoever began the audit, until somebody else is named."""
    made = Finding(audit=audit, kind=found.kind, mark=found.mark, due_on=audit.due_on, owner=audit.begun_by)
    made.evidence = kept(found.evidence)
    if isinstance(found.subject, Account):
        made.account = found.subject
    elif isinstance(found.subject, ListedAccount):
        made.listed = found.subject
    else:
        made.sighting = found.subject
    return made


def _locked(finding: Finding, by: Person) -> Finding:
    locks.take(AccountAudit.objects.select_related("unit"), finding.audit_id)  # nobody closes it meanwhile
    locked = locks.take(Finding.objects.select_related("audit__unit"), finding.pk)
    policy.require(by, Permission.ACCOUNT_MANAGE, locked)
    return locked


@action
def assign_finding(*, finding: Finding, by: Person, owner: Person, due_on: date) -> Finding:
    """`owner` sees to it by `due_on`: somebody who manages accounts there themselves."""
    locked = _locked(finding, by)
    if locked.state != FindingState.OPEN or not locked.audit.is_open:
        raise Conflict(locked, "assign")
    if due_on <= database_today(locked.unit.zone):
        raise Refused(_("This day is over. Choose a later one."), field="due_on")
    if not auditors(locked.audit).filter(pk=owner.pk).exists():
        raise Refused(_("This person does not see the audit."), field="owner")
    before = trail.values_of(locked, ("owner", "due_on"))
    locked.owner, locked.due_on = owner, due_on
    locked.save(update_fields=["owner", "due_on"])
    changes = trail.differences(before, trail.values_of(locked, before))
    trail.record(verb=ASSIGNED, thing=locked, by=by, **changes)
    return locked


@action
def settle_finding(*, finding: Finding, by: Person, reason: str) -> Finding:
    """`reason` says what was done. Parvis opens it again where it still holds."""
    return perform(
        FINDING_LIFECYCLE, "settle", _locked(finding, by), by=by, changes={"reason": reason}, details={"reason": reason}
    )


@action
def dismiss_finding(*, finding: Finding, by: Person, reason: str) -> Finding:
    """It is right, or no matter; it is not opened again."""
    return perform(
        FINDING_LIFECYCLE,
        "dismiss",
        _locked(finding, by),
        by=by,
        changes={"reason": reason},
        details={"reason": reason},
    )
