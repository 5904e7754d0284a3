from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisation import policy
from organisation.actions import (
    confirm_grant,
    confirm_person,
    confirm_recovery,
    refuse_grant,
    refuse_recovery,
    reinstate_person,
    reset_second_factor,
    revoke_grant,
    suspend_person,
    take_identity,
)
from organisation.enums import Permission
from organisation.forms import (
    AdvanceForm,
    GrantForm,
    InviteForm,
    MoveForm,
    PeopleFilter,
    PersonRequest,
    ProlongForm,
    ReasonForm,
)
from organisation.lifecycle import Refused
from organisation.models import Grant, Person, Recovery
from organisation.models.recovery import RecoveryKind
from organisation.queries import (
    latest_events,
    looked_at,
    people,
    visible_grants,
    visible_people,
    visible_proposals,
    visible_recoveries,
    visible_units,
)
from organisation.queries.authority import against_confirming, against_recovering, reaches_beyond, weighs
from organisation.queries.confirming import can_confirm, can_recover, can_vouch, nobody_can_confirm, nobody_can_recover
from organisation.queries.factors import has_second_factor
from organisation.queries.keys import keys_of
from organisation.queries.units import roles_to_give, units_to_give_in
from organisation.roles import next_step
from organisation.views.delegations import delegation_rows
from organisation.views.links import hand_over, propose, show_link

ACTS: dict[str, tuple[Any, Any, Any]] = {
    "suspend": (
        suspend_person,
        _("This person is suspended."),
        _("From their next click on they are out. What they wrote and decided stays."),
    ),
    "reinstate": (
        reinstate_person,
        _("This person may work again."),
        _("They may sign in again, with the grants they hold."),
    ),
    "factor": (
        reset_second_factor,
        _("The second factor is reset."),
        _("For whoever lost phone, key and codes. Their sessions end; be sure that it is they who ask."),
    ),
}
KEYS_WAIT = _("While it is suspended none of its keys opens anything. What it wrote stays.")


@login_required
@require_GET
def person_list(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.PERSON_VIEW)
    form = PeopleFilter(request.GET or None, auto_id="id_filter_%s", units=list(visible_units(request.user)))
    chosen = form.chosen()
    if "unit" not in chosen and (unit := looked_at(request.user, request.session.get("unit"))):
        chosen["unit"] = unit.slug
    found = people(request.user, **chosen)
    may_invite = policy.allows_anywhere(request.user, Permission.PERSON_MANAGE)
    facts = {"form": form, "people": found, "may_invite": may_invite}
    return render(request, "organisation/person_list.html", facts)


@login_required
@require_http_methods(["GET", "POST"])
def person_invite(request: PersonRequest) -> HttpResponse:
    policy.require_anywhere(request.user, Permission.PERSON_MANAGE)
    form = InviteForm(request.POST or None, person=request.user)
    if form.is_valid() and (invited := form.save()):
        gives = units_to_give_in(request.user)
        told = (
            _("%(name)s is added. Give them a role now.") if gives else _("%(name)s is added. The centre gives roles.")
        )
        messages.success(request, told % {"name": invited.name})
        return hand_over(request, invited)
    return render(request, "organisation/person_invite.html", {"form": form}, status=422 if form.is_bound else 200)


def _person(request: PersonRequest, pk: int) -> Person:
    return get_object_or_404(visible_people(request.user), pk=pk)


@login_required
@require_GET
def person_detail(request: PersonRequest, pk: int) -> HttpResponse:
    return person_page(request, _person(request, pk))


