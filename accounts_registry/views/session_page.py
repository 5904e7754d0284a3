"""What the page of a session shows: while it is open, one point at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import SESSION_LIFECYCLE, DossierState
from accounts_registry.enums.session import HERE
from accounts_registry.forms.sessions import DeferForm, DiscussForm
from accounts_registry.models import AgendaItem, CommitteeSession, Decision, Minutes
from accounts_registry.queries.sessions import agenda, attending, fate_of, to_deal_with
from accounts_registry.views.dossier_page import committee_facts
from organisation import policy
from organisation.actions import offered
from organisation.enums import Permission
from organisation.forms import ActionForm
from organisation.models import Person
from organisation.queries import latest_events


@dataclass(frozen=True)
class Point:
    """A line of the agenda, with what became of it."""

    item: AgendaItem
    number: int
    fate: str | Promise
    is_current: bool = False


def session_page(
    session: CommitteeSession, person: Person, chosen: str = "", given: dict[str, Any] | None = None
) -> dict[str, Any]:
    """`chosen`: the key of the point that is looked at; the first that is open where none is. `given`: forms that were
    refused."""
    given = given or {}
    refused: dict[str, ActionForm] = given.get("refused", {})
    items, members = agenda(session), attending(session)
    waiting = to_deal_with(items)
    here = sum(one.presence in HERE for one in members)
    acts = {edge.name: edge for edge in offered(SESSION_LIFECYCLE, session, person)}
    current = _current(session, items, waiting, chosen)
    facts: dict[str, Any] = {
        "session": session,
        "members": members,
        "here": here,
        "acts": acts,
        "refused": refused,
        "refusals": [form for form in refused.values() if "reason" not in form.fields],
        "may_prepare": policy.allows(person, Permission.DOSSIER_CHECK, session),
        "minutes": Minutes.objects.filter(session=session).first() if session.is_closed else None,
        "story": latest_events(session, 30),
        "points": [Point(one, number, fate_of(one), one == current) for number, one in enumerate(items, start=1)],
        "left": len(waiting),
    }
    if current is not None:
        facts |= _point(session, current, person, given)
        facts["next"] = next((one for one in waiting if one.position > current.position), None)
    return facts


def _current(
    session: CommitteeSession, items: list[AgendaItem], waiting: list[AgendaItem], chosen: str
) -> AgendaItem | None:
    if not session.is_open:
        return None
    asked = next((one for one in items if str(one.pk) == chosen), None)
    return asked or next(iter(waiting), None)


def _point(session: CommitteeSession, item: AgendaItem, person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """The point that is in sight, with the forms that this person may use."""
    facts: dict[str, Any] = {"current": item, "fate": fate_of(item)}
    dossier = item.dossier
    if dossier is None:
        if policy.allows(person, Permission.DOSSIER_CHECK, session):
            facts["discuss_form"] = given.get("discuss_form") or DiscussForm(initial={"note": item.note})
        return facts
    facts["dossier"] = dossier
    facts |= committee_facts(dossier, person, given.get("vote_form"), given.get("decision_form"))
    facts["decision"] = (
        Decision.objects.filter(dossier=dossier, round=dossier.round).select_related("decided_by").first()
    )
    is_open = item.is_pending and dossier.state == DossierState.IN_REVIEW
    if is_open and policy.allows(person, Permission.DOSSIER_DECIDE, dossier):
        facts["defer_form"] = given.get("defer_form") or DeferForm(session=session)
    return facts


def session_answer(
    request: HttpRequest, session: CommitteeSession, item: AgendaItem | None = None, **given: Any
) -> HttpResponse:
    """The session's page; with what was refused, and 422, where something was."""
    person: Any = request.user
    chosen = str(item.pk) if item is not None else request.GET.get("item", "")
    facts = session_page(session, person, chosen, given)
    facts["consequences"] = {
        "close": _("What is still open is not dealt with and free for another agenda. Then the minutes are written."),
        "cancel": _("Its members are told. What stood on the agenda is free for another one."),
    }
    return render(request, "accounts_registry/session_detail.html", facts, status=422 if given else 200)
