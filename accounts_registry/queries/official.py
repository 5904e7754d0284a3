"""The register that citizens read: official accounts without anything of a person, kept at hand for many readers.

It is public by intent: no permission is asked for, and `OfficialAccount` holds all that is ever told. Strangers ask, in
any number: the register is read from the database once in a while and answered from memory. What a page says is as old
as `settings.PUBLIC_REGISTER_SECONDS` at most, and a second.
"""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import AccountKind, AccountState, Audience
from accounts_registry.models import Account
from accounts_registry.queries.sightings import marks_of, plain_address, standing_impersonations
from networks import profiles
from networks.addresses import host_of
from networks.catalogue import NETWORKS
from networks.folding import padded, sought
from organisation.models import AuditEvent, Unit

LATEST = 200  # changes that a feed tells
MOST_KEPT = 256  # answers that are kept as they were made; strangers choose which
NOUN = "accounts_registry.account"
HAPPENED = {
    "account.opened": "opened",
    "account.begin_closing": "closing",
    "account.wind_down": "closing",
    "account.close": "closed",
}


class Verdict(models.TextChoices):
    """What the register says to "is this account official?"."""

    OFFICIAL = "official", _("Yes, this account is official")
    CLOSED = "closed", _("It was official, and it is closed")
    RENAMED = "renamed", _("The official account bears another name now")
    NAMED = "named", _("An official account bears this name; look at the network")
    IMPERSONATION = "impersonation", _("No, this account is known to pose as us")
    UNKNOWN = "unknown", _("No, this account does not stand in the register")
    UNREADABLE = "unreadable", _("This names no account that Parvis can read")