def person_page(request: PersonRequest, person: Person, **given: Any) -> HttpResponse:
    may_manage = policy.allows(request.user, Permission.PERSON_MANAGE, person)
    verb = "suspend" if person.is_active else "reinstate"
    facts: dict[str, Any] = {
        "person": person,
        "may_manage": may_manage,
        "verb": verb,
        "explain": ACTS[verb][2] if not person.is_machine else KEYS_WAIT,
        "suspend_label": _("Suspend this service account") if person.is_machine else _("Suspend this person"),
        "reinstate_label": _("Reinstate this service account") if person.is_machine else _("Reinstate this person"),
        "suspended_above": _suspended_above(request.user, person),
        "explain_factor": ACTS["factor"][2],
        "has_factor": has_second_factor(person),
        "grants": [
            _held(request.user, grant, given.get("refused_grant")) for grant in visible_grants(request.user, person)
        ],
        "delegations": delegation_rows(request.user, person),
        "recoveries": [_recovery(request.user, one) for one in visible_recoveries(request.user, person)],
        "takes_two": weighs(person),
        "proposals": [_proposal(request.user, grant) for grant in visible_proposals(request.user, person)],
        "keys": keys_of(person) if person.is_machine else [],
        "unconfirmed": person.invited_by if person.vouched_at is None else None,
        "may_vouch": can_vouch(request.user, person),
        "reaches_beyond": _reaches_beyond(request.user, person),
        "story": latest_events(person, 30),
        **given,
    }
    if may_manage:
        facts["identity"] = person.identities.order_by("linked_at").first()
        facts.setdefault("move_form", MoveForm(person=request.user))
    if may_manage and person.is_active and "grant_form" not in facts:
        facts |= _giving(request.user, person)
    return render(request, "organisation/person_detail.html", facts, status=422 if given else 200)


def _held(person: Person, grant: Grant, refused: tuple[int, str, Any] | None) -> dict[str, Any]:
    """A grant, with the forms that `person` may send about it, and which of them was refused."""
    may = policy.allows(person, Permission.PERSON_MANAGE, grant) and grant.person_id != person.pk
    given = roles_to_give(person, grant.unit) if may else frozenset()
    told: dict[str, Any] = {"grant": grant, "may_revoke": policy.allows(person, Permission.PERSON_MANAGE, grant)}
    if grant.role in given and grant.until is not None:
        told["prolong"] = ProlongForm(grant=grant)
    if next_step(grant.role) in given:
        told["advance"] = AdvanceForm(grant=grant)
    if refused and refused[0] == grant.pk:
        told |= {refused[1]: refused[2], "open": refused[1]}
    return told


def _giving(person: Person, other: Person) -> dict[str, Any]:
    """The form, or why there is none."""
    gives = units_to_give_in(person)
    return {"grant_form": GrantForm(person=person, holder=other)} if gives else {"given_above": True}


def _proposal(person: Person, grant: Grant) -> dict[str, Any]:
    may_refuse = policy.allows(person, Permission.PERSON_MANAGE, grant) and grant.person_id != person.pk
    return {
        "grant": grant,
        "may_refuse": may_refuse,
        "may_confirm": can_confirm(person, grant),
        "why_not": against_confirming(person, grant) if may_refuse else None,
        "stuck": may_refuse and nobody_can_confirm(grant),
    }


def _recovery(person: Person, recovery: Recovery) -> dict[str, Any]:
    may_refuse = policy.allows(person, Permission.PERSON_MANAGE, recovery.person)
    return {
        "recovery": recovery,
        "may_refuse": may_refuse,
        "may_confirm": can_recover(person, recovery),
        "why_not": against_recovering(person, recovery) if may_refuse else None,
        "stuck": may_refuse and nobody_can_recover(recovery),
    }


def _suspended_above(person: Person, other: Person) -> Any:
    """Why `person` does not reinstate the other; empty where they may."""
    origin = None if other.is_active else other.suspended_from
    return "" if origin is None or policy.allows(person, Permission.PERSON_MANAGE, origin) else policy.SUSPENDED_ABOVE


def _reaches_beyond(person: Person, other: Person) -> bool:
    """For administrators of the other's unit, who would look for the buttons."""
    return policy.allows(person, Permission.PERSON_MANAGE, other.unit) and reaches_beyond(person, other)


