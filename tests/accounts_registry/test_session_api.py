"""Sessions of the committee through the API: the same actions and policy as the pages."""

from __future__ import annotations

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts_registry.enums import DossierState
from accounts_registry.models import AgendaItem, Attendance, CommitteeSession
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import DossierFactory
from tests.factories.committee import CommitteeSessionFactory, on_the_agenda, there

pytestmark = pytest.mark.django_db
NEXT_YEAR = timezone.localdate().year + 1
SESSIONS = "/api/v1/committee-sessions/"


def as_(person: object) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def test_a_session_is_planned_changed_and_prepared(house: House) -> None:
    dossier = DossierFactory.create(unit=house.unit, state=DossierState.IN_REVIEW, round=1)
    client = as_(house.chair)
    told = {"unit": house.root.slug, "wall_time": f"{NEXT_YEAR}-05-04T10:00", "place": "Room 12"}
    made = client.post(SESSIONS, told, format="json")
    assert made.status_code == 201, made.content
    assert made.data["starts_at"] == f"{NEXT_YEAR}-05-04T10:00:00+02:00"
    assert made.data["wall_time"] == f"{NEXT_YEAR}-05-04T10:00"
    one = f"{SESSIONS}{made.data['id']}/"
    moved = client.patch(one, {"wall_time": f"{NEXT_YEAR}-05-04T11:00", "place": "Attic", "edition": 1}, format="json")
    assert (moved.data["place"], moved.data["edition"]) == ("Attic", 2)
    stale = client.patch(one, {"wall_time": f"{NEXT_YEAR}-05-04T11:00", "place": "Hall", "edition": 1}, format="json")
    assert stale.status_code == 409
    entries = [{"title": "Opening"}, {"dossier": dossier.pk}]
    agenda = client.post(f"{one}agenda/", {"edition": 2, "entries": entries}, format="json")
    assert [item["title"] or item["dossier"] for item in agenda.data["items"]] == ["Opening", dossier.pk]
    noted = [{"member": house.members[0].pk, "presence": "excused"}]
    client.post(f"{one}attendance/", {"presences": noted}, format="json")
    assert Attendance.objects.get().presence == "excused"


@pytest.mark.parametrize(
    "wrong",
    [
        {"wall_time": "2027-03-28T02:30", "place": "Room 12"},
        {"wall_time": "2027-10-31T02:30", "place": "Room 12"},
        {"wall_time": f"{NEXT_YEAR}-05-04T10:00"},
        {"wall_time": f"{NEXT_YEAR}-05-04", "place": "Room 12"},
    ],
)
def test_a_plan_that_is_none_is_refused(house: House, wrong: dict[str, str]) -> None:
    answer = as_(house.chair).post(SESSIONS, {"unit": house.root.slug, **wrong}, format="json")
    assert answer.status_code == 400
    assert not CommitteeSession.objects.exists()


def test_members_read_and_do_not_plan(house: House) -> None:
    session = CommitteeSessionFactory.create(unit=house.root)
    on_the_agenda(session, "Opening")
    there(session, house.chair)
    client = as_(house.members[0])
    assert client.get(SESSIONS).data["results"][0]["items"][0]["title"] == "Opening"
    for address in (SESSIONS, f"{SESSIONS}{session.pk}/agenda/", f"{SESSIONS}{session.pk}/attendance/"):
        assert client.post(address, {}, format="json").status_code == 403
    assert as_(house.author).get(f"{SESSIONS}{session.pk}/").status_code == 404


def test_an_entry_is_one_thing(house: House) -> None:
    session = CommitteeSessionFactory.create(unit=house.root)
    for entry in ({}, {"title": "Opening", "item": 1}, {"dossier": 999}):
        told = {"edition": 1, "entries": [entry]}
        answer = as_(house.chair).post(f"{SESSIONS}{session.pk}/agenda/", told, format="json")
        assert answer.status_code == 400, entry
    assert not AgendaItem.objects.exists()
