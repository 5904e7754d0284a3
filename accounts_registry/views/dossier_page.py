"""What the page of one dossier shows to one person."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import (
    CONDITION_LIFECYCLE,
    DOSSIER_LIFECYCLE,
    WRITTEN_LIFECYCLE,
    ConditionState,
    DossierState,
    Outcome,
)
from accounts_registry.enums.comment import COMMENT_LIFECYCLE
from accounts_registry.forms import CommentForm, DecisionForm, DossierFileForm, VoteForm
from accounts_registry.forms.sessions import WrittenForm
from accounts_registry.models import Account, Condition, Decision, JustificationDossier
from accounts_registry.queries import Tally, tally, visible_accounts
from accounts_registry.queries.advice import ADVISED_IN, without_advice
from accounts_registry.queries.comments import LATEST_FIRST as COMMENTS
from accounts_registry.queries.comments import comments_on, may_speak
from accounts_registry.queries.committee import has_written, stands_aside
from accounts_registry.queries.consulting import HEARD_IN, consultations_of, hears_services, unheard
from accounts_registry.queries.dossiers import label_of, missing
from accounts_registry.queries.evidence import evidence
from accounts_registry.queries.frames import Frame, against_decision, against_vote, frame_of
from accounts_registry.queries.similar import similar_to
from accounts_registry.questionnaire import BY_KEY, Question
from accounts_registry.questionnaire.requests import SECTION
from organisation import policy
from organisation.actions import offered
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.forms import ActionForm
from organisation.models import Person
from organisation.queries import latest_events

# Acts that ask why, and what they do; the others are plain buttons. The decision has its own form.
CONSEQUENCES = {
    "return": _("The authors see your reason, complete the dossier and submit it again. Votes then start anew."),
    "defer": _("Nobody votes until it is taken up again. The votes already cast stand."),
    "appeal": _(
        "There is one appeal. The committee checks the dossier as it stands and votes anew; its decision then stands."
    ),
    "withdraw": _("The request ends here. A new account would need a new dossier."),
}
DECISIONS = {Outcome.APPROVE.value, "approve_with_conditions", Outcome.REFUSE.value}


def dossier_page(
    dossier: JustificationDossier,
    person: Person,
    *,
    refused: dict[str, ActionForm] | None = None,
    vote_form: VoteForm | None = None,
    decision_form: DecisionForm | None = None,
    comment_form: CommentForm | None = None,
    comments_at: str = "",
    written_form: WrittenForm | None = None,
) -> dict[str, Any]:
    may_write = policy.allows(person, Permission.DOSSIER_WRITE, dossier)
    facts: dict[str, Any] = {"dossier": dossier, "may_write": may_write, "story": latest_events(dossier, 30)}
    facts["missing"] = [{"label": capfirst(label_of(one)), "url": _place_of(dossier, one)} for one in missing(dossier)]
    facts["sections"] = evidence(dossier)
    facts["file_form"] = DossierFileForm(dossier=dossier)
    facts["similar"] = similar_to(person, dossier) if dossier.is_open and dossier.opens_an_account else []
    facts |= _submissions(dossier)
    facts["plain_acts"], facts["reason_acts"] = _acts(dossier, person, refused or {})
    facts["refusals"] = [form for form in (refused or {}).values() if "reason" not in form.fields]
    facts["account"] = _account(dossier, person)
    decided = Decision.objects.filter(dossier=dossier).select_related("decided_by").order_by("-round")
    facts["decisions"] = list(decided) if dossier.round else []
    facts["decision"] = next((one for one in facts["decisions"] if one.round == dossier.round), None)
    facts["conditions"] = _conditions(dossier, person, refused or {}) if dossier.is_approved else []
    facts |= _advice(dossier, person)
    facts |= _heard(dossier, person)
    facts["comments"] = _comments(dossier, person, comments_at)
    if may_speak(person, dossier) and dossier.state != DossierState.WITHDRAWN:
        facts["comment_form"] = comment_form or CommentForm(dossier=dossier)
    if dossier.round:
        facts |= committee_facts(dossier, person, vote_form, decision_form)
        facts |= _in_writing(dossier, person, facts["sitting"], written_form, refused or {})
    return facts


def _in_writing(
    dossier: JustificationDossier,
    person: Person,
    frame: Frame,
    form: WrittenForm | None,
    refused: dict[str, ActionForm],
) -> dict[str, Any]:
    """The vote in writing that runs, or was halted, and what this person may do about it."""
    facts: dict[str, Any] = {"procedure": frame.procedure, "halt_form": refused.get("written")}
    if frame.session is not None:
        facts["may_see_sessions"] = policy.allows(person, Permission.DOSSIER_VIEW, frame.session)
    if dossier.state != DossierState.IN_REVIEW:
        return facts
    if frame.procedure is not None and frame.procedure.is_running:
        facts["may_halt"] = bool(offered(WRITTEN_LIFECYCLE, frame.procedure, person))
    elif frame.session is None and not frame.needs_session:
        may = policy.allows(person, Permission.DOSSIER_DECIDE, dossier)
        facts["written_form"] = (form or WrittenForm()) if may else None
    return facts


def _submissions(dossier: JustificationDossier) -> dict[str, Any]:
    """Whether the present round was submitted with all questions, and where its changes are told."""
    rounds = set(dossier.versions.values_list("round", flat=True)) if dossier.round else set()
    now = dossier.round
    told = max(rounds, default=0) if len(rounds) > 1 else 0
    url = reverse("accounts_registry:dossier_changes", args=[dossier.pk, told]) if told else ""
    return {"submitted_in_full": now in rounds, "changes_url": url}


def _place_of(dossier: JustificationDossier, question: Question) -> str:
    """Where it is answered: the step of the form, at the question."""
    section = question.section if dossier.opens_an_account else SECTION
    step = reverse("accounts_registry:dossier_edit", args=[dossier.pk, section])
    return f"{step}#id_{question.key}{'_group' if question.is_ticked else ''}"


def _acts(
    dossier: JustificationDossier, person: Person, refused: dict[str, ActionForm]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Buttons without and with a reason."""
    edges = [edge for edge in offered(DOSSIER_LIFECYCLE, dossier, person) if edge.name not in DECISIONS]
    acts = [
        {
            "verb": f"accounts_registry:dossier_{edge.name}",
            "name": edge.name,
            "label": edge.label,
            "explain": CONSEQUENCES.get(edge.name, ""),
            "form": refused.get(edge.name),
        }
        for edge in edges
    ]
    return [act for act in acts if not act["explain"]], [act for act in acts if act["explain"]]


