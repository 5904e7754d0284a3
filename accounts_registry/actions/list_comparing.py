"""A delivery of a list beside what is listed already: what becomes of each line, and of what is no longer named.

Nothing is written here. What it costs is in proportion to the lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts_registry.enums.audit import LineOutcome, ListedState, Rejection, Remark
from accounts_registry.lists.accounts import Named, Rejected, Words, as_text, keys_of, name_account
from accounts_registry.lists.lines import Facts, lines_of
from accounts_registry.models import ListedAccount, ListImport, ListLine, ListRow
from accounts_registry.queries.audits import registered_keys, units_by_name
from networks.folding import folded

# What a line may say anew of a listed account, and by which column it does.
BY_COLUMN = {
    "title": "title",
    "unit_told": "unit",
    "owner_told": "owner",
    "languages": "language",
    "followers": "followers",
    "last_post_on": "last_post",
    "admins": "admins",
    "kind": "kind",
}
NAMES = ("network", "server", "handle", "remote_id", "address", "keys")
FIELDS = (*NAMES, *BY_COLUMN, "unit_id", "account_id", "series", "state")
Told = dict[str, Any]


def values_of(listed: ListedAccount) -> Told:
    """All that undoing has to bring back, as JSON can hold it."""
    told = {name: getattr(listed, name) for name in (*FIELDS, "told_by_id")}
    day: date | None = told["last_post_on"]
    return {**told, "last_post_on": day.isoformat() if day else None}


@dataclass
class Comparison:
    """One delivery, line by line; `lines` are unsaved."""

    of: ListImport
    lines: list[ListLine] = field(default_factory=list)

    def __post_init__(self) -> None:
        audit = self.of.audit
        self.listed = list(ListedAccount.objects.filter(audit=audit).order_by("pk"))
        self.by_key = {key: one for one in self.listed for key in one.keys}
        self.registered = registered_keys(audit)
        self.units = units_by_name(audit)
        self.said: set[str] = set()  # keys that this delivery named already
        self.met: set[int] = set()  # listed accounts that it named
        self.roles = {role for role in self.of.mapping.values() if role}

    def run(self, rows: Iterable[ListRow]) -> list[ListLine]:
        for row in rows:
            names: list[str] = self.of.sheets[row.sheet]["columns"]
            found, facts = lines_of(names, self.of.mapping, row.cells)
            self.lines += [self._line(row, words, facts, alone=len(found) == 1) for words in found]
        missing = [one for one in self.listed if self._is_missing(one)]
        renamed = self._renamed(missing)
        self.lines += [self._gone(one) for one in missing if one.pk not in renamed]
        return self.lines

    def _is_missing(self, one: ListedAccount) -> bool:
        return one.series == self.of.series and one.state == ListedState.LISTED and one.pk not in self.met

    def _line(self, row: ListRow, words: Words, facts: Facts, *, alone: bool) -> ListLine:
        line = ListLine(of=self.of, row=row)
        try:
            named = name_account(words)
        except Rejected as refusal:
            line.outcome, line.why = LineOutcome.REJECTED, refusal.why
            return line
        line.remarks = [*named.remarks, *facts["remarks"]]
        own = [self.by_key[key] for key in sorted(named.keys, key=_ids_first) if key in self.by_key]
        if self.said & {*named.keys}:
            return _twice(line, named, Rejection.SAID_BEFORE, own)
        self.said |= {*named.keys}
        known = own[0] if own else None
        if known is not None and known.pk in self.met:
            return _twice(line, named, Rejection.SAID_BEFORE, own)
        if known is not None and known.series != self.of.series and known.state == ListedState.LISTED:
            return _twice(line, named, Rejection.OTHER_LIST, own)
        line.told = self._told(named, facts, known, line, alone=alone)
        if known is None:
            line.outcome = LineOutcome.CREATED
        else:
            self._compare(line, known)
        return line

    def _told(self, named: Named, facts: Facts, known: ListedAccount | None, line: ListLine, *, alone: bool) -> Told:
        """The values that the listed account would have; what the list has no column for stays as it was."""
        told: Told = {name: getattr(named, name) for name in NAMES}
        if known is not None:
            for name in ("handle", "remote_id", "server"):
                told[name] = told[name] or getattr(known, name)
            told["address"] = told["address"] or (known.address if told["handle"] == known.handle else "")
            kind = named.kind or known.kind
            network, server, handle, remote_id = (told[name] for name in NAMES[:4])
            told["keys"] = [as_text(one) for one in keys_of(network, server, handle, remote_id, kind)]
        of_one = ("followers", "last_post", "admins")
        before = values_of(known) if known is not None else {}
        for name, role in BY_COLUMN.items():
            is_said = role in self.roles and (alone or role not in of_one)
            told[name] = facts.get(name) if is_said or known is None else before[name]
        told["kind"] = named.kind or told["kind"] or ""
        told["unit_id"] = self.units.get(folded(told["unit_told"])) if told["unit_told"] else None
        if told["unit_told"] and told["unit_id"] is None:
            line.remarks.append(Remark.UNIT_UNKNOWN)
        told["account_id"] = next((self.registered[key] for key in told["keys"] if key in self.registered), None)
        return {**told, "series": self.of.series, "state": ListedState.LISTED}

    def _compare(self, line: ListLine, known: ListedAccount) -> None:
        self.met.add(known.pk)
        line.listed, line.before = known, values_of(known)
        if known.state == ListedState.REMOVED:
            line.remarks.append(Remark.RETURNED)
        has_name = _name(known.keys) == _name(line.told["keys"])
        if has_name:  # another way of writing the same name is no change
            line.told["handle"], line.told["address"] = known.handle, known.address or line.told["address"]
        changes = [name for name in FIELDS if name != "keys" and line.told[name] != line.before[name]]
        if _name(known.keys) and not has_name:
            line.outcome = LineOutcome.RENAMED
        else:
            line.outcome = LineOutcome.CHANGED if {*changes} - {"account_id"} else LineOutcome.MATCHED

    def _renamed(self, missing: Sequence[ListedAccount]) -> set[int]:
        """New lines that say all that a missing account said, but for its name; each is meant by one alone."""
        created = [line for line in self.lines if line.outcome == LineOutcome.CREATED]
        gone, new = defaultdict(list), defaultdict(list)
        for one in missing:
            gone[_print(values_of(one))].append(one)
        for line in created:
            new[_print(line.told)].append(line)
        found = set()
        for mark, (first, *others) in gone.items():
            lines = new.get(mark, [])
            if mark is None or others or len(lines) != 1:
                continue
            line = lines[0]
            line.listed, line.before, line.outcome = first, values_of(first), LineOutcome.RENAMED
            found.add(first.pk)
        return found

    def _gone(self, one: ListedAccount) -> ListLine:
        before = values_of(one)
        return ListLine(
            of=self.of,
            outcome=LineOutcome.REMOVED,
            listed=one,
            before=before,
            told={**before, "state": ListedState.REMOVED},
        )


def _twice(line: ListLine, named: Named, why: str, own: list[ListedAccount]) -> ListLine:
    line.outcome, line.why = LineOutcome.DUPLICATE, why
    line.told = {name: getattr(named, name) for name in NAMES}
    line.listed = own[0] if own else None
    return line


def _ids_first(key: str) -> bool:
    return "#" not in key


def _name(keys: Iterable[str]) -> str:
    return next((key for key in sorted(keys) if "#" not in key), "")


def _print(told: Told) -> tuple[Any, ...] | None:
    """What an account has besides its name; None where that is too little to know it again by."""
    if not told["title"] or not (told["unit_told"] or told["owner_told"]):
        return None
    beside = (told[name] for name in ("network", "server", "title", "unit_told", "owner_told", "kind"))
    return (*beside, tuple(told["languages"]))
