"""Verifies an export of Parvis's audit trail against its signed checkpoints. One file, for who does not trust Parvis.

    python verifier.py EXPORT --checkpoints FILE_OR_FOLDER... --public-key FILE_OR_TEXT...

It needs Python and `cryptography`, and nothing of Parvis: take this file, read it, run it elsewhere. The export is JSON
lines (`.gz` or not) as `manage.py export_audit` writes them. Checkpoints are taken from where the database's owner
cannot reach them: the folder, the object store, the auditor's mail. The trail is a Merkle tree (RFC 6962); each
checkpoint signs its size and root with Ed25519. Ends with 0 where all of it holds, with 1 and sentences that say what
does not.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import json
import sys
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

EXPORT_FORMAT = "parvis-audit-export-1"
CHECKPOINT_FORMAT = "parvis-audit-checkpoint-1"
FIELDS = ("sequence", "occurred_at", "actor_id", "actor_name", "verb", "noun", "object_id", "unit_id", "details")
# Numbers and times are given together; a clock that was set, or a machine that stood still, is forgiven this much.
PATIENCE = timedelta(minutes=10)
TOLD_AT_MOST = 50
UNREADABLE = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
    zlib.error,
)


# ---- The tree -------------------------------------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """The one way in which a value is written before it is hashed or signed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def leaf_hash(event: Mapping[str, Any]) -> bytes:
    """RFC 6962's: no leaf can be taken for a node."""
    return hashlib.sha256(b"\x00" + canonical([event[name] for name in FIELDS])).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """RFC 6962's tree of what was pushed, by its `frontier`: the roots of its whole subtrees, the largest first.

    A push costs at most as many hashes as the size has bits, whatever the size is.
    """

    def __init__(self, size: int = 0, frontier: Iterable[bytes] = ()) -> None:
        self.size = size
        self.frontier = list(frontier)
        if len(self.frontier) != size.bit_count():
            raise ValueError("the frontier does not belong to a tree of this size")

    def push(self, leaf: bytes) -> None:
        rest = self.size
        while rest & 1:
            leaf = node_hash(self.frontier.pop(), leaf)
            rest >>= 1
        self.frontier.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.frontier:
            return hashlib.sha256(b"").digest()
        *before, root = self.frontier
        for larger in reversed(before):
            root = node_hash(larger, root)
        return root


# ---- Checkpoints ----------------------------------------------------------------------------------------------------


def key_id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


@dataclass(frozen=True)
class Checkpoint:
    """What was signed: the tree's `size` and `root`. What was numbered up to `settled` has been sealed or never came to
    be: no such event is sealed later."""

    document: Mapping[str, Any]

    @property
    def size(self) -> int:
        return int(self.document["size"])

    @property
    def root(self) -> str:
        return str(self.document["root"])

    @property
    def settled(self) -> int:
        return int(self.document["settled"])

    @property
    def taken_at(self) -> datetime:
        return datetime.fromisoformat(self.document["taken_at"])

    @property
    def name(self) -> str:
        return f"the checkpoint of {self.document['taken_at']} over {self.size} events"

    def signed(self) -> bytes:
        return canonical({name: value for name, value in self.document.items() if name != "signature"})

    def digest(self) -> str:
        return hashlib.sha256(self.signed()).hexdigest()

    def is_signed_by(self, keys: Mapping[str, Ed25519PublicKey]) -> bool:
        key = keys.get(self.document["key"])
        if key is None:
            return False
        try:
            key.verify(base64.b64decode(self.document["signature"]), self.signed())
        except (InvalidSignature, ValueError):
            return False
        return True


def checkpoint_of(document: Any) -> Checkpoint:
    """Refuses (ValueError) what has not a checkpoint's shape."""
    wanted = {"size": int, "root": str, "taken_at": str, "settled": int, "key": str, "signature": str}
    if not isinstance(document, dict) or document.get("format") != CHECKPOINT_FORMAT:
        raise ValueError("no checkpoint")
    if any(type(document.get(name)) is not kind for name, kind in wanted.items()):
        raise ValueError("a checkpoint without its facts")
    if datetime.fromisoformat(document["taken_at"]).tzinfo is None:
        raise ValueError("a time without a zone")
    return Checkpoint(document)


# ---- What is found --------------------------------------------------------------------------------------------------


