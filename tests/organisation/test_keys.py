"""Keys as a second step: what a browser says of one is a stranger's word until the library has looked at it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import STATE_SESSION_KEY
from django.test import Client
from django.urls import reverse

from organisation.models import Person, SharedValue
from tests.factories.keys import SoftKey
from tests.factories.organisation import PASSWORD, UnitFactory, person_with
from tests.factories.sessions import code_of_the_app, factor_of

pytestmark = pytest.mark.django_db

ADD, STEP, PAGE = reverse("mfa_add_webauthn"), reverse("mfa_authenticate"), "/"
ODD = (None, "", "x", "\x00", "\ud800", 1, True, [], ["a"], {}, {"a": 1}, "A" * 5000, "oWNmbXRkbm9uZQ", "gA")


@pytest.fixture
def person() -> Person:
    return person_with("administrator", UnitFactory.create())


def with_password(person: Person) -> Client:
    SharedValue.objects.all().delete()  # nobody is being counted here
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def adding(person: Person) -> tuple[Client, str]:
    """Somebody who is about to set a key up, and what it has to sign."""
    client = with_password(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(ADD)
    return client, client.session[STATE_SESSION_KEY]["challenge"]


def at_second_step(person: Person) -> tuple[Client, str]:
    client = with_password(person)
    client.get(STEP)
    return client, client.session[STATE_SESSION_KEY]["challenge"]


@pytest.fixture
def key(person: Person) -> SoftKey:
    made = SoftKey()
    client, challenge = adding(person)
    assert client.post(ADD, {"name": "Mine", "credential": json.dumps(made.create(challenge))}).status_code == 302
    return made


def signs_in(person: Person, key: SoftKey, **told: Any) -> bool:
    client, challenge = at_second_step(person)
    client.post(STEP, {"credential": json.dumps(key.get(challenge, **told))})
    return client.get(PAGE).status_code == 200


@pytest.mark.longer
def test_a_copy_of_a_key_that_counts_does_not_sign_in(person: Person, key: SoftKey) -> None:
    assert signs_in(person, key, count=7)
    assert [signs_in(person, key, count=count) for count in (7, 6, 1, 0)] == [False] * 4
    assert signs_in(person, key, count=8)
    client, challenge = at_second_step(person)
    page = client.post(STEP, {"credential": json.dumps(key.get(challenge, count=8))}).content.decode()
    assert "somebody may use a copy of it" in page


@pytest.mark.slow
@pytest.mark.parametrize("odd", ["7", None, True, [], {}, 0.5, "\u0661"])
def test_a_row_whose_count_is_none_keeps_its_key_out(person: Person, key: SoftKey, odd: Any) -> None:
    """Whoever writes it into the row neither breaks the page nor begins the count anew."""
    row = Authenticator.objects.get(type="webauthn")
    Authenticator.objects.filter(pk=row.pk).update(data={**row.data, "count": odd})
    client, challenge = at_second_step(person)
    answer = client.post(STEP, {"credential": json.dumps(key.get(challenge, count=8))})
    assert answer.status_code == 200
    assert "somebody may use a copy of it" in answer.content.decode()
    assert not signs_in(person, key, count=0)


@pytest.mark.longer
def test_a_key_that_counts_nothing_signs_in_each_time(person: Person, key: SoftKey) -> None:
    assert [signs_in(person, key, count=0) for _time in range(3)] == [True] * 3


@pytest.mark.parametrize("name", ["x" * 61, "Mine\u202eenim"], ids=["long", "unseen"])
def test_what_a_key_is_called_is_short_and_seen(person: Person, name: str) -> None:
    """It stands in the trail, where nothing is ever taken away."""
    client, challenge = adding(person)
    new = {"name": name, "credential": json.dumps(SoftKey().create(challenge))}
    assert client.post(ADD, new).status_code == 200
    row = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Mine", "credential": {}})
    factor_of(person)
    client.post(reverse("mfa_reauthenticate"), {"code": code_of_the_app()})
    assert client.post(reverse("mfa_edit_webauthn", args=[row.pk]), {"name": name}).status_code == 200
    assert [one.data["name"] for one in Authenticator.objects.filter(type="webauthn")] == ["Mine"]


def odd_ones(good: dict[str, Any]) -> Iterator[str]:
    """Each part of `good` left out and replaced by what it cannot be, and what is no such thing at all."""
    yield from ("", "{", "nul", "[" * 100_000, '{"a":' * 5_000, "NaN", "9" * 5_000, '"\\ud800"', '{"id": 1}', "[1]")
    parts = [(name,) for name in good] + [("response", name) for name in good["response"]]
    for part in parts:
        for odd in (*ODD, ...):
            told = deepcopy(good)
            inside = told if len(part) == 1 else told["response"]
            if odd is ...:
                del inside[part[-1]]
            else:
                inside[part[-1]] = odd
            yield json.dumps(told)


@pytest.mark.slow
def test_nothing_that_is_no_key_breaks_the_page_where_one_is_set_up(person: Person) -> None:
    client, challenge = adding(person)
    asked = 0
    for told in odd_ones(SoftKey().create(challenge)):
        answer = client.post(ADD, {"name": "x", "credential": told})
        if answer.status_code == 302:  # what no library looks at may be odd: it is kept, and its page is shown
            assert client.get(reverse("mfa_list_webauthn")).status_code == 200
            Authenticator.objects.all().delete()
            client, challenge = adding(person)
        else:
            assert answer.status_code == 200
        asked += 1
    assert asked > 90


@pytest.mark.slow
def test_nothing_that_is_no_key_breaks_the_second_step(person: Person, key: SoftKey) -> None:
    client, challenge = at_second_step(person)
    for told in odd_ones(key.get(challenge)):
        SharedValue.objects.all().delete()
        answer = client.post(STEP, {"credential": told})
        if answer.status_code == 302:
            client, challenge = at_second_step(person)
        else:
            assert answer.status_code == 200
