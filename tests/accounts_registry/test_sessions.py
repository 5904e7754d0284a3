"""The committee's sessions, from the plan to the last point."""

# ruff: noqa: DTZ001 (wall times are naive)

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts_registry import actions
from accounts_registry.actions import cast_vote, decide, defer_dossier
from accounts_registry.enums import DossierState, ItemResult, SessionState
from accounts_registry.models import AgendaItem, Attendance, CommitteeSession, JustificationDossier, Vote
from accounts_registry.queries import tally, waiting_for
from accounts_registry.queries.frames import for_an_agenda
from organisation.lifecycle import Conflict, Outdated, Refused
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import DossierFactory
from tests.factories.committee import CommitteeSessionFactory, on_the_agenda, soon, there
from tests.factories.organisation import person_with

pytestmark = pytest.mark.django_db
NEXT_YEAR = timezone.localdate().year + 1


def waiting(house: House, **facts: Any) -> JustificationDossier:
    facts = {"unit": house.unit, "requested_by": house.author, "state": DossierState.IN_REVIEW, "round": 1, **facts}
    return DossierFactory.create(**facts)


def planned(house: House, **facts: Any) -> CommitteeSession:
    return CommitteeSessionFactory.create(unit=house.root, planned_by=house.chair, **facts)


def plan(house: House, wall_time: datetime, **facts: Any) -> CommitteeSession:
    facts = {"place": "Room 12", **facts}
    return actions.plan_session(unit=house.root, by=house.chair, wall_time=wall_time, **facts)


def test_a_session_is_planned_by_the_clock_of_its_unit(house: House, events: Callable[[], list[str]]) -> None:
    session = plan(house, datetime(NEXT_YEAR, 7, 2, 14))
    assert session.starts_at.isoformat() == f"{NEXT_YEAR}-07-02T12:00:00+00:00"
    assert (session.state, session.edition, session.zone) == ("planned", 1, "Europe/Brussels")
    assert events() == ["committee_session.planned"]


@pytest.mark.parametrize("wall", [datetime(2099, 1, 1, 14), datetime(9999, 12, 31, 23, 59)])
def test_nobody_plans_a_session_for_another_age(house: House, wall: datetime) -> None:
    with pytest.raises(Refused, match="more than two years ahead"):
        plan(house, wall)


# The last Sunday of March, when the clock goes forward, and of October, when an hour comes twice.
@pytest.mark.parametrize(
    ("wall", "field"),
    [
        (datetime(2027, 3, 28, 2, 30), "wall_time"),
        (datetime(2027, 10, 31, 2, 30), "fold"),
        (datetime(2020, 5, 5, 9), "wall_time"),
    ],
)
def test_a_time_that_is_none_is_refused(house: House, wall: datetime, field: str) -> None:
    with pytest.raises(Refused) as refused:
        plan(house, wall)
    assert refused.value.field == field
    assert not CommitteeSession.objects.exists()


def test_the_second_of_two_hours_may_be_meant(house: House) -> None:
    session = plan(house, datetime(2027, 10, 31, 2, 30), fold=1)
    assert session.starts_at.isoformat() == "2027-10-31T01:30:00+00:00"


def test_a_committee_sits_somewhere_and_at_the_root(house: House) -> None:
    with pytest.raises(Refused, match="where the committee meets"):
        plan(house, datetime(NEXT_YEAR, 7, 2, 14), place=" ")
    below = person_with("committee_chair", house.unit)
    with pytest.raises(PermissionDenied):
        actions.plan_session(unit=house.unit, by=below, wall_time=datetime(NEXT_YEAR, 7, 2, 14), place="x")
    for nobody in (house.members[0], house.manager):
        with pytest.raises(PermissionDenied):
            actions.plan_session(unit=house.root, by=nobody, wall_time=datetime(NEXT_YEAR, 7, 2, 14), place="x")


def test_a_change_of_what_somebody_else_changed_is_refused(house: House) -> None:
    session = planned(house)
    facts: dict[str, Any] = {"fold": None, "link": "", "names_votes": False}
    changed = actions.change_session(
        session=session,
        by=house.chair,
        edition=1,
        wall_time=datetime(NEXT_YEAR, 7, 2, 14),
        place="Attic",
        **facts,
    )
    assert (changed.edition, changed.place, changed.names_votes) == (2, "Attic", False)
    with pytest.raises(Outdated):
        actions.change_session(
            session=session,
            by=house.chair,
            edition=1,
            wall_time=datetime(NEXT_YEAR, 7, 2, 14),
            place="Hall",
            **facts,
        )


