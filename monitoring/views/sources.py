from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from monitoring import actions
from monitoring.enums import SOURCE_LIFECYCLE, SourceState
from monitoring.forms import EntriesForm, SourceForm
from monitoring.models import Source
from monitoring.policy import may_be_read
from monitoring.queries import EntryFilter, entries_page, visible_sources
from networks.catalogue import NETWORKS
from organisation.actions import offered
from organisation.enums import Permission
from organisation.forms import OptionalReasonForm
from organisation.long_forms import written
from organisation.policy import allows, allows_anywhere, require, require_anywhere
from organisation.queries import latest_events
from organisation.views.asking import asker, chosen_path
from organisation.views.once import once_a_change, once_in_the_end

_FIXED = ("unit", "network", "url")
_FACTS = ("title", "words", "purpose", "legal_basis", "law", "dpia_reference", "owner", "expires_on")


def _found(request: HttpRequest, pk: int, to: Permission | None = None) -> Source:
    """404 out of sight; 403 where the person may not act `to` it."""
    found = get_object_or_404(visible_sources(asker(request)), pk=pk)
    if to is not None:
        require(asker(request), to, found)
    return found


def _show(
    request: HttpRequest, source: Source, *, form: OptionalReasonForm | None = None, status: int = 200
) -> HttpResponse:
    person = asker(request)
    facts = {
        "source": source,
        "offered": {edge.name for edge in offered(SOURCE_LIFECYCLE, source, person)},
        "against": list(may_be_read(source, person)) if source.state == SourceState.PAUSED else [],
        "may_edit": source.state != SourceState.ENDED and allows(person, Permission.WATCH_MANAGE, source),
        "page": entries_page(person, EntryFilter(source=source.pk)),
        "story": latest_events(source),
        "end_form": form or OptionalReasonForm(),
    }
    return render(request, "monitoring/source_detail.html", facts, status=status)


@login_required
@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    require_anywhere(asker(request), Permission.WATCH_VIEW)
    person = asker(request)
    facts = {"sources": visible_sources(person), "may_create": allows_anywhere(person, Permission.WATCH_MANAGE)}
    return render(request, "monitoring/source_list.html", facts)


@login_required
@require_safe
def entry_list(request: HttpRequest) -> HttpResponse:
    require_anywhere(asker(request), Permission.WATCH_VIEW)
    person = asker(request)
    form = EntriesForm(request.GET or None, person=person)
    wanted = form.wanted(chosen_path(request))
    page = entries_page(person, wanted, request.GET.get("page", ""))
    facts = {"form": form, "page": page, "narrowed": wanted.source is not None or wanted.words}
    return render(request, "monitoring/entry_list.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@once_in_the_end
def source_new(request: HttpRequest) -> HttpResponse:
    person = asker(request)
    require_anywhere(person, Permission.WATCH_MANAGE)
    form = SourceForm(*_as_asked(request), person=person)
    if not form.is_valid():
        return _form(request, form)
    instead = ""

    def add(**facts: Any) -> Source:
        nonlocal instead
        try:
            return actions.add_source(**facts)
        except actions.ReadOtherwise as refused:
            instead = refused.instead
            raise

    source = form.carry_out(add, by=person, **form.cleaned_data)
    if source is None:
        return _form(request, form, instead=NETWORKS[instead] if instead else None)
    messages.success(request, _("This source is read from now on."))
    return redirect("monitoring:source_detail", pk=source.pk)


def _as_asked(request: HttpRequest) -> tuple[Any, ...]:
    """What was typed, read as what the button says where one did."""
    if not request.POST.get("instead"):
        return written(request, SourceForm)
    typed = request.POST.copy()
    typed["network"] = str(typed["instead"])
    return (typed,)


def _form(request: HttpRequest, form: SourceForm, **facts: Any) -> HttpResponse:
    return render(request, "monitoring/source_form.html", {"form": form, **facts}, status=form.status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@once_a_change
def source_edit(request: HttpRequest, pk: int) -> HttpResponse:
    source = _found(request, pk, to=Permission.WATCH_MANAGE)
    initial = {name: getattr(source, name) for name in _FACTS}
    form = SourceForm(*written(request, SourceForm, source), person=asker(request), initial=initial)
    for name in _FIXED:
        del form.fields[name]
    if (
        form.is_valid()
        and form.carry_out(actions.update_source, source=source, by=asker(request), **form.cleaned_data) is not None
    ):
        return redirect("monitoring:source_detail", pk=source.pk)
    return _form(request, form, source=source)


@login_required
@require_POST
def source_pause(request: HttpRequest, pk: int) -> HttpResponse:
    source = _found(request, pk, to=Permission.WATCH_MANAGE)
    actions.pause_source(source=source, by=asker(request))
    messages.success(request, _("This source is not read any more until somebody has it read again."))
    return redirect("monitoring:source_detail", pk=source.pk)


@login_required
@require_POST
def source_resume(request: HttpRequest, pk: int) -> HttpResponse:
    source = _found(request, pk, to=Permission.WATCH_MANAGE)
    actions.resume_source(source=source, by=asker(request))
    messages.success(request, _("This source is read from now on."))
    return redirect("monitoring:source_detail", pk=source.pk)


@login_required
@require_POST
def source_end(request: HttpRequest, pk: int) -> HttpResponse:
    source = _found(request, pk, to=Permission.WATCH_MANAGE)
    form = OptionalReasonForm(request.POST)
    if (
        form.is_valid()
        and form.carry_out(actions.end_source, source=source, by=asker(request), reason=form.cleaned_data["reason"])
        is not None
    ):
        messages.success(request, _("The source has ended."))
        return redirect("monitoring:source_detail", pk=source.pk)
    return _show(request, source, form=form, status=422)


@login_required
@require_safe
def source_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _found(request, pk))
