from __future__ import annotations

from collections.abc import Iterable

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions.carrying_out import carry_out
from accounts_registry.actions.conditions import Asked, put_conditions, require_conditions
from accounts_registry.actions.dossiers import require_seen
from accounts_registry.actions.framing import (
    end_if_all_voted,
    end_if_over,
    held_frame,
    hold_session,
    keep_frame,
    settle,
)
from accounts_registry.enums import DOSSIER_LIFECYCLE, DossierState, ItemResult, Outcome, VoteChoice
from accounts_registry.models import Decision, JustificationDossier, Vote
from accounts_registry.queries.committee import Tally, tally
from accounts_registry.queries.frames import against_decision, against_vote
from organisation import audit, locks, policy
from organisation.actions import perform
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import Person
from organisation.queries.authority import same_hand

VOTED = audit.tell("dossier.voted", _("%(actor)s voted on this dossier"))


def _locked(dossier: JustificationDossier, by: Person, permission: Permission, verb: str) -> JustificationDossier:
    """Votes and the decision take the same lock, so that no vote slips in beside a decision."""
    locked = locks.locked(JustificationDossier.objects.select_related("unit"), dossier.pk)
    policy.require(by, permission, locked)
    if locked.state != DossierState.IN_REVIEW:
        raise Conflict(locked, verb)
    return locked


@action
def cast_vote(
    *, dossier: JustificationDossier, by: Person, choice: str, reason: str, seen_round: int | None = None
) -> Vote:
    """`by`'s vote in this round, for, against or abstaining, with its reason; it replaces an earlier one of theirs.

    Refused where they read the dossier in another round than this one (`seen_round`): its words may be others by now;
    in a session of which they are not noted as being there; and when its written procedure is over.
    """
    session = hold_session(dossier)
    locked = _locked(dossier, by, Permission.DOSSIER_VOTE, "vote")
    require_seen(locked, seen_round)
    frame = held_frame(locked, session)
    if reasons := list(against_vote(frame, by)):
        raise Refused(*reasons)
    if choice not in VoteChoice.values:
        raise Refused(_("Vote for, against, or abstain."), field="choice")
    if not reason.strip():
        raise Refused(_("Say why you vote so."), field="reason")
    others = Vote.objects.filter(dossier=locked, round=locked.round).exclude(member=by).select_related("member")
    if any(same_hand(by, vote.member) for vote in others):
        raise Refused(_("Somebody who counts as you has voted already: two accounts of one person are one vote."))
    vote, _new = Vote.objects.update_or_create(
        dossier=locked,
        round=locked.round,
        member=by,
        defaults={"choice": choice, "reason": reason.strip(), "cast_at": Now(), "session": frame.open_session},
    )
    vote.refresh_from_db()
    audit.record(verb=VOTED, thing=locked, by=by, choice=choice, reason=vote.reason)
    end_if_all_voted(frame, locked)
    return vote


def _record(dossier: JustificationDossier, by: Person, reasons: str, votes: Tally, asked: list[Asked]) -> Decision:
    """Walks the edge of the outcome, and writes down the figures that it rests on."""
    outcome = votes.outcome(by) or Outcome.APPROVE
    edge = "approve_with_conditions" if asked else outcome.value
    told = {"conditions": [one["text"].strip() for one in asked]} if asked else {}
    perform(DOSSIER_LIFECYCLE, edge, dossier, by=by, details={"reason": reasons, **told})
    return Decision.objects.create(
        dossier=dossier,
        round=dossier.round,
        outcome=outcome,
        reasons=reasons,
        decided_by=by,
        votes_for=votes.votes_for,
        votes_against=votes.votes_against,
        abstentions=votes.abstentions,
        quorum=votes.quorum,
        voting_members=votes.voting_members,
    )


@action
def decide(
    *,
    dossier: JustificationDossier,
    by: Person,
    reasons: str,
    seen_round: int | None = None,
    seen_outcome: str = "",
    conditions: Iterable[Asked] = (),
) -> Decision:
    """Records what the votes say, with the committee's reasons; an approval does at once what was asked for, with
    `conditions` or without.

    The outcome is computed, never chosen. Refused with the figures where there is no quorum, or a tie that the
    chair's own vote does not break; where `by` gave their reasons for another outcome, or round, than it is now; and
    where it is not the time: its session is to come, or its written procedure runs.
    """
    session = hold_session(dossier)
    locked = _locked(dossier, by, Permission.DOSSIER_DECIDE, "decide")
    require_seen(locked, seen_round)
    frame = held_frame(locked, session)
    if against := list(against_decision(frame, by)):
        raise Refused(*against)
    if not reasons.strip():
        raise Refused(_("Give the committee's reasons."), field="reasons")
    votes = tally(locked)
    outcome = votes.outcome(by) or Outcome.APPROVE  # without one the approval's guard refuses, in words
    if votes.outcome(by) and seen_outcome not in ("", outcome):
        raise Outdated(_("The votes changed since you opened the page, and say the contrary now. Look at them again."))
    asked = require_conditions(locked, conditions)
    if asked and outcome != Outcome.APPROVE:
        raise Refused(_("A refusal has no conditions: say in the reasons what would have to change."))
    end_if_over(frame)
    decision = _record(locked, by, reasons.strip(), votes, asked)
    put_conditions(decision, asked)
    keep_frame(decision, frame, votes)
    settle(frame, ItemResult.DECIDED)
    if outcome == Outcome.APPROVE:
        carry_out(dossier=locked, by=by, reason=decision.reasons)
    dossier.refresh_from_db()
    return decision
