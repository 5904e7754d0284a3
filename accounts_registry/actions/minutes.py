"""Minutes of a session: written by whoever prepares the committee's work, approved by another member."""

from __future__ import annotations

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import MINUTES_LIFECYCLE, FileKind
from accounts_registry.models import CommitteeSession, Minutes
from accounts_registry.queries.minutes_document import content_of, document_of, hash_of
from organisation import audit, locks, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.documents import as_odt, as_pdf
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import Person

WRITTEN = audit.tell("minutes.written", _("%(actor)s wrote these minutes"))
EXPORTED = audit.tell("minutes.exported", _("%(actor)s took these minutes along as a file"))
CHANGED = _("Somebody changed these minutes since you opened the page. Read them as they stand now.")


@action
def write_minutes(*, session: CommitteeSession, by: Person, remarks: str, edition: int = 0) -> Minutes:
    """Of a closed session: all but the remarks is told by what happened there. `edition` is the one that was read, 0
    where there were none. Whoever wrote last is who wrote them: somebody else approves."""
    locked = locks.take(CommitteeSession.objects.select_related("unit"), session.pk)
    policy.require(by, Permission.DOSSIER_CHECK, locked)
    if not locked.is_closed:
        raise Refused(_("Minutes are written once the session is closed."))
    found = Minutes.objects.select_for_update(of=("self",)).filter(session=locked).first()
    if found is not None and found.is_approved:
        raise Conflict(found, "write")
    if edition != (found.edition if found else 0):
        raise Outdated(CHANGED)
    minutes = found or Minutes(session=locked)
    minutes.remarks, minutes.written_by, minutes.written_at = remarks.strip(), by, Now()
    minutes.edition = edition + 1
    minutes.save()
    minutes.refresh_from_db()
    audit.record(verb=WRITTEN, thing=minutes, by=by, edition=minutes.edition)
    return minutes


@action
def approve_minutes(*, minutes: Minutes, by: Person, content_hash: str) -> Minutes:
    """Another member says that it was so. From here on they are kept word by word, in every language of the unit;
    refused where they say something else than what `by` read (`content_hash`)."""
    rows = Minutes.objects.select_related("session__unit", "session__opened_by", "written_by")
    locked = locks.take(rows, minutes.pk)
    content = content_of(locked)
    if content_hash != hash_of(content):
        raise Outdated(CHANGED)
    changes = {"content": content, "content_hash": content_hash, "approved_by": by, "approved_at": Now()}
    perform(MINUTES_LIFECYCLE, "approve", locked, by=by, changes=changes, details={"sha256": content_hash})
    minutes.refresh_from_db()
    return minutes


@action
def export_minutes(*, minutes: Minutes, by: Person, kind: FileKind, language: str) -> bytes:
    """In one file, for whoever reads them: what was approved, or the draft as it stands."""
    policy.require(by, Permission.DOSSIER_VIEW, minutes)
    told = document_of(minutes, language)
    audit.record(verb=EXPORTED, thing=minutes, by=by, kind=kind.value, language=language)
    return as_pdf(told) if kind is FileKind.PDF else as_odt(told)
