"""The whole trail as a file, for the verifier (`organisation/verifier.py`). An export is an event itself."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from organisation import audit
from organisation.actions.sealing import verifying_keys
from organisation.clock import database_now
from organisation.models import AuditCheckpoint, Person
from organisation.queries.sealed import all_events, may_export
from organisation.verifier import EXPORT_FORMAT, Checkpoint, Report, canonical, verify

EXPORTED = audit.tell("audit.exported", _("%(actor)s exported the audit trail"))


@audit.action
def export_trail(*, by: Person | None) -> Iterator[bytes]:
    """JSON lines: a head, the sealed events by their place, then those not sealed yet. Read while it is asked for.

    For whoever reads the trail of every root: units of others have no place of their own in the tree.
    """
    if by is not None and not may_export(by):
        raise PermissionDenied
    newest = AuditCheckpoint.objects.first() or AuditCheckpoint(size=0)
    audit.record(verb=EXPORTED, thing=newest, by=by, sealed=newest.size)
    return _lines()


def zipped(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The same as a gzip file, a piece at a time."""
    machine = zlib.compressobj(6, zlib.DEFLATED, 31)
    for line in lines:
        if piece := machine.compress(line):
            yield piece
    yield machine.flush()


def verify_trail(elsewhere: Iterable[Checkpoint] = ()) -> Report:
    """The verifier's own check, over the database, the checkpoints in it and those kept `elsewhere`."""
    checkpoints = [row.checkpoint for row in AuditCheckpoint.objects.order_by("size")]
    return verify(all_events(), [*checkpoints, *elsewhere], verifying_keys())


def _lines() -> Iterator[bytes]:
    moment = database_now().astimezone(UTC).isoformat(timespec="microseconds")
    yield canonical({"format": EXPORT_FORMAT, "exported_at": moment}) + b"\n"
    for event in all_events():
        yield canonical(event) + b"\n"
