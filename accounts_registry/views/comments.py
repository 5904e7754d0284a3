"""What people say to a dossier: written on its page, settled and withdrawn there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts_registry import actions
from accounts_registry.actions.commenting import require_speaking
from accounts_registry.enums.comment import COMMENT_LIFECYCLE
from accounts_registry.forms import CommentForm
from accounts_registry.models import DossierComment, JustificationDossier
from accounts_registry.queries import visible_dossiers
from accounts_registry.queries.comments import visible_comments
from accounts_registry.views.dossiers import dossier_answer
from organisation import policy
from organisation.forms import ActionForm, PersonRequest
from organisation.views.once import once

ACTS: dict[str, tuple[Any, Any]] = {
    "resolve": (actions.resolve_comment, _("The comment is settled.")),
    "reopen": (actions.reopen_comment, _("The comment is open again.")),
    "withdraw": (actions.withdraw_comment, _("Your comment is withdrawn.")),
}


def _comments(dossier: int) -> str:
    return reverse("accounts_registry:dossier_detail", args=[dossier]) + "#comments"


@login_required
@require_POST
@once
def dossier_comment(request: PersonRequest, pk: int) -> HttpResponse:
    dossier: JustificationDossier = get_object_or_404(visible_dossiers(request.user), pk=pk)
    require_speaking(request.user, dossier)
    form = CommentForm(request.POST, dossier=dossier)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("Your comment stands on the dossier."))
        return redirect(_comments(pk))
    return dossier_answer(request, dossier, comment_form=form)


@login_required
@require_POST
def comment_act(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    comment: DossierComment = get_object_or_404(visible_comments(request.user), pk=pk)
    permission = COMMENT_LIFECYCLE.permission_for(verb, comment)
    assert permission is not None
    policy.require(request.user, permission, comment)
    action, done = ACTS[verb]
    form = ActionForm(request.POST)
    if form.is_valid() and form.carry_out(action, comment=comment, by=request.user):
        messages.success(request, done)
        return redirect(_comments(comment.dossier_id))
    return dossier_answer(request, comment.dossier, refused={verb: form})
