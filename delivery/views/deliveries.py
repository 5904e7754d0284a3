from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from delivery.actions import complete_delivery
from delivery.enums import DELIVERY_LIFECYCLE, DeliveryState
from delivery.forms import DecideForm, ReconfirmForm, in_an_hour
from delivery.models import Delivery
from delivery.origins import kinds, origin_of, permissions_on
from delivery.queries import holds_over, incomplete, not_gone_out, uncertain, visible_deliveries
from organisation import policy
from organisation.actions import offered
from organisation.enums import Permission
from organisation.forms import PersonRequest
from organisation.queries import Keyset, latest_events

SHOWN = 50
LATEST_FIRST = Keyset("due_at", size=SHOWN)


@login_required
@require_GET
def unresolved_list(request: PersonRequest) -> HttpResponse:
    person = request.user
    if not any(policy.allows_anywhere(person, kind.permissions.see) for kind in kinds()):
        raise PermissionDenied
    lacking = list(incomplete(person)[: SHOWN + 1])
    facts = {
        "uncertain": list(uncertain(person)),
        "incomplete": lacking[:SHOWN],
        "more_incomplete": len(lacking) > SHOWN,
        "stopped": LATEST_FIRST.page(not_gone_out(person), request.GET.get("page", "")),
    }
    return render(request, "delivery/unresolved.html", facts)


def _delivery(request: PersonRequest, pk: int) -> Delivery:
    return get_object_or_404(visible_deliveries(request.user), pk=pk)


@login_required
@require_GET
def delivery_detail(request: PersonRequest, pk: int) -> HttpResponse:
    return _page(request, _delivery(request, pk))


def _page(
    request: PersonRequest,
    delivery: Delivery,
    decide: DecideForm | None = None,
    reconfirm: ReconfirmForm | None = None,
) -> HttpResponse:
    verbs = {edge.name for edge in offered(DELIVERY_LIFECYCLE, delivery, request.user)}
    if "confirm_there" in verbs:
        decide = decide or DecideForm()
    if "reconfirm" in verbs:
        reconfirm = reconfirm or ReconfirmForm(delivery=delivery, initial=in_an_hour())
    origin = origin_of(delivery)
    facts = {
        "delivery": delivery,
        "title": origin.title(delivery),
        "origin_url": origin.url(delivery, request.user),
        "kind": origin.kind,
        "attempts": list(delivery.attempts.all()),
        "holds": holds_over([delivery.account], message_unit=delivery.message_unit)
        if delivery.state == DeliveryState.DUE
        else [],
        "may_complete": bool(delivery.lacks)
        and policy.allows(request.user, permissions_on(delivery).schedule, delivery),
        "decide": decide,
        "reconfirm": reconfirm,
        "story": latest_events(delivery, 30),
    }
    refused = any(form is not None and form.is_bound for form in (decide, reconfirm))
    return render(request, "delivery/delivery_detail.html", facts, status=422 if refused else 200)


@login_required
@require_POST
def delivery_decide(request: PersonRequest, pk: int) -> HttpResponse:
    delivery = _delivery(request, pk)
    policy.require(request.user, Permission.DELIVERY_RESOLVE, delivery)
    form = DecideForm(request.POST)
    if form.is_valid() and form.save(delivery, request.user):
        messages.success(request, _("Your decision stands."))
        return redirect("delivery:delivery_detail", pk)
    return _page(request, delivery, decide=form)


@login_required
@require_POST
def delivery_reconfirm(request: PersonRequest, pk: int) -> HttpResponse:
    delivery = _delivery(request, pk)
    policy.require(request.user, permissions_on(delivery).reconfirm, delivery)
    form = ReconfirmForm(request.POST, delivery=delivery)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("It is in line again."))
        return redirect("delivery:delivery_detail", pk)
    return _page(request, _delivery(request, pk), reconfirm=form)  # as it stands: what was refused had begun


@login_required
@require_POST
def delivery_complete(request: PersonRequest, pk: int) -> HttpResponse:
    complete_delivery(delivery=_delivery(request, pk), by=request.user)
    messages.success(request, _("Noted: nothing is missing any more."))
    return redirect("delivery:delivery_detail", pk)
