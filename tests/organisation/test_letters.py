"""What somebody else may put into a letter of ours: neither where its link leads nor sentences of their own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from organisation.actions import send_passwords
from organisation.models import Person
from tests.factories.organisation import UnitFactory, person_with
from tests.thorough import thorough_after, thorough_pairs

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Person:
    return person_with("administrator", UnitFactory.create())


@pytest.mark.parametrize(
    ("host", "letter"),
    thorough_pairs(
        ["parvis.example", "parvis.example:1337", "PARVIS.example", "parvis.example.", "inside"], ["password", "access"]
    ),
)
def test_a_letters_link_leads_where_this_installation_is_known_to_be(
    administrator: Person, settings: Settings, mailoutbox: list[Any], host: str, letter: str
) -> None:
    """A stranger asks for somebody's new password in the name of another port, and waits there for the link."""
    settings.MAIL_WORKS = settings.PRODUCTION = True
    settings.ALLOWED_HOSTS, settings.PUBLIC_URL = ["parvis.example", "inside"], "https://parvis.example/"
    person = person_with("newcomer", administrator.unit)
    client = Client(headers={"host": host})
    if letter == "password":
        client.post(reverse("account_reset_password"), {"email": person.email})
        send_passwords(seconds=5)
    else:
        client.force_login(administrator)
        client.post(reverse("organisation:person_link", args=[person.pk]))
    (mail,) = mailoutbox
    for words in (mail.body, mail.alternatives[0][0]):
        found = re.findall(r"https?://[^/\s]+/me/[^\s\"<]+", words)
        assert found
        assert all(address.startswith("https://parvis.example/me/") for address in found)


@pytest.mark.longer
@pytest.mark.parametrize(
    "name",
    thorough_after(3, ["An\n\nhttps://evil.example", "\u202eAn", "A\x1bn", "An\rBcc: x", "A\u200bn", "An\u2028x"]),
)
def test_a_name_is_one_line_of_what_one_sees(administrator: Person, mailoutbox: list[Any], name: str) -> None:
    client = Client()
    client.force_login(administrator)
    facts = {"email": "an@fin.example", "unit": administrator.unit_id, "language": "en"}
    answer = client.post(reverse("organisation:person_invite"), {"name": name, **facts})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])
    assert client.post(reverse("organisation:person_invite"), {"name": "می\u200cخواهم", **facts}).status_code != 422
    assert Person.objects.filter(email="an@fin.example").exists()


@pytest.mark.parametrize("here", ["http://[::1", "//[", "http://testserver:x/posts/"])
def test_a_script_that_names_no_address_is_led_to_the_sign_in(here: str) -> None:
    answer = Client().get("/posts/", headers={"HX-Request": "true", "HX-Current-URL": here})
    assert answer.headers["HX-Redirect"].startswith(reverse("account_login"))
