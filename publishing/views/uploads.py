"""A file that was sent, at the place where it was sent: being looked at, then there, or why it is not."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from organisation import policy
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.forms import PersonRequest, wants_part
from publishing import actions
from publishing.enums import UploadKind, UploadState
from publishing.forms import PostForm
from publishing.models import Post, Upload
from publishing.policy import may_edit
from publishing.queries import checks, writable_accounts
from publishing.views.sight import seen


@login_required
@require_GET
def upload(request: PersonRequest, pk: int, upload: int) -> HttpResponse:
    """The part that looks after itself; 204 while there is nothing to tell of the file."""
    post = seen(request, pk)
    found = get_object_or_404(Upload, post=post, pk=upload)
    edits = "edits" in request.GET and may_edit(request.user, post)
    if not wants_part(request):
        return redirect("publishing:post_edit" if edits else "publishing:post_detail", pk)
    if found.is_waiting and found.progress is None:
        return HttpResponse(status=204)
    return render(request, "publishing/_upload.html", part(request, post, found, edits=edits))


@login_required
@require_POST
def dismiss_upload(request: PersonRequest, pk: int, upload: int) -> HttpResponse:
    actions.dismiss_upload(upload=get_object_or_404(Upload, post=seen(request, pk), pk=upload), by=request.user)
    if wants_part(request):
        return render(request, "publishing/_dismissed.html")
    return redirect("publishing:post_detail", pk)


def part(request: PersonRequest, post: Post, found: Upload, *, edits: bool) -> dict[str, Any]:
    """With the fields that speak of what came of it and what is in the way since, where the person edits."""
    facts: dict[str, Any] = {"post": post, "upload": found, "edits": edits}
    facts["may_dismiss"] = policy.allows(request.user, Permission.POST_WRITE, post)
    facts["checks_since"] = checks(post, database_now()) if edits and found.state == UploadState.READ else None
    if edits and found.state == UploadState.READ and found.kind != UploadKind.CAPTIONS:
        form = PostForm(accounts=writable_accounts(request.user), units=[], post=post)
        rows = enumerate(form.described(), start=1)
        facts["number"], facts["one"] = next((row for row in rows if row[1].image.pk == found.media_id), (0, None))
    return facts
