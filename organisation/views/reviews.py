"""Access reviews: each role confirmed by somebody else than its holder, or struck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisation import policy
from organisation.actions import call_off_review, confirm_line, strike_line
from organisation.enums import Permission
from organisation.forms import LineFilter, PersonRequest, ReasonForm, ReviewForm
from organisation.models import AccessReview, ReviewLine
from organisation.queries import latest_events
from organisation.queries.reviews import (
    IN_ORDER,
    LATEST_FIRST,
    against_answering,
    progress,
    visible_lines,
    visible_reviews,
    with_stand_ins,
)
from organisation.views.once import once


@login_required
@require_GET
def review_list(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.PERSON_VIEW)
    page = LATEST_FIRST.page(visible_reviews(request.user), request.GET.get("page", ""))
    facts = {
        "page": page,
        "rows": [(review, progress(request.user, review)) for review in page.rows],
        "may_start": policy.allows_anywhere(request.user, Permission.PERSON_MANAGE),
    }
    return render(request, "organisation/review_list.html", facts)


@login_required
@require_http_methods(["GET", "POST"])
@once
def review_new(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.PERSON_MANAGE)
    form = ReviewForm(request.POST or None, person=request.user)
    if form.is_valid() and (review := form.save()):
        messages.success(request, _("The access review has begun. Whoever may confirm is told."))
        return redirect(review.get_absolute_url())
    return render(request, "organisation/review_new.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_GET
def review_detail(request: PersonRequest, pk: int) -> HttpResponse:
    return _page(request, get_object_or_404(visible_reviews(request.user), pk=pk))


def _page(request: PersonRequest, review: AccessReview, **given: Any) -> HttpResponse:
    form = LineFilter(request.GET or None, auto_id="id_filter_%s")
    chosen = form.chosen()
    lines = visible_lines(request.user).filter(review=review)
    if "state" in chosen:
        lines = lines.filter(state=chosen["state"])
    if "named" in chosen:
        lines = lines.filter(grant__person__name__icontains=chosen["named"])
    page = IN_ORDER.page(with_stand_ins(lines), request.GET.get("page", ""))
    facts = {
        "review": review,
        "form": form,
        "progress": progress(request.user, review),
        "page": page,
        "rows": [_row(request, line, given.get("refused_line")) for line in page.rows],
        "may_call_off": review.is_running and policy.allows(request.user, Permission.PERSON_MANAGE, review),
        "story": latest_events(review, 30),
        **given,
    }
    return render(request, "organisation/review_detail.html", facts, status=422 if given else 200)


def _row(request: PersonRequest, line: ReviewLine, refused: tuple[int, ReasonForm] | None) -> dict[str, Any]:
    may_manage = line.is_open and policy.allows(request.user, Permission.PERSON_MANAGE, line.grant.unit)
    why_not = against_answering(request.user, line) if may_manage else None
    form = refused[1] if refused and refused[0] == line.pk else None
    return {"line": line, "may_answer": may_manage and why_not is None, "why_not": why_not, "refused": form}


@login_required
@require_POST
def line_confirm(request: PersonRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(visible_lines(request.user), pk=pk)
    confirm_line(line=line, by=request.user)
    messages.success(request, _("Confirmed: %(name)s keeps this role.") % {"name": line.person.name})
    return _back(line)


@login_required
@require_POST
def line_strike(request: PersonRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(visible_lines(request.user), pk=pk)
    policy.require(request.user, Permission.PERSON_MANAGE, line.grant)
    form = ReasonForm(request.POST)
    if form.is_valid() and _done(form, strike_line, line=line, by=request.user):
        messages.success(request, _("Struck: %(name)s no longer has this role.") % {"name": line.person.name})
        return _back(line)
    return _page(request, line.review, refused_line=(line.pk, form), refused=form)


def _done(form: ReasonForm, verb: Callable[..., Any], **told: Any) -> bool:
    return form.carry_out(verb, **told, **form.cleaned_data) is not None


def _back(line: ReviewLine) -> HttpResponse:
    return redirect("organisation:review_detail", line.review_id)


@login_required
@require_POST
def review_call_off(request: PersonRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(visible_reviews(request.user), pk=pk)
    policy.require(request.user, Permission.PERSON_MANAGE, review)
    form = ReasonForm(request.POST)
    if form.is_valid() and _done(form, call_off_review, review=review, by=request.user):
        messages.success(request, _("The access review is called off: nothing lapses."))
        return redirect(review.get_absolute_url())
    return _page(request, review, refused=form)
