from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import FileKind
from accounts_registry.models import JustificationDossier
from accounts_registry.queries.dossier_document import document_of
from organisation import audit, policy
from organisation.audit import action
from organisation.documents import as_odt, as_pdf
from organisation.enums import Permission
from organisation.models import Person

EXPORTED = audit.tell("dossier.exported", _("%(actor)s took this dossier along as a file"))


@action
def export_dossier(*, dossier: JustificationDossier, by: Person, kind: FileKind, language: str) -> bytes:
    """The dossier as it stands, in one file; for whoever reads it."""
    policy.require(by, Permission.DOSSIER_VIEW, dossier)
    told = document_of(dossier, language)
    audit.record(verb=EXPORTED, thing=dossier, by=by, kind=kind.value, language=language)
    return as_pdf(told) if kind is FileKind.PDF else as_odt(told)
