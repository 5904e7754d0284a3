"""What people say to a dossier: written, settled, opened again, withdrawn. Nothing of it is deleted."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import DossierState
from accounts_registry.enums.comment import COMMENT_LIFECYCLE
from accounts_registry.models import DossierComment, JustificationDossier
from accounts_registry.queries.comments import may_speak
from accounts_registry.questionnaire import BY_KEY
from organisation import audit, locks, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person

COMMENTED = audit.tell("dossier.commented", _("%(actor)s commented on this dossier"))


def require_speaking(person: Person, dossier: JustificationDossier) -> None:
    """PermissionDenied for whoever has no part in dossiers of its unit, and only reads."""
    if not may_speak(person, dossier):
        raise PermissionDenied(_("Whoever writes, checks, votes on or advises on dossiers comments on them."))


@action
def comment_on_dossier(*, dossier: JustificationDossier, by: Person, text: str, question: str = "") -> DossierComment:
    """`by` says `text` to the dossier, or to the question of that key; who asked and who commented before are told."""
    locked = locks.take(JustificationDossier.objects.select_related("unit"), dossier.pk)
    policy.look_again(by, locked)
    require_speaking(by, locked)
    if locked.state == DossierState.WITHDRAWN:
        raise Conflict(locked, "comment on")
    if not text.strip():
        raise Refused(_("Say what you have to say."), field="text")
    if question and question not in BY_KEY:
        raise Refused(_("Choose a question of the dossier."), field="question")
    comment = DossierComment.objects.create(dossier=locked, author=by, text=text.strip(), question=question)
    audit.record(verb=COMMENTED, thing=locked, by=by, comment=comment.pk, question=question)
    comment.refresh_from_db()
    return comment


def _settled(verb: str, comment: DossierComment, by: Person, **changes: Any) -> DossierComment:
    facts = {"settled_by": by, "settled_at": Now(), **changes}
    perform(COMMENT_LIFECYCLE, verb, comment, by=by, changes=facts)
    comment.refresh_from_db()
    return comment


@action
def resolve_comment(*, comment: DossierComment, by: Person) -> DossierComment:
    """It is dealt with: by who wrote it, who writes the dossier, or who checks it."""
    return _settled("resolve", comment, by)


@action
def reopen_comment(*, comment: DossierComment, by: Person) -> DossierComment:
    return _settled("reopen", comment, by, settled_by=None, settled_at=None)


@action
def withdraw_comment(*, comment: DossierComment, by: Person) -> DossierComment:
    """Its words are forgotten; that there was a comment, and that it was withdrawn, stays."""
    return _settled("withdraw", comment, by, text="")
