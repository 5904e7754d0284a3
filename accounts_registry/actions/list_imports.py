"""A list that was read: tried, taken over, undone or put aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions.list_comparing import FIELDS, Comparison
from accounts_registry.enums.audit import IMPORT_LIFECYCLE, ImportState, LineOutcome
from accounts_registry.lists.columns import columns_of, is_naming
from accounts_registry.lists.words import COLUMNS
from accounts_registry.models import AccountAudit, ListedAccount, ListImport, ListLine, ListRow
from accounts_registry.queries.audits import figures
from organisation import bulk, locks, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Outdated, Refused
from organisation.models import Person

UNTOUCHED = (LineOutcome.REJECTED, LineOutcome.DUPLICATE)
CHANGING = (LineOutcome.CHANGED, LineOutcome.RENAMED, LineOutcome.REMOVED, LineOutcome.MATCHED)


def _locked(given: ListImport, by: Person) -> ListImport:
    """The audit first: one list after the other is compared with it."""
    locks.take(AccountAudit.objects.select_related("unit"), given.audit_id)
    locked = locks.take(ListImport.objects.select_related("audit__unit"), given.pk)
    policy.require(by, Permission.ACCOUNT_MANAGE, locked)
    return locked


@action
def check_list(
    *, given: ListImport, by: Person, sheets: Sequence[Mapping[str, Any]], mapping: Mapping[str, str]
) -> ListImport:
    """Tries what the list would change, and changes nothing. `sheets` say of each whether it is `taken` and in which
    row its `heading` stands; `mapping` what each column is, "" for nothing.

    Refused where nothing would name an account, or no sheet is taken.
    """
    locked = _locked(given, by)
    if locked.is_new:
        _settle(locked, sheets, mapping)
    lines = Comparison(locked).run(_rows_of(locked)) if locked.is_new else []
    told = figures(line.outcome for line in lines)
    changes = {"sheets": locked.sheets, "mapping": locked.mapping, "figures": told}
    changes["tried_at_edition"] = locked.audit.edition
    perform(IMPORT_LIFECYCLE, "check", locked, by=by, changes=changes, details={"figures": told})
    ListLine.objects.filter(of=locked).delete()
    bulk.insert(lines)
    given.refresh_from_db()
    return locked


def _settle(locked: ListImport, sheets: Sequence[Mapping[str, Any]], mapping: Mapping[str, str]) -> None:
    """Sets what the columns are; Refused where that makes no sense."""
    settled = []
    for place, (old, new) in enumerate(zip(locked.sheets, sheets, strict=True)):
        heading, columns = int(new["heading"]), old["columns"]
        if heading != old["heading"]:
            rows = ListRow.objects.filter(of=locked, sheet=place).values_list("number", "cells")
            columns, _values = columns_of(list(rows), heading)
        settled.append({**old, "heading": heading, "taken": bool(new["taken"]), "columns": columns})
    if not any(one["taken"] for one in settled):
        raise Refused(_("Choose at least one sheet."))
    known = {name for one in settled if one["taken"] for name in one["columns"]}
    roles = {name: role for name, role in mapping.items() if name in known}
    once = [role for role in roles.values() if role in COLUMNS]
    if not any(is_naming(role) for role in roles.values()):
        raise Refused(_("Say which column holds the address or the name of the account."))
    if twice := {role for role in once if once.count(role) > 1}:
        columns = ", ".join(name for name, role in roles.items() if role in twice)
        raise Refused(_("These columns cannot all be the same: %(columns)s.") % {"columns": columns})
    locked.sheets, locked.mapping = settled, roles


def _rows_of(given: ListImport) -> list[ListRow]:
    """Those below the headings, of the sheets that are taken."""
    taken = {place: one["heading"] for place, one in enumerate(given.sheets) if one["taken"]}
    rows = ListRow.objects.filter(of=given, sheet__in=taken).order_by("pk")
    return [row for row in rows if row.number > taken[row.sheet]]


@action
def take_over_list(*, given: ListImport, by: Person, seen: str | None = None) -> ListImport:
    """Writes what was tried. Refused where another list came in between: then it has to be tried again; Outdated where
    it was tried otherwise than `by` read (`ListImport.mark`)."""
    locked = _locked(given, by)
    if seen not in (None, locked.mark) and locked.state == ImportState.CHECKED:
        raise Outdated(_("This list was tried otherwise since you opened the page. Look at it as it stands now."))
    changes = {"taken_over_at": Now()}
    perform(IMPORT_LIFECYCLE, "take_over", locked, by=by, changes=changes, details={"figures": locked.figures})
    lines = list(ListLine.objects.filter(of=locked).exclude(outcome__in=UNTOUCHED))
    created = [line for line in lines if line.outcome == LineOutcome.CREATED]
    made = bulk.insert(_written(ListedAccount(audit=locked.audit), line.told, locked.pk) for line in created)
    for line, one in zip(created, made, strict=True):
        line.listed = one
    bulk.update([*created, *_named_twice(locked, made)], ["listed"])
    changed = [line for line in lines if line.outcome in CHANGING]
    rows = ListedAccount.objects.in_bulk([line.listed_id for line in changed])
    written = [_written(rows[line.listed_id], line.told, locked.pk) for line in changed if line.listed_id in rows]
    bulk.update(written, _NAMES)
    _next_edition(locked)
    given.refresh_from_db()
    return locked


def _named_twice(given: ListImport, made: list[ListedAccount]) -> list[ListLine]:
    """Lines that name an account of `made` once more, with which one it is."""
    by_key = {key: one for one in made for key in one.keys}
    lines = ListLine.objects.filter(of=given, outcome=LineOutcome.DUPLICATE, listed=None)
    found = [line for line in lines if any(key in by_key for key in line.told.get("keys", []))]
    for line in found:
        line.listed = next(by_key[key] for key in line.told["keys"] if key in by_key)
    return found


# Fields by the names that models know them by.
_NAMES = [name.removesuffix("_id") if name in ("unit_id", "account_id") else name for name in FIELDS] + ["told_by"]


def _written(listed: ListedAccount, told: Mapping[str, Any], told_by: int) -> ListedAccount:
    for name in FIELDS:
        setattr(listed, name, told[name])
    listed.told_by_id = told_by
    return listed


def _next_edition(given: ListImport) -> None:
    AccountAudit.objects.filter(pk=given.audit_id).update(edition=F("edition") + 1)


@action
def undo_import(*, given: ListImport, by: Person, reason: str) -> ListImport:
    """All that this import wrote is as it was before. Refused while something later stands on it."""
    locked = _locked(given, by)
    perform(IMPORT_LIFECYCLE, "undo", locked, by=by, details={"reason": reason, "figures": locked.figures})
    lines_of = ListLine.objects.filter(of=locked, listed__isnull=False)
    changed = {line.listed_id: line for line in lines_of.filter(outcome__in=CHANGING)}
    rows = ListedAccount.objects.in_bulk(list(changed))
    bulk.update(
        [_written(one, changed[pk].before, changed[pk].before["told_by_id"]) for pk, one in rows.items()], _NAMES
    )
    created = lines_of.filter(outcome=LineOutcome.CREATED).values_list("listed", flat=True)
    ListedAccount.objects.filter(pk__in=list(created)).delete()
    _next_edition(locked)
    given.refresh_from_db()
    return locked


@action
def drop_list(*, given: ListImport, by: Person) -> ListImport:
    """What was read of it goes; that it was sent stays."""
    locked = _locked(given, by)
    perform(IMPORT_LIFECYCLE, "drop", locked, by=by)
    ListLine.objects.filter(of=locked).delete()
    ListRow.objects.filter(of=locked).delete()
    given.refresh_from_db()
    return locked
