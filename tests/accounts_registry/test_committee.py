"""Quorum, ties, who stands aside: the committee's rules as a table."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts_registry.actions import (
    accept_dossier,
    cast_vote,
    decide,
    defer_dossier,
    resume_dossier,
    return_dossier,
    submit_dossier,
    update_dossier,
)
from accounts_registry.enums import DossierState, Outcome
from accounts_registry.models import Account, Decision, JustificationDossier, Vote
from accounts_registry.queries import tally, waiting_for
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import AccountFactory, AdviceFactory, DossierFactory
from tests.factories.organisation import GrantFactory, PersonFactory, person_with
from tests.thorough import thorough_after

pytestmark = pytest.mark.django_db


def before_the_committee(house: House, **facts: object) -> JustificationDossier:
    facts = {"unit": house.unit, "requested_by": house.author, "state": DossierState.IN_REVIEW, "round": 1, **facts}
    return DossierFactory.create(**facts)


def vote(dossier: JustificationDossier, voters: list[Person], marks: str) -> None:
    """One vote a letter: f(or), a(gainst), 0 (abstain), - (none)."""
    choices = {"f": "for", "a": "against", "0": "abstain"}
    for voter, mark in zip(voters, marks, strict=True):
        if mark != "-":
            cast_vote(dossier=dossier, by=voter, choice=choices[mark], reason="so")


# The chair's mark first, then the three members'. Four voting members: a quorum of two.
@pytest.mark.longer
@pytest.mark.parametrize(
    ("marks", "outcome"),
    thorough_after(
        8,
        [
            ("-f--", None),
            ("ff--", "approve"),
            ("--aa", "refuse"),
            ("fa--", "approve"),
            ("af--", "refuse"),
            ("-fa-", None),
            ("aff0", "approve"),  # two for, one against: the chair breaks ties and nothing else
            ("00--", None),
            ("----", None),
            ("f---", None),
            ("-ff-", "approve"),
            ("0fa-", None),
            ("0ffa", "approve"),
            ("ffaa", "approve"),
            ("afa-", "refuse"),
            ("f0--", "approve"),
            ("000a", "refuse"),
        ],
        names=2,
    ),
)
def test_the_votes_decide(house: House, marks: str, outcome: str | None) -> None:
    dossier = before_the_committee(house)
    vote(dossier, [house.chair, *house.members], marks)
    assert tally(dossier).outcome(house.chair) == outcome
    if outcome is None:
        with pytest.raises(Refused):
            decide(dossier=dossier, by=house.chair, reasons="We tried")
        assert not Account.objects.exists()
        return
    decision = decide(dossier=dossier, by=house.chair, reasons="So it is")
    assert decision.outcome == outcome
    assert Account.objects.filter(dossier=dossier).exists() == (outcome == "approve")


@pytest.mark.parametrize(
    ("members", "quorum"), thorough_after(3, [(1, 1), (4, 2), (5, 3), (2, 1), (3, 2), (6, 3), (7, 4), (9, 5)], names=2)
)
def test_quorum_is_half_rounded_up(house: House, members: int, quorum: int) -> None:
    for seat in [house.chair, *house.members]:
        seat.grants.all().delete()
    for _ in range(members):
        person_with("committee_member", house.root)
    assert tally(before_the_committee(house)).quorum == quorum


def test_without_quorum_the_refusal_gives_the_figures(house: House) -> None:
    dossier = before_the_committee(house)
    vote(dossier, [house.chair], "f")
    with pytest.raises(Refused, match="1 of 4 voting members have voted, 2 are needed"):
        decide(dossier=dossier, by=house.chair, reasons="Quick")


def test_the_askers_own_unit_and_the_author_stand_aside(house: House) -> None:
    colleague = person_with("committee_member", house.root, works_in=house.unit)
    GrantFactory.create(person=house.author, role="committee_member", unit=house.root)
    elsewhere = before_the_committee(house, unit=house.members[0].unit, requested_by=house.author)
    dossier = before_the_committee(house)
    assert tally(dossier).voting_members == 4
    for aside, asked in [(colleague, dossier), (house.author, dossier), (house.author, elsewhere)]:
        with pytest.raises(PermissionDenied):
            cast_vote(dossier=asked, by=Person.objects.get(pk=aside.pk), choice="for", reason="Ours")
    assert not Vote.objects.exists()


def test_a_seat_below_the_root_is_no_seat(house: House) -> None:
    below = person_with("committee_member", house.unit, works_in=house.members[0].unit)
    dossier = before_the_committee(house)
    assert below not in [seat.member for seat in tally(dossier).seats]
    with pytest.raises(PermissionDenied):
        cast_vote(dossier=dossier, by=below, choice="for", reason="Me too")


def figures(dossier: JustificationDossier) -> tuple[int, int, int]:
    votes = tally(JustificationDossier.objects.get(pk=dossier.pk))
    return votes.voting_members, votes.quorum, votes.cast


@pytest.mark.longer
def test_the_committee_is_fixed_when_a_dossier_passes_to_it(house: House) -> None:
    """Five sit, three must vote. Two are suspended, one loses the role, two come: five sit, three must vote."""
    house.members.append(person_with("committee_member", house.root, name="Member 3"))
    dossier = before_the_committee(house, state=DossierState.SUBMITTED)
    assert figures(dossier) == (5, 3, 0)
    accept_dossier(dossier=dossier, by=house.chair)
    AdviceFactory.create(dossier=dossier)
    vote(dossier, house.members[:1], "f")
    newcomers = [person_with("committee_member", house.root) for _ in range(2)]
    Person.objects.filter(pk__in=[one.pk for one in house.members[:2]]).update(is_active=False)
    house.members[2].grants.all().delete()
    assert figures(dossier) == (5, 3, 1)
    for nobody in [*newcomers, house.members[1], house.members[2]]:
        with pytest.raises(PermissionDenied):
            cast_vote(dossier=dossier, by=Person.objects.get(pk=nobody.pk), choice="for", reason="Me too")
    assert waiting_for(newcomers[0]) == []
    vote(dossier, [house.chair], "f")
    with pytest.raises(Refused, match="2 of 5 voting members have voted, 3 are needed"):
        decide(dossier=dossier, by=house.chair, reasons="Quick")
    defer_dossier(dossier=dossier, by=house.chair, reason="Not today")
    resume_dossier(dossier=dossier, by=house.chair)
    assert figures(dossier) == (5, 3, 2)
    vote(dossier, house.members[3:], "f")
    decision = decide(dossier=dossier, by=house.chair, reasons="So it is")
    assert (decision.voting_members, decision.quorum, decision.votes_for) == (5, 3, 3)


@pytest.mark.longer
def test_a_new_round_sits_anew(house: House) -> None:
    dossier = before_the_committee(house)
    newcomer = person_with("committee_member", house.root)
    Person.objects.filter(pk=house.members[0].pk).update(is_active=False)
    defer_dossier(dossier=dossier, by=house.chair, reason="Not today")
    return_dossier(dossier=dossier, by=house.chair, reason="Say more")
    submit_dossier(dossier=dossier, by=house.author)
    accept_dossier(dossier=dossier, by=house.chair)
    assert [seat.member.pk for seat in tally(dossier).seats].count(newcomer.pk) == 1
    assert house.members[0].pk not in [seat.member.pk for seat in tally(dossier).seats]


@pytest.mark.longer
def test_the_authors_invitee_neither_checks_votes_nor_decides(house: House) -> None:
    """Until a second person has confirmed who was added, they count as who added them: two accounts are one hand."""
    Person.objects.filter(pk__in=[house.chair.pk, house.members[0].pk]).update(invited_by=house.author)
    chair, member = Person.objects.get(pk=house.chair.pk), Person.objects.get(pk=house.members[0].pk)
    dossier = before_the_committee(house, state=DossierState.SUBMITTED)
    with pytest.raises(PermissionDenied, match="count as who wrote it"):
        accept_dossier(dossier=dossier, by=chair)
    other = person_with("committee_chair", house.root)
    accept_dossier(dossier=dossier, by=other)
    AdviceFactory.create(dossier=dossier)
    assert figures(dossier) == (3, 2, 0)
    for nobody in (chair, member):
        with pytest.raises(PermissionDenied):
            cast_vote(dossier=dossier, by=nobody, choice="for", reason="Ours")
    vote(dossier, house.members[1:], "ff")
    with pytest.raises(PermissionDenied, match="count as who wrote it"):
        decide(dossier=dossier, by=chair, reasons="Mine")
    decide(dossier=dossier, by=other, reasons="So it is")


def test_a_vote_needs_a_choice_and_a_reason_and_may_change(house: House) -> None:
    dossier = before_the_committee(house)
    member = house.members[0]
    for choice, reason, field in [("perhaps", "x", "choice"), ("for", "  ", "reason")]:
        with pytest.raises(Refused) as refused:
            cast_vote(dossier=dossier, by=member, choice=choice, reason=reason)
        assert refused.value.field == field
    cast_vote(dossier=dossier, by=member, choice="for", reason="Good")
    cast_vote(dossier=dossier, by=member, choice="against", reason="On second thoughts")
    assert [(one.choice, one.reason) for one in Vote.objects.all()] == [("against", "On second thoughts")]


@pytest.mark.longer
def test_a_new_submission_starts_the_votes_anew(house: House) -> None:
    dossier = before_the_committee(house)
    vote(dossier, [house.chair, *house.members], "ffff")
    defer_dossier(dossier=dossier, by=house.chair, reason="Not today")
    return_dossier(dossier=dossier, by=house.chair, reason="Say more")
    submit_dossier(dossier=dossier, by=house.author)
    accept_dossier(dossier=dossier, by=house.chair)
    assert tally(dossier).cast == 0
    assert dossier.round == 2


@pytest.mark.longer
def test_one_decision_only(house: House) -> None:
    dossier = before_the_committee(house)
    vote(dossier, [house.chair, *house.members], "ff--")
    stale = JustificationDossier.objects.get(pk=dossier.pk)
    decide(dossier=dossier, by=house.chair, reasons="First")
    with pytest.raises(Conflict):
        decide(dossier=stale, by=house.chair, reasons="Second")
    with pytest.raises(Conflict):
        cast_vote(dossier=stale, by=house.members[2], choice="against", reason="Too late")
    assert Decision.objects.count() == 1


def test_a_member_cannot_decide_and_the_author_neither(house: House) -> None:
    dossier = before_the_committee(house)
    vote(dossier, [house.chair, *house.members], "ff--")
    GrantFactory.create(person=house.author, role="committee_chair", unit=house.root)
    for person in (house.members[0], Person.objects.get(pk=house.author.pk)):
        with pytest.raises(PermissionDenied):
            decide(dossier=dossier, by=person, reasons="I say so")


def test_an_approval_opens_the_account_in_one_transaction(house: House, events: Callable[[], list[str]]) -> None:
    other = AccountFactory.create(unit=house.unit, languages=["nl"], handle="fin.nl")
    dossier = before_the_committee(house, languages=["fr"], pair_of=other)
    vote(dossier, [house.chair, *house.members], "ff--")
    decide(dossier=dossier, by=house.chair, reasons="Good")
    account = Account.objects.get(dossier=dossier)
    other.refresh_from_db()
    assert (account.state, account.pair, other.pair) == ("active", other, account)
    assert events()[-3:] == ["dossier.approve", "account.opened", "account.activate"]


def test_a_name_taken_meanwhile_refuses_the_whole_decision(house: House) -> None:
    dossier = before_the_committee(house, proposed_handle="taken", platform="mastodon")
    AccountFactory.create(unit=house.unit, handle="taken", base_url="https://mastodon.social")
    vote(dossier, [house.chair, *house.members], "ff--")
    with pytest.raises(Refused, match="already holds"):
        decide(dossier=dossier, by=house.chair, reasons="Good")
    dossier.refresh_from_db()
    assert dossier.state == DossierState.IN_REVIEW
    assert not Decision.objects.exists()


@pytest.mark.longer
def test_what_waits(house: House) -> None:
    dossier = before_the_committee(house)
    assert [str(one.act) for one in waiting_for(house.members[0])] == ["Vote on the dossier"]
    vote(dossier, [house.chair, *house.members], "ff--")
    assert [str(one.act) for one in waiting_for(house.chair)] == ["Record the decision"]
    assert [str(one.act) for one in waiting_for(house.members[0])] == []
    assert [str(one.act) for one in waiting_for(house.members[1])] == ["Vote on the dossier"]
    decide(dossier=dossier, by=house.chair, reasons="Good")
    assert [str(one.act) for one in waiting_for(house.manager)] == ["Connect the account"]
    assert Decision.objects.get().outcome == Outcome.APPROVE
    assert waiting_for(PersonFactory.create()) == []


@pytest.mark.longer
def test_whoever_changed_an_answer_neither_checks_nor_votes_nor_decides(house: House) -> None:
    GrantFactory.create(person=house.chair, role="account_manager", unit=house.root)
    chair = Person.objects.get(pk=house.chair.pk)
    facts = {"requested_by": house.author, "unit": house.unit}
    dossier = DossierFactory.create(**facts, state=DossierState.DRAFT)
    update_dossier(dossier=dossier, by=chair, edition=dossier.edition, objective="As the chair would have it")
    submit_dossier(dossier=dossier, by=house.author)

    assert [one.title for one in waiting_for(chair) if one.title == dossier.title] == []
    with pytest.raises(PermissionDenied):
        accept_dossier(dossier=dossier, by=chair)
    JustificationDossier.objects.filter(pk=dossier.pk).update(state=DossierState.IN_REVIEW)
    dossier.refresh_from_db()
    assert house.chair.pk not in [seat.member.pk for seat in tally(dossier).voting]
    with pytest.raises(PermissionDenied):
        cast_vote(dossier=dossier, by=chair, choice="for", reason="so")
    with pytest.raises(PermissionDenied):
        decide(dossier=dossier, by=chair, reasons="so")


@pytest.mark.longer
def test_a_chair_further_down_neither_checks_nor_puts_off_nor_decides(house: House) -> None:
    """The asking unit's own "chair" could take a dossier out of a vote that went against it, and break its ties."""
    local = person_with("committee_chair", house.unit, works_in=house.root)
    submitted = before_the_committee(house, state=DossierState.SUBMITTED)
    with pytest.raises(PermissionDenied):
        accept_dossier(dossier=submitted, by=local)
    dossier = before_the_committee(house)
    vote(dossier, house.members, "aa-")
    assert waiting_for(local) == []
    for act in (defer_dossier, return_dossier):
        with pytest.raises(PermissionDenied):
            act(dossier=dossier, by=local, reason="Later, with other members")
    with pytest.raises(PermissionDenied):
        decide(dossier=dossier, by=local, reasons="So it is")
    defer_dossier(dossier=dossier, by=house.chair, reason="Not today")
    for act in (resume_dossier, return_dossier):
        with pytest.raises(PermissionDenied):
            act(dossier=dossier, by=local, **({} if act is resume_dossier else {"reason": "Anew"}))