@dataclass
class Report:
    """What was verified, and in sentences what is wrong. `proven` events stand under a signed checkpoint."""

    problems: list[str] = field(default_factory=list)
    events: int = 0
    proven: int = 0
    unproven: int = 0
    checkpoints: int = 0
    newest: Checkpoint | None = None

    def wrong(self, sentence: str) -> None:
        self.problems.append(sentence)


def trusted(
    checkpoints: Iterable[Checkpoint], keys: Mapping[str, Ed25519PublicKey], report: Report
) -> list[Checkpoint]:
    """Those that a given key signed and that agree with each other, the smallest first."""
    good: dict[int, Checkpoint] = {}
    for one in sorted(checkpoints, key=lambda each: (each.size, each.taken_at)):
        if not one.is_signed_by(keys):
            report.wrong(f"Nobody whose key was given signed {one.name}: its text, signature or key was changed.")
        elif one.size in good and good[one.size].root != one.root:
            report.wrong(f"Two checkpoints over {one.size} events contradict each other: there were two trails.")
        else:
            good.setdefault(one.size, one)
    found = list(good.values())
    for before, after in pairwise(found):
        if after.taken_at < before.taken_at or after.settled < before.settled:
            report.wrong(f"{after.name} is larger than an earlier one and yet older: there were two trails.")
        previous = after.document.get("previous")
        if previous and previous["size"] == before.size and previous["digest"] != before.digest():
            report.wrong(f"{after.name} does not follow {before.name}: there were two trails.")
        elif previous and not before.size <= previous["size"] < after.size:
            report.wrong(f"{after.name} follows one over {previous['size']} events: there were two trails.")
    report.checkpoints = len(found)
    report.newest = found[-1] if found else None
    if not found:
        report.wrong("There is no checkpoint that holds: nothing proves this export.")
    return found


class Verification:
    """One pass over the events, in the order of the export."""

    def __init__(self, checkpoints: Sequence[Checkpoint], report: Report) -> None:
        self.waiting = list(reversed(checkpoints))
        self.report = report
        self.tree = Tree()
        self.settled = 0
        self.good = 0
        self.whole = True
        self.sealed_only = True  # so far: what has no place yet comes after all that has
        self.moments: array[float] = array("d")
        self.numbers: array[int] = array("q")
        self._settle()

    def take(self, event: Mapping[str, Any]) -> None:
        position = _place_of(event)
        self.report.events += 1
        self.numbers.append(event["sequence"])
        self.moments.append(datetime.fromisoformat(event["occurred_at"]).timestamp())
        if event["sequence"] <= self.settled:
            self.report.wrong(
                f"Event {event['sequence']} ({event['verb']}) was slipped in: its number was settled before it came."
            )
        if position is None:
            self.sealed_only = False
            return
        if not self.sealed_only:
            self.sealed_only = True
            self.report.wrong(
                f"Before event {event['sequence']}, which was sealed, stands one that says it was not: "
                "events were moved or added."
            )
        if position != self.tree.size and self.whole:
            self.whole = False
            self.report.wrong(
                f"At place {self.tree.size} stands what says it belongs at {position}: events are missing."
            )
        self.tree.push(leaf_hash(event))
        self._settle()

    def _settle(self) -> None:
        while self.waiting and self.waiting[-1].size == self.tree.size:
            checkpoint = self.waiting.pop()
            self.settled = max(self.settled, checkpoint.settled)
            if self.tree.root().hex() == checkpoint.root:
                self.good = checkpoint.size
            elif self.whole:
                self.whole = False
                self.report.wrong(
                    f"Between places {self.good} and {checkpoint.size} events are not what was sealed: changed, "
                    f"exchanged, moved, renumbered, removed or added ({checkpoint.name} has another root)."
                )

    def end(self, exported_at: datetime | None) -> None:
        newest = self.report.newest
        self.report.proven = self.good if self.whole else 0
        self.report.unproven = self.report.events - self.good
        if newest and newest.size > self.tree.size:
            older = exported_at is not None and exported_at < newest.taken_at
            self.report.wrong(
                f"The export ends after {self.tree.size} sealed events, {newest.name} counted more: "
                + ("it was made before that checkpoint; make a new one." if older else "its tail was cut.")
            )
        self._look_at_times()

    def _look_at_times(self) -> None:
        latest, last = float("-inf"), None
        for place in sorted(range(len(self.numbers)), key=self.numbers.__getitem__):
            number, moment = self.numbers[place], self.moments[place]
            if number == last:
                self.report.wrong(f"Two events bear the number {number}.")
            if moment < latest - PATIENCE.total_seconds():
                when = datetime.fromtimestamp(moment, UTC).isoformat()
                self.report.wrong(
                    f"Event {number} says {when}, yet it was numbered after later ones: it was backdated."
                )
            latest, last = max(latest, moment), number