@dataclass(frozen=True, slots=True)
class OfficialAccount:
    """What everybody may know of an account. `names` are its unit's by language, `closed_at` None while it stands,
    `closing_at` since when it is about to close; `successor` goes on with its work, where one does.
    `handle` is as the network tells it; `approved_as` the name that was approved, where it is another one."""

    id: int
    network: str
    handle: str
    approved_as: str
    address: str
    kind: str
    languages: tuple[str, ...]
    audiences: tuple[str, ...]
    unit: str
    unit_path: str
    names: Mapping[str, str]
    opened_at: datetime
    closing_at: datetime | None
    closed_at: datetime | None
    successor: int | None
    pair: int | None
    words: str

    @property
    def label(self) -> str:
        return f"@{self.handle} · {self.network_name}"

    @property
    def network_name(self) -> str:
        return NETWORKS[self.network].name if self.network in NETWORKS else self.network

    @property
    def unit_name(self) -> str:
        return in_reader_language(self.names) or self.unit

    @property
    def audience_labels(self) -> list[str]:
        return [str(Audience(one).label) for one in self.audiences]

    @property
    def kind_label(self) -> str:
        return str(AccountKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Change:
    """One account that was `opened`, is `closing`, or was `closed`."""

    what: str
    at: datetime
    account: OfficialAccount


@dataclass(frozen=True, slots=True)
class Answer:
    """A page or a file as it is sent, with the mark by which a cache knows it again."""

    body: bytes
    etag: str

    @classmethod
    def of(cls, text: str) -> Answer:
        body = text.encode()
        return cls(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


class Register:
    """All official accounts as they stood at one moment, by unit, network and name."""

    def __init__(self, rows: Iterable[OfficialAccount], impostors: Iterable[Hashable] = ()) -> None:
        self.rows = tuple(rows)
        self._impostors = frozenset(impostors)  # keys and plain addresses of accounts that pose as us, nothing else
        self.by_id = {row.id: row for row in self.rows}
        self._by_key: dict[profiles.Key, list[OfficialAccount]] = defaultdict(list)
        self._by_former: dict[profiles.Key, list[OfficialAccount]] = defaultdict(list)
        self._by_name: dict[str, list[OfficialAccount]] = defaultdict(list)
        self._by_address: dict[str, list[OfficialAccount]] = defaultdict(list)
        self._answers: dict[Hashable, Answer] = {}
        self._wholes: dict[Hashable, Answer] = {}
        self._parts: dict[Hashable, str] = {}

    def know(self, row: OfficialAccount, keys: Iterable[profiles.Key], former: Iterable[profiles.Key] = ()) -> None:
        """Remembers by what a citizen may name this row, and by what it was once named."""
        for key in (own := set(keys)):
            self._by_key[key].append(row)
        for key in set(former) - own:
            self._by_former[key].append(row)
        self._by_name[_name(row.handle)].append(row)
        if address := plain_address(row.address):
            self._by_address[address].append(row)

    def once(self, key: Hashable, make: Callable[[], str]) -> Answer:
        """What `make` gives to a question of a reader's own, made once while this register stands and few others are
        asked."""
        if (answer := self._answers.get(key)) is None:
            if len(self._answers) >= MOST_KEPT:
                self._answers = {}
            answer = self._answers[key] = Answer.of(make())
        return answer

    def whole(self, key: Hashable, make: Callable[[], str]) -> Answer:
        """What `make` gives of all there is, made once while this register stands, whatever strangers ask."""
        if (answer := self._wholes.get(key)) is None:
            answer = self._wholes[key] = Answer.of(make())
        return answer

    def part(self, key: Hashable, make: Callable[[], str]) -> str:
        """What `make` gives, made once while this register stands: of what it holds, never of what is asked."""
        if (part := self._parts.get(key)) is None:
            part = self._parts[key] = make()
        return part

    @cached_property
    def units(self) -> list[OfficialAccount]:
        """One account for each unit that has any, by path."""
        first = {row.unit: row for row in reversed(self.rows)}
        return sorted(first.values(), key=lambda row: row.unit_path)

    @cached_property
    def changes(self) -> list[Change]:
        """The latest openings and closings, the newest first."""
        told = [Change("opened", row.opened_at, row) for row in self.rows]
        told += [Change("closing", row.closing_at, row) for row in self.rows if row.closing_at is not None]
        told += [Change("closed", row.closed_at, row) for row in self.rows if row.closed_at is not None]
        return sorted(told, key=lambda one: (one.at, one.account.id), reverse=True)[:LATEST]

    def find(self, *, words: str = "", unit: str = "", network: str = "", language: str = "") -> list[OfficialAccount]:
        """Those that stand and match; what is empty matches all. `unit` takes in all below it."""
        found = self._standing
        if unit:
            path = next((row.unit_path for row in self.units if row.unit == unit), "-")
            found = [row for row in found if row.unit_path.startswith(path)]
        if network:
            found = [row for row in found if row.network == network]
        if language:
            found = [row for row in found if language in row.languages]
        for one in sought(words):
            found = [row for row in found if one in row.words]
        return found

    @cached_property
    def _standing(self) -> list[OfficialAccount]:
        return [row for row in self.rows if row.closed_at is None]

    def check(self, spelling: str) -> tuple[Verdict, list[OfficialAccount]]:
        """What the register says of the account that a citizen names in any spelling, and of whom it speaks."""
        named = profiles.recognise(spelling)
        found = {row.id: row for row in self._by_address.get(plain_address(spelling), [])}
        poses = bool({plain_address(spelling), plain_address(f"https://{spelling.strip()}")} & self._impostors)
        poses = poses or bool(named is not None and named.certain and self._impostors & {*named.keys})
        if not found and named is None:
            return Verdict.IMPERSONATION if poses else Verdict.UNREADABLE, []
        if not found and named is not None and not named.network:
            standing = [row for row in self._by_name.get(_name(named.handle), []) if row.closed_at is None]
            return (Verdict.NAMED, standing) if standing else (Verdict.UNKNOWN, [])
        is_own = any(row.closed_at is None for row in found.values())
        for key in named.keys if named is not None else ():
            found |= {row.id: row for row in self._by_key.get(key, [])}
        standing = [row for row in found.values() if row.closed_at is None]
        if standing:
            return Verdict.OFFICIAL if is_own or (named and named.certain) else Verdict.NAMED, standing
        if poses:  # of a closed account's name too: somebody took it
            return Verdict.IMPERSONATION, []
        if found:
            return Verdict.CLOSED, [*found.values()]
        former = {row.id: row for key in (named.keys if named else ()) for row in self._by_former.get(key, [])}
        renamed = [row for row in former.values() if row.closed_at is None]
        return (Verdict.RENAMED, renamed) if renamed else (Verdict.UNKNOWN, [])


def in_reader_language(names: Mapping[str, str]) -> str:
    """A unit's name as this reader reads it; empty where it has none."""
    order = [(get_language() or "")[:2], *names]
    return next((names[code] for code in order if code in names), "")


def _name(handle: str) -> str:
    return handle.lower().removeprefix("@")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register is made of, as the database has it: rows of accounts, of their units, of what happened."""

    accounts: list[tuple[Any, ...]]
    units: dict[int, tuple[str, str, dict[str, str]]]
    happened: list[tuple[str, str, datetime]]
    impostors: list[tuple[str, str, str, str, str]]

    @staticmethod
    def read() -> Facts:
        """Four queries, however many accounts there are. Of an account whose id no network ever told, nobody knows
        that it stands there: whoever is quicker could have taken its name."""
        known = Account.objects.exclude(remote_id="")
        public = known.exclude(state=AccountState.PLANNED).exclude(kind=AccountKind.INTERNAL)
        accounts = public.order_by("unit__path", "network", "handle", "pk").values_list(*FIELDS)
        told = Unit.objects.filter(pk__in=public.values("unit")).values_list("pk", "slug", "path", "names")
        units = {pk: (slug, path, names) for pk, slug, path, names in told}
        events = AuditEvent.objects.filter(noun=NOUN, verb__in=HAPPENED).order_by("sequence")
        happened = list(events.values_list("object_id", "verb", "occurred_at"))
        pose = standing_impersonations().order_by("pk")
        named = pose.values_list("network", "server", "handle", "remote_id", "address")
        return Facts(list(accounts), units, happened, list(named))

    def register(self) -> Register:
        at = {(key, HAPPENED[verb]): moment for key, verb, moment in self.happened}
        told = [_Told(*fields) for fields in self.accounts]
        shown = {one.pk for one in told if one.unit in self.units}
        rows = [(one, _row(one, self.units[one.unit], at, shown)) for one in told if one.pk in shown]
        register = Register((row for _one, row in rows), marks_of(self.impostors))
        for one, row in rows:
            register.know(row, _keys(one), _former_keys(one))
        return register


class _Told(NamedTuple):
    """A row of `FIELDS`."""

    pk: int
    unit: int
    network: str
    base_url: str
    handle: str
    told_handle: str
    former_handles: list[str]
    remote_id: str
    url: str
    kind: str
    audiences: list[str]
    languages: list[str]
    pair: int | None
    exit_plan__successor: int | None
    state: str
    created_at: datetime


FIELDS = _Told._fields


def read_register() -> Register:
    """From the database as it is now."""
    return Facts.read().register()


def _row(
    told: _Told, of: tuple[str, str, dict[str, str]], at: Mapping[tuple[str, str], datetime], shown: set[int]
) -> OfficialAccount:
    unit, path, names = of
    key, is_closed = str(told.pk), told.state == AccountState.ARCHIVED
    network = NETWORKS[told.network].name if told.network in NETWORKS else told.network
    return OfficialAccount(
        id=told.pk,
        network=told.network,
        handle=_handle(told),
        approved_as=told.handle if told.told_handle else "",
        address=_url(told) or profiles.address(told.network, host_of(told.base_url), _handle(told)),
        kind=told.kind,
        languages=tuple(told.languages),
        audiences=tuple(told.audiences),
        unit=unit,
        unit_path=path,
        names=names,
        opened_at=at.get((key, "opened"), told.created_at),
        closing_at=at.get((key, "closing"), told.created_at) if told.state == AccountState.CLOSING else None,
        successor=told.exit_plan__successor if told.exit_plan__successor in shown else None,
        closed_at=at.get((key, "closed"), told.created_at) if is_closed else None,
        pair=told.pair if told.pair in shown else None,
        words=padded(" ".join((f"@{_handle(told)}", f"@{told.handle}", network, *names.values()))),
    )


def _handle(told: _Told) -> str:
    return told.told_handle or told.handle


def _former_keys(told: _Told) -> list[profiles.Key]:
    """The name that was approved belongs to nobody, or to somebody else, once the network tells another one; and so do
    those that it bore before."""
    names = [*told.former_handles, *([told.handle] if told.told_handle else [])]
    return [key for name in names for key in profiles.keys(told.network, host_of(told.base_url), name, "")]


def _own_keys(told: _Told) -> list[profiles.Key]:
    return [*profiles.keys(told.network, host_of(told.base_url), _handle(told), told.remote_id)]


def _url(told: _Told) -> str:
    """The address that is kept, where it is none of somebody else's: anybody who manages the account may write it."""
    is_own = told.url and profiles.may_stand_at(told.url, told.network, host_of(told.base_url), _own_keys(told))
    return told.url if is_own else ""


def _keys(told: _Told) -> list[profiles.Key]:
    named = profiles.recognise(url) if (url := _url(told)) else None
    return [*_own_keys(told), *(named.keys if named is not None else ())]


class _Kept:
    """The register as this process read it last. While one thread reads it anew, the others answer from the old one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._register: Register | None = None
        self._facts: Facts | None = None
        self._read_at = 0.0

    def get(self) -> Register:
        register = self._register
        if register is not None and time.monotonic() - self._read_at < settings.PUBLIC_REGISTER_SECONDS:
            return register
        if register is None or settings.PUBLIC_REGISTER_SECONDS == 0:
            with self._lock:
                return self._read()
        if self._lock.acquire(blocking=False):
            try:
                return self._read()
            finally:
                self._lock.release()
        return register

    def _read(self) -> Register:
        """What nothing changed of stays, with the pages that were made of it."""
        facts = Facts.read()
        if self._register is None or facts != self._facts:
            self._register, self._facts = facts.register(), facts
        self._read_at = time.monotonic()
        return self._register


_KEPT = _Kept()


def official_register() -> Register:
    """The register as it stood a moment ago."""
    return _KEPT.get()
