"""House policies: written, asked about, put in force, read and attested."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisation import policy
from organisation.actions import (
    attest_policy,
    consult_policy,
    offered,
    publish_policy,
    withdraw_policy,
)
from organisation.actions.house_policy import agreed
from organisation.enums import Language, Permission
from organisation.forms import ActionForm, PersonRequest, ReasonForm
from organisation.forms.house_policy import AnswerForm, PolicyStartForm, PolicyWriting, SeenForm
from organisation.house_policy import POLICY_LIFECYCLE, AnswerKind, PolicyState
from organisation.long_forms import LongForm, taken_up, written
from organisation.models import PolicyVersion
from organisation.queries import latest_events
from organisation.queries.house_policy import (
    LATEST_FIRST,
    PEOPLE,
    asked_people,
    attestation_of,
    attestations,
    before,
    binding,
    has_attested,
    standing,
    units_to_answer_for,
    visible_policies,
)
from organisation.views.once import once, once_a_change


class PolicyForm(PolicyWriting, LongForm):
    kept_as = "house_policy"
    version_field = "edition"


class PolicyAnswerForm(AnswerForm, LongForm):
    kept_as = "house_policy_answer"


def _version(request: PersonRequest, pk: int) -> PolicyVersion:
    return get_object_or_404(visible_policies(request.user), pk=pk)


@login_required
@require_GET
def policy_list(request: PersonRequest) -> HttpResponse:
    page = LATEST_FIRST.page(visible_policies(request.user), request.GET.get("page", ""))
    facts = {
        "page": page,
        "mine": binding(request.user),
        "may_start": policy.allows_anywhere(request.user, Permission.POLICY_WRITE),
    }
    return render(request, "organisation/policy_list.html", facts)


@login_required
@require_http_methods(["GET", "POST"])
@once
def policy_new(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.POLICY_WRITE)
    form = PolicyStartForm(request.POST or None, person=request.user)
    if form.is_valid() and (version := form.save()):
        messages.success(request, _("The draft is there, with the text that is in force now."))
        return redirect("organisation:policy_edit", version.pk)
    return render(request, "organisation/policy_new.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "POST"])
@once_a_change
def policy_edit(request: PersonRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)
    policy.require(request.user, Permission.POLICY_WRITE, version)
    if request.method == "GET" and not version.is_open:
        return redirect(version.get_absolute_url())
    form = PolicyForm(*written(request, PolicyForm, version), version=version)
    if form.is_valid() and form.save(request.user):
        messages.success(request, _("Saved."))
        return redirect(version.get_absolute_url())
    return render(request, "organisation/policy_edit.html", {"form": form, "version": version}, status=form.status)


@login_required
@require_GET
def policy_detail(request: PersonRequest, pk: int) -> HttpResponse:
    return _page(request, _version(request, pk))


def _page(request: PersonRequest, version: PolicyVersion, **refused: Any) -> HttpResponse:
    """With the form that was refused, and 422, where one was."""
    person = request.user
    facts: dict[str, Any] = {"version": version, "story": latest_events(version, 30), "refused": refused}
    facts["acts"] = {edge.name for edge in POLICY_LIFECYCLE.leaving(version.state) if edge.permission}
    facts["may_write"] = policy.allows(person, Permission.POLICY_WRITE, version)
    facts["offered"] = (
        {edge.name for edge in offered(POLICY_LIFECYCLE, version, person)} if facts["may_write"] else set()
    )
    facts["texts"] = [(Language(code), text) for code, text in version.texts.items() if text != version.text]
    facts["changes"] = before(version)
    facts["may_see_figures"] = policy.allows_anywhere(person, Permission.TRAINING_VIEW)
    if version.in_force:
        facts["attestation"] = attestation_of(person, version)
        facts["attest_form"] = refused.get("attest") or SeenForm(initial={"seen": version.content_hash})
    if version.state == PolicyState.IN_CONSULTATION:
        facts |= _consultation(request, version, refused)
    facts["withdraw_form"] = refused.get("withdraw")
    return render(request, "organisation/policy_detail.html", facts, status=422 if refused else 200)


def _consultation(request: PersonRequest, version: PolicyVersion, refused: dict[str, Any]) -> dict[str, Any]:
    given = version.answers.select_related("by", "unit").order_by("-pk")
    facts: dict[str, Any] = {"standing": standing(version), "missing": list(agreed(version, request.user))}
    facts["comments"] = given.filter(kind=AnswerKind.COMMENT)
    facts["answers_for"] = units_to_answer_for(request.user, version)
    asked: dict[str, Any] = {"version": version, "person": request.user}
    kept = taken_up(request, PolicyAnswerForm, version)
    facts["answer_form"] = refused.get("answer") or PolicyAnswerForm(*kept, **asked)
    facts["publish_form"] = refused.get("publish") or SeenForm(initial={"seen": version.content_hash})
    return facts


@login_required
@require_POST
@once
def policy_answer(request: PersonRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)
    form = PolicyAnswerForm(request.POST, version=version, person=request.user)
    if form.is_valid() and form.save():
        messages.success(request, _("Your answer is recorded."))
        return redirect(version.get_absolute_url())
    return _page(request, version, answer=form)


@login_required
@require_POST
def policy_attest(request: PersonRequest, pk: int) -> HttpResponse:
    return _seen(request, pk, "attest", attest_policy, _("Noted: you have read this house policy."))


@login_required
@require_POST
def policy_publish(request: PersonRequest, pk: int) -> HttpResponse:
    return _seen(
        request, pk, "publish", publish_policy, _("The house policy is in force. Everybody is asked to attest it.")
    )


def _seen(request: PersonRequest, pk: int, name: str, verb: Callable[..., Any], told: str) -> HttpResponse:
    version = _version(request, pk)
    if name == "publish":
        policy.require(request.user, Permission.POLICY_WRITE, version)
    form = SeenForm(request.POST)
    if form.is_valid() and form.carry_out(verb, version=version, by=request.user, **form.cleaned_data) is not None:
        messages.success(request, told)
        return redirect(version.get_absolute_url())
    return _page(request, _version(request, pk), **{name: form})


@login_required
@require_POST
def policy_consult(request: PersonRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)
    policy.require(request.user, Permission.POLICY_WRITE, version)
    form = ActionForm(request.POST)
    if form.is_valid() and form.carry_out(consult_policy, version=version, by=request.user) is not None:
        messages.success(request, _("The units are asked."))
        return redirect(version.get_absolute_url())
    return _page(request, version, consult=form)


@login_required
@require_POST
def policy_withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)
    policy.require(request.user, Permission.POLICY_WRITE, version)
    form = ReasonForm(request.POST)
    if (
        form.is_valid()
        and form.carry_out(withdraw_policy, version=version, by=request.user, **form.cleaned_data) is not None
    ):
        messages.success(request, _("The house policy is withdrawn."))
        return redirect(version.get_absolute_url())
    return _page(request, version, withdraw=form)


@login_required
@require_GET
def policy_changes(request: PersonRequest, pk: int) -> HttpResponse:
    """What this version says otherwise than the one that was in force before it."""
    version = _version(request, pk)
    earlier = before(version)
    if earlier is None:
        raise Http404
    codes = dict.fromkeys([*version.texts, *earlier.texts])
    texts = [(Language(code), earlier.texts.get(code, ""), version.texts.get(code, "")) for code in codes]
    facts = {"version": version, "earlier": earlier, "changes": [one for one in texts if one[1] != one[2]]}
    return render(request, "organisation/policy_changes.html", facts)


@login_required
@require_GET
def policy_attestations(request: PersonRequest, pk: int) -> HttpResponse:
    """How many attested it, by unit; of one unit who did and who did not."""
    version = _version(request, pk)
    policy.require_anywhere(request.user, Permission.TRAINING_VIEW)
    rows = attestations(version, request.user)
    facts: dict[str, Any] = {"version": version, "rows": rows}
    facts |= {"asked": sum(row.asked for row in rows), "done": sum(row.done for row in rows)}
    chosen = next((row.unit for row in rows if str(row.unit.pk) == request.GET.get("unit")), None)
    if chosen is not None:
        people = asked_people(version).filter(unit=chosen).annotate(has=has_attested(version))
        facts |= {"unit": chosen, "page": PEOPLE.page(people, request.GET.get("page", ""))}
    return render(request, "organisation/policy_attestations.html", facts)
