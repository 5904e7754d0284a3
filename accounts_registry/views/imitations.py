"""Networks that are looked through for accounts that pose as us: which, when, with what, and what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts_registry.actions import begin_search, end_search, look_now
from accounts_registry.models import Account, ImitationSearch
from accounts_registry.queries.accounts import visible_accounts
from accounts_registry.queries.imitations import (
    WORTH_A_LOOK,
    searching_accounts,
    silent_networks,
    visible_searches,
)
from organisation import policy
from organisation.enums import Permission
from organisation.forms import ActionForm, PersonRequest
from organisation.queries import Keyset

IN_ORDER = Keyset("", size=50, newest_first=False)
PROBLEMS = {
    "budget": _("The calls of the day were used up: it goes on tomorrow."),
    "auth_expired": _("The network no longer accepts the account's sign-in: connect it again."),
    "permission_missing": _("The account's sign-in does not allow searching: connect it again, with that."),
    "rate_limited": _("The network allows no more calls for now: Parvis tries again later."),
    "unavailable": _("The network does not answer: Parvis tries again later."),
    "unsupported": _("This server has no search for accounts."),
}
OTHERWISE = _("The last look did not succeed: Parvis tries again later.")


@login_required
@require_GET
def search_list(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.ACCOUNT_VIEW)
    return _page(request)


def _page(request: PersonRequest, refused: ActionForm | None = None) -> HttpResponse:
    page = IN_ORDER.page(searching_accounts(request.user), request.GET.get("page", ""))
    facts = {
        "page": page,
        "rows": [(one, _search(one), _may(request, one)) for one in page.rows],
        "silent": silent_networks(request.user),
        "least": WORTH_A_LOOK,
        "refused": refused,
    }
    return render(request, "accounts_registry/search_list.html", facts, status=422 if refused else 200)


def _search(account: Account) -> ImitationSearch | None:
    search: ImitationSearch | None = getattr(account, "imitation_search", None)
    if search is not None and search.problem:
        search.told = PROBLEMS.get(search.problem, OTHERWISE)  # type: ignore[attr-defined]
    return search


def _may(request: PersonRequest, account: Account) -> bool:
    return policy.allows(request.user, Permission.SIGHTING_MANAGE, account)


@login_required
@require_POST
def search_begin(request: PersonRequest, pk: int) -> HttpResponse:
    account = get_object_or_404(visible_accounts(request.user), pk=pk)
    policy.require(request.user, Permission.SIGHTING_MANAGE, account)
    form = ActionForm(request.POST)
    if form.is_valid() and form.carry_out(begin_search, account=account, by=request.user) is not None:
        messages.success(request, _("Parvis looks now, and every day from here on."))
        return redirect("accounts_registry:search_list")
    return _page(request, form)


def _found(request: PersonRequest, pk: int) -> ImitationSearch:
    search: ImitationSearch = get_object_or_404(visible_searches(request.user), pk=pk)
    policy.require(request.user, Permission.SIGHTING_MANAGE, search.account)
    return search


@login_required
@require_POST
def search_look(request: PersonRequest, pk: int) -> HttpResponse:
    search, form = _found(request, pk), ActionForm(request.POST)
    if form.is_valid() and form.carry_out(look_now, search=search, by=request.user) is not None:
        messages.success(request, _("Parvis looks now. Reload this page in a moment."))
        return redirect("accounts_registry:search_list")
    return _page(request, form)


@login_required
@require_POST
def search_end(request: PersonRequest, pk: int) -> HttpResponse:
    end_search(search=_found(request, pk), by=request.user)
    messages.success(request, _("Ended. What was found stays."))
    return redirect("accounts_registry:search_list")
