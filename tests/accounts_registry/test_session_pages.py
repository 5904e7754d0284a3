"""The pages of a session: planned, walked through point by point, minuted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts_registry.enums import DossierState
from accounts_registry.models import AgendaItem, CommitteeSession, Decision, JustificationDossier, Minutes
from notices.models import Addressee, Notice
from organisation.models import Person
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import DossierFactory
from tests.factories.committee import CommitteeSessionFactory, on_the_agenda, soon, there, written_for
from tests.notices.conftest import look

pytestmark = pytest.mark.django_db
NEXT_YEAR = timezone.localdate().year + 1


def url(name: str, *args: object) -> str:
    return reverse(f"accounts_registry:{name}", args=args)


def as_(client: Client, person: object) -> Client:
    client.force_login(person)
    return client


def waiting(house: House, **facts: object) -> JustificationDossier:
    facts = {"unit": house.unit, "requested_by": house.author, "state": DossierState.IN_REVIEW, "round": 1, **facts}
    return DossierFactory.create(**facts)


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def test_a_chair_plans_a_session_and_its_agenda(client: Client, house: House) -> None:
    first, second = waiting(house), waiting(house)
    as_(client, house.chair)
    later = timezone.localtime() + timedelta(days=8)
    answer = client.post(url("session_new"), {"wall_time": f"{later:%Y-%m-%dT10:00}", "place": "Room 12"})
    session = CommitteeSession.objects.get()
    assert answer["location"] == url("session_agenda", session.pk)
    told = {"edition": 1, "dossiers": [first.pk, second.pk], "title_1": "Any other business"}
    client.post(url("session_agenda", session.pk), told)
    keys = list(AgendaItem.objects.order_by("position").values_list("pk", flat=True))
    again = {"edition": 2, f"place_{keys[0]}": 9, f"place_{keys[1]}": 2, f"place_{keys[2]}": 1, f"off_{keys[1]}": "on"}
    assert client.post(url("session_agenda", session.pk), again).status_code == 302
    titles = [str(one) for one in AgendaItem.objects.order_by("position")]
    assert titles == ["Any other business", first.title]
    page = read(client, url("session_detail", session.pk))
    assert first.title in page
    assert "Cancel this session" in page
    stale = client.post(url("session_agenda", session.pk), {**again, "edition": 2})
    assert stale.status_code == 422
    assert "Somebody else changed this session meanwhile" in stale.content.decode()


def test_a_plan_without_a_place_or_in_a_gap_is_told_at_its_field(client: Client, house: House) -> None:
    as_(client, house.chair)
    answer = client.post(url("session_new"), {"wall_time": "2027-03-28T02:30", "place": "Room 12"})
    assert answer.status_code == 422
    assert "This time does not exist" in answer.content.decode()
    answer = client.post(url("session_new"), {"wall_time": f"{NEXT_YEAR}-03-29T10:00"})
    assert "where the committee meets" in answer.content.decode()
    twice = client.post(url("session_new"), {"wall_time": "2027-10-31T02:30", "place": "Room 12"}).content.decode()
    assert "Which of the two?" in twice


def test_the_list_shows_what_comes_first_and_pages_by_key(client: Client, house: House) -> None:
    for days in range(1, 28):
        CommitteeSessionFactory.create(unit=house.root, starts_at=soon(days=days), place=f"Room {days}.")
    CommitteeSessionFactory.create(unit=house.root, state="closed", place="Attic")
    as_(client, house.members[0])
    page = read(client, url("session_list"))
    assert page.index("Room 1.") < page.index("Room 25.")
    assert "Room 26." not in page
    assert "Attic" not in page
    assert "Attic" in read(client, f"{url('session_list')}?show=past")


def test_the_file_for_the_calendar_says_when_and_what(client: Client, house: House) -> None:
    session = CommitteeSessionFactory.create(unit=house.root, place="Room 12; left, please")
    on_the_agenda(session, "É" * 60)
    answer = as_(client, house.members[0]).get(url("session_calendar", session.pk))
    assert answer["content-type"].startswith("text/calendar")
    lines = answer.content.split(b"\r\n")
    assert f"DTSTART:{session.starts_at:%Y%m%dT%H%M%SZ}".encode() in lines
    assert b"LOCATION:Room 12\\; left\\, please" in lines
    assert max(map(len, lines)) <= 75
    assert "É" * 60 in answer.content.replace(b"\r\n ", b"").decode()


@pytest.mark.longer
def test_a_session_is_walked_through_to_its_minutes(client: Client, house: House) -> None:
    session, dossier = CommitteeSessionFactory.create(unit=house.root), waiting(house)
    second = waiting(house)
    point, other, free = (on_the_agenda(session, one) for one in (dossier, second, "Any other business"))
    as_(client, house.chair)
    here = {f"member_{one.pk}": "present" for one in house.members[:2]}
    client.post(url("session_attendance", session.pk), here)
    client.post(url("session_open", session.pk))
    page = read(client, url("session_detail", session.pk))
    assert dossier.objective in page
    assert "No quorum yet: 0 of 4" in page
    for member in (house.chair, house.members[0]):
        ballot = {"choice": "for", "reason": "Yes", "seen_round": 1}
        answer = as_(client, member).post(url("item_vote", point.pk), ballot)
        assert answer["location"] == f"{url('session_detail', session.pk)}?item={point.pk}"
    away = as_(client, house.members[2]).post(url("item_vote", point.pk), ballot)
    assert away.status_code == 422
    assert "not noted as being there" in away.content.decode()
    as_(client, house.chair)
    told = {"reasons": "There is a need", "seen_round": 1, "seen_outcome": "approve"}
    answer = client.post(url("item_decide", point.pk), told)
    assert answer["location"].endswith(f"?item={other.pk}")
    answer = client.post(url("item_defer", other.pk), {"reason": "Figures are missing"})
    assert answer["location"].endswith(f"?item={free.pk}")
    client.post(url("item_discuss", free.pk), {"note": "We meet online"})
    assert "Every point is dealt with" in read(client, url("session_detail", session.pk))
    client.post(url("session_close", session.pk))
    minutes = url("session_minutes", session.pk)
    client.post(minutes, {"edition": 0, "remarks": "It began late"})
    assert "We meet online" in read(client, minutes)
    assert "Approve these minutes" not in read(client, minutes)
    page = read(as_(client, house.members[1]), minutes)
    seen = page.split('name="content_hash" value="')[1][:64]
    wrong = client.post(url("minutes_approve", session.pk), {"content_hash": "0" * 64})
    assert wrong.status_code == 422
    client.post(url("minutes_approve", session.pk), {"content_hash": seen})
    assert Minutes.objects.get().content_hash == seen
    assert "kept as they were" in read(client, minutes)
    odt = client.post(url("minutes_file", session.pk), {"kind": "odt", "language": "nl"})
    assert odt["content-disposition"].endswith('-nl.odt"')
    assert Decision.objects.get().session == session


def test_the_page_of_an_open_session_costs_as_much_with_three_points_as_with_one(client: Client, house: House) -> None:
    as_(client, house.chair)
    counts = []
    for many in (1, 3):
        session = CommitteeSessionFactory.create(unit=house.root, state="open", opened_by=house.chair)
        there(session, house.chair, *house.members)
        for _ in range(many):
            on_the_agenda(session, waiting(house))
        read(client, url("session_detail", session.pk))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            read(client, url("session_detail", session.pk))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_dossier_tells_where_it_is_decided(client: Client, house: House) -> None:
    dossier, written = waiting(house), waiting(house)
    session = CommitteeSessionFactory.create(unit=house.root)
    on_the_agenda(session, dossier)
    written_for(written)
    page = read(as_(client, house.chair), url("dossier_detail", dossier.pk))
    assert "is on the agenda of the session of" in page
    assert session.get_absolute_url() in page
    assert "Put it to a vote in writing" not in page
    page = read(as_(client, house.members[0]), url("dossier_detail", written.pk))
    assert "or until all have voted" in page
    assert "Ask for a session" in page
    answer = client.post(
        url("written_halt", written.written_procedures.get().pk), {"reason": "The risks are not small"}
    )
    assert answer.status_code == 302
    page = read(as_(client, house.author), url("dossier_detail", written.pk))
    assert "asked that this dossier be dealt with in a session" in page.replace("\n      ", " ")


def test_a_vote_in_writing_begins_on_the_dossiers_page(client: Client, house: House) -> None:
    dossier = waiting(house)
    as_(client, house.chair)
    wrong = client.post(url("written_begin", dossier.pk), {"ends_on": "2020-01-01"})
    assert wrong.status_code == 422
    assert "This day is over" in wrong.content.decode()
    client.post(url("written_begin", dossier.pk), {"ends_on": timezone.localdate() + timedelta(days=5)})
    assert dossier.written_procedures.get().begun_by == house.chair


def told(person: Person) -> list[str]:
    return sorted(one.notice.kind for one in Addressee.objects.filter(person=person, notice__settled_at__isnull=True))


@pytest.mark.longer
def test_members_are_told_of_sessions_votes_and_minutes(house: House) -> None:
    session, dossier = CommitteeSessionFactory.create(unit=house.root, starts_at=soon(days=3)), waiting(house)
    written_for(dossier)
    held = CommitteeSessionFactory.create(unit=house.root, state="closed", planned_by=house.chair)
    Minutes.objects.create(session=held, written_by=house.chair)
    look()
    assert told(house.members[0]) == ["dossier_in_writing", "minutes_to_approve", "session_planned"]
    assert told(house.chair) == ["dossier_in_writing", "session_planned"]
    assert told(house.author) == []
    dossier.written_procedures.update(state="ended")
    CommitteeSession.objects.filter(pk=session.pk).update(state="cancelled")
    look()
    assert told(house.members[0]) == ["minutes_to_approve", "session_planned"]
    assert told(house.chair) == ["dossier_voted_in_writing", "session_planned"]
    words = [one.told for one in Notice.objects.filter(kind="session_planned", settled_at__isnull=True)]
    assert len(words) == 1
    assert "does not take place" in words[0]
