from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from monitoring import actions
from monitoring.enums import WATCH_LIFECYCLE, WatchState
from monitoring.forms import WatchForm
from monitoring.models import Watch
from monitoring.policy import may_collect
from monitoring.queries import visible_watches
from organisation.actions import offered
from organisation.enums import Permission
from organisation.forms import OptionalReasonForm
from organisation.long_forms import written
from organisation.policy import allows, allows_anywhere, require, require_anywhere
from organisation.queries import latest_events
from organisation.views.asking import asker
from organisation.views.once import once, once_a_change

_FACTS = ("account", "name", "query", "purpose", "legal_basis", "law", "dpia_reference", "owner", "expires_on")


def _found(request: HttpRequest, pk: int) -> Watch:
    return get_object_or_404(visible_watches(asker(request)), pk=pk)


def _show(
    request: HttpRequest, watch: Watch, *, form: OptionalReasonForm | None = None, status: int = 200
) -> HttpResponse:
    person = asker(request)
    facts = {
        "watch": watch,
        "offered": {edge.name for edge in offered(WATCH_LIFECYCLE, watch, person)},
        "against": list(may_collect(watch, person)) if watch.state == WatchState.DRAFT else [],
        "may_edit": watch.state == WatchState.DRAFT and allows(person, Permission.WATCH_MANAGE, watch),
        "found": watch.hits.filter(item__isnull=False).count(),
        "stream": getattr(watch, "stream", None),
        "story": latest_events(watch),
        "end_form": form or OptionalReasonForm(),
    }
    return render(request, "monitoring/watch_detail.html", facts, status=status)


@login_required
@require_safe
def watch_list(request: HttpRequest) -> HttpResponse:
    require_anywhere(asker(request), Permission.WATCH_VIEW)
    person = asker(request)
    facts = {"watches": visible_watches(person), "may_create": allows_anywhere(person, Permission.WATCH_MANAGE)}
    return render(request, "monitoring/watch_list.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@once
def watch_new(request: HttpRequest) -> HttpResponse:
    person = asker(request)
    require_anywhere(person, Permission.WATCH_MANAGE)
    form = WatchForm(*written(request, WatchForm), person=person)
    if form.is_valid() and (watch := form.carry_out(actions.create_watch, by=person, **form.cleaned_data)):
        return redirect("monitoring:watch_detail", pk=watch.pk)
    return render(request, "monitoring/watch_form.html", {"form": form}, status=form.status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@once_a_change
def watch_edit(request: HttpRequest, pk: int) -> HttpResponse:
    person, watch = asker(request), _found(request, pk)
    if not allows(person, Permission.WATCH_MANAGE, watch):
        raise PermissionDenied
    initial = {name: getattr(watch, name) for name in _FACTS}
    form = WatchForm(*written(request, WatchForm, watch), person=person, initial=initial)
    del form.fields["account"]
    if (
        form.is_valid()
        and form.carry_out(actions.update_watch, watch=watch, by=person, **form.cleaned_data) is not None
    ):
        return redirect("monitoring:watch_detail", pk=watch.pk)
    return render(request, "monitoring/watch_form.html", {"form": form, "watch": watch}, status=form.status)


@login_required
@require_POST
def watch_activate(request: HttpRequest, pk: int) -> HttpResponse:
    watch = _found(request, pk)
    require(asker(request), Permission.WATCH_MANAGE, watch)
    actions.activate_watch(watch=watch, by=asker(request))
    messages.success(request, _("The watch collects from now on."))
    return redirect("monitoring:watch_detail", pk=watch.pk)


@login_required
@require_POST
def watch_end(request: HttpRequest, pk: int) -> HttpResponse:
    watch = _found(request, pk)
    require(asker(request), Permission.WATCH_MANAGE, watch)
    form = OptionalReasonForm(request.POST)
    if (
        form.is_valid()
        and form.carry_out(actions.end_watch, watch=watch, by=asker(request), reason=form.cleaned_data["reason"])
        is not None
    ):
        messages.success(request, _("The watch has ended."))
        return redirect("monitoring:watch_detail", pk=watch.pk)
    return _show(request, watch, form=form, status=422)


@login_required
@require_safe
def watch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _found(request, pk))
