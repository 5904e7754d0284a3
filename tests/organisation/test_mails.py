"""Letters say the same twice, plain and with a look, to one person in their language, and tell nobody who read them."""

from __future__ import annotations

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisation import due
from organisation.actions import send_passwords
from organisation.models import ForgottenPassword, Person
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
    answer = Client(headers={"accept-language": "en"}).post(reverse("account_reset_password"), facts)
    send_passwords(seconds=5)
    return answer


@pytest.fixture
def person(settings: Any) -> Person:
    settings.MAIL_WORKS = True
    unit = UnitFactory.create(names={"fr": "Finances & Co", "nl": "Finances & Co"})
    return PersonFactory.create(name=NAME, unit=unit)


@pytest.mark.parametrize(("letter", "language"), WORDS)
def test_a_letter_says_the_same_plain_and_with_a_look(
    letter: str, language: str, person: Person, mailoutbox: list[Any], settings: Any
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
    home = "http://testserver" if letter == "access" else settings.PUBLIC_URL
    links = [re.findall(rf"{home}/[^\s<>\"]+", part) for part in (mail.body, page)]
    assert len(links[0]) == 1
    assert links[1] == links[0] * 2, "the one to press, and the same to read"
    assert re.findall(r'href="([^"]*)"', page) == links[0]
    assert not re.search(r"<(img|script|link|iframe|object|style|form|base)\b|src=|url\(|srcset|background=", page)


def test_how_long_the_answer_takes_tells_no_stranger_who_is_known(person: Person, mailoutbox: list[Any]) -> None:
    """The same questions to the database for everybody, and no mail while they wait."""
    url, known, nobody = reverse("account_reset_password"), person.email, "nobody@nowhere.example"
    PersonFactory.create(email="gone@fin.example", is_active=False)
    asked: list[list[str]] = []
    for email in ("first@nowhere.example", known, nobody, "gone@fin.example"):  # (the first one warms what is kept)
        with CaptureQueriesContext(connection) as captured:
            answer = Client().post(url, {"email": email})
        asked.append([re.sub(r"'[^']*'|\d+", "_", one["sql"]) for one in captured.captured_queries])
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("account_reset_password_done"))
    assert asked[1] == asked[2] == asked[3]
    assert mailoutbox == []
    send_passwords(seconds=5)
    assert [mail.to for mail in mailoutbox] == [[known]]
    assert not ForgottenPassword.objects.exists(), "nor does it stay that somebody asked"


def test_strangers_at_very_many_addresses_keep_nobody_of_ours_waiting(
    person: Person, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was asked for addresses that nobody here has goes at once, and no turn is spent on any of it."""
    earlier = {"asked_at": Now() - timedelta(minutes=30), "next_at": Now() - timedelta(minutes=30)}
    asked = [ForgottenPassword(email=f"{number}@nowhere.example", **earlier) for number in range(300)]
    ForgottenPassword.objects.bulk_create([*asked, ForgottenPassword(email="gone@fin.example", **earlier)])
    PersonFactory.create(email="gone@fin.example", is_active=False)
    small = person.email
    Person.objects.filter(pk=person.pk).update(email=small.upper())  # an odd old row
    ForgottenPassword.objects.create(email=small)
    turns: list[Any] = []
    turn = due.Queue.turn
    monkeypatch.setattr(due.Queue, "turn", lambda *given: turns.append(given) or turn(*given))
    send_passwords(seconds=60)
    assert [mail.to for mail in mailoutbox] == [[small.upper()]]
    assert (ForgottenPassword.objects.count(), len(turns)) == (0, 2), "the one of ours, and one that finds nothing"


def test_a_worker_takes_nothing_from_another(person: Person) -> None:
    held = ForgottenPassword.objects.create(email="nobody@nowhere.example", lease_until=Now() + timedelta(minutes=1))
    send_passwords(seconds=5)
    assert ForgottenPassword.objects.get() == held


@pytest.mark.parametrize("email", ["an@f\u0131n.example", "an@" + ("\u0130" * 20 + ".") * 14 + "example"])
def test_another_spelling_is_another_address_however_long(email: str, mailoutbox: list[Any], settings: Any) -> None:
    settings.MAIL_WORKS = True
    PersonFactory.create(email="an@fin.example")
    assert Client().post(reverse("account_reset_password"), {"email": email}).status_code == 302
    send_passwords(seconds=5)
    assert (mailoutbox, ForgottenPassword.objects.count()) == ([], 0)
    Client().post(reverse("account_reset_password"), {"email": "AN@fin.example"})
    send_passwords(seconds=5)
    assert [mail.to for mail in mailoutbox] == [["an@fin.example"]]


def test_a_link_that_did_not_leave_is_tried_again_for_an_hour(
    person: Person, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_letter: EmailMultiAlternatives) -> None:
        raise SMTPServerDisconnected

    with monkeypatch.context() as patched:
        patched.setattr(EmailMultiAlternatives, "send", away)
        asked("password", person)
    waiting = ForgottenPassword.objects.get()
    assert (waiting.failures, waiting.lease_until) == (1, None)
    send_passwords(seconds=5)
    assert mailoutbox == [], "not before its time"
    ForgottenPassword.objects.update(next_at=Now())
    send_passwords(seconds=5)
    assert len(mailoutbox) == 1
    ForgottenPassword.objects.create(email=person.email, asked_at=Now() - timedelta(hours=1))
    send_passwords(seconds=5)
    assert (len(mailoutbox), ForgottenPassword.objects.count()) == (1, 0), "nobody waits for it any more"


@pytest.mark.parametrize(("letter", "status"), [("access", 200), ("password", 302)])
def test_an_address_to_which_no_mail_can_be_written_breaks_no_page(letter: str, status: int, person: Person) -> None:
    """A form takes it, its host is too long in punycode: the link is handed over, and no stranger learns of it."""
    Person.objects.filter(pk=person.pk).update(email=f"an@{'ü' * 60}.example")
    person.refresh_from_db()
    assert asked(letter, person).status_code == status