# ---- The agenda -----------------------------------------------------------------------------------------------------
def titles(session: CommitteeSession) -> list[str]:
    return [str(one) for one in AgendaItem.objects.filter(session=session).order_by("position")]


def test_the_agenda_is_set_in_order_with_free_points(house: House) -> None:
    session = planned(house)
    first, second = waiting(house), waiting(house)
    set_to = lambda edition, *entries: actions.set_agenda(  # noqa: E731
        session=session, by=house.chair, edition=edition, entries=entries
    )
    set_to(1, {"dossier": first}, {"title": "Opening"}, {"dossier": second})
    assert titles(session) == [first.title, "Opening", second.title]
    keys = list(AgendaItem.objects.filter(session=session).order_by("position").values_list("pk", flat=True))
    set_to(2, {"item": keys[2]}, {"item": keys[0]}, {"title": "Any other business"})
    assert titles(session) == [second.title, first.title, "Any other business"]
    with pytest.raises(Outdated):
        set_to(2, {"item": keys[0]})
    with pytest.raises(Outdated):
        set_to(3, {"item": keys[1]})
    assert list(for_an_agenda(house.root.path)) == []


def test_a_dossier_comes_on_one_agenda_once_it_is_with_the_committee(house: House) -> None:
    here, elsewhere = planned(house), planned(house, starts_at=soon(days=9))
    taken = waiting(house)
    on_the_agenda(elsewhere, taken)
    for dossier in (
        taken,
        waiting(house, state=DossierState.SUBMITTED),
        DossierFactory.create(state="in_review", round=1),
    ):
        with pytest.raises(Refused, match="one agenda"):
            actions.set_agenda(session=here, by=house.chair, edition=1, entries=[{"dossier": dossier}])
    assert titles(here) == []


# ---- In the room ----------------------------------------------------------------------------------------------------
@pytest.fixture
def sitting(house: House) -> CommitteeSession:
    """An open session with the chair and two members there; the third is excused."""
    session = planned(house)
    there(session, *house.members[:2])
    there(session, house.members[2], presence="excused")
    return session


def opened(session: CommitteeSession, house: House, *dossiers: JustificationDossier) -> CommitteeSession:
    for dossier in dossiers:
        on_the_agenda(session, dossier)
    return actions.open_session(session=session, by=house.chair)


def test_a_session_opens_near_its_hour_with_something_to_deal_with(house: House) -> None:
    with pytest.raises(Refused, match="nothing on the agenda"):
        actions.open_session(session=planned(house), by=house.chair)
    early = planned(house, starts_at=soon(hours=3))
    on_the_agenda(early, "Opening")
    with pytest.raises(Refused, match="an hour before"):
        actions.open_session(session=early, by=house.chair)
    with pytest.raises(PermissionDenied):
        actions.open_session(session=early, by=house.members[0])


def test_only_the_votes_of_those_who_are_there_count(house: House, sitting: CommitteeSession) -> None:
    """Four vote, two are needed. Somebody who voted beforehand and is excused counts for nothing."""
    dossier = waiting(house)
    cast_vote(dossier=dossier, by=house.members[2], choice="against", reason="No")
    opened(sitting, house, dossier)
    cast_vote(dossier=dossier, by=house.members[0], choice="for", reason="Yes")
    with pytest.raises(Refused, match="1 of 4 voting members have voted, 2 are needed"):
        decide(dossier=dossier, by=house.chair, reasons="Now")
    with pytest.raises(Refused, match="not noted as being there"):
        cast_vote(dossier=dossier, by=house.members[2], choice="for", reason="After all")
    cast_vote(dossier=dossier, by=house.members[1], choice="for", reason="Yes")
    made = decide(dossier=dossier, by=house.chair, reasons="There is a need")
    assert (made.votes_for, made.votes_against, made.session) == (2, 0, sitting)
    assert set(made.present.all()) == {house.chair, *house.members[:2]}
    assert sitting.items.get().result == ItemResult.DECIDED
    assert set(Vote.objects.filter(session=sitting).values_list("member", flat=True)) == {
        one.pk for one in house.members[:2]
    }


def test_who_leaves_leaves_the_quorum_and_a_decision_stays_as_it_was(house: House, sitting: CommitteeSession) -> None:
    first, second = waiting(house), waiting(house)
    opened(sitting, house, first, second)
    for dossier in (first, second):
        for member in house.members[:2]:
            cast_vote(dossier=dossier, by=member, choice="for", reason="Yes")
    decide(dossier=first, by=house.chair, reasons="Yes")
    actions.note_attendance(session=sitting, by=house.chair, presences={house.members[1].pk: "absent"})
    with pytest.raises(Refused, match="1 of 4"):
        decide(dossier=second, by=house.chair, reasons="Yes")
    first.refresh_from_db()
    assert tally(first).votes_for == 2
    assert tally(second).votes_for == 1


