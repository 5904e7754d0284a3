"""What people say to a dossier, and who may."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts_registry.models import DossierComment, JustificationDossier
from accounts_registry.queries.dossiers import visible_dossiers
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import Keyset
from organisation.queries.units import areas

LATEST_FIRST = Keyset("", size=20)
# Whoever has a part in dossiers has a say in them; who only reads has none.
SPEAKERS = (
    Permission.DOSSIER_WRITE,
    Permission.DOSSIER_CHECK,
    Permission.DOSSIER_VOTE,
    Permission.DOSSIER_DECIDE,
    Permission.DOSSIER_ADVISE,
)


def visible_comments(person: Person) -> QuerySet[DossierComment]:
    """Those on dossiers that `person` sees."""
    seen = DossierComment.objects.filter(dossier__in=visible_dossiers(person))
    return seen.select_related("dossier__unit", "author", "settled_by")


def comments_on(dossier: JustificationDossier) -> QuerySet[DossierComment]:
    return DossierComment.objects.filter(dossier=dossier).select_related("author", "settled_by")


def may_speak(person: Person, dossier: JustificationDossier) -> bool:
    """True for whoever sees the dossier and has a part in dossiers of its unit, whatever their stake in this one."""
    if not visible_dossiers(person).filter(pk=dossier.pk).exists():
        return False
    path = dossier.unit.path
    allowed = [one for one in SPEAKERS if person.reaches is None or one in person.reaches]
    return any(area.takes_in(path) for permission in allowed for area in areas(person, permission))


def concerned_by(comment: DossierComment) -> list[Person]:
    """Who asked for the dossier, and who commented on it before: but for who wrote this one."""
    earlier = DossierComment.objects.filter(dossier=comment.dossier_id, pk__lt=comment.pk).values("author")
    people = Person.objects.filter(pk__in=earlier) | Person.objects.filter(pk=comment.dossier.requested_by_id)
    return list(people.exclude(pk=comment.author_id).select_related("unit").distinct().order_by("name", "pk"))
