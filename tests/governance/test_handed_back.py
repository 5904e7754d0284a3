"""Whoever wrote something and could not do with it what they wanted gets it back: nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts_registry.enums import DossierState
from crisis.actions import end_crisis, freeze
from crisis.models import Crisis
from organisation.models import Person, Unit
from organisation.typed import typed
from tests.factories.accounts_registry import ConnectedAccountFactory, DossierFactory
from tests.factories.conversations import AnswerFactory, ConversationFactory, MentionFactory
from tests.factories.crisis import CrisisFactory
from tests.factories.delivery import ANSWER, DeliveryFactory, thaw
from tests.factories.organisation import PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db
WRITTEN = "L'eau monte encore : le pont est fermé <b>depuis</b> midi."
SHOWN = "L&#x27;eau monte encore : le pont est fermé &lt;b&gt;depuis&lt;/b&gt; midi."


@pytest.fixture
def crisis() -> Crisis:
    thaw()
    return CrisisFactory.create(playbook__unit=UnitFactory.create())


@pytest.fixture
def leader(crisis: Crisis) -> Person:
    return person_with("crisis_cell", crisis.unit)


def visitor(person: Person | None, **options: Any) -> Client:
    client = Client(headers={"accept-language": "en"}, **options)
    if person:
        client.force_login(person)
    return client


def note(client: Client, crisis: Crisis, text: str = WRITTEN, **more: Any) -> Any:
    return client.post(reverse("crisis:note", args=[crisis.pk]), {"text": text}, **more)


def body(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.longer
def test_when_somebody_was_faster(crisis: Crisis, leader: Person) -> None:
    end_crisis(crisis=crisis, by=leader, reason="Over")
    answer = note(visitor(leader), crisis)
    assert answer.status_code == 409
    assert SHOWN in body(answer)
    assert "What you had written" not in body(visitor(leader).post(reverse("crisis:note", args=[crisis.pk])))


def test_when_the_permission_is_gone(crisis: Crisis, leader: Person) -> None:
    leader.grants.update(role="auditor")
    answer = note(visitor(leader), crisis)
    assert answer.status_code == 403
    assert SHOWN in body(answer)


def test_when_the_thing_is_out_of_sight(crisis: Crisis, leader: Person) -> None:
    client = visitor(leader)
    leader.grants.all().delete()
    answer = note(client, crisis)
    assert answer.status_code == 404
    assert SHOWN in body(answer)


def test_when_the_session_has_ended(crisis: Crisis) -> None:
    """The way in leads back to the page of the form: its own address shows nothing."""
    page = reverse("crisis:crisis_detail", args=[crisis.pk])
    answer = note(visitor(None), crisis, headers={"referer": f"http://testserver{page}"})
    assert answer.status_code == 403
    assert SHOWN in body(answer)
    assert re.search(rf'href="/me/login/\?next=[^"]*{page}"', body(answer))
    plain = note(visitor(None), crisis, "", headers={"referer": f"http://testserver{page}"})
    assert (plain.status_code, plain.headers["Location"].endswith(page)) == (302, True)


def test_when_the_second_factor_is_asked_for_once_more(crisis: Crisis, leader: Person) -> None:
    client = visitor(leader)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    answer = note(client, crisis)
    assert answer.status_code == 403
    assert SHOWN in body(answer)


@pytest.mark.parametrize(
    ("origin", "shown"), [("http://testserver", True), ("https://elsewhere.example", False), ("null", False)]
)
def test_when_the_form_is_too_old(crisis: Crisis, leader: Person, origin: str, shown: bool) -> None:
    """Words that another site sends along stand on no page of ours."""
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(leader)
    answer = note(client, crisis, headers={"origin": origin})
    assert answer.status_code == 403
    assert (SHOWN in body(answer)) is shown


def test_when_it_is_refused_without_a_form_to_stand_in() -> None:
    thaw()
    account = ConnectedAccountFactory.create()
    answer = AnswerFactory.create(
        conversation=MentionFactory.create(conversation=ConversationFactory.create(account=account)).conversation
    )
    delivery = DeliveryFactory.create(account=account, origin_kind=ANSWER, origin_id=answer.pk)
    client = visitor(person_with("conversation_manager", account.unit))
    url = reverse("conversations:withdraw_answer", args=[answer.pk])
    long = client.post(url, {"reason": "Trop long. " * 60})
    assert long.status_code == 422
    assert "at most 500 characters" in body(long)
    assert "Trop long. Trop long." in body(long)
    assert client.post(url, {"reason": ""}).status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == "due"


def refused_without_a_form(unit: Unit) -> dict[str, tuple[str, Person, dict[str, str]]]:
    """Acts that the page does not offer where they are refused: their address, who tries, and what they write."""
    crisis = CrisisFactory.create(playbook__unit=unit)
    leader, other = person_with("crisis_cell", unit), PersonFactory.create(unit=unit, password=make_password(None))
    freeze(crisis=crisis, scope="unit", reason="Flood", by=leader)
    exercise = CrisisFactory.create(playbook=crisis.playbook, is_exercise=True)
    account = ConnectedAccountFactory.create(unit=unit)
    mention = MentionFactory.create(conversation=ConversationFactory.create(account=account))
    answer = AnswerFactory.create(conversation=mention.conversation)
    DeliveryFactory.create(account=account, origin_kind=ANSWER, origin_id=answer.pk)
    dossier = DossierFactory.create(unit=unit, state=DossierState.IN_REVIEW, round=1)
    texts = {"reason": WRITTEN}
    return {
        "crisis:end": (reverse("crisis:end", args=[crisis.pk]), leader, texts),
        "crisis:freeze": (reverse("crisis:freeze", args=[exercise.pk]), leader, {**texts, "scope": "unit"}),
        "conversations:close": (
            reverse("conversations:close", args=[mention.conversation.pk]),
            person_with("conversation_manager", unit),
            texts,
        ),
        "organisation:person_factor": (
            reverse("organisation:person_factor", args=[other.pk]),
            person_with("administrator", unit),
            texts,
        ),
        "accounts_registry:dossier_decide": (
            reverse("accounts_registry:dossier_decide", args=[dossier.pk]),
            person_with("committee_chair", unit),
            {"reasons": WRITTEN},
        ),
    }


@pytest.mark.longer
@pytest.mark.parametrize(
    "act",
    [
        "crisis:end",
        "crisis:freeze",
        "conversations:close",
        "organisation:person_factor",
        "accounts_registry:dossier_decide",
    ],
)
def test_when_the_page_offers_the_act_no_more(act: str) -> None:
    """It says why not, too."""
    thaw()
    url, person, texts = refused_without_a_form(UnitFactory.create())[act]
    answer = visitor(person).post(url, texts)
    assert answer.status_code == 422
    assert 'class="error-summary"' in body(answer)
    assert SHOWN in body(answer)


def request_with(data: dict[str, Any], **headers: str) -> HttpRequest:
    return RequestFactory().post("/", data, headers=headers)


def test_neither_secrets_nor_what_was_only_chosen() -> None:
    chosen = {"unit": "3", "role": "crisis_cell", "until": "2027-01-04T09:00", "content_hash": "0" * 64, "reason": " "}
    secret = {"password": "quatre mots à moi", "again": "quatre mots à moi", "app_password": "a b", "access_token": "é"}
    own = {"csrfmiddlewaretoken": "x" * 64, "next": "/crisis/1/"}
    texts = {
        "title": "Inondations",
        "reason": "Deux mots",
        "url": "https://fin.example/a",
        "steps": ["à faire", "à finir"],
    }
    assert typed(request_with({**chosen, **secret, **own, **texts})) == [
        "Deux mots",
        "Inondations",
        "https://fin.example/a",
        "à faire",
        "à finir",
    ]
    assert typed(RequestFactory().get("/", texts)) == []


def test_a_single_word_is_handed_back_unless_it_is_a_choice_of_ours() -> None:
    chosen = {
        "state": "approved",
        "role": "newcomer",
        "language": "fr",
        "agreed": "on",
        "unit": "3",
        "verb": "post_edit",
    }
    assert typed(request_with({**chosen, "reason": "inondation", "title": "guichet-4", "url": "fin.be"})) == [
        "inondation",
        "guichet-4",
        "fin.be",
    ]


@pytest.mark.parametrize(
    "sent",
    [
        {"data": "text=" + "a+b" * 1_500_000, "content_type": "application/x-www-form-urlencoded"},
        {"data": "a=b&" * 5_000, "content_type": "application/x-www-form-urlencoded"},
        {"data": b"no parts", "content_type": "multipart/form-data; boundary=x"},
        {"data": b"no boundary", "content_type": "multipart/form-data"},
    ],
    ids=["too large", "too many fields", "no parts", "no boundary"],
)
def test_a_form_that_cannot_be_read_breaks_no_page_that_says_so(sent: dict[str, Any], leader: Person) -> None:
    for client in (visitor(None), visitor(leader)):
        client.raise_request_exception = False
        assert client.post("/nowhere/", **sent).status_code == 404
        assert client.post(reverse("organisation:person_list"), **sent).status_code < 500
