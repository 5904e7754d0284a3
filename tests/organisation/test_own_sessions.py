"""Everybody sees where they are signed in, and ends it from afar, at once; nobody sees or ends another's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.functions import Now
from django.test import Client, RequestFactory
from django.urls import reverse

from organisation import devices, session_keeping
from organisation.actions import end_other_sessions, end_session, forget_sessions, make_link
from organisation.lifecycle import Refused
from organisation.models import AuditEvent, Person, PersonSession, SignInLink
from organisation.queries.sessions import sessions_of
from tests.factories.organisation import PASSWORD, UnitFactory, person_with
from tests.factories.sessions import kept_session, session_of

pytestmark = pytest.mark.django_db
PAGE, OTHERS = "/me/sessions/", "/me/sessions/end-others/"
ME, API = "/api/v1/me/", "/api/v1/me/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
EDGE = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"


@pytest.fixture
def person(db: None) -> Person:
    return person_with("newcomer", UnitFactory.create())


def signed_in(person: Person, agent: str = FIREFOX) -> Client:
    browser = Client(headers={"user-agent": agent})
    answer = browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def is_in(browser: Client) -> bool:
    return browser.get(ME).status_code == 200


@pytest.mark.parametrize(
    ("said", "device"),
    [
        (FIREFOX, ("Firefox", "Windows")),
        (PHONE, ("Safari", "iPhone")),
        (EDGE, ("Edge", "macOS")),
        ("curl/8.5", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_device_is_told_in_words_that_people_use(said: str, device: tuple[str, str]) -> None:
    request = RequestFactory().get("/", headers={"user-agent": said})
    assert devices.described(request) == device


def test_the_page_shows_each_place_and_which_is_this_one(person: Person) -> None:
    here, phone = signed_in(person), signed_in(person, PHONE)
    page = here.get(PAGE).content.decode()
    assert page.index("Firefox on Windows") < page.index("This one") < page.index("Safari on iPhone")
    told = {one["device"]: one["here"] for one in phone.get(API).json()}
    assert told == {"Firefox on Windows": False, "Safari on iPhone": True}


def test_one_is_ended_at_once_and_on_record(person: Person) -> None:
    here, phone = signed_in(person), signed_in(person, PHONE)
    other = sessions_of(person).get(system="iPhone")
    assert here.post(f"{PAGE}{other.pk}/end/").headers["Location"] == PAGE
    assert (is_in(here), is_in(phone)) == (True, False)
    event = AuditEvent.objects.filter(verb="person.session_ended").get()
    told = (event.actor_id, event.object_id, event.details)
    assert told == (person.pk, str(person.pk), {"device": "Safari / iPhone"})
    assert here.post(f"{PAGE}{other.pk}/end/").status_code == 404


def test_the_one_in_use_is_not_ended_but_signed_out(person: Person) -> None:
    here = signed_in(person)
    this = sessions_of(person).get()
    answer = here.post(f"{PAGE}{this.pk}/end/", follow=True)
    assert "This is the session that you are using" in answer.content.decode()
    assert here.post(f"{API}{this.pk}/end/").status_code == 400
    assert is_in(here)


def test_all_others_end_and_with_them_what_is_half_way_to_one(person: Person) -> None:
    """A session that nothing wrote down, and a link on its way, end too; this one goes on under another name."""
    here, phone, unwritten = signed_in(person), signed_in(person, PHONE), Client()
    unwritten.cookies["sessionid"] = session_of(person, factor=False)
    before = here.cookies["sessionid"].value
    assert here.post(OTHERS).headers["Location"] == PAGE
    assert (is_in(here), is_in(phone), is_in(unwritten)) == (True, False, False)
    assert here.cookies["sessionid"].value != before
    assert sessions_of(Person.objects.get(pk=person.pk)).count() == 1
    assert "You are signed in nowhere else" in here.get(PAGE).content.decode()
    assert AuditEvent.objects.filter(verb="person.sessions_ended", actor_id=person.pk).count() == 1


def test_a_link_that_is_on_its_way_ends_with_all_others(person: Person) -> None:
    make_link(person=person, by=person_with("administrator", person.unit), by_mail=True)
    assert SignInLink.objects.alive().count() == 1
    end_other_sessions(by=person, here="")
    assert SignInLink.objects.alive().count() == 0


def test_programs_end_sessions_by_the_same_acts(person: Person) -> None:
    here, phone = signed_in(person), signed_in(person, PHONE)
    other = sessions_of(person).get(system="iPhone")
    assert here.post(f"{API}{other.pk}/end/").status_code == 204
    assert not is_in(phone)
    third = signed_in(person, EDGE)
    assert here.post(f"{API}end-others/").status_code == 204
    assert (is_in(here), is_in(third)) == (True, False)


def test_nobody_ends_the_session_of_somebody_else(person: Person) -> None:
    administrator, theirs = person_with("administrator", person.unit), kept_session(person)
    browser = Client()
    browser.force_login(administrator)
    assert browser.post(f"{PAGE}{theirs.pk}/end/").status_code == 404
    assert browser.post(f"{API}{theirs.pk}/end/").status_code == 404
    with pytest.raises(Refused), transaction.atomic():
        end_session(session=theirs, by=administrator, here="")
    assert Session.objects.filter(session_key=theirs.session_key).exists()


def test_a_new_password_leaves_one_session_on_the_page(person: Person) -> None:
    here, _phone = signed_in(person), signed_in(person, PHONE)
    new = "a rather different horse"
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert [one["device"] for one in here.get(API).json()] == ["Firefox on Windows"]
    assert here.get(API).json()[0]["here"]


def test_a_sign_out_leaves_the_page_and_is_forgotten(person: Person) -> None:
    here, phone = signed_in(person), signed_in(person, PHONE)
    phone.post(reverse("account_logout"))
    assert len(here.get(API).json()) == 1
    assert PersonSession.objects.count() == 2
    PersonSession.objects.update(last_used=Now() - timedelta(days=2))
    assert forget_sessions() == 1
    assert len(here.get(API).json()) == 1


def test_its_use_is_noted_at_most_once_a_minute(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[Any] = []
    monkeypatch.setattr(session_keeping, "session_used", lambda **told: noted.append(told))
    monkeypatch.setattr(session_keeping, "_noted", {})
    here = signed_in(person)
    for _ in range(3):
        here.get(ME)
    assert noted == [{"session_key": here.cookies["sessionid"].value}]


def test_nothing_but_two_words_is_kept_of_a_device(person: Person) -> None:
    signed_in(person, f"{FIREFOX} canary")
    kept = str(list(PersonSession.objects.values()))
    assert "canary" not in kept
    assert "127.0.0.1" not in kept
