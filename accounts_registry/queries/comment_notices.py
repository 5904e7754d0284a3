"""That somebody commented on a dossier, for who asked for it and who commented before; gone once it is settled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.comment import CommentState
from accounts_registry.models import DossierComment
from accounts_registry.queries.comments import concerned_by
from notices.enums import Urgency
from notices.kinds import About, Kind
from organisation.enums import Permission
from organisation.sentences import Sentence

TOLD_FOR = timedelta(days=60)


def _open() -> QuerySet[DossierComment]:
    return DossierComment.objects.filter(state=CommentState.OPEN, written_at__gt=Now() - TOLD_FOR)


def _standing() -> Iterator[tuple[str, int]]:
    for pk in _open().order_by("pk").values_list("pk", flat=True):
        yield str(pk), pk


def _about(pk: int) -> About | None:
    found = _open().filter(pk=pk).select_related("dossier__unit", "author").first()
    if found is None:
        return None
    words = _("%(name)s commented on the dossier %(dossier)s.")
    return About(
        key=str(pk),
        words=Sentence(words, name=found.author.name, dossier=found.dossier.title),
        url=f"{reverse('accounts_registry:dossier_detail', args=[found.dossier_id])}#comments",
        unit=found.dossier.unit,
        sees=Permission.DOSSIER_VIEW,
        people=concerned_by(found),
    )


COMMENT_KINDS = (
    Kind("dossier_comment", _("Somebody commented on a dossier of mine"), Urgency.TO_KNOW, _standing, _about),
)
