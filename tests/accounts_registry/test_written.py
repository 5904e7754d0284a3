"""Votes in writing between sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts_registry import actions
from accounts_registry.actions import begin_written, cast_vote, decide, end_written, halt_written
from accounts_registry.enums import DossierState, WrittenState
from accounts_registry.models import JustificationDossier, WrittenProcedure
from accounts_registry.queries import waiting_for
from organisation.lifecycle import Conflict, Refused
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import DossierFactory
from tests.factories.committee import CommitteeSessionFactory, on_the_agenda, there, written_for

pytestmark = pytest.mark.django_db
YESTERDAY, NEXT_WEEK = (timezone.localdate() + timedelta(days=days) for days in (-1, 7))


@pytest.fixture
def dossier(house: House) -> JustificationDossier:
    facts = {"unit": house.unit, "requested_by": house.author, "state": DossierState.IN_REVIEW, "round": 1}
    return DossierFactory.create(**facts)


def votes(dossier: JustificationDossier, *members: object, choice: str = "for") -> None:
    for member in members:
        cast_vote(dossier=dossier, by=member, choice=choice, reason="so")  # type: ignore[arg-type]


def test_nothing_is_decided_before_the_day_or_the_last_vote(
    house: House, dossier: JustificationDossier, events: Callable[[], list[str]]
) -> None:
    begun = begin_written(dossier=dossier, by=house.chair, ends_on=NEXT_WEEK)
    votes(dossier, house.chair, *house.members[:2])
    with pytest.raises(Refused, match="runs until"):
        decide(dossier=dossier, by=house.chair, reasons="Quick")
    votes(dossier, house.members[2])
    begun.refresh_from_db()
    assert begun.state == WrittenState.ENDED
    assert events()[-2:] == ["dossier.voted", "written_procedure.end"]
    assert decide(dossier=dossier, by=house.chair, reasons="All said yes").procedure == begun


def test_it_ends_by_itself_when_its_day_is_over(house: House, dossier: JustificationDossier) -> None:
    running = written_for(dossier, ends_on=timezone.localdate())
    votes(dossier, house.chair, house.members[0])
    assert end_written() == 0
    WrittenProcedure.objects.update(ends_on=YESTERDAY)
    with pytest.raises(Refused, match="no vote comes in"):
        votes(dossier, house.members[1])
    assert end_written() == 1
    running.refresh_from_db()
    assert running.state == WrittenState.ENDED
    assert end_written() == 0
    assert decide(dossier=dossier, by=house.chair, reasons="Half of us").votes_for == 2


def test_a_decision_does_not_wait_for_the_worker(house: House, dossier: JustificationDossier) -> None:
    written_for(dossier)
    votes(dossier, house.chair, house.members[0])
    WrittenProcedure.objects.update(ends_on=YESTERDAY)
    decide(dossier=dossier, by=house.chair, reasons="Its day is over")
    assert WrittenProcedure.objects.get().state == WrittenState.ENDED


def test_without_a_quorum_in_writing_a_session_decides(house: House, dossier: JustificationDossier) -> None:
    written_for(dossier, state=WrittenState.ENDED, ends_on=YESTERDAY)
    with pytest.raises(Refused, match="0 of 4"):
        decide(dossier=dossier, by=house.chair, reasons="Nobody voted")
    session = CommitteeSessionFactory.create(unit=house.root, planned_by=house.chair)
    on_the_agenda(session, dossier)
    there(session, *house.members)
    actions.open_session(session=session, by=house.chair)
    votes(dossier, *house.members)
    made = decide(dossier=dossier, by=house.chair, reasons="In the room")
    assert (made.session, made.procedure) == (session, None)


def test_a_member_may_ask_for_a_session_and_then_there_is_one(house: House, dossier: JustificationDossier) -> None:
    running = written_for(dossier)
    with pytest.raises(Refused, match="Say why"):
        halt_written(procedure=running, by=house.members[0], reason=" ")
    for nobody in (house.author, house.manager):
        with pytest.raises(PermissionDenied):
            halt_written(procedure=running, by=nobody, reason="Ours")
    votes(dossier, house.chair, *house.members[:2])
    halt_written(procedure=running, by=house.members[2], reason="The risks are not small")
    assert (running.state, running.halted_by) == (WrittenState.HALTED, house.members[2])
    with pytest.raises(Refused, match="put it on the agenda"):
        decide(dossier=dossier, by=house.chair, reasons="All the same")
    with pytest.raises(Refused, match="put it on the agenda"):
        begin_written(dossier=dossier, by=house.chair, ends_on=NEXT_WEEK)
    with pytest.raises(Conflict):
        halt_written(procedure=running, by=house.members[1], reason="Me too")


def test_who_may_put_what_to_a_vote_in_writing(house: House, dossier: JustificationDossier) -> None:
    with pytest.raises(PermissionDenied):
        begin_written(dossier=dossier, by=house.members[0], ends_on=NEXT_WEEK)
    with pytest.raises(Refused, match="This day is over"):
        begin_written(dossier=dossier, by=house.chair, ends_on=timezone.localdate())
    begin_written(dossier=dossier, by=house.chair, ends_on=NEXT_WEEK)
    with pytest.raises(Refused, match="already"):
        begin_written(dossier=dossier, by=house.chair, ends_on=NEXT_WEEK)
    WrittenProcedure.objects.all().delete()
    on_the_agenda(CommitteeSessionFactory.create(unit=house.root), dossier)
    with pytest.raises(Refused, match="take it off first"):
        begin_written(dossier=dossier, by=house.chair, ends_on=NEXT_WEEK)


def test_what_is_withdrawn_ends_too(house: House, dossier: JustificationDossier) -> None:
    written_for(dossier)
    actions.withdraw_dossier(dossier=dossier, by=house.author, reason="No longer")
    assert end_written() == 1


def test_who_has_not_voted_is_asked_until_it_is_over(house: House, dossier: JustificationDossier) -> None:
    written_for(dossier)
    acts = lambda person: [str(one.act) for one in waiting_for(person)]  # noqa: E731
    assert acts(house.members[0]) == ["Vote on the dossier"]
    votes(dossier, house.chair, *house.members[1:])
    assert "Record the decision" not in acts(house.chair)
    WrittenProcedure.objects.update(state=WrittenState.ENDED)
    assert acts(house.members[0]) == []
    assert "Record the decision" in acts(house.chair)