@login_required
@require_POST
def person_act(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    person = _person(request, pk)
    policy.require(request.user, Permission.PERSON_MANAGE, person)
    action, done, _explain = ACTS[verb]
    form = ReasonForm(request.POST)
    if verb == "factor" and form.is_valid() and weighs(person):
        return propose(request, person, RecoveryKind.FACTOR, form.cleaned_data["reason"])
    if form.is_valid() and form.carry_out(action, person=person, by=request.user, **form.cleaned_data):
        messages.success(request, done)
        return redirect("organisation:person_detail", pk)
    return person_page(request, person, refused={verb: form})


@login_required
@require_POST
def person_unlink(request: PersonRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    policy.require(request.user, Permission.PERSON_MANAGE, person)
    form, identity = ReasonForm(request.POST), person.identities.order_by("linked_at").first()
    if identity is None:
        messages.info(request, _("This link is ended already."))
        return redirect("organisation:person_detail", pk)
    facts = {"identity": identity, "by": request.user}
    if form.is_valid() and form.carry_out(take_identity, **facts, **form.cleaned_data) is not None:
        messages.success(request, _("The link is ended, and so are their sessions. They are told by mail."))
        return redirect("organisation:person_detail", pk)
    return person_page(request, person, refused={"unlink": form})


@login_required
@require_POST
def person_move(request: PersonRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    policy.require(request.user, Permission.PERSON_MANAGE, person)
    form = MoveForm(request.POST, person=request.user)
    if form.is_valid() and (moved := form.save(person)):
        told = _("%(name)s works in %(unit)s now. Take back the roles that belong to the former work.")
        messages.success(request, told % {"name": moved.name, "unit": moved.unit.name})
        return redirect("organisation:person_detail", pk)
    return person_page(request, person, move_form=form)


@login_required
@require_POST
def grant_give(request: PersonRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)
    policy.require(request.user, Permission.PERSON_MANAGE, person)
    if not units_to_give_in(request.user):
        raise PermissionDenied(policy.GIVEN_ABOVE)
    form = GrantForm(request.POST, person=request.user, holder=person)
    if form.is_valid() and (grant := form.save()):
        told = _("The role is proposed. It holds once a second person confirms it.")
        messages.success(request, told if grant.is_proposed else _("The role is given."))
        return redirect("organisation:person_detail", pk)
    return person_page(request, person, grant_form=form)


@login_required
@require_POST
def grant_revoke(request: PersonRequest, pk: int) -> HttpResponse:
    grant = get_object_or_404(visible_grants(request.user), pk=pk)
    revoke_grant(grant=grant, by=request.user)
    messages.success(request, _("The role is taken back."))
    return redirect("organisation:person_detail", grant.person_id)


DECISIONS: dict[str, tuple[Any, Any]] = {
    "confirm": (confirm_grant, _("The role is confirmed and holds from now on.")),
    "refuse": (refuse_grant, _("The proposal is refused.")),
}


@login_required
@require_POST
def grant_decide(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    grant = get_object_or_404(visible_proposals(request.user), pk=pk)
    action, done = DECISIONS[verb]
    action(grant=grant, by=request.user)
    messages.success(request, done)
    return redirect("organisation:person_detail", grant.person_id)


@login_required
@require_POST
def recovery_confirm(request: PersonRequest, pk: int) -> HttpResponse:
    """The link is shown to who confirms it: who proposed it never has it."""
    recovery = get_object_or_404(visible_recoveries(request.user), pk=pk)
    try:
        secret = confirm_recovery(recovery=recovery, by=request.user)
    except Refused as refused:
        for sentence in refused.reasons:
            messages.error(request, sentence)
        return redirect("organisation:person_detail", recovery.person_id)
    if secret:
        return show_link(request, recovery.person, secret)
    messages.success(request, ACTS["factor"][1])
    return redirect("organisation:person_detail", recovery.person_id)


@login_required
@require_POST
def recovery_refuse(request: PersonRequest, pk: int) -> HttpResponse:
    recovery = get_object_or_404(visible_recoveries(request.user), pk=pk)
    refuse_recovery(recovery=recovery, by=request.user)
    messages.success(request, _("The proposal is refused."))
    return redirect("organisation:person_detail", recovery.person_id)


@login_required
@require_POST
def person_confirm(request: PersonRequest, pk: int) -> HttpResponse:
    confirm_person(person=_person(request, pk), by=request.user)
    messages.success(request, _("Confirmed: this person counts as themselves from now on."))
    return redirect("organisation:person_detail", pk)
