from __future__ import annotations

from collections.abc import Callable
from datetime import date
from hashlib import sha256

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts_registry.actions import (
    assign_finding,
    begin_audit,
    check_list,
    close_audit,
    dismiss_finding,
    drop_list,
    examine_audit,
    read_lists,
    send_list,
    settle_finding,
    take_over_list,
    undo_import,
)
from accounts_registry.models import AccountAudit, Finding
from tests.architecture.trail.world import AN, NOBODY, World, leaves
from tests.factories.audits import CSV, AuditFactory, FindingFactory, read, sent, taken_over, tried

DIGEST = sha256(CSV.encode()).hexdigest()
CREATED = {"figures": {"created": 2}}


def audit(world: World) -> AccountAudit:
    return AuditFactory.create(unit=world.unit, begun_by=world.an)


@leaves(("account_audit.begun", AN, {"name": "Audit of 2099", "due_on": "2099-05-03"}))
def audit_begun(world: World) -> Callable[[], object]:
    facts = {"name": " Audit of 2099 ", "due_on": date(2099, 5, 3)}
    return lambda: begin_audit(unit=world.unit, by=world.an, **facts)


@leaves(("account_audit.close", AN, {"from": "open", "to": "closed", "reason": "Done"}))
def audit_closed(world: World) -> Callable[[], object]:
    begun = audit(world)
    return lambda: close_audit(audit=begun, by=world.an, reason="Done")


@leaves(("list_import.sent", AN, {"name": "list.csv", "sha256": DIGEST, "list": "Accounts"}))
def list_sent(world: World) -> Callable[[], object]:
    begun, file = audit(world), SimpleUploadedFile("list.csv", CSV.encode())
    return lambda: send_list(audit=begun, by=world.an, file=file, series=" Accounts ")


@leaves(("list_import.read", NOBODY, {"from": "received", "to": "read", "rows": [3]}))
def list_read(world: World) -> Callable[[], object]:
    sent(audit(world))
    return lambda: read_lists(seconds=5)


@leaves(("list_import.refuse", NOBODY, {"from": "received", "to": "unreadable", "why": "empty"}))
def list_refused(world: World) -> Callable[[], object]:
    sent(audit(world), " ")
    return lambda: read_lists(seconds=5)


@leaves(("list_import.check", AN, {"from": "read", "to": "checked", **CREATED}))
def list_tried(world: World) -> Callable[[], object]:
    given = read(audit(world))
    return lambda: check_list(given=given, by=world.an, sheets=given.sheets, mapping=given.mapping)


@leaves(("list_import.take_over", AN, {"from": "checked", "to": "taken_over", **CREATED}))
def list_taken_over(world: World) -> Callable[[], object]:
    given = tried(audit(world))
    return lambda: take_over_list(given=given, by=world.an)


@leaves(("list_import.undo", AN, {"from": "taken_over", "to": "undone", "reason": "The wrong file", **CREATED}))
def import_undone(world: World) -> Callable[[], object]:
    given = taken_over(audit(world))
    return lambda: undo_import(given=given, by=world.an, reason="The wrong file")


@leaves(("list_import.drop", AN, {"from": "checked", "to": "dropped"}))
def list_dropped(world: World) -> Callable[[], object]:
    given = tried(audit(world))
    return lambda: drop_list(given=given, by=world.an)


def finding(world: World, **facts: object) -> Finding:
    return FindingFactory.create(audit=audit(world), account=world.account, **facts)


# The account of this world speaks one of its unit's languages: found too.
@leaves(
    ("finding.lapse", NOBODY, {"from": "open", "to": "lapsed"}),
    ("account_audit.examined", AN, {"new": 1, "lapsed": 1, "returned": 0}),
)
def looked_again(world: World) -> Callable[[], object]:
    open_one = finding(world)
    return lambda: examine_audit(audit=open_one.audit, by=world.an)


@leaves(
    ("finding.return", NOBODY, {"from": "done", "to": "open"}),
    ("account_audit.examined", AN, {"new": 0, "lapsed": 0, "returned": 1}),
)
def found_again(world: World) -> Callable[[], object]:
    given = taken_over(audit(world), "Network;Account;Admins\nX;fin;1\n")
    examine_audit(audit=given.audit, by=world.an)
    settle_finding(
        finding=Finding.objects.get(audit=given.audit, kind="orphan"), by=world.an, reason="There are two now"
    )
    return lambda: examine_audit(audit=given.audit, by=world.an)


@leaves(("finding.assigned", AN, {"changes": {"due_on": [..., "2099-05-03"]}}))
def finding_given(world: World) -> Callable[[], object]:
    one = finding(world)
    return lambda: assign_finding(finding=one, by=world.an, owner=world.an, due_on=date(2099, 5, 3))


@leaves(("finding.settle", AN, {"from": "open", "to": "done", "reason": "Named An"}))
def finding_dealt_with(world: World) -> Callable[[], object]:
    one = finding(world)
    return lambda: settle_finding(finding=one, by=world.an, reason="Named An")


@leaves(("finding.dismiss", AN, {"from": "open", "to": "dismissed", "reason": "It is meant so"}))
def finding_dismissed(world: World) -> Callable[[], object]:
    one = finding(world)
    return lambda: dismiss_finding(finding=one, by=world.an, reason="It is meant so")
