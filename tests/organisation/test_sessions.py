"""A session ends with the suspension, and stays dead: tried with the cookies of a browser."""

from __future__ import annotations

import pytest
from allauth.account import app_settings
from django.test import Client
from django.urls import reverse

from organisation.actions import make_link, reinstate_person, suspend_person
from organisation.models import Person
from organisation.reset_tokens import ResetTokens
from tests.factories.organisation import PASSWORD, UnitFactory, person_with
from tests.factories.sessions import code_of_the_app, factor_of

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


@pytest.fixture
def administrator(db: None) -> Person:
    return person_with("administrator", UnitFactory.create())


def signed_in(person: Person, password: str = PASSWORD) -> Client:
    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": person.email, "password": password})
    assert answer.status_code == 302, answer.content.decode()
    assert browser.get(reverse("today")).status_code == 200
    return browser


@pytest.mark.longer
def test_a_session_from_before_a_suspension_stays_dead(administrator: Person) -> None:
    person = person_with("newcomer", administrator.unit)
    used, unused = signed_in(person), signed_in(person)
    cookie = used.cookies["sessionid"].value
    suspend_person(person=person, by=administrator, reason="Under inquiry")
    assert used.get(reverse("today")).status_code == 302
    reinstate_person(person=person, by=administrator, reason="Cleared")
    used.cookies["sessionid"] = cookie
    for browser in (used, unused):
        assert browser.get(reverse("today")).status_code == 302
        assert browser.get(ME).status_code == 403
    assert signed_in(person).get(ME).status_code == 200


ENDS = {
    "suspended and reinstated": lambda person, by: (
        suspend_person(person=person, by=by, reason="Under inquiry"),
        reinstate_person(person=person, by=by, reason="Cleared"),
    ),
    "a link": lambda person, by: make_link(person=person, by=by, by_mail=True),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_sign_in_that_was_at_its_second_step_ends_with_the_sessions(administrator: Person, end: str) -> None:
    """Whoever has the password and the phone waits at the second step until all is well again."""
    person = person_with("newcomer", administrator.unit)
    factor_of(person)
    waiting = Client()
    waiting.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    ENDS[end](person, administrator)
    answer = waiting.post(reverse("mfa_authenticate"), {"code": code_of_the_app()})
    assert answer.headers["Location"] == reverse("account_login")
    assert waiting.get(ME).status_code == 403
    assert waiting.get(reverse("mfa_authenticate")).headers["Location"] == reverse("account_login")


def test_a_link_for_a_forgotten_password_ends_with_the_sessions(administrator: Person) -> None:
    person = person_with("newcomer", administrator.unit)
    tokens = ResetTokens()
    before = tokens.make_token(person)
    assert tokens.check_token(person, before)
    suspend_person(person=person, by=administrator, reason="Under inquiry")
    reinstate_person(person=person, by=administrator, reason="Cleared")
    assert not tokens.check_token(Person.objects.get(pk=person.pk), before)
    assert app_settings.PASSWORD_RESET_TOKEN_GENERATOR is ResetTokens


@pytest.mark.longer
def test_a_password_that_is_being_changed_undoes_no_suspension(
    administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To hash it takes long, and the page has read its person before."""
    person, new, hashed = person_with("newcomer", administrator.unit), "a rather different horse", Person.set_password
    browser = signed_in(person)

    def slowly(one: Person, password: str) -> None:
        suspend_person(person=person, by=administrator, reason="Under inquiry")
        hashed(one, password)

    monkeypatch.setattr(Person, "set_password", slowly)
    facts = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = browser.post(reverse("account_change_password"), facts)
    person.refresh_from_db()
    assert (person.is_active, person.session_epoch, person.suspended_from) == (False, 1, administrator.unit)
    assert not person.check_password(new)
    assert answer.headers["Location"] == reverse("account_login")


@pytest.mark.longer
def test_a_page_that_asks_by_itself_is_led_to_the_sign_in(administrator: Person) -> None:
    """A list left open asks for news; with the suspension it becomes the sign-in page."""
    person = person_with("conversation_manager", administrator.unit)
    browser = signed_in(person)
    part = reverse("conversations:inbox")
    assert browser.get(part, headers={"HX-Request": "true"}).status_code == 200
    suspend_person(person=person, by=administrator, reason="Left")
    answer = browser.get(part, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/me/login/")
    assert person.name not in answer.content.decode()


@pytest.mark.longer
def test_a_new_password_ends_every_other_session(administrator: Person) -> None:
    person = person_with("newcomer", administrator.unit)
    here, elsewhere = signed_in(person), signed_in(person)
    new = "a rather different horse"
    facts = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post(reverse("account_change_password"), facts).status_code == 302
    assert elsewhere.get(ME).status_code == 403
    assert signed_in(person, new).get(ME).status_code == 200
