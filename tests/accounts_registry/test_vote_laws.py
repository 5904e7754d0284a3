"""What holds of every vote, whatever the committee: against a model of its own, written from DOMAIN.md."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts_registry.actions import cast_vote, decide, note_attendance, open_session
from accounts_registry.enums import DossierState
from accounts_registry.models import Account, Decision, JustificationDossier, Vote
from accounts_registry.queries.committee import Seat, Tally, quorum_of, tally
from organisation.lifecycle import Refused
from organisation.models import Person, Unit
from tests.factories.accounts_registry import DossierFactory
from tests.factories.committee import CommitteeSessionFactory, on_the_agenda
from tests.factories.organisation import PersonFactory, UnitFactory, person_with

CHOICES = {"f": "for", "a": "against", "0": "abstain"}
HERE = {"present", "remote"}


@dataclass(frozen=True)
class Member:
    """`vote`: f(or), a(gainst), 0 (abstains), - (none); `asks`: of the unit that asks."""

    asks: bool
    presence: str
    vote: str
    chairs: bool = False


members = st.builds(
    Member,
    asks=st.sampled_from([False, False, False, True]),
    presence=st.sampled_from(["present", "present", "remote", "excused", "absent"]),
    vote=st.sampled_from("ffaa0-"),
)


@st.composite
def committees(draw: st.DrawFn) -> list[Member]:
    """One to nine; at most one chairs it."""
    found = draw(st.lists(members, min_size=1, max_size=9))
    chair = draw(st.integers(-1, len(found) - 1))
    return [Member(one.asks, one.presence, one.vote, place == chair) for place, one in enumerate(found)]


@dataclass(frozen=True)
class Expected:
    members: int
    quorum: int
    ayes: int
    noes: int
    abstentions: int
    outcome: str | None


def expected(committee: list[Member], *, in_session: bool, chair_records: bool = True) -> Expected:
    """Half of the voting members, rounded up; more for than against; a tie is the chair's; who asks does not vote."""
    voting = [one for one in committee if not one.asks]
    counted = [one for one in voting if one.vote != "-" and (one.presence in HERE or not in_session)]
    ayes, noes = (sum(one.vote == mark for one in counted) for mark in "fa")
    quorum = max(1, ceil(Fraction(len(voting), 2)))
    outcome = None
    if len(counted) >= quorum:
        chair = next((one.vote for one in counted if one.chairs), "-") if chair_records else "-"
        outcome = {1: "approve", -1: "refuse"}.get((ayes > noes) - (ayes < noes))
        if ayes == noes:
            outcome = {"f": "approve", "a": "refuse"}.get(chair)
    return Expected(len(voting), quorum, ayes, noes, sum(one.vote == "0" for one in counted), outcome)


def counted(committee: list[Member], *, in_session: bool) -> tuple[Tally, Person | None]:
    """As the votes are counted, nothing of it in a database."""
    people = [Person(pk=place + 1, name=str(place)) for place in range(len(committee))]
    seats = tuple(
        Seat(
            person,
            one.asks,
            Vote(choice=CHOICES[one.vote]) if one.vote != "-" else None,
            one.chairs,
            is_away=in_session and one.presence not in HERE,
        )
        for person, one in zip(people, committee, strict=True)
    )
    chair = next((person for person, one in zip(people, committee, strict=True) if one.chairs), None)
    return Tally(seats, quorum_of(sum(not one.asks for one in committee))), chair


@given(committees(), st.booleans(), st.randoms(use_true_random=False))
def test_the_count_says_what_the_model_says_in_whatever_order(
    committee: list[Member], in_session: bool, shuffle: Any
) -> None:
    votes, chair = counted(committee, in_session=in_session)
    told = expected(committee, in_session=in_session)
    figures = (votes.voting_members, votes.quorum, votes.votes_for, votes.votes_against, votes.abstentions)
    assert figures == (told.members, told.quorum, told.ayes, told.noes, told.abstentions)
    assert votes.outcome(chair) == told.outcome
    seats = list(votes.seats)
    shuffle.shuffle(seats)
    assert Tally(tuple(seats), votes.fixed_quorum).outcome(chair) == told.outcome


@given(committees(), st.booleans())
def test_the_casting_vote_is_the_chairs_and_on_a_tie_alone(committee: list[Member], in_session: bool) -> None:
    votes, chair = counted(committee, in_session=in_session)
    alone = votes.outcome(None)
    if votes.votes_for != votes.votes_against:
        assert votes.outcome(chair) == alone
    else:
        assert alone is None
    for seat in votes.seats:
        if not seat.is_chair:
            assert votes.outcome(seat.member) == alone


