"""Accounts that do each other's work: the first thing that an audit of accounts asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, islice, product
from typing import Any

from accounts_registry.models import Account

# Of all publics that two accounts speak to, the share to which both do (Jaccard), from which on they do the same.
ALIKE = 0.6
MOST = 50  # pairs; whoever has more begins with these

Pair = tuple[Account, Account]


def functional_duplicates(accounts: Iterable[Account], *, most: int | None = MOST) -> list[Pair]:
    """The first `most` pairs (None: all of them) in the same unit, on the same network, of the same kind and with a
    language in common, whose publics are nearly the same; a pair in two languages is none."""
    groups: dict[tuple[Any, ...], dict[frozenset[str], list[Account]]] = defaultdict(lambda: defaultdict(list))
    for one in accounts:
        for language in one.languages:
            groups[one.unit_id, one.network, one.kind, language][frozenset(one.audiences)].append(one)
    found: dict[tuple[int, int], Pair] = {}
    for alike in groups.values():
        for pair in islice(_pairs(alike), most):
            found.setdefault((pair[0].pk, pair[1].pk), pair)
    return list(found.values())[:most]


def _pairs(by_audiences: dict[frozenset[str], list[Account]]) -> Iterator[Pair]:
    """Publics are compared, and not accounts: there are few, however many accounts there are."""
    for own in by_audiences.values():
        yield from combinations(own, 2)
    for (one, these), (other, those) in combinations(by_audiences.items(), 2):
        if len(one & other) >= ALIKE * len(one | other):
            yield from product(these, those)
