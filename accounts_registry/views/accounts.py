from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts_registry import in_line
from accounts_registry.actions import disconnect_account, reactivate_account, suspend_account
from accounts_registry.enums import ACCOUNT_LIFECYCLE, AccountState, Audience, ConnectionState
from accounts_registry.forms import RegistryFilter, ThirdPartyAppForm
from accounts_registry.forms.budget import BudgetForm
from accounts_registry.forms.requests import KINDS
from accounts_registry.models import Account
from accounts_registry.policy import exit_plan_done, holds
from accounts_registry.queries import functional_duplicates, listening_sentences, registry, standing, visible_accounts
from accounts_registry.queries.answers import answers
from accounts_registry.queries.closing import steps_of
from accounts_registry.queries.figures import series_of
from accounts_registry.queries.life import dues, name_the_holders, with_dues
from accounts_registry.queries.requests import ALIVE_STATES, requests_about
from accounts_registry.queries.security import STANDING
from accounts_registry.views.budget import budget_part
from organisation import policy
from organisation.actions import offered
from organisation.enums import Permission
from organisation.forms import ActionForm, PersonRequest, ReasonForm
from organisation.models import Person
from organisation.queries import latest_events, looked_at, visible_units
from organisation.queries.names import explained

LATEST_REVIEWS = 5
# Verb → (action, permission, what the page says afterwards).
ACTS: dict[str, tuple[Any, Permission, Any]] = {
    "disconnect": (disconnect_account, Permission.ACCOUNT_CONNECT, _("The account is disconnected.")),
    "suspend": (suspend_account, Permission.ACCOUNT_MANAGE, _("The account is suspended.")),
    "reactivate": (reactivate_account, Permission.ACCOUNT_MANAGE, _("The account is active again.")),
}
CONSEQUENCES = {
    "disconnect": _(
        "Nothing is sent or read until somebody connects it again. Parvis ends its access at the network where it can, "
        "then forgets the credentials."
    ),
    "suspend": _("Nothing is sent from this account until somebody reactivates it. The connection stays."),
    "reactivate": _("Messages may be sent from this account again."),
}


@login_required
@require_GET
def account_list(request: PersonRequest) -> HttpResponse:
    form = RegistryFilter(
        request.GET or None, auto_id="id_filter_%s", units=list(visible_units(request.user)), initial={"unit": ""}
    )
    chosen = form.chosen()
    if "unit" not in chosen and (unit := looked_at(request.user, request.session.get("unit"))):
        chosen["unit"] = unit.slug
    accounts = registry(request.user, **chosen)
    standing_ones = [account for account in accounts if account.state != AccountState.ARCHIVED]
    unpaired = [account for account in standing_ones if account.missing_languages]
    alike = functional_duplicates(standing_ones)
    rows = [(account, standing(account)) for account in accounts]
    facts = {"form": form, "accounts": rows, "unpaired": unpaired, "alike": alike, **_may(request)}
    return render(request, "accounts_registry/account_list.html", facts)


def _may(request: PersonRequest) -> dict[str, bool]:
    return {"may_ask": policy.allows_anywhere(request.user, Permission.DOSSIER_WRITE)}


def visible_account(request: PersonRequest, pk: int) -> Account:
    seen = with_dues(visible_accounts(request.user)).annotate(security_standing=STANDING)
    beside = ("unit", "dossier", "pair__unit", "exit_plan__successor", "security")
    return get_object_or_404(seen.select_related(*beside), pk=pk)


@login_required
@require_GET
def account_detail(request: PersonRequest, pk: int) -> HttpResponse:
    return account_page(request, visible_account(request, pk))