def _conditions(dossier: JustificationDossier, person: Person, refused: dict[str, ActionForm]) -> list[dict[str, Any]]:
    """Each with what this person may do about it, and the form that was refused."""
    today = database_today(dossier.unit.zone)
    found = Condition.objects.filter(decision__dossier=dossier).select_related("owner", "reported_by")
    told = []
    for one in found:
        one.decision.dossier = dossier
        acts = {edge.name: edge for edge in offered(CONDITION_LIFECYCLE, one, person)}
        is_late = one.state == ConditionState.OPEN and one.due_on < today
        told.append({"condition": one, "acts": acts, "is_late": is_late, "form": refused.get(f"condition-{one.pk}")})
    return told


def _account(dossier: JustificationDossier, person: Person) -> Account | None:
    if dossier.about_id is not None:
        return visible_accounts(person).filter(pk=dossier.about_id).first()
    if not dossier.is_approved:
        return None
    return visible_accounts(person).filter(dossier=dossier).first()


def _advice(dossier: JustificationDossier, person: Person) -> dict[str, Any]:
    """What ICT/security said in each round, and what is still asked for."""
    given = list(dossier.advices.select_related("given_by").order_by("-round")) if dossier.round else []
    waits = dossier.state in ADVISED_IN and not any(one.round == dossier.round for one in given)
    may = waits and policy.allows(person, Permission.DOSSIER_ADVISE, dossier)
    against = list(without_advice(dossier)) if waits else []
    return {"advices": given, "may_advise": may, "no_advice": against}