@given(committees(), st.booleans(), st.sampled_from("fa0-"))
def test_the_vote_of_who_asks_or_is_away_moves_nothing(committee: list[Member], in_session: bool, other: str) -> None:
    before = expected(committee, in_session=in_session)
    mute = [
        Member(one.asks, one.presence, other, one.chairs)
        if one.asks or (in_session and one.presence not in HERE)
        else one
        for one in committee
    ]
    votes, chair = counted(mute, in_session=in_session)
    assert votes.outcome(chair) == before.outcome
    assert (votes.votes_for, votes.votes_against) == (before.ayes, before.noes)


# ---- Through the acts, to what is recorded ---------------------------------------------------------------------------
TIE = [Member(False, "present", "f", True), Member(False, "remote", "a"), Member(False, "absent", "a")]
AWAY = [Member(False, "absent", "f", True), Member(False, "present", "f"), Member(False, "present", "f")]
ASKING = [Member(False, "present", "f", True), Member(True, "present", "a"), Member(False, "present", "0")]
db = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)


@pytest.mark.django_db
@pytest.mark.longer
@db
@given(committees(), st.booleans(), st.data())
@example(TIE, True, None)
@example(AWAY, True, None)
@example(ASKING, True, None)
@example(ASKING, False, None)
def test_what_is_recorded_is_what_the_model_says(
    committee: list[Member], in_session: bool, data: st.DataObject | None
) -> None:
    root, dossier, people, by = _before(committee)
    if in_session:
        session = CommitteeSessionFactory.create(unit=root, planned_by=by)
        on_the_agenda(session, dossier)
        note_attendance(session=session, by=by, presences=_noted(committee, people))
        open_session(session=session, by=by)
    order = data.draw(st.permutations(range(len(people)))) if data else range(len(people))
    for place in order:
        _try_to_vote(dossier, people[place], committee[place], in_session)
    chair_is_away = in_session and any(one.chairs and one.presence not in HERE for one in committee)
    told = expected(committee, in_session=in_session)
    if told.outcome is None or chair_is_away:
        with pytest.raises(Refused):
            decide(dossier=dossier, by=by, reasons="We tried")
        assert not Decision.objects.filter(dossier=dossier).exists()
        return
    made = decide(dossier=dossier, by=by, reasons="So it is")
    assert made.outcome == told.outcome
    assert (made.quorum, made.voting_members) == (told.quorum, told.members)
    assert (made.votes_for, made.votes_against, made.abstentions) == (told.ayes, told.noes, told.abstentions)
    assert Account.objects.filter(dossier=dossier).exists() == (told.outcome == "approve")
    _stays_so(made, committee, people, in_session)


def _before(committee: list[Member]) -> tuple[Unit, JustificationDossier, list[Person], Person]:
    """A dossier before this committee, its members, and who chairs; without a chair, somebody who became it later."""
    root = UnitFactory.create()
    unit, office = UnitFactory.create(parent=root), UnitFactory.create(parent=root)
    people = [
        person_with(
            "committee_chair" if one.chairs else "committee_member", root, works_in=unit if one.asks else office
        )
        for one in committee
    ]
    holders = [PersonFactory.create(unit=unit) for _ in range(2)]
    asked = {"owner": holders[0], "backup_holder": holders[1]}
    dossier = DossierFactory.create(unit=unit, state=DossierState.IN_REVIEW, round=1, **asked)
    chair = next((person for person, one in zip(people, committee, strict=True) if one.chairs), None)
    return root, dossier, people, chair or person_with("committee_chair", root, works_in=office)


def _noted(committee: list[Member], people: list[Person]) -> dict[int, str]:
    return {person.pk: one.presence for person, one in zip(people, committee, strict=True) if one.presence}


def _try_to_vote(dossier: JustificationDossier, person: Person, member: Member, in_session: bool) -> None:
    """Refused to who asks, and to who is not there."""
    if member.vote == "-":
        return
    wrong = PermissionDenied if member.asks else Refused if in_session and member.presence not in HERE else None
    if wrong is None:
        cast_vote(dossier=dossier, by=person, choice=CHOICES[member.vote], reason="so")
        return
    with pytest.raises(wrong):
        cast_vote(dossier=dossier, by=person, choice=CHOICES[member.vote], reason="so")


def _stays_so(made: Decision, committee: list[Member], people: list[Person], in_session: bool) -> None:
    """Whoever leaves afterwards changes nothing of what was counted, and of who was there."""
    if made.session is None:
        assert not in_session
        return
    was_there = {person.pk for person, one in zip(people, committee, strict=True) if one.presence in HERE}
    voting = {person.pk for person, one in zip(people, committee, strict=True) if not one.asks}
    assert set(made.present.values_list("pk", flat=True)) == was_there & voting
    note_attendance(session=made.session, by=made.decided_by, presences={person.pk: "absent" for person in people})
    dossier = JustificationDossier.objects.get(pk=made.dossier_id)
    assert tally(dossier).votes_for == made.votes_for
    assert tally(dossier).cast == made.votes_for + made.votes_against + made.abstentions
