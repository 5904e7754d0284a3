"""How safe accounts are: the list, the record of one, its items, its exceptions, and who stands by it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts_registry.actions import accept_exception, attest_security, end_exception, refuse_exception
from accounts_registry.enums import AccountState
from accounts_registry.enums.security import (
    DERIVED,
    SECURITY_EXCEPTION_LIFECYCLE,
    SecurityItem,
    SecurityLevel,
)
from accounts_registry.forms.security import AttestForm, CheckForm, ExceptionForm, SecurityFilter, SettingsForm
from accounts_registry.models import Account, SecurityException
from accounts_registry.policy import keeps_security, require_security, second_person_in_time, sees_recovery
from accounts_registry.queries.security import (
    ItemStanding,
    checklists_of,
    figures,
    items_of,
    record_of,
    standing_of,
    told_standing,
    visible_exceptions,
    visible_security,
    with_security,
)
from accounts_registry.queries.security import (
    security_list as narrowed,
)
from accounts_registry.views.sightings import filter_of, narrowed_to_unit
from organisation import policy
from organisation.actions import offered
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.forms import ActionForm, PersonRequest, ReasonForm
from organisation.models import Person
from organisation.queries import Keyset, latest_events

IN_ORDER = Keyset("", size=50, newest_first=False)
LATEST = 5  # attestations
# Verb → (action, form, what the page says afterwards).
ACTS: dict[str, tuple[Any, type[ActionForm], Any]] = {
    "accept": (accept_exception, ActionForm, _("Accepted: until its day the item counts as borne.")),
    "refuse": (refuse_exception, ReasonForm, _("The exception is refused.")),
    "end": (end_exception, ReasonForm, _("The exception is taken back.")),
}


@login_required
@require_GET
def security_list(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.DOSSIER_VIEW)
    form = filter_of(request, SecurityFilter)
    chosen = form.chosen()
    below = narrowed_to_unit(request, chosen)
    wanted = {name: chosen[name] for name in ("network", "standing", "amiss") if name in chosen}
    page = IN_ORDER.page(narrowed(request.user, below=below, **wanted), request.GET.get("page", ""))
    counted = figures(narrowed(request.user, below=below, network=wanted.get("network", "")))
    most, now = max(counted.values(), default=0) or 1, database_now()
    facts = {
        "form": form,
        "page": page,
        "rows": [(one, _amiss(one, now), told_standing(one)) for one in page.rows],
        "figures": [(standing, n, round(100 * n / most)) for standing, n in counted.items()],
        "total": sum(counted.values()),
    }
    return render(request, "accounts_registry/security_list.html", facts)


def _amiss(account: Account, now: datetime) -> list[ItemStanding]:
    today = timezone.localdate(now, account.unit.zone)
    return [one for one in items_of(account, today).values() if one.level in ("not_met", "partly")]


def _account(request: PersonRequest, pk: int) -> Account:
    return get_object_or_404(with_security(visible_security(request.user)), pk=pk)


@login_required
@require_GET
def account_security(request: PersonRequest, pk: int) -> HttpResponse:
    return security_page(request, _account(request, pk))


def security_page(
    request: PersonRequest,
    account: Account,
    *,
    refused: dict[str, ActionForm] | None = None,
    attest: AttestForm | None = None,
) -> HttpResponse:
    """The record of `account`; the forms are those that say why something was refused."""
    person, record, today = request.user, record_of(account), account.today
    lists = checklists_of(account, today)
    stands = standing_of(one for _label, items in lists for one in items)
    alive = account.state != AccountState.ARCHIVED
    facts: dict[str, Any] = {
        "account": account,
        "record": record,
        "standing": stands,
        "lists": [(label, [(one, _acts(one, person, refused or {})) for one in items]) for label, items in lists],
        "missing": [one.item.label for _label, items in lists for one in items if one.check is None],
        "may_keep": alive and keeps_security(person, account),
        "may_attest": alive and policy.allows(person, Permission.ACCOUNT_MANAGE, account),
        "sees_recovery": sees_recovery(person, account),
        "attest": attest or AttestForm(record=record),
        "attestations": account.security_attestations.select_related("attested_by")[:LATEST],
        "apps": list(account.third_party_apps.all()),
        "derived": DERIVED,
        "story": latest_events(record, 30) if record.pk else None,
    }
    status = 422 if refused or attest else 200
    return render(request, "accounts_registry/account_security.html", facts, status=status)


def _acts(one: ItemStanding, person: Person, refused: dict[str, ActionForm]) -> dict[str, Any]:
    """What `person` may do with the exception of an item, and why they may not accept it where they hold the right."""
    if one.exception is None:
        return {}
    edges = {edge.name: edge for edge in offered(SECURITY_EXCEPTION_LIFECYCLE, one.exception, person)}
    acts: dict[str, Any] = {name: edge for name, edge in edges.items() if name in ACTS}
    may_decide = policy.allows(person, Permission.SECURITY_MANAGE, one.exception)
    if one.exception.state == "asked" and may_decide and "accept" not in acts:
        acts["against"] = list(second_person_in_time(one.exception, person))
    acts["forms"] = {name: refused.get(f"{name}-{one.exception.pk}") for name in ACTS}
    return acts


def _to_keep(request: PersonRequest, pk: int) -> Account:
    account = _account(request, pk)
    require_security(request.user, account)
    return account


@login_required
@require_http_methods(["GET", "POST"])
def security_settings(request: PersonRequest, pk: int) -> HttpResponse:
    account = _to_keep(request, pk)
    form = SettingsForm(*([request.POST] if request.method == "POST" else []), record=record_of(account))
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("Noted: what follows from it stands in the checklist."))
        return redirect("accounts_registry:account_security", pk)
    facts = {"form": form, "account": account, "record": record_of(_account(request, pk))}
    return render(request, "accounts_registry/security_settings.html", facts, status=422 if form.is_bound else 200)


def _item(slug: str) -> SecurityItem:
    if slug not in SecurityItem.values:
        raise Http404
    return SecurityItem(slug)


@login_required
@require_http_methods(["GET", "POST"])
def security_item(request: PersonRequest, pk: int, item: str) -> HttpResponse:
    account, wanted = _to_keep(request, pk), _item(item)
    if wanted in DERIVED and request.method == "POST":
        return redirect("accounts_registry:security_settings", pk)
    if request.method == "GET":
        return _item_page(request, account, wanted)
    form = CheckForm(request.POST, record=record_of(account))
    if form.is_valid() and form.save(request.user, wanted):
        messages.success(request, _("Noted how it stands today."))
        return redirect("accounts_registry:account_security", pk)
    return _item_page(request, account, wanted, check=form)


@login_required
@require_POST
def security_except(request: PersonRequest, pk: int, item: str) -> HttpResponse:
    account, wanted = _account(request, pk), _item(item)
    policy.require(request.user, Permission.ACCOUNT_MANAGE, account)
    form = ExceptionForm(request.POST, record=record_of(account))
    if form.is_valid() and form.save(request.user, wanted):
        messages.success(request, _("Asked for: a second person who answers for security decides."))
        return redirect("accounts_registry:account_security", pk)
    return _item_page(request, account, wanted, exception=form)


def _item_page(
    request: PersonRequest,
    account: Account,
    item: SecurityItem,
    *,
    check: CheckForm | None = None,
    exception: ExceptionForm | None = None,
) -> HttpResponse:
    fresh = _account(request, account.pk)
    record, stands = record_of(fresh), items_of(fresh, fresh.today)[item]
    lacks = stands.level == SecurityLevel.NOT_MET and stands.exception is None
    may_except = lacks and policy.allows(request.user, Permission.ACCOUNT_MANAGE, account)
    initial = {"level": stands.check.level, "evidence": stands.check.evidence} if stands.check else {}
    facts = {
        "account": account,
        "item": stands,
        "check": None if item in DERIVED else check or CheckForm(record=record, initial=initial, auto_id="id_check_%s"),
        "exception": exception or (ExceptionForm(record=record, auto_id="id_exception_%s") if may_except else None),
    }
    status = 422 if check or exception else 200
    return render(request, "accounts_registry/security_item.html", facts, status=status)


@login_required
@require_POST
def security_attest(request: PersonRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    policy.require(request.user, Permission.ACCOUNT_MANAGE, account)
    form = AttestForm(request.POST, record=record_of(account))
    if form.is_valid() and form.act(attest_security, request.user):
        messages.success(request, _("Attested: you stand by the record as it is today."))
        return redirect("accounts_registry:account_security", pk)
    return security_page(request, _account(request, pk), attest=form)


@login_required
@require_POST
def exception_act(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    exception: SecurityException = get_object_or_404(visible_exceptions(request.user), pk=pk)
    action, shape, done = ACTS[verb]
    permission = SECURITY_EXCEPTION_LIFECYCLE.permission_for(verb, exception)
    assert permission is not None
    policy.require(request.user, permission, exception)
    form = shape(request.POST)
    if form.is_valid() and form.carry_out(action, exception=exception, by=request.user, **form.cleaned_data):
        messages.success(request, done)
        return redirect("accounts_registry:account_security", exception.account_id)
    return security_page(request, _account(request, exception.account_id), refused={f"{verb}-{pk}": form})
