"""Carries signed checkpoints to places that the database's owner cannot reach, and remembers how far each has got."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation import outward
from organisation.actions.sealing import signing_key
from organisation.checkpoint_places import PLACES, NotKept, Place, wanted_places
from organisation.clock import database_now
from organisation.models import AuditCheckpoint, CheckpointPlace
from organisation.sentences import Sentence, kept
from organisation.verifier import canonical, checkpoint_of, key_id

log = logging.getLogger(__name__)

AT_ONCE = 1000
TAIL = 16_384  # bytes at a file's end among which its last whole line is


def keep_checkpoints(*, every: timedelta) -> None:
    """Brings each place that is wanted and asks no longer than `every` up to date. What fails is tried again."""
    for place in wanted_places():
        if place.every <= every:
            _keep(place)


@transaction.atomic
def _keep(place: Place) -> None:
    CheckpointPlace.objects.get_or_create(name=place.name)
    row = CheckpointPlace.objects.select_for_update(skip_locked=True).filter(name=place.name).first()
    if row is None:
        return  # somebody else is at it
    now = database_now()
    tried = max(filter(None, (row.kept_at, row.failed_at)), default=None)
    if place.newest_only and tried is not None and now - tried < (timedelta(minutes=1) if row.failure else place.every):
        return
    due = list(_due(place, row))
    if not due:
        return
    try:
        _require_original()
        place.keep(due)
    except (NotKept, OSError, ValueError) as error:  # the last of an address to which no mail can be written
        log.warning("Checkpoints are not kept in %s: %s", place.name, error)
        row.failed_at, row.reasons = now, kept([_said(error)])
    else:
        row.size, row.kept_at, row.reasons = due[-1].size, now, []
    row.save()


def _said(error: NotKept | OSError | ValueError) -> str | Promise | Sentence:
    """The system's own words, which stand in no catalogue, behind ours."""
    if isinstance(error, NotKept):
        return error.said
    return Sentence(_("The place cannot be written: %(error)s"), error=str(error)[:300])


def _require_original() -> None:
    """A copy shares its past with the original: what it carried first would stand there as the original's own."""
    if outward.is_copy():
        raise NotKept(_("This is a copy or a restored backup: the places are those of the system that may send."))


def _due(place: Place, row: CheckpointPlace) -> Any:
    if place.newest_only:
        return AuditCheckpoint.objects.order_by("-size")[:1]
    newer = AuditCheckpoint.objects.filter(size__gt=row.size).order_by("size")[:AT_ONCE]
    # After a restore the trail is shorter than what was kept: that must be seen, not waited out.
    return newer or (AuditCheckpoint.objects.order_by("-size")[:1] if row.failure or _is_shorter(row) else [])


def _is_shorter(row: CheckpointPlace) -> bool:
    return row.size > 0 and not AuditCheckpoint.objects.filter(size__gte=row.size).exists()


class Folder(Place):
    """A file a day, a line a checkpoint, only ever added to. Best on another machine than the database's."""

    name = "folder"
    label = _("Folder")
    newest_only = False
    every = timedelta(seconds=1)

    @property
    def is_wanted(self) -> bool:
        return bool(settings.AUDIT_CHECKPOINTS)

    def keep(self, checkpoints: Sequence[AuditCheckpoint]) -> None:
        folder = Path(settings.AUDIT_CHECKPOINTS)
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        _keep_public_key(folder)
        there = _require_same_trail(folder)
        days: dict[str, list[bytes]] = {}
        for one in checkpoints:
            if one.size > there:
                days.setdefault(f"{one.taken_at:%Y-%m-%d}", []).append(canonical(one.document) + b"\n")
        for day, lines in days.items():
            _add(folder / f"checkpoints-{day}.jsonl", b"".join(lines))


def public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _keep_public_key(folder: Path) -> None:
    key = signing_key().public_key()
    file = folder / f"parvis-audit-{key_id(key)}.pem"
    if not file.exists():
        file.write_bytes(public_pem(key))


def _require_same_trail(folder: Path) -> int:
    """The size that the folder has got to; NotKept where that is not a checkpoint of this trail."""
    last = _last_in(folder)
    if last is None:
        return 0
    ours = AuditCheckpoint.objects.filter(size=last["size"]).first()
    if ours is None or ours.document != last:
        said = _(
            "The folder holds a checkpoint of %(when)s over %(size)s events that this trail does not have: it was cut, "
            "changed or restored from a backup. Find out which; then begin a new folder."
        )
        raise NotKept(Sentence(said, when=last["taken_at"], size=last["size"]))
    return int(last["size"])


def _last_in(folder: Path) -> dict[str, Any] | None:
    for file in sorted(folder.glob("checkpoints-*.jsonl"), reverse=True):
        with file.open("rb") as found:
            found.seek(max(0, found.seek(0, os.SEEK_END) - TAIL))
            lines = found.read().splitlines()
        for line in reversed(lines):
            try:
                return dict(checkpoint_of(json.loads(line)).document)
            except ValueError:
                continue  # cut short by a full disk or a power cut
    return None


def _add(file: Path, lines: bytes) -> None:
    """Returns when it is on the disk. A line that was cut short before is ended first."""
    number = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        size = os.fstat(number).st_size
        if size and os.pread(number, 1, size - 1) != b"\n":
            lines = b"\n" + lines
        if os.write(number, lines) != len(lines):
            raise NotKept(_("The disk is full."))
        os.fsync(number)
    finally:
        os.close(number)
    above = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(above)
    finally:
        os.close(above)


class Mail(Place):
    """The newest checkpoint, once a day, to whoever audits: also a sign that the sealing goes on."""

    name = "mail"
    label = _("Mail to the auditors")
    every = timedelta(days=1)

    @property
    def is_wanted(self) -> bool:
        return bool(settings.AUDIT_MAIL)

    def keep(self, checkpoints: Sequence[AuditCheckpoint]) -> None:
        newest = checkpoints[-1]
        with translation.override(settings.LANGUAGE_CODE):
            message = EmailMessage(
                subject=_("Parvis: the audit trail is sealed up to event %(size)s") % {"size": newest.size},
                body=_(
                    "Please keep this message. The file with it is the signed state of the audit trail of Parvis. With "
                    "it and an export you can prove later that nothing before that moment was changed or removed."
                ),
                to=settings.AUDIT_MAIL,
            )
        key = signing_key().public_key()
        message.attach(f"checkpoint-{newest.size}.json", canonical(newest.document), "application/json")
        message.attach(f"parvis-audit-{key_id(key)}.pem", public_pem(key), "application/x-pem-file")
        message.send()


PLACES += [Folder(), Mail()]
