"""Accounts that bear our name and do not stand in the registry: the list, the report, the page of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts_registry import actions
from accounts_registry.enums import ABUSE_LIFECYCLE, SIGHTING_LIFECYCLE, AbuseState
from accounts_registry.forms.sightings import MergeForm, NotifyForm, SightingFactsForm, SightingFilter, SightingForm
from accounts_registry.models import AbuseCase, Sighting
from accounts_registry.policy import seen_by_two
from accounts_registry.queries.sightings import visible_cases, visible_sightings
from accounts_registry.queries.suspicion import ABUSIVE, OurNames, Suspicion, suspicion
from organisation import policy
from organisation.actions import offered
from organisation.enums import Permission
from organisation.forms import ActionForm, FilterForm, PersonRequest, ReasonForm
from organisation.lifecycle import Lifecycle
from organisation.long_forms import written
from organisation.models import Person, Unit
from organisation.queries import Keyset, latest_events, looked_at, visible_units
from organisation.views.once import once, once_a_change

LATEST_FIRST = Keyset("", size=50)


@dataclass(frozen=True)
class Act:
    """What a button does: `explain` stands above its form, `done` on the page afterwards."""

    action: Callable[..., Any]
    done: Any
    explain: Any = ""
    asks: Any = ""  # label of the reason
    form: type[ActionForm] = ReasonForm
    is_main: bool = False


SIGHTING_ACTS = {
    "contact": Act(
        actions.contact_sighting,
        _("Noted: they were contacted."),
        _("Speak to those who run it before anything else: they meant well."),
        _("Who was contacted, and how?"),
        is_main=True,
    ),
    "explain": Act(
        actions.explain_sighting,
        _("Noted: why it was created."),
        _("What it was created for tells what has to become of it."),
        _("Why was it created?"),
        is_main=True,
    ),
    "regularise": Act(
        actions.regularise_sighting,
        _("A dossier is begun: complete it, and submit it."),
        _("A draft with what is known here; the committee decides as on any other account."),
        form=ActionForm,
        is_main=True,
    ),
    "merge": Act(
        actions.merge_sighting,
        _("Noted: it was merged."),
        _("Its public was told where to go, and it says so itself."),
        _("How was that done?"),
        form=MergeForm,
    ),
    "register": Act(
        actions.register_sighting,
        _("It stands in the abuse register."),
        _("It is then taken for an impersonation, which a second person confirms or dismisses."),
    ),
    "close": Act(actions.close_sighting, _("Closed."), _("Nothing more happens with it. It can be taken up again.")),
    "reopen": Act(actions.reopen_sighting, _("Taken up again."), _("It begins anew, as if it was just detected.")),
}
ABUSE_ACTS = {
    "confirm": Act(
        actions.confirm_abuse,
        _("Confirmed: the public register warns of it."),
        _("From now on the public register answers that this account is known to pose as us."),
        form=ActionForm,
        is_main=True,
    ),
    "notify": Act(
        actions.notify_network,
        _("Noted: the network was told."),
        _("Report it on the network itself, with the form that it has for this; then note it here."),
        form=NotifyForm,
        is_main=True,
    ),
    "take_down": Act(actions.take_down, _("Noted: it is gone."), _("The public register then no longer warns of it.")),
    "dismiss": Act(
        actions.dismiss_abuse,
        _("The case is dismissed."),
        _("The account does not pose as us. The public register says nothing of it any more."),
    ),
    "reopen": Act(
        actions.reopen_abuse, _("The case is open again."), _("Somebody other than you has to confirm it anew.")
    ),
}


LIFECYCLES: dict[str, tuple[Lifecycle, dict[str, Act]]] = {
    "sighting": (SIGHTING_LIFECYCLE, SIGHTING_ACTS),
    "abuse": (ABUSE_LIFECYCLE, ABUSE_ACTS),
}


def narrowed_to_unit(request: PersonRequest, chosen: dict[str, Any]) -> str:
    """The path of the unit below which the list stays: as it is filtered, or as the person looks at things."""
    if slug := chosen.get("unit"):
        return Unit.objects.filter(slug=slug).values_list("path", flat=True).first() or "-"
    unit = looked_at(request.user, request.session.get("unit")) if "unit" not in request.GET else None
    return unit.path if unit else ""


def filter_of(request: PersonRequest, form: type[Any]) -> FilterForm:
    units = list(visible_units(request.user))
    made: FilterForm = form(request.GET or None, auto_id="id_filter_%s", units=units, initial={"unit": ""})
    return made


@login_required
@require_GET
def sighting_list(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.ACCOUNT_VIEW)
    form = filter_of(request, SightingFilter)
    found, chosen = visible_sightings(request.user), form.chosen()
    found = found.filter(unit__path__startswith=narrowed_to_unit(request, chosen))
    for name in ("kind", "state", "network"):
        found = found.filter(**{name: chosen[name]}) if chosen.get(name) else found
    page = LATEST_FIRST.page(found, request.GET.get("page", ""))
    facts = {
        "form": form,
        "page": page,
        "rows": weighed(page.rows),
        "abusive": ABUSIVE,
        "may_report": policy.allows_anywhere(request.user, Permission.SIGHTING_REPORT),
    }
    return render(request, "accounts_registry/sighting_list.html", facts)


def weighed(sightings: list[Sighting]) -> list[tuple[Sighting, Suspicion]]:
    """Each with its score, by the names of its organisation."""
    roots = {one.unit.path[: Unit.steplen]: one.unit for one in sightings}
    ours = {path: OurNames.of(unit) for path, unit in roots.items()}
    return [(one, suspicion(one, ours[one.unit.path[: Unit.steplen]])) for one in sightings]


@login_required
@require_http_methods(["GET", "POST"])
@once
def sighting_new(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.SIGHTING_REPORT)
    return report_page(request, SightingForm(*written(request, SightingForm), person=request.user))


def report_page(request: PersonRequest, form: SightingForm) -> HttpResponse:
    if form.is_valid() and (saved := form.save()):
        messages.success(request, _("Reported. Whoever keeps the register sees it now."))
        return redirect("accounts_registry:sighting_detail", saved.pk)
    return render(request, "accounts_registry/sighting_form.html", {"form": form}, status=form.status)


def _sighting(request: PersonRequest, pk: int) -> Sighting:
    return get_object_or_404(visible_sightings(request.user), pk=pk)


@login_required
@require_GET
def sighting_detail(request: PersonRequest, pk: int) -> HttpResponse:
    return sighting_page(request, _sighting(request, pk))


def case_of(sighting: Sighting) -> AbuseCase | None:
    return sighting.case if hasattr(sighting, "case") else None


def sighting_page(
    request: PersonRequest, sighting: Sighting, refused: dict[str, ActionForm] | None = None
) -> HttpResponse:
    """The page of one, with its case where it has one; `refused` are forms that say why something was."""
    person, case = request.user, case_of(sighting)
    acts = acts_of("sighting", sighting, person, refused or {})
    if case is not None:
        case.sighting = sighting
        acts += acts_of("abuse", case, person, refused or {})
    may_manage = policy.allows(person, Permission.SIGHTING_MANAGE, sighting)
    waits = case is not None and may_manage and case.state == AbuseState.REPORTED
    facts = {
        "sighting": sighting,
        "case": case,
        "found": suspicion(sighting, OurNames.of(sighting.unit)),
        "abusive": ABUSIVE,
        "main_acts": [act for act in acts if act["is_main"]],
        "other_acts": [act for act in acts if not act["is_main"]],
        "may_change": may_manage and sighting.purged_at is None,
        "against": list(seen_by_two(case, person)) if waits and case is not None else [],
        "story": latest_events(sighting, 30),
        "case_story": latest_events(case, 30) if case is not None else None,
        "may_see_dossier": sighting.dossier_id and policy.allows(person, Permission.DOSSIER_VIEW, sighting),
    }
    return render(request, "accounts_registry/sighting_detail.html", facts, status=422 if refused else 200)


def acts_of(
    noun: str, thing: Sighting | AbuseCase, person: Person, refused: dict[str, ActionForm]
) -> list[dict[str, Any]]:
    lifecycle, known = LIFECYCLES[noun]
    edges = [edge for edge in offered(lifecycle, thing, person) if edge.name in known]
    if not policy.allows(person, Permission.DOSSIER_WRITE, thing):
        edges = [edge for edge in edges if edge.name != "regularise"]
    return [
        {
            "url": f"accounts_registry:{noun}_{edge.name}",
            "pk": thing.pk,
            "label": edge.label,
            "explain": known[edge.name].explain,
            "is_main": known[edge.name].is_main,
            "form": refused.get(f"{noun}_{edge.name}") or _form(known[edge.name], person, f"{noun}_{edge.name}"),
        }
        for edge in edges
    ]


def _form(act: Act, person: Person, name: str, data: Any = None) -> ActionForm:
    given: dict[str, Any] = {"person": person} if act.form is MergeForm else {}
    form = act.form(data, auto_id=f"id_{name}_%s", **given)
    if act.asks:
        form.fields["reason"].label = act.asks
    return form


@login_required
@require_POST
def sighting_act(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    sighting = _sighting(request, pk)
    return _act(request, "sighting", verb, sighting)


@login_required
@require_POST
def abuse_act(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    return _act(request, "abuse", verb, get_object_or_404(visible_cases(request.user), pk=pk))


def _act(request: PersonRequest, noun: str, verb: str, thing: Any) -> HttpResponse:
    """Carries `verb` out on a sighting or a case."""
    lifecycle, known = LIFECYCLES[noun]
    permission = lifecycle.permission_for(verb, thing)
    assert permission is not None
    policy.require(request.user, permission, thing)
    sighting: int = thing.pk if noun == "sighting" else thing.sighting_id
    form = _form(known[verb], request.user, f"{noun}_{verb}", request.POST)
    given = {"sighting" if noun == "sighting" else "case": thing}
    if form.is_valid() and form.carry_out(known[verb].action, by=request.user, **given, **form.cleaned_data):
        messages.success(request, known[verb].done)
        return redirect("accounts_registry:sighting_detail", sighting)
    return sighting_page(request, _sighting(request, sighting), {f"{noun}_{verb}": form})


@login_required
@require_http_methods(["GET", "POST"])
@once_a_change
def sighting_edit(request: PersonRequest, pk: int) -> HttpResponse:
    sighting = _sighting(request, pk)
    policy.require(request.user, Permission.SIGHTING_MANAGE, sighting)
    if sighting.purged_at is not None and request.method == "GET":
        return redirect("accounts_registry:sighting_detail", pk)
    bound = written(request, SightingFactsForm, sighting)
    form = SightingFactsForm(*bound, person=request.user, sighting=sighting)
    if form.is_valid() and form.save():
        messages.success(request, _("Saved; the score is worked out anew."))
        return redirect("accounts_registry:sighting_detail", pk)
    facts = {"form": form, "sighting": sighting}
    return render(request, "accounts_registry/sighting_form.html", facts, status=form.status)
