"""Roles of weight sign in with a second factor; a session that was opened without it opens nothing of the house."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as configured
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.urls import reverse

from organisation import factor_secrets
from organisation.actions import give_grant
from organisation.models import Person, SharedValue
from tests.architecture.rows import EVERYONE
from tests.factories.organisation import PASSWORD, PersonFactory, UnitFactory, person_with
from tests.factories.sessions import RECORDS, WHOSE, code_of_the_app, factor_of, session_of

ASKED = {"administrator", "communication_cell", "spokesperson", "crisis_cell", "account_manager"}
ASKED |= {"ict_security", "community_manager"}
PAGE, API = "/", "/api/v1/posts/"
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/posts/"}
INDEX, AGAIN = reverse("mfa_index"), reverse("mfa_reauthenticate")


def visitor(session: str) -> Client:
    client = Client()
    client.cookies[configured.SESSION_COOKIE_NAME] = session
    return client


def half(person: Person) -> Client:
    """Signed in with the password alone."""
    return visitor(session_of(person, factor=False))


@pytest.mark.slow
@pytest.mark.parametrize("role", sorted(EVERYONE))
@pytest.mark.django_db
def test_each_role_by_how_they_signed_in(role: str) -> None:
    person = person_with(role, UnitFactory.create())
    missing = role in ASKED
    # Without a factor.
    client = half(person)
    page, part, api = client.get(PAGE), client.get(PAGE, headers=HTMX), client.get("/api/v1/")
    assert (page.status_code, page.headers.get("Location")) == ((302, INDEX) if missing else (200, None))
    assert part.headers.get("HX-Redirect") == (INDEX if missing else None)
    if missing:
        told = client.get(reverse("post-list"))
        assert (told.status_code, told.json()["code"]) == (403, "second_factor_missing")
        assert client.post(reverse("choose_unit"), {"unit": ""}).headers["Location"] == INDEX
    # With one that this session did not use: whatever the role.
    factor_of(person)
    page, part, api = client.get("/posts/?x=1"), client.get(PAGE, headers=HTMX), client.get(reverse("post-list"))
    assert (page.status_code, page.headers["Location"]) == (302, f"{AGAIN}?next=/posts/%3Fx%3D1")
    assert part.headers["HX-Redirect"] == f"{AGAIN}?next=/posts/"
    assert (api.status_code, api.json()["code"]) == (403, "second_factor_unused")
    # With one that it did use.
    whole = visitor(session_of(person))
    assert whole.get(PAGE).status_code == 200
    assert "second_factor" not in whole.get(reverse("post-list")).content.decode()


@pytest.mark.longer
@pytest.mark.django_db
def test_the_setting_may_leave_it_to_people_and_a_factor_is_used_all_the_same(settings: Any) -> None:
    settings.SECOND_FACTOR = False
    person = person_with("administrator", UnitFactory.create())
    assert half(person).get(PAGE).status_code == 200
    factor_of(person)
    assert half(person).get(PAGE).status_code == 302


@pytest.mark.longer
@pytest.mark.django_db
def test_a_grant_asks_from_the_next_click_on() -> None:
    unit = UnitFactory.create()
    person = person_with("newcomer", unit)
    client = half(person)
    assert client.get(PAGE).status_code == 200
    give_grant(person=person, role="account_manager", unit=unit, by=None)
    assert client.get(PAGE).headers["Location"] == INDEX
    page = client.get(INDEX).content.decode()
    assert "Your role asks for it (Account manager)" in page
    assert "Sign out" in page
    assert 'class="rail"' not in page


@pytest.mark.longer
@pytest.mark.parametrize(
    "tamper",
    [
        lambda session, other: session.update({RECORDS: []}),
        lambda session, other: session.update({WHOSE: str(other.pk)}),
        lambda session, other: session.pop(WHOSE),
        lambda session, other: session[RECORDS][0].update(id=factor_of(other).pk),
        lambda session, other: session[RECORDS][0].update(method="password"),
        lambda session, other: session[RECORDS][0].pop("id"),
        lambda session, other: session.update({RECORDS: "mfa"}),
    ],
)
@pytest.mark.django_db
def test_a_session_that_says_something_else_is_worth_nothing(tamper: Any) -> None:
    person, other = person_with("administrator", UnitFactory.create()), PersonFactory.create()
    key = session_of(person)
    assert visitor(key).get(PAGE).status_code == 200
    session = SessionStore(key)
    tamper(session, other)
    session.modified = True
    session.save()
    assert visitor(key).get(PAGE).status_code == 302


@pytest.mark.django_db
def test_a_factor_that_is_gone_opens_nothing() -> None:
    person = person_with("administrator", UnitFactory.create())
    client = visitor(session_of(person))
    Authenticator.objects.all().delete()
    assert client.get(PAGE).headers["Location"] == INDEX
    factor_of(person)
    assert client.get(PAGE).headers["Location"].startswith(AGAIN)


@pytest.mark.longer
@pytest.mark.django_db
def test_without_the_second_step_one_neither_adds_nor_removes_a_factor() -> None:
    person = person_with("administrator", UnitFactory.create())
    factor_of(person)
    client = half(person)
    for name in ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_deactivate_totp", "mfa_list_webauthn"):
        assert client.get(reverse(name)).headers["Location"].startswith(AGAIN)
    # Nor does the password do as a confirmation of who they are.
    assert client.get(reverse("account_reauthenticate")).headers["Location"] == AGAIN
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert answer.headers["Location"] == AGAIN
    assert client.get(PAGE).status_code == 302
    assert (
        client.post(f"{AGAIN}?next=/posts/", {"code": code_of_the_app(), "next": "/posts/"}).headers["Location"]
        == "/posts/"
    )
    assert client.get(PAGE).status_code == 200


@pytest.mark.longer
@pytest.mark.django_db(transaction=True)
def test_every_step_of_setting_up_has_a_way_back(client: Client) -> None:
    client.force_login(person_with("newcomer", UnitFactory.create()))
    confirm = client.get(reverse("mfa_deactivate_totp"), follow=True).content.decode()
    assert f'href="{INDEX}">Leave everything as it is' in confirm
    assert client.post(AGAIN, {"code": code_of_the_app(), "next": INDEX}).status_code == 302
    for name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn"):
        assert f'href="{INDEX}">Cancel</a>' in client.get(reverse(name)).content.decode(), name
    Authenticator.objects.all().delete()
    assert f'href="{INDEX}">Cancel</a>' in client.get(reverse("mfa_activate_totp")).content.decode()


def sign_in(client: Client, person: Person) -> Any:
    return client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})


@pytest.mark.longer
@pytest.mark.django_db(transaction=True)
def test_setting_up_the_app_and_signing_in_with_it(client: Client) -> None:
    person = person_with("administrator", UnitFactory.create())
    sign_in(client, person)
    assert client.get(PAGE).headers["Location"] == INDEX
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    seed = page.context["form"].secret
    assert seed in page.content.decode()
    kept = str(dict(client.session))
    assert seed not in kept
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "Incorrect code" in wrong.content.decode()
    assert seed in wrong.content.decode()
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of_the_app(seed)})
    assert done.headers["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(done.headers["Location"]).context["unused_codes"]
    assert len(codes) == 10
    assert client.get(PAGE).status_code == 200
    assert_nothing_in_the_clear(seed, *codes)

    # A new sign-in is over only with the second step, and each code is good once.
    again, phone = Client(), code_of_the_app(seed, steps=1)
    assert sign_in(again, person).headers["Location"].startswith(reverse("mfa_authenticate"))
    assert again.get(PAGE).status_code == 302
    assert "device" not in again.cookies
    assert again.post(reverse("mfa_authenticate"), {"code": phone}).status_code == 302
    assert again.get(PAGE).status_code == 200
    for used in (phone, codes[0]):
        replay = Client()
        sign_in(replay, person)
        if used == codes[0]:
            assert replay.post(reverse("mfa_authenticate"), {"code": used}).status_code == 302
            assert replay.get(PAGE).status_code == 200
            replay = Client()
            sign_in(replay, person)
        assert "Incorrect code" in replay.post(reverse("mfa_authenticate"), {"code": used}).content.decode()
        assert replay.get(PAGE).status_code == 302


def assert_nothing_in_the_clear(*secrets: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        stored = " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT key || value::text FROM organisation_shared")
        stored += " ".join(row[0] for row in cursor.fetchall())
    assert "test." in stored  # the name of the key under which it lies
    assert [secret for secret in secrets if secret in stored] == []


@pytest.mark.longer
@pytest.mark.django_db(transaction=True)
def test_new_codes_do_not_shut_out_who_came_in_with_an_old_one(client: Client) -> None:
    person = person_with("administrator", UnitFactory.create())
    factor_of(person)
    client.force_login(person)
    client.post(AGAIN, {"code": code_of_the_app()})
    client.post(reverse("mfa_generate_recovery_codes"))
    spare, another = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][:2]
    lost = Client()
    sign_in(lost, person)
    lost.post(reverse("mfa_authenticate"), {"code": spare})
    assert lost.get(PAGE).status_code == 200
    lost.post(AGAIN, {"code": another})
    assert lost.post(reverse("mfa_generate_recovery_codes")).status_code == 302
    assert len(lost.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]) == 10
    assert lost.get(PAGE).status_code == 200


@pytest.mark.django_db
def test_codes_for_a_lost_phone_are_shown_once(client: Client) -> None:
    """Not even who confirms with the factor sees them again: somebody at a screen left open would take one along."""
    person = person_with("administrator", UnitFactory.create())
    factor_of(person)
    client.force_login(person)
    client.post(AGAIN, {"code": code_of_the_app()})
    client.post(reverse("mfa_generate_recovery_codes"))
    shown = client.get(reverse("mfa_view_recovery_codes"))
    codes = shown.context["unused_codes"]
    assert [len(codes), *(code in shown.content.decode() for code in codes)] == [10, *[True] * 10]
    pages = [client.get(reverse(name)) for name in ("mfa_view_recovery_codes", "mfa_index")]
    pages.append(client.get(reverse("mfa_download_recovery_codes")))
    assert [page.status_code for page in pages] == [200, 200, 403]
    assert [code for page in pages for code in codes if code in page.content.decode()] == []
    assert all("You have 10 unused codes." in page.content.decode() for page in pages[:2])
    assert "Make new codes" in pages[0].content.decode()


@pytest.mark.longer
@pytest.mark.django_db
def test_a_code_is_good_once_as_long_as_any_clock_agrees_on_it() -> None:
    """However it is written. The code of the next half minute is taken now, and still is half a minute later, when the
    library has forgotten that somebody used it."""
    person, code = person_with("administrator", UnitFactory.create()), code_of_the_app(steps=1)
    factor_of(person)
    ends = []
    for written in (code, code, f"{code[:3]} {code[3:]}"):
        client = Client()
        sign_in(client, person)
        client.post(reverse("mfa_authenticate"), {"code": written})
        ends.append(client.get(PAGE).status_code)
        SharedValue.objects.filter(key__contains="mfa.totp.used").delete()
    assert ends == [200, 302, 302]


@pytest.mark.longer
@pytest.mark.django_db
def test_codes_are_not_guessed() -> None:
    person = person_with("administrator", UnitFactory.create())
    factor_of(person)
    said = []
    for number in range(22):
        client = Client(REMOTE_ADDR=f"203.0.113.{number // 4}")
        sign_in(client, person)
        said.append(client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode())
    assert ["tries to guess your code" in page for page in said] == [False] * 20 + [True] * 2


@pytest.mark.django_db
def test_a_secret_opens_for_its_person_alone(settings: Any) -> None:
    sealed = factor_secrets.seal("JBSWY3DP", 7)
    assert factor_secrets.reveal(sealed, 7) == "JBSWY3DP"
    key, _, body = sealed.rpartition(".")
    for wrong in (f"other.{body}", f"{key}.{body[:-8]}AAAAAAA=", "JBSWY3DP", f"{key}.!", f"{key}.", ""):
        with pytest.raises(factor_secrets.Broken):
            factor_secrets.reveal(wrong, 7)
    with pytest.raises(factor_secrets.Broken):
        factor_secrets.reveal(sealed, 8)


@pytest.mark.django_db
def test_a_row_of_somebody_else_is_refused_with_a_sentence() -> None:
    person, thief = person_with("administrator", UnitFactory.create()), PersonFactory.create()
    mine = factor_of(person)
    mine.data = factor_of(thief).data
    mine.save()
    client = Client()
    sign_in(client, person)
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of_the_app()})
    assert "cannot be read any more" in answer.content.decode()
    assert client.get(PAGE).status_code == 302
