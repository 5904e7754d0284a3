"""Lists of accounts as people send them. A worker reads each in a process that may be killed (`networks.apart`)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import waking
from accounts_registry.enums.audit import IMPORT_LIFECYCLE, ImportState, Unread
from accounts_registry.lists.columns import described
from accounts_registry.lists.grid import MOST_BYTES
from accounts_registry.lists.reading import list_grid
from accounts_registry.models import AccountAudit, ListImport, ListRow
from networks.apart import Busy, Limits, Readers, preload
from organisation import audit as trail
from organisation import bulk, due, locks, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person

FOLDER = "audits/received"
READ_LISTS = "accounts_registry.tasks.read_lists"
MOST_TRIES = 3  # a worker that ended in the middle left the file to the next one
SENT = trail.tell("list_import.sent", _("%(actor)s sent a list of accounts"))

preload("accounts_registry.lists.reading")
readers = Readers(Limits(memory=1 << 30, processor=20, patience=40, answer=96 << 20), at_once=1, wait=20)


@action
def send_list(*, audit: AccountAudit, by: Person, file: File[Any], series: str) -> ListImport:
    """Keeps the file for a worker. `series` names the list; a later delivery bears the same name."""
    locked = locks.take(AccountAudit.objects.select_related("unit"), audit.pk)
    policy.require(by, Permission.ACCOUNT_MANAGE, locked)
    if not locked.is_open:
        raise Conflict(locked, "send_list")
    if not 0 < file.size <= MOST_BYTES:
        raise Refused(Unread.LARGE.label if file.size else Unread.EMPTY.label, field="file")
    digest = sha256()
    for piece in file.chunks():
        digest.update(piece)
    sent = ListImport(audit=locked, series=series.strip()[:120], sent_by=by, size=file.size)
    sent.name, sent.sha256 = str(file.name)[-200:], digest.hexdigest()
    sent.file.name = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", file)
    sent.save()
    trail.record(verb=SENT, thing=sent, by=by, name=sent.name, sha256=sent.sha256, list=sent.series)
    transaction.on_commit(wake_readers)
    return sent


def wake_readers() -> None:
    """Asks a worker to read now; the clockwork does by itself."""
    waking.wake(READ_LISTS)


def read_lists(*, seconds: float) -> int:
    """Reads lists until none waits or `seconds` have passed; how many. Files that nobody has to read go."""
    read = due.work(lambda: LISTS.turn(_read), seconds=seconds)
    for over in ListImport.objects.exclude(state=ImportState.RECEIVED).exclude(file=""):
        _throw_away(over)
    return read


def _waiting() -> QuerySet[ListImport]:
    waiting = ListImport.objects.filter(state=ImportState.RECEIVED)
    return waiting.select_related("audit__unit").order_by("sent_at", "pk")


LISTS = due.Queue(_waiting, lease=timedelta(minutes=3), tries="tries")


def _read(claimed: ListImport) -> None:
    if claimed.tries > MOST_TRIES:
        _refuse(claimed=claimed, why=Unread.WORK)
        return
    with claimed.file.open("rb") as file:
        content = file.read()
    try:
        answer = readers.ask(list_grid, content, claimed.name)
    except Busy:
        LISTS.hand_back(claimed)
        return
    told: dict[str, Any] = answer[0] if answer is not None else {"unreadable": Unread.WORK}
    if "unreadable" in told:
        _refuse(claimed=claimed, why=told["unreadable"])
    else:
        _keep(claimed=claimed, sheets=told["sheets"])
    _throw_away(claimed)


@action
def _keep(*, claimed: ListImport, sheets: list[dict[str, Any]]) -> None:
    audit = locks.take(AccountAudit.objects.select_related("unit"), claimed.audit_id)
    held = LISTS.hold(claimed, "audit__unit")
    if not audit.is_open:  # what lists say of people went as it was closed, and comes back by none that waited
        nothing: dict[str, Any] = {"sheets": [], "mapping": {}, "lease_until": None}
        perform(IMPORT_LIFECYCLE, "read", held, by=None, changes=nothing, details={"rows": []})
        return
    told, mapping = described(sheets)
    bulk.insert(
        ListRow(of=held, sheet=place, number=number, cells=cells)
        for place, sheet in enumerate(sheets)
        for number, cells in sheet["rows"]
    )
    changes = {"sheets": told, "mapping": mapping, "lease_until": None}
    perform(IMPORT_LIFECYCLE, "read", held, by=None, changes=changes, details={"rows": [one["rows"] for one in told]})


@action
def _refuse(*, claimed: ListImport, why: str) -> None:
    held = LISTS.hold(claimed, "audit__unit")
    changes = {"unread": why, "lease_until": None}
    perform(IMPORT_LIFECYCLE, "refuse", held, by=None, changes=changes, details={"why": why})


def _throw_away(over: ListImport) -> None:
    """The file of a row that waits no longer."""
    row = ListImport.objects.filter(pk=over.pk).exclude(state=ImportState.RECEIVED)
    if over.file and row.exists():
        default_storage.delete(str(over.file.name))
        row.update(file="")
