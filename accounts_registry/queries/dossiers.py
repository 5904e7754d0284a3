from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts_registry.enums import DossierState
from accounts_registry.models import JustificationDossier
from organisation.enums import Permission
from organisation.models import AuditEvent, Person
from organisation.queries import story, within


def visible_dossiers(person: Person) -> QuerySet[JustificationDossier]:
    """Dossiers of which `person` may know: as a reader, and a draft only as one who writes in its unit."""
    drafts = Q(state=DossierState.DRAFT) & ~within(person, Permission.DOSSIER_WRITE) & ~Q(requested_by=person)
    seen = within(person, Permission.DOSSIER_VIEW) | Q(requested_by=person)
    return (
        JustificationDossier.objects.filter(seen)
        .exclude(drafts)
        .select_related("unit", "owner", "backup_holder", "requested_by", "pair_of")
    )


def dossier_story(dossier: JustificationDossier) -> QuerySet[AuditEvent]:
    return story(dossier)
