"""Somebody new, or who forgot their password, chooses one with a link that works once. Nobody chooses it for them."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.test import Client
from django.urls import reverse

from organisation.actions import (
    confirm_grant,
    confirm_person,
    confirm_recovery,
    give_grant,
    make_link,
    reinstate_person,
    reset_second_factor,
    suspend_person,
    use_link,
)
from organisation.lifecycle import Refused
from organisation.models import AuditEvent, Person, SharedValue, SignInLink
from organisation.queries.authority import hand_of, same_hand
from tests.factories.organisation import (
    PASSWORD,
    GrantFactory,
    PersonFactory,
    RecoveryFactory,
    UnitFactory,
    person_with,
)
from tests.factories.sessions import factor_of, session_of

WELCOME = reverse("organisation:welcome")
CHOSEN = "four words nobody joins"
GONE = "This link no longer works"

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Person:
    person = person_with("administrator", UnitFactory.create(), name="Ada Min")
    client.force_login(person)
    return person


@pytest.fixture
def person(administrator: Person) -> Person:
    return PersonFactory.create(unit=administrator.unit, email="an@fin.example", name="An Peeters")


def link_in(text: str) -> str:
    found = re.search(r"http://testserver(/me/welcome/\?key=[\w-]{43})", text)
    assert found, text
    return found[1]


def made_for(client: Client, person: Person) -> str:
    return link_in(client.post(reverse("organisation:person_link", args=[person.pk])).content.decode())


def choose(link: str, password: str = CHOSEN, client: Client | None = None) -> tuple[Any, Client]:
    client = client or Client()
    assert client.get(link).headers["Location"] == WELCOME
    return client.post(WELCOME, twice(password)), client


def twice(password: str) -> dict[str, str]:
    return {"password": password, "again": password}


def signs_in(person: Person, password: str) -> bool:
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": password})
    return SESSION_KEY in client.session


def verbs(person: Person) -> list[str]:
    """What happened to them, but for their comings and goings."""
    theirs = AuditEvent.objects.filter(object_id=str(person.pk)).exclude(verb__startswith="person.signed_")
    return list(theirs.order_by("sequence").values_list("verb", flat=True))


@pytest.mark.longer
def test_without_mail_the_administrator_hands_a_link_over_and_it_works_once(
    client: Client, administrator: Person, mailoutbox: list[Any]
) -> None:
    facts = {"name": "An Peeters", "email": "an@fin.example", "unit": administrator.unit.pk, "language": "nl"}
    page = client.post(reverse("organisation:person_invite"), facts)
    link, person = link_in(page.content.decode()), Person.objects.get(email="an@fin.example")
    assert "no-store" in page.headers["Cache-Control"]
    assert mailoutbox == []
    secret = link.rpartition("=")[2]
    assert secret not in str(SignInLink.objects.values_list()) + str(AuditEvent.objects.values_list())

    theirs = Client()
    shown = theirs.get(link, follow=True).content.decode()
    assert "Welcome, An Peeters" in shown
    assert secret not in shown + str(dict(theirs.session))
    short = theirs.post(WELCOME, {"password": "short", "again": "short"})
    other = theirs.post(WELCOME, {"password": CHOSEN, "again": CHOSEN + "!"})
    assert (short.status_code, other.status_code) == (422, 422)
    assert "not the same password" in other.content.decode()
    done, _client = choose(link, client=theirs)
    assert done.headers["Location"] == reverse("account_login")
    assert done.cookies["device"].value
    assert signs_in(person, CHOSEN)
    assert GONE in theirs.post(WELCOME, twice("another one of four")).content.decode()
    assert GONE in Client().get(link, follow=True).content.decode()
    assert signs_in(person, CHOSEN)
    assert verbs(person) == ["person.invited", "person.link_made", "person.link_used"]
    assert AuditEvent.objects.get(verb="person.link_made").details == {"by_mail": False}
    assert AuditEvent.objects.get(verb="person.link_used").actor_id == person.pk


@pytest.mark.longer
def test_with_mail_the_link_goes_to_the_person_in_their_language_and_to_nobody_else(
    client: Client, administrator: Person, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.MAIL_WORKS = True
    facts = {"name": "An Peeters", "email": "an@fin.example", "unit": administrator.unit.pk, "language": "nl"}
    page = client.post(reverse("organisation:person_invite"), facts, follow=True).content.decode()
    assert "on its way to an@fin.example" in page
    assert "key=" not in page
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["an@fin.example"], "Uw toegang tot Parvis")
    assert "Ada Min" in mail.body
    done, _client = choose(link_in(mail.body))
    assert done.status_code == 302
    assert AuditEvent.objects.get(verb="person.link_made").details == {"by_mail": True}


@pytest.mark.longer
def test_a_mail_that_does_not_leave_is_told_and_a_new_link_takes_its_place(
    client: Client, person: Person, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_WORKS = True
    sent: list[str] = []

    def away(letter: EmailMultiAlternatives) -> None:
        sent.append(link_in(str(letter.body)))
        raise SMTPServerDisconnected

    monkeypatch.setattr(EmailMultiAlternatives, "send", away)
    page = client.post(reverse("organisation:person_link", args=[person.pk])).content.decode()
    assert "could not be sent" in page
    assert GONE in Client().get(sent[0], follow=True).content.decode()
    assert choose(link_in(page))[0].status_code == 302
    assert verbs(person) == ["person.link_made", "person.link_made", "person.link_used"]


@pytest.mark.longer
def test_a_link_ends_the_old_password_and_the_sessions(client: Client, person: Person) -> None:
    theirs = Client()
    theirs.cookies["sessionid"] = session_of(person)
    assert theirs.get("/").status_code == 200
    made_for(client, person)
    assert theirs.get("/").status_code == 302
    assert not signs_in(person, PASSWORD)


@pytest.mark.longer
def test_what_ends_a_link(client: Client, administrator: Person, person: Person) -> None:
    first = made_for(client, person)
    second = made_for(client, person)
    assert GONE in Client().get(first, follow=True).content.decode()
    suspend_person(person=person, by=administrator, reason="Left")
    assert GONE in Client().get(second, follow=True).content.decode()
    assert client.post(reverse("organisation:person_link", args=[person.pk])).status_code == 302  # refused
    reinstate_person(person=Person.objects.get(pk=person.pk), by=administrator, reason="Back")
    assert GONE in Client().get(second, follow=True).content.decode()
    third = made_for(client, person)
    SignInLink.objects.update(until=F("until") - timedelta(days=7, minutes=1))
    assert GONE in Client().get(third, follow=True).content.decode()
    fourth = made_for(client, person)
    opened = Client()
    opened.get(fourth)
    assert choose(made_for(client, person))[0].status_code == 302
    assert GONE in opened.post(WELCOME, twice("a thief came in here")).content.decode()
    assert signs_in(person, CHOSEN)


@pytest.mark.longer
def test_a_link_opens_its_person_and_leaves_the_second_factor(client: Client, person: Person) -> None:
    factor_of(person)
    administrator = client.session[SESSION_KEY]
    choose(made_for(client, person), client=client)
    assert SESSION_KEY not in client.session  # who was signed in there is somebody else now
    answer = Client().post(reverse("account_login"), {"login": person.email, "password": CHOSEN})
    assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert Person.objects.get(pk=administrator).check_password(PASSWORD)


@pytest.mark.longer
def test_only_who_keeps_people_makes_links_and_resets_factors(
    client: Client, administrator: Person, person: Person
) -> None:
    factor_of(person)
    urls = [reverse(f"organisation:{name}", args=[person.pk]) for name in ("person_link", "person_factor")]
    client.force_login(person_with("auditor", administrator.unit))
    assert [client.post(url, {"reason": "x"}).status_code for url in urls] == [403, 403]
    client.force_login(person_with("administrator", UnitFactory.create()))
    assert [client.post(url, {"reason": "x"}).status_code for url in urls] == [404, 404]
    client.force_login(administrator)
    own = [reverse(f"organisation:{name}", args=[administrator.pk]) for name in ("person_link", "person_factor")]
    assert [client.post(url, {"reason": "x"}).status_code for url in own] == [403, 403]
    assert not SignInLink.objects.exists()


def test_whose_way_in_somebody_held_in_their_hands_counts_as_them_for_four_eyes(
    client: Client, administrator: Person, settings: Any
) -> None:
    other = person_with("account_manager", administrator.unit, email="bo@fin.example")
    assert not same_hand(administrator, other)
    made_for(client, other)
    other.refresh_from_db()
    assert same_hand(administrator, other)
    GrantFactory.create(person=other, role="administrator")
    recovery = RecoveryFactory.create(
        person=administrator, proposed_by=person_with("administrator", administrator.unit, name="Third")
    )
    with pytest.raises(PermissionDenied):
        confirm_recovery(recovery=recovery, by=other)  # and back: no circle
    third = person_with("auditor", administrator.unit)
    factor_of(third)
    reset_second_factor(person=third, by=other, reason="Lost")
    third.refresh_from_db()
    assert hand_of(third) == administrator.pk
    fourth = person_with("administrator", administrator.unit)
    make_link(person=fourth, by=other, by_mail=True)  # only the person reads their mail
    fourth.refresh_from_db()
    assert hand_of(fourth) == fourth.pk


@pytest.mark.longer
def test_guessing_links_is_stopped_and_known_links_are_not_counted(person: Person, client: Client) -> None:
    link = made_for(client, person)
    stranger = Client(REMOTE_ADDR="203.0.113.5")
    for _ in range(33):
        assert stranger.get(link).status_code == 302
    assert [stranger.get(f"{WELCOME}?key=guess{n}").status_code for n in range(32)] == [302] * 30 + [429] * 2
    assert Client().get(link).status_code == 302
    assert SharedValue.objects.filter(value=32).exists()


@pytest.mark.longer
def test_a_lost_factor_is_reset_on_record_and_ends_the_sessions(client: Client, person: Person) -> None:
    theirs = Client()
    theirs.cookies["sessionid"] = session_of(person)
    assert theirs.get("/").status_code == 200
    page = client.get(reverse("organisation:person_detail", args=[person.pk])).content.decode()
    assert "Reset the second factor" in page
    url = reverse("organisation:person_factor", args=[person.pk])
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "Phone lost, seen in person"}).status_code == 302
    assert theirs.get("/").status_code == 302
    assert SESSION_KEY not in theirs.session
    assert not Authenticator.objects.filter(user=person).exists()
    assert verbs(person) == ["person.factor_reset"]
    assert client.post(url, {"reason": "Again"}).status_code == 422
    assert "has no second factor" in client.post(url, {"reason": "Again"}).content.decode()


def test_without_mail_forgetting_leads_to_the_administrator(settings: Any, mailoutbox: list[Any]) -> None:
    page = Client().get(reverse("account_reset_password")).content.decode()
    assert "This Parvis sends no mail" in page
    assert "<form" not in page.partition('<div class="entrance-card">')[2].partition("</main>")[0]
    Client().post(reverse("account_reset_password"), {"email": PersonFactory.create().email})
    assert mailoutbox == []
    settings.MAIL_WORKS = True
    assert "Send the link" in Client().get(reverse("account_reset_password")).content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Ce mot de passe est trop court. Choisissez-en un d’au moins 12 caractères."),
        ("nl", "Dit wachtwoord is te kort. Kies er een van minstens 12 tekens."),
    ],
)
def test_a_password_too_short_is_told_in_the_language_of_the_page(
    client: Client, person: Person, language: str, words: str
) -> None:
    theirs = Client(headers={"Accept-Language": language})
    said, _theirs = choose(made_for(client, person), "kort", theirs)
    assert said.status_code == 422
    assert words in said.content.decode()


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("act", ["confirm who it is", "confirm a role that weighs", "give a role"])
def test_nobody_is_a_second_hand_while_the_first_holds_their_link(
    administrator: Person, act: str, is_new: bool
) -> None:
    """A link in one's own hand, a colleague who confirms, and then in by the link: that would make two of one."""
    second = person_with("administrator", administrator.unit)
    facts = {"unit": administrator.unit, **({"invited_by": administrator} if is_new else {})}
    puppet = PersonFactory.create(**facts)
    secret = make_link(person=puppet, by=administrator, by_mail=False)
    if act == "give a role":
        give_grant(person=puppet, role="newcomer", unit=administrator.unit, by=second)
    elif act == "confirm who it is":
        with pytest.raises(Refused, match="unused"):
            confirm_person(person=puppet, by=second)
    else:
        grant = give_grant(person=puppet, role="spokesperson", unit=administrator.unit, by=administrator)
        with pytest.raises(Refused, match="unused"):
            confirm_grant(grant=grant, by=second)
        assert not puppet.grants.in_force().exists()
    assert same_hand(Person.objects.get(pk=puppet.pk), administrator)

    use_link(digest=hashlib.sha256(secret.encode()).hexdigest(), password=CHOSEN)
    confirm_person(person=puppet, by=second)
    assert not same_hand(Person.objects.get(pk=puppet.pk), administrator)
