"""Pages of what somebody has to know."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notices import actions
from notices.forms import ChoicesForm, NoticeFilter, TargetForm
from notices.queries import LATEST_FIRST, visible_addressees
from notices.queries.failing import FAILED_FIRST, visible_failures
from notices.queries.letters import choices_of
from notices.queries.targets import LATEST_CALLS, calls_of, visible_targets
from organisation import policy
from organisation.enums import Permission
from organisation.forms import PersonRequest


@login_required
@require_GET
def notice_list(request: PersonRequest) -> HttpResponse:
    form = NoticeFilter(request.GET or None, auto_id="id_filter_%s")
    page = LATEST_FIRST.page(form.narrowed(visible_addressees(request.user)), request.GET.get("page", ""))
    return render(request, "notices/notice_list.html", {"page": page, "form": form})


@login_required
@require_GET
def open_notice(request: PersonRequest, pk: int) -> HttpResponse:
    """The way from a notice, or a letter, to where something is done about it. To have looked changes no state."""
    told = get_object_or_404(visible_addressees(request.user), notice=pk)
    actions.see(told=told)
    return redirect(told.notice.url)


@login_required
@require_POST
def see_everything(request: PersonRequest) -> HttpResponse:
    actions.see_all(by=request.user)
    return redirect("notices:list")


@login_required
@require_http_methods(["GET", "POST"])
def choices(request: PersonRequest) -> HttpResponse:
    person = request.user
    form = ChoicesForm(request.POST or None, person=person, choices=choices_of([person])[person.pk])
    if form.is_valid() and form.save():
        messages.success(request, _("Kept. From now on you are told so."))
        return redirect("notices:choices")
    facts = {"form": form, "by_mail": settings.NOTICES_BY_MAIL, "zone": person.unit.zone.key}
    return render(request, "notices/choices.html", facts, status=422 if form.is_bound else 200)


@login_required
@require_GET
def letter_list(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.PERSON_VIEW)
    page = FAILED_FIRST.page(visible_failures(request.user), request.GET.get("page", ""))
    may = policy.allows_anywhere(request.user, Permission.PERSON_MANAGE)
    facts = {"page": page, "by_mail": settings.NOTICES_BY_MAIL, "may_try": may}
    return render(request, "notices/letter_list.html", facts)


@login_required
@require_POST
def letter_again(request: PersonRequest, pk: int) -> HttpResponse:
    letter = get_object_or_404(visible_failures(request.user), pk=pk)
    actions.try_again(letter=letter, by=request.user)
    messages.success(request, _("It is tried again within seconds."))
    return redirect("notices:letters")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def switch_off(request: HttpRequest, token: str) -> HttpResponse:
    """Mail programs post here (RFC 8058) and have no page of ours: to them the token is enough."""
    by_program = request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click"
    answer: HttpResponse = (_off if by_program else csrf_protect(_off))(request, token)
    return answer


def _off(request: HttpRequest, token: str) -> HttpResponse:
    found = actions.read_token(token)
    person, kinds = found or (None, [])
    is_off = person is not None and request.method == "POST"
    if person is not None and is_off:
        kinds = actions.switch_off(by=person, kinds=kinds)
    return render(request, "notices/off.html", {"kinds": kinds, "is_off": is_off}, status=200 if found else 404)


@login_required
@require_GET
def target_list(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.AUDIT_VIEW)
    return _targets(request)


def _targets(request: PersonRequest, secret: str = "") -> HttpResponse:
    """With the secret of one that was just set, which is kept nowhere and shown this once."""
    may = policy.allows_anywhere(request.user, Permission.UNIT_MANAGE)
    facts = {"targets": visible_targets(request.user), "secret": secret, "may_set": may}
    return render(request, "notices/target_list.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def target_new(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.UNIT_MANAGE)
    form = TargetForm(request.POST or None, person=request.user)
    if form.is_valid() and (made := form.save()):
        return _targets(request, secret=made[1])
    return render(request, "notices/target_form.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_GET
def target_detail(request: PersonRequest, pk: int) -> HttpResponse:
    """What it was called with lately, what became of it, and what is tried again when."""
    target = get_object_or_404(visible_targets(request.user), pk=pk)
    page = LATEST_CALLS.page(calls_of(target), request.GET.get("page", ""))
    facts = {"target": target, "page": page, "may_set": policy.allows(request.user, Permission.UNIT_MANAGE, target)}
    return render(request, "notices/target_detail.html", facts)


@login_required
@require_POST
def target_test(request: PersonRequest, pk: int) -> HttpResponse:
    actions.call_for_trial(target=get_object_or_404(visible_targets(request.user), pk=pk), by=request.user)
    messages.success(request, _("It is called within seconds: this list says what came of it."))
    return redirect("notices:target_detail", pk)


@login_required
@require_POST
def target_end(request: PersonRequest, pk: int) -> HttpResponse:
    actions.end_target(target=get_object_or_404(visible_targets(request.user), pk=pk), by=request.user)
    messages.success(request, _("This address is called no longer."))
    return redirect("notices:targets")