@pytest.mark.parametrize("where", ["root", "unit"])
def test_who_became_chair_during_the_vote_breaks_no_tie_of_it(house: House, where: str) -> None:
    dossier = before_the_committee(house)
    vote(dossier, house.members, "fa-")
    GrantFactory.create(person=house.members[0], role="committee_chair", unit=getattr(house, where))
    risen = Person.objects.get(pk=house.members[0].pk)
    with pytest.raises((Refused, PermissionDenied)):
        decide(dossier=dossier, by=risen, reasons="My vote counts twice")
    dossier.refresh_from_db()
    assert dossier.state == DossierState.IN_REVIEW


@pytest.mark.longer
def test_two_accounts_of_one_person_are_one_vote(house: House) -> None:
    """Also where the one came into the other's hands after both had their seats."""
    dossier = before_the_committee(house)
    vote(dossier, house.members[:1], "f")
    Person.objects.filter(pk=house.members[1].pk).update(invited_by=house.members[0])
    with pytest.raises(Refused, match="counts as you has voted"):
        cast_vote(dossier=dossier, by=Person.objects.get(pk=house.members[1].pk), choice="for", reason="Again")
    vote(dossier, house.members[:1], "a")
    assert (tally(dossier).cast, tally(dossier).votes_against) == (1, 1)


def test_who_stands_aside_is_looked_at_behind_the_dossiers_lock(house: House) -> None:
    """Whoever has it returned, writes in it and submits it again in that moment would vote on their own words."""
    dossier = before_the_committee(house, state=DossierState.SUBMITTED, round=1)
    with CaptureQueriesContext(connection) as queries:
        accept_dossier(dossier=dossier, by=house.chair)
    said = [query["sql"] for query in queries.captured_queries]
    locked = next(at for at, sql in enumerate(said) if "justificationdossier" in sql and "FOR UPDATE" in sql)
    looked = next(at for at, sql in enumerate(said) if "_editors" in sql)
    assert locked < looked