def verify(
    events: Iterable[Mapping[str, Any]],
    checkpoints: Iterable[Checkpoint],
    keys: Mapping[str, Ed25519PublicKey],
    exported_at: datetime | None = None,
) -> Report:
    """`events` as the export orders them: the sealed by their place, then those not sealed yet (`position` None)."""
    report = Report()
    verification = Verification(trusted(checkpoints, keys, report), report)
    for event in events:
        verification.take(event)
    verification.end(exported_at)
    return report


def _place_of(event: Mapping[str, Any]) -> int | None:
    """Refuses (ValueError) what says more or less than is sealed of an event: nothing proves a word beside it."""
    if event.keys() != {*FIELDS, "position"}:
        raise ValueError(f"an event that says {sorted(event)}")
    if type(event["position"]) not in (int, type(None)):
        raise ValueError(f"a place that is none: {event['position']!r}")
    place: int | None = event["position"]
    return place


# ---- Files ----------------------------------------------------------------------------------------------------------


def lines_of(path: Path) -> Iterator[Any]:
    """The JSON of each line. A last line that was cut short is a ValueError like any other that is none."""
    opened: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line, object_pairs_hook=_once)


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A name that is there twice would be read in one way here and in another elsewhere."""
    facts = dict(pairs)
    if len(facts) != len(pairs):
        raise ValueError(f"a name that stands twice among {sorted(name for name, _value in pairs)}")
    return facts


def checkpoints_in(paths: Iterable[Path], report: Callable[[str], None]) -> Iterator[Checkpoint]:
    """All in these files and folders. A line that is none is reported and passed over: a disk may have been full."""
    for path in paths:
        for file in sorted(path.glob("*.json*")) if path.is_dir() else [path]:
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
                if not line.strip():
                    continue
                try:
                    yield checkpoint_of(json.loads(line))
                except (ValueError, TypeError) as error:
                    report(f"Note: line {number} of {file} is no checkpoint ({error}).")


def keys_of(texts: Iterable[str]) -> dict[str, Ed25519PublicKey]:
    """Public keys by their id; each text is a PEM file's path, or the key's 32 bytes in base64."""
    keys = {}
    for text in texts:
        path = Path(text)
        key = (
            load_pem_public_key(path.read_bytes())
            if path.is_file()
            else Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
        )
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError(f"{text} is no Ed25519 key")
        keys[key_id(key)] = key
    return keys


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("export", type=Path)
    parser.add_argument("--checkpoints", type=Path, nargs="+", required=True)
    parser.add_argument("--public-key", nargs="+", required=True)
    chosen = parser.parse_args(arguments)

    def say(sentence: str) -> None:
        """On one line, whatever an export puts into it: no word of its own stands where the verdict does."""
        sys.stdout.write("".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in sentence) + "\n")

    try:
        keys = keys_of(chosen.public_key)
        checkpoints = list(checkpoints_in(chosen.checkpoints, say))
        events = lines_of(chosen.export)
        head = next(events, None)
        if not isinstance(head, dict) or head.get("format") != EXPORT_FORMAT:
            raise ValueError("its first line is not that of an export")
        report = verify(events, checkpoints, keys, datetime.fromisoformat(head["exported_at"]))
    except UNREADABLE as error:
        say(f"{chosen.export} cannot be read as an export: {error!r}")
        return 1
    say(f"{report.events} events, {report.checkpoints} checkpoints that hold.")
    for sentence in report.problems[:TOLD_AT_MOST]:
        say(f"WRONG: {sentence}")
    if len(report.problems) > TOLD_AT_MOST:
        say(f"… and {len(report.problems) - TOLD_AT_MOST} more.")
    if report.problems:
        return 1
    newest = report.newest.name if report.newest else ""
    say(f"WHOLE: {report.proven} events stand under {newest}; {report.unproven} came after it and are not proven yet.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