def account_page(
    request: PersonRequest,
    account: Account,
    *,
    refused: dict[str, ReasonForm] | None = None,
    status: int = 200,
    budget_form: BudgetForm | None = None,
    app_form: ThirdPartyAppForm | None = None,
    struck: tuple[int, ReasonForm] | None = None,
    closing_refused: ActionForm | None = None,
) -> HttpResponse:
    """The account's page; the forms are those that say why something was refused."""
    person = request.user
    may_connect = policy.allows(person, Permission.ACCOUNT_CONNECT, account)
    story = latest_events(account, 30)
    name_the_holders(explained(person, story.events))
    facts = {"account": account, "may_connect": may_connect, "story": story}
    facts |= _acts(account, person, refused or {}, may_connect=may_connect)
    if account.state == AccountState.CLOSING:
        facts |= _closing_part(account, person, closing_refused)
    facts |= budget_part(account, person, budget_form)
    facts["audiences"] = [Audience(key).label for key in account.audiences]
    facts["may_see_dossier"] = policy.allows(person, Permission.DOSSIER_VIEW, account)
    stands = standing(account)
    facts["standing"], facts["listening"] = stands, listening_sentences(account)
    may_manage = policy.allows(person, Permission.ACCOUNT_MANAGE, account)
    facts |= {"may_manage": may_manage, "may_confirm": holds(person, account)}
    facts["app_form"], forms = app_form or ThirdPartyAppForm(), dict([struck] if struck else [])
    apps = [(app, forms.get(app.pk)) for app in account.third_party_apps.all()]
    due = list(dues(account, account.today)) if account.state != AccountState.ARCHIVED else []
    facts["apps"], facts["answers"] = apps, answers(account, stands, due, apps=len(apps))
    facts["may"] = {"manager": may_manage, "connector": may_connect, "holder": facts["may_confirm"]}
    facts |= {"figures": list(series_of(account)), "exit_plan": getattr(account, "exit_plan", None)}
    facts |= _requests_part(account, person)
    facts["reviews"] = account.reviews.select_related("reviewed_by")[:LATEST_REVIEWS]
    return render(request, "accounts_registry/account_detail.html", facts, status=status)


def _acts(account: Account, person: Person, refused: dict[str, ReasonForm], *, may_connect: bool) -> dict[str, Any]:
    """Those that ask why, each with what it does; and whether it may be closed, on a page of its own."""
    edges = offered(ACCOUNT_LIFECYCLE, account, person)
    verbs = [(edge.name, edge.label) for edge in edges if edge.name in ACTS]
    if may_connect and account.connection_state != ConnectionState.DISCONNECTED:
        verbs.insert(0, ("disconnect", _("Disconnect this account")))
    acts = [
        {"verb": verb, "label": label, "explain": CONSEQUENCES[verb], "form": refused.get(verb)}
        for verb, label in verbs
    ]
    return {"acts": acts, "may_close": any(edge.name == "begin_closing" for edge in edges)}


def _requests_part(account: Account, person: Person) -> dict[str, Any]:
    """What the committee is asked about it, and what else this person may ask."""
    open_ones = list(requests_about(account, person)) if policy.allows_anywhere(person, Permission.DOSSIER_VIEW) else []
    may = policy.allows(person, Permission.DOSSIER_WRITE, account) and account.state in ALIVE_STATES
    asked = {one.request_type for one in open_ones}
    kinds = [(key, asking) for key, asking in KINDS.items() if may and key not in asked]
    return {"requests": open_ones, "request_kinds": kinds}


def _closing_part(account: Account, person: Person, refused: ActionForm | None) -> dict[str, Any]:
    """The exit plan with its steps, what is still to go out, and what the last act still waits for."""
    return {
        "exit_steps": steps_of(account),
        "in_line": in_line.standing(account.pk, person) if account.lets_out else [],
        "closing_refused": refused,
        "against_closing": list(exit_plan_done(account, person)),
    }


@login_required
@require_POST
def account_budget(request: PersonRequest, pk: int) -> HttpResponse:
    account = visible_account(request, pk)
    policy.require(request.user, Permission.ACCOUNT_MANAGE, account)
    form = BudgetForm(request.POST, account=account)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("The budget is set."))
        return redirect("accounts_registry:account_detail", pk)
    return account_page(request, account, status=422, budget_form=form)


@login_required
@require_POST
def account_act(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    account = visible_account(request, pk)
    action, permission, done = ACTS[verb]
    policy.require(request.user, permission, account)
    form = ReasonForm(request.POST)
    if form.is_valid() and form.carry_out(action, account=account, by=request.user, **form.cleaned_data):
        messages.success(request, done)
        return redirect("accounts_registry:account_detail", pk)
    return account_page(request, account, refused={verb: form}, status=422)