def _heard(dossier: JustificationDossier, person: Person) -> dict[str, Any]:
    """Which services are heard in this round and what they said, and whether this person asks further ones."""
    if not dossier.round:
        return {}
    open_ = dossier.state in HEARD_IN
    rows = [
        {
            "one": one,
            "may_answer": open_
            and one.answered_at is None
            and policy.allows(person, Permission.DOSSIER_WRITE, one.unit)
            and not has_written(person, dossier),
        }
        for one in consultations_of(dossier)
    ]
    may_consult = open_ and policy.allows(person, Permission.DOSSIER_CHECK, dossier) and hears_services(dossier)
    return {"heard": rows, "unheard": list(unheard(dossier)) if open_ else [], "may_consult": may_consult}


def _comments(dossier: JustificationDossier, person: Person, cursor: str) -> dict[str, Any]:
    """A page of them, each with what this person may do about it and the question that it is about."""
    page = COMMENTS.page(comments_on(dossier), cursor)
    told = []
    for one in page.rows:
        one.dossier = dossier
        question = BY_KEY.get(one.question)
        edges = offered(COMMENT_LIFECYCLE, one, person)
        acts = [{"verb": f"accounts_registry:comment_{edge.name}", "label": edge.label} for edge in edges]
        told.append({"comment": one, "acts": acts, "about": capfirst(label_of(question)) if question else ""})
    return {"rows": told, "page": page}


def committee_facts(
    dossier: JustificationDossier, person: Person, vote_form: VoteForm | None, decision_form: DecisionForm | None
) -> dict[str, Any]:
    """Seats and votes, and the forms that this person may use now; `against`: why nothing is decided now."""
    votes = tally(dossier)
    own = next((seat.vote for seat in votes.seats if seat.vote and seat.member.pk == person.pk), None)
    voting = dossier.state == DossierState.IN_REVIEW
    frame = frame_of(dossier) if voting else Frame()
    facts: dict[str, Any] = {"tally": votes, "own_vote": own, "words": _words(votes, person), "sitting": frame}
    if voting and policy.allows(person, Permission.DOSSIER_VOTE, dossier):
        facts["against_vote"] = list(against_vote(frame, person))
    if vote_form or facts.get("against_vote") == []:
        initial = {"choice": own.choice, "reason": own.reason} if own else None
        facts["vote_form"] = (vote_form or VoteForm(initial=initial)).showing(seen_round=dossier.round)
    elif voting and stands_aside(person, dossier) and person.pk in {seat.member.pk for seat in votes.seats}:
        facts["stands_aside"] = True
    if voting and policy.allows(person, Permission.DOSSIER_DECIDE, dossier):
        facts["against"] = [*without_advice(dossier), *unheard(dossier), *against_decision(frame, person)]
    if decision_form or facts.get("against") == []:
        facts["outcome"] = outcome = votes.outcome(person)
        seen = {"seen_round": dossier.round, "seen_outcome": outcome or ""}
        facts["decision_form"] = (decision_form or DecisionForm(dossier=dossier)).showing(**seen)
    return facts


def _words(votes: Tally, person: Person) -> str:
    """Where the vote stands, in one sentence."""
    figures = {"for": votes.votes_for, "against": votes.votes_against}
    if not votes.is_quorate:
        return str(
            _("No quorum yet: %(cast)d of %(members)d voting members have voted, %(quorum)d are needed.")
            % {"cast": votes.cast, "members": votes.voting_members, "quorum": votes.quorum}
        )
    if votes.is_tied:
        return str(_("A tie, %(for)d for and %(against)d against: the chair's vote decides.") % figures)
    if votes.votes_for > votes.votes_against:
        return str(_("The votes carry an approval: %(for)d for, %(against)d against.") % figures)
    return str(_("The votes carry a refusal: %(for)d for, %(against)d against.") % figures)
