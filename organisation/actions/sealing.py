"""Seals committed events into the Merkle tree and signs checkpoints over it. Not in anybody's transaction.

How nothing is passed over, however late its transaction commits: every event numbered above `settled` that has no leaf
is looked for, each time. `settled` is raised only to a number up to which all had been seen sealed, and only once every
transaction that ran at that moment is over (PostgreSQL's own count of transactions, not a clock).
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from organisation import audit
from organisation.clock import database_now
from organisation.models import AuditCheckpoint
from organisation.queries.sealed import unsealed_events
from organisation.verifier import CHECKPOINT_FORMAT, Tree, canonical, key_id, keys_of, leaf_hash

log = logging.getLogger(__name__)

# Written by the migration that ended the chain of hashes.
audit.tell("audit.chain_closed", _("%(actor)s closed the chain of hashes that came before sealing"))

SEALER_LOCK = 0x50415256_4953  # "PARVIS": one sealer at a time; whoever finds it taken goes home
BATCH = 10_000


class Forged(Exception):
    """The newest checkpoint is not one of ours: somebody wrote in the seals. Nothing is sealed over it."""


@dataclass(frozen=True)
class _Horizon:
    """`settled` as signed, and the next candidate: `seen`, once every transaction below `until` is over."""

    settled: int = 0
    seen: int = 0
    until: int = 0

    def moved(self, *, oldest: int, newest: int, reach: int | None, last: int) -> _Horizon:
        """After a look that found all up to `reach` (None: all there was), of which `last` has the highest number.

        `oldest` was the oldest running transaction before the look, `newest` the next one's number after it.
        """
        if self.until > newest:  # a dump was loaded into another server, which counts anew
            return _Horizon(self.settled, max(self.seen, last), newest)
        if oldest < self.until:
            return self
        settled = self.seen if reach is None else min(self.seen, reach)
        return _Horizon(max(self.settled, settled), max(self.seen, last), newest)


def signing_key() -> Ed25519PrivateKey:
    """The sealer's. In production the worker alone has it."""
    if not settings.AUDIT_KEY:
        raise ImproperlyConfigured("PARVIS_AUDIT_KEY is not set. See docs/production.md for what belongs in it.")
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.AUDIT_KEY, validate=True))
    except ValueError as error:
        raise ImproperlyConfigured("PARVIS_AUDIT_KEY is not 32 bytes in base64.") from error


def seal(*, at_most: int = BATCH) -> int:
    """How many events were sealed now; 0 also where another sealer is at it. Raises Forged."""
    key = signing_key()
    with transaction.atomic():
        if not _ask("SELECT pg_try_advisory_xact_lock(%s)", SEALER_LOCK):
            return 0
        before = AuditCheckpoint.objects.first()
        tree, horizon = _stand(before, key)
        oldest = _ask("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        found = unsealed_events(above=horizon.settled, at_most=at_most)
        if not found:
            return 0
        newest = _ask("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        reach = found[-1]["sequence"] if len(found) == at_most else None
        moved = horizon.moved(oldest=oldest, newest=newest, reach=reach, last=found[-1]["sequence"])
        _place(tree, found)
        _sign(key, tree, moved, before)
    return len(found)


def seal_all() -> int:
    """Seals until nothing is left; how many."""
    total = 0
    while sealed := seal():
        total += sealed
    return total


def _ask(question: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]


def _stand(before: AuditCheckpoint | None, key: Ed25519PrivateKey) -> tuple[Tree, _Horizon]:
    """The tree as it was signed last, and its horizon; never what somebody else wrote."""
    leaves = _ask("SELECT coalesce(max(position) + 1, 0) FROM organisation_auditleaf")
    if before is None:
        tree, horizon = Tree(), _Horizon()
    else:
        if not before.checkpoint.is_signed_by(verifying_keys(key)):
            raise Forged(f"no key of ours signed {before.checkpoint.name}")
        try:
            tree = before.tree()
        except ValueError as error:
            raise Forged(str(error)) from error
        facts = before.document
        horizon = _Horizon(facts["settled"], facts["seen"], facts["until"])
    if leaves != tree.size:
        raise Forged(f"there are {leaves} leaves, and the newest checkpoint signs {tree.size}")
    return tree, horizon


def verifying_keys(key: Ed25519PrivateKey | None = None) -> dict[str, Any]:
    """Public keys by id: of the key in use, and of earlier ones (PARVIS_AUDIT_PUBLIC_KEYS)."""
    known: dict[str, Any] = keys_of(settings.AUDIT_PUBLIC_KEYS)
    if key is None and settings.AUDIT_KEY:
        key = signing_key()
    if key is not None:
        known[key_id(key.public_key())] = key.public_key()
    return known


def _place(tree: Tree, events: Sequence[Mapping[str, Any]]) -> None:
    """Gives each event the next place in the tree, in one statement: row by row, half of a seal's time went here."""
    first, hashes = tree.size, []
    for event in events:
        hashes.append(leaf_hash(event))
        tree.push(hashes[-1])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organisation_auditleaf (position, sequence, hash)"
            " SELECT place, number, decode(hash, 'hex')"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS leaf (place, number, hash)",
            [list(range(first, tree.size)), [event["sequence"] for event in events], [one.hex() for one in hashes]],
        )


def _sign(key: Ed25519PrivateKey, tree: Tree, horizon: _Horizon, before: AuditCheckpoint | None) -> None:
    document: dict[str, Any] = {
        "format": CHECKPOINT_FORMAT,
        "size": tree.size,
        "root": tree.root().hex(),
        "taken_at": database_now().astimezone(UTC).isoformat(timespec="microseconds"),
        "settled": horizon.settled,
        "seen": horizon.seen,
        "until": horizon.until,
        "previous": before and {"size": before.size, "digest": before.checkpoint.digest()},
        "key": key_id(key.public_key()),
    }
    document["signature"] = base64.b64encode(key.sign(canonical(document))).decode()
    frontier = [one.hex() for one in tree.frontier]
    AuditCheckpoint.objects.create(size=tree.size, document=document, frontier=frontier)
