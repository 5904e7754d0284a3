"""Step-up: a dangerous act asks anew who is at the keyboard, and is carried out then with what was typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse

from organisation.models import Grant, Person
from organisation.proof import DANGEROUS, LASTS, PROVED
from tests.architecture.access import TABLE
from tests.factories.accounts_registry import AccountFactory
from tests.factories.organisation import PASSWORD, PersonFactory, UnitFactory, person_with
from tests.factories.sessions import code_of_the_app, session_of

pytestmark = pytest.mark.django_db
AGAIN = reverse("mfa_reauthenticate")


@pytest.fixture
def administrator() -> Person:
    return person_with("administrator", UnitFactory.create())


def visitor(person: Person, *, ago: float | None = LASTS.total_seconds() + 5, factor: bool = True) -> Client:
    """Signed in; the last proof of it lies so many seconds back, or there is none."""
    key = session_of(person, factor=factor)
    session = SessionStore(key)
    at = session.pop(PROVED, None)
    if ago is not None and at is not None:
        session[PROVED] = at - ago
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def suspend(client: Client, other: Person) -> Any:
    return client.post(reverse("organisation:person_suspend", args=[other.pk]), {"reason": "Under inquiry"})


def is_active(person: Person) -> bool:
    return Person.objects.get(pk=person.pk).is_active


@pytest.mark.parametrize("ago", [LASTS.total_seconds() + 5, None, -60.0], ids=["old", "none", "of later"])
def test_an_old_proof_does_not_do_and_nothing_is_lost(administrator: Person, ago: float | None) -> None:
    other, client = PersonFactory.create(unit=administrator.unit), visitor(administrator, ago=ago)
    asked = suspend(client, other)
    there = reverse("organisation:person_suspend", args=[other.pk])
    assert asked.headers["Location"] == f"{AGAIN}?next={there.replace('/', '%2F')}"
    assert is_active(other)
    page = client.get(asked.headers["Location"]).content.decode()
    assert "What comes next weighs" in page
    wrong = client.post(AGAIN, {"code": "000000", "next": there})
    assert wrong.status_code == 200
    assert is_active(other)
    done = client.post(AGAIN, {"code": code_of_the_app(), "next": there})
    assert done.headers["Location"] == reverse("organisation:person_detail", args=[other.pk])
    assert not is_active(other)
    assert other.suspended_from is None
    # From then on nobody is asked for a while.
    third = PersonFactory.create(unit=administrator.unit)
    assert suspend(client, third).headers["Location"] == reverse("organisation:person_detail", args=[third.pk])
    assert not is_active(third)


def test_a_proof_of_now_does(administrator: Person) -> None:
    other = PersonFactory.create(unit=administrator.unit)
    suspend(visitor(administrator, ago=LASTS.total_seconds() - 30), other)
    assert not is_active(other)


def test_nothing_secret_is_kept_meanwhile(administrator: Person) -> None:
    """Whoever connects an account types a key to it: asked before the page opens; what is sent late is typed anew."""
    manager = person_with("account_manager", administrator.unit)
    account = AccountFactory.create(unit=administrator.unit)
    client, there = visitor(manager), reverse("accounts_registry:account_connect", args=[account.pk])
    assert client.get(there).headers["Location"].startswith(AGAIN)
    assert client.post(there, {"token": "canary-of-a-token"}).headers["Location"].startswith(AGAIN)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert "canary" not in str(SessionStore(key).load())
    client.post(AGAIN, {"code": code_of_the_app(), "next": there})
    page = client.get(there).content.decode()
    assert "What you typed is secret and was not kept" in page


def test_who_leaves_it_has_done_nothing(administrator: Person) -> None:
    other, client = PersonFactory.create(unit=administrator.unit), visitor(administrator)
    suspend(client, other)
    client.get("/")
    assert client.post(AGAIN, {"code": code_of_the_app(), "next": "/"}).headers["Location"] == "/"
    assert is_active(other)


def test_what_was_kept_is_carried_out_as_it_was_typed(administrator: Person) -> None:
    other, client = PersonFactory.create(unit=administrator.unit), visitor(administrator)
    there = reverse("organisation:grant_give", args=[other.pk])
    client.post(there, {"role": "auditor", "unit": administrator.unit_id, "until": "2031-05-04T10:00"})
    assert not Grant.objects.filter(person=other).exists()
    client.post(AGAIN, {"code": code_of_the_app(), "next": there})
    grant = Grant.objects.get(person=other)
    assert (grant.role, grant.until and grant.until.year) == ("auditor", 2031)


def test_a_program_is_told_to_prove_it_on_a_page(administrator: Person) -> None:
    other, client = PersonFactory.create(unit=administrator.unit), visitor(administrator)
    facts = {"person": other.pk, "role": "auditor", "unit": administrator.unit.slug}
    told = client.post(reverse("grant-list"), facts, content_type="application/json")
    assert (told.status_code, told.json()["code"]) == (403, "proof_too_old")
    assert client.get(reverse("grant-list")).status_code == 200


def test_a_sign_in_is_a_proof(administrator: Person, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    other, client = PersonFactory.create(unit=administrator.unit), Client()
    client.post(reverse("account_login"), {"login": administrator.email, "password": PASSWORD})
    suspend(client, other)
    assert not is_active(other)


def test_a_password_does_where_there_is_no_factor(administrator: Person, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    other, client = PersonFactory.create(unit=administrator.unit), visitor(administrator, ago=None, factor=False)
    there = reverse("organisation:person_suspend", args=[other.pk])
    assert suspend(client, other).headers["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": "not it", "next": there})
    assert is_active(other)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": there})
    assert not is_active(other)


def test_who_may_not_is_refused_after_the_proof_as_before(administrator: Person) -> None:
    stranger = person_with("administrator", UnitFactory.create())
    other, client = PersonFactory.create(unit=administrator.unit), visitor(stranger)
    there = suspend(client, other).headers["Location"]
    assert there.startswith(AGAIN)
    path = reverse("organisation:person_suspend", args=[other.pk])
    assert client.post(AGAIN, {"code": code_of_the_app(), "next": path}).status_code == 404
    assert is_active(other)


POSTED = {row.url for row in TABLE if row.method == "POST"}


@pytest.mark.parametrize("name", sorted(name for name in DANGEROUS if not name.startswith("admin:")))
def test_each_dangerous_address_takes_posts(name: str) -> None:
    """One that is renamed would be asked for by nobody."""
    assert name in POSTED


# What opens a way in, gives or takes authority, or ends what others began: by hand, apart from the code.
ASKED = """
organisation:grant_give organisation:grant_confirm organisation:person_suspend organisation:person_leave
organisation:person_factor organisation:person_link organisation:recovery_confirm accounts_registry:account_connect
accounts_registry:account_close accounts_registry:account_disconnect delivery:hold_lift notices:target_new
admin:organisation_unit_change grant-list grant-confirm grant-prolong grant-advance organisation:grant_prolong
organisation:grant_advance organisation:unit_governance organisation:service_account_new organisation:key_new
organisation:key_renew account-close account-begin-closing accounts_registry:account_begin_closing
organisation:person_move organisation:group_rule_end organisation:review_new organisation:line_strike review-list
reviewline-strike accounts_registry:account_reactivate crisis:thaw crisis:end
"""


def test_the_dangerous_ones_are_all_there() -> None:
    assert set(ASKED.split()) - DANGEROUS == set()


def test_a_unit_is_governed_anew_after_a_proof(administrator: Person) -> None:
    client = visitor(administrator)
    there = reverse("admin:organisation_unit_change", args=[administrator.unit_id])
    assert client.get(there).status_code == 200
    assert client.post(there, {"governance_model": "autonomy"}).headers["Location"].startswith(AGAIN)
