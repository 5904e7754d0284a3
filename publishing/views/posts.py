from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts_registry.queries import visible_accounts
from organisation import policy
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.forms import PersonRequest, wants_part
from organisation.lifecycle import Conflict
from organisation.long_forms import written
from organisation.models import Unit
from organisation.queries import KeysFirst, by_unit, units_where, visible_units
from organisation.sentences import colon
from organisation.views.once import once, once_a_change
from publishing.enums import WRITABLE
from publishing.forms import PostFilter, PostForm
from publishing.models import Post
from publishing.policy import may_edit
from publishing.queries import checks, visible_posts, writable_accounts
from publishing.queries.approvers import approvers_of
from publishing.queries.listing import page_of, rows_of
from publishing.queries.repeats import asked_about
from publishing.queries.uploads import uploads_to_show
from publishing.views.post_page import live_part, picture, post_page
from publishing.views.sight import seen


def looked_at(request: PersonRequest) -> Unit | None:
    """The unit that the person chose to look at in the frame."""
    chosen = request.session.get("unit")
    return visible_units(request.user).filter(pk=chosen).first() if chosen else None


def _may_look(request: PersonRequest) -> None:
    policy.require_anywhere(request.user, Permission.POST_VIEW)


@login_required
@require_GET
def post_list(request: PersonRequest) -> HttpResponse:
    _may_look(request)
    units, accounts = list(visible_units(request.user)), list(visible_accounts(request.user))
    form = PostFilter(request.GET or None, auto_id="id_filter_%s", units=units, accounts=accounts)
    posts, unit = form.narrow(visible_posts(request.user)), looked_at(request)
    parts = by_unit(request.user, Permission.POST_VIEW, below=unit.path if unit else "")
    cursor = request.GET.get("page", "")
    if form.chosen().get("words"):  # by the index of words, whichever unit they stand in
        page = page_of(posts.filter(unit__in=parts.owners), cursor, parts=KeysFirst())
    else:
        page = page_of(posts, cursor, parts=parts)
    facts = {"form": form, "page": page, "rows": rows_of(page.rows)}
    facts["may_write"] = policy.allows_anywhere(request.user, Permission.POST_WRITE)
    return render(request, "publishing/post_list.html", facts)


@login_required
@require_GET
def post_detail(request: PersonRequest, pk: int) -> HttpResponse:
    post = seen(request, pk)
    if not wants_part(request):
        return render(request, "publishing/post_detail.html", post_page(post, request.user))
    part = live_part(post, request.user, request.GET.get("known", ""))
    return render(request, "publishing/_live.html", part) if part else HttpResponse(status=204)


@login_required
@require_http_methods(["GET", "POST"])
@once
def post_new(request: PersonRequest) -> HttpResponse:
    units = units_where(request.user, Permission.POST_WRITE)
    if not units:
        raise PermissionDenied
    form = PostForm(*written(request, PostForm), accounts=writable_accounts(request.user), units=units)
    if form.is_valid() and (post := form.save(request.user)):
        messages.success(request, _("The draft is saved. Write what each account says, then submit it."))
        return redirect("publishing:post_edit", post.pk)
    return render(request, "publishing/post_edit.html", _editor(request, form, None), status=form.status)


@login_required
@require_http_methods(["GET", "POST"])
@once_a_change
def post_edit(request: PersonRequest, pk: int) -> HttpResponse:
    post = seen(request, pk)
    if not may_edit(request.user, post):
        raise PermissionDenied(_("This post cannot be edited by you, or not any more."))
    form = PostForm(*written(request, PostForm, post), accounts=writable_accounts(request.user), units=[], post=post)
    try:
        if form.is_valid() and form.save(request.user):
            messages.success(request, _("Saved."))
            return redirect("publishing:post_edit" if "stay" in request.POST else "publishing:post_detail", pk)
    except Conflict:
        return _conflict(request, pk)
    return render(request, "publishing/post_edit.html", _editor(request, form, post), status=form.status)


def _conflict(request: PersonRequest, pk: int) -> HttpResponse:
    """Both texts: what was typed stays in the fields, what stands now is shown beside it. Saving again decides."""
    post = seen(request, pk)
    typed = request.POST.copy()
    typed["version"] = str(post.version)
    form = PostForm(typed, accounts=writable_accounts(request.user), units=[], post=post)
    form.errors.clear()
    facts = {**_editor(request, form, post), "conflict": True, "theirs": _texts(post), "yours": _typed(form)}
    return render(request, "publishing/post_edit.html", facts, status=409)


def _texts(post: Post) -> str:
    own = [f"{variant}{colon()} {variant.text}" for variant in post.variants.all() if variant.text]
    return "\n".join([post.core_text, *own])


def _typed(form: PostForm) -> str:
    places = [place for places in form.places().values() for place in places]
    own = [
        f"{place.account.label} · {place.language_label}{colon()} {place.text.value()}"
        for place in places
        if place.text.value()
    ]
    return "\n".join([str(form["core_text"].value() or ""), *own])


def _editor(request: PersonRequest, form: PostForm, post: Post | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"form": form, "post": post, "person": request.user, "places": form.places()}
    if post is not None:
        facts["checks"] = checks(post, database_now())
        facts["approvers"] = list(approvers_of(post)[:5])
        facts["asked"] = asked_about(post, request.user)
        facts["uploads"] = list(uploads_to_show(post))
        facts["is_draft"] = post.state in WRITABLE
        facts["pictures"] = [picture(image, post.language) for image in post.media.all()]
    return facts
