"""Notices for programs: one's own, narrowed, and looked at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from notices.models import Addressee, Notice
from tests.factories.notices import Trial
from tests.factories.organisation import person_with
from tests.notices.conftest import look
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db
Begin = Callable[..., Trial]


def texts(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/notices/{query}")
    assert answer.status_code == 200, answer.content
    return [one["text"] for one in answer.json()["results"]]


def test_a_notice_says_what_stands_and_where_something_is_done_about_it(
    house: House, trial: Begin, client: Client, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://parvis.example/"
    trial().standing[1] = "a"
    look()
    client.force_login(house.approver)
    (told,) = client.get("/api/v1/notices/").json()["results"]
    notice = Notice.objects.get()
    assert {name: told[name] for name in ("id", "kind", "urgency", "text", "unit")} == {
        "id": notice.pk,
        "kind": "trial",
        "urgency": "soon",
        "text": "Trial a",
        "unit": "finance",
    }
    assert told["url"] == "https://parvis.example/organisation/people/"
    assert (told["due_at"], told["settled_at"], told["seen_at"]) == (None, None, None)
    assert client.get(f"/api/v1/notices/{notice.pk}/").json() == told


@pytest.mark.longer
def test_it_is_narrowed_as_the_page_is(house: House, trial: Begin, client: Client) -> None:
    trial().standing.update({1: "a", 2: "b", 3: "c"})
    look()
    Notice.objects.filter(key="c").update(settled_at=timezone.now())
    Addressee.objects.filter(notice__key="b").update(seen_at=timezone.now())
    client.force_login(house.approver)
    assert sorted(texts(client)) == ["Trial a", "Trial b"]
    assert texts(client, "?show=unseen") == ["Trial a"]
    assert sorted(texts(client, "?show=all&kind=trial")) == ["Trial a", "Trial b", "Trial c"]
    answer = client.get("/api/v1/notices/?kind=nonsense")
    assert (answer.status_code, list(answer.json())) == (400, ["kind"]), "not everything, by mistake"


@pytest.mark.longer
def test_to_have_looked_is_ones_own_affair(house: House, trial: Begin, client: Client) -> None:
    trial().standing[1] = "a"
    look()
    notice = Notice.objects.get()
    client.force_login(person_with("spokesperson", house.unit))
    assert texts(client) == []
    assert client.post(f"/api/v1/notices/{notice.pk}/seen/").status_code == 404
    assert Addressee.objects.get().seen_at is None
    client.force_login(house.approver)
    answer = client.post(f"/api/v1/notices/{notice.pk}/seen/")
    assert answer.status_code == 200
    first = answer.json()["seen_at"]
    assert first is not None
    assert client.post(f"/api/v1/notices/{notice.pk}/seen/").json()["seen_at"] == first
    assert texts(client, "?show=unseen") == []