def test_what_is_on_an_agenda_is_decided_there(house: House) -> None:
    session, dossier = planned(house), waiting(house)
    on_the_agenda(session, dossier)
    for member in (house.chair, house.members[0]):
        cast_vote(dossier=dossier, by=member, choice="for", reason="Yes")
    with pytest.raises(Refused, match="on the agenda of the session"):
        decide(dossier=dossier, by=house.chair, reasons="Now")
    actions.cancel_session(session=session, by=house.chair, reason="Nobody is in town")
    assert decide(dossier=dossier, by=house.chair, reasons="Between sessions").session is None


def test_a_chair_who_is_not_there_decides_nothing(house: House, sitting: CommitteeSession) -> None:
    dossier = waiting(house)
    opened(sitting, house, dossier)
    for member in house.members[:2]:
        cast_vote(dossier=dossier, by=member, choice="for", reason="Yes")
    actions.note_attendance(session=sitting, by=house.chair, presences={house.chair.pk: "absent"})
    with pytest.raises(Refused, match="not noted as being there"):
        decide(dossier=dossier, by=house.chair, reasons="From afar")


def test_a_dossier_is_put_off_to_a_later_session_and_taken_up_when_it_opens(
    house: House, sitting: CommitteeSession
) -> None:
    dossier, later = waiting(house), planned(house, starts_at=soon(days=7))
    earlier = planned(house, starts_at=soon(minutes=5))
    opened(sitting, house, dossier)
    with pytest.raises(Refused, match="a planned session after this one"):
        defer_dossier(dossier=dossier, by=house.chair, reason="Figures are missing", to=earlier)
    defer_dossier(dossier=dossier, by=house.chair, reason="Figures are missing", to=later)
    item = sitting.items.get()
    assert (item.result, item.deferred_to) == (ItemResult.DEFERRED, later)
    assert titles(later) == [dossier.title]
    CommitteeSession.objects.filter(pk=later.pk).update(starts_at=soon())
    actions.open_session(session=later, by=house.chair)
    dossier.refresh_from_db()
    assert dossier.state == DossierState.IN_REVIEW


def test_what_is_left_when_a_session_closes_is_free_and_who_was_never_noted_was_absent(house: House) -> None:
    session, dossier = planned(house), waiting(house)
    opened(session, house, dossier)
    actions.close_session(session=session, by=house.chair)
    assert session.items.get().result == ItemResult.NOT_REACHED
    noted = dict(Attendance.objects.filter(session=session).values_list("member", "presence"))
    assert noted == {house.chair.pk: "present", **{one.pk: "absent" for one in house.members}}
    assert list(for_an_agenda(house.root.path)) == [dossier]
    with pytest.raises(Conflict):
        actions.note_attendance(session=session, by=house.chair, presences={house.members[0].pk: "present"})


def test_a_free_point_is_noted_for_the_minutes(house: House) -> None:
    session = planned(house)
    item = on_the_agenda(session, "Any other business")
    actions.open_session(session=session, by=house.chair)
    actions.discuss_item(item=item, by=house.chair, note="The next session is online")
    item.refresh_from_db()
    assert (item.result, item.note) == (ItemResult.DISCUSSED, "The next session is online")
    dossier = on_the_agenda(session, waiting(house))
    with pytest.raises(Refused, match="voted on"):
        actions.discuss_item(item=dossier, by=house.chair, note="We talked")


def test_somebody_who_does_not_sit_there_does_not_attend(house: House, sitting: CommitteeSession) -> None:
    with pytest.raises(Refused, match="does not sit on the committee"):
        actions.note_attendance(session=sitting, by=house.chair, presences={house.author.pk: "present"})


def test_members_find_the_session_among_what_waits_and_no_vote_that_is_not_due(house: House) -> None:
    session, dossier = planned(house, starts_at=soon(days=3)), waiting(house)
    on_the_agenda(session, dossier)
    assert [str(one.act) for one in waiting_for(house.members[0])] == ["Read the agenda"]
    assert timezone.now() + timedelta(days=2) < (waiting_for(house.members[0])[0].due_at or timezone.now())
    CommitteeSession.objects.filter(pk=session.pk).update(starts_at=soon())
    actions.open_session(session=session, by=house.chair)
    assert [str(one.act) for one in waiting_for(house.members[0])] == ["Go to the session", "Vote on the dossier"]
    assert SessionState(CommitteeSession.objects.get(pk=session.pk).state) == "open"
