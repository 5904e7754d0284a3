"""Letters say the same twice, plain and with a look, to one person in their language, and tell nobody who read them."""

from __future__ import annotations

import re
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from organisation.models import Person
from tests.factories.organisation import PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db

NAME = '<a href="https://evil.example">An</a> & "Co"'
ESCAPED = "&lt;a href=&quot;https://evil.example&quot;&gt;An&lt;/a&gt; &amp; &quot;Co&quot;"
WORDS = {
    ("access", "fr"): ("Votre accès à Parvis", "avec ce lien", "fonctionne une seule fois"),
    ("access", "nl"): ("Uw toegang tot Parvis", "met deze link", "werkt één keer"),
    ("access", "de"): ("Ihr Zugang zu Parvis", "Mit diesem Link", "funktioniert einmal"),
    ("password", "fr"): ("Un nouveau mot de passe pour Parvis", "avec ce lien", "fonctionne une seule fois"),
    ("password", "nl"): ("Een nieuw wachtwoord voor Parvis", "Met deze link", "werkt één keer"),
    ("password", "de"): ("Ein neues Passwort für Parvis", "Mit diesem Link", "funktioniert einmal"),
}


def asked(letter: str, person: Person) -> Any:
    """By an administrator who reads French, or by a stranger who reads English."""
    if letter == "access":
        client = Client()
        client.force_login(person_with("administrator", person.unit, name="Ada Min", language="fr"))
        return client.post(reverse("organisation:person_link", args=[person.pk]))
    facts = {"email": person.email}
    return Client(headers={"accept-language": "en"}).post(reverse("account_reset_password"), facts)


@pytest.fixture
def person(settings: Any) -> Person:
    settings.MAIL_WORKS = True
    unit = UnitFactory.create(names={"fr": "Finances & Co", "nl": "Finances & Co"})
    return PersonFactory.create(name=NAME, unit=unit)


@pytest.mark.parametrize(("letter", "language"), WORDS)
def test_a_letter_says_the_same_plain_and_with_a_look(
    letter: str, language: str, person: Person, mailoutbox: list[Any]
) -> None:
    Person.objects.filter(pk=person.pk).update(language=language)
    assert asked(letter, person).status_code == 302
    (mail,) = mailoutbox
    ((page, kind),) = mail.alternatives
    subject, *words = WORDS[letter, language]
    assert (mail.to, mail.subject, kind) == ([person.email], subject, "text/html")
    assert f'<html lang="{language}">' in page
    assert [(word in mail.body, word in page) for word in words] == [(True, True)] * len(words)
    assert (NAME in mail.body, ESCAPED in page, NAME in page) == (True, True, False)
    links = [re.findall(r"https?://testserver/[^\s<>\"]+", part) for part in (mail.body, page)]
    assert len(links[0]) == 1
    assert links[1] == links[0] * 2, "the one to press, and the same to read"
    assert re.findall(r'href="([^"]*)"', page) == links[0]
    assert not re.search(r"<(img|script|link|iframe|object|style|form|base)\b|src=|url\(|srcset|background=", page)


def test_whether_a_letter_left_tells_no_stranger_who_is_known(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_letter: EmailMultiAlternatives) -> None:
        raise SMTPServerDisconnected

    monkeypatch.setattr(EmailMultiAlternatives, "send", away)
    url = reverse("account_reset_password")
    answers = [Client().post(url, {"email": email}) for email in (person.email, "nobody@nowhere.example")]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


@pytest.mark.parametrize(("letter", "status"), [("access", 200), ("password", 302)])
def test_an_address_to_which_no_mail_can_be_written_breaks_no_page(letter: str, status: int, person: Person) -> None:
    """A form takes it, its host is too long in punycode: the link is handed over, and no stranger learns of it."""
    Person.objects.filter(pk=person.pk).update(email=f"an@{'ü' * 60}.example")
    person.refresh_from_db()
    assert asked(letter, person).status_code == status
