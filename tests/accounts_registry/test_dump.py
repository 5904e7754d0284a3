"""S4: a backup of the database holds no secret; and what looks for them finds those that are put there."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore

from accounts_registry.models import Account, Credential
from accounts_registry.queries import account_ref
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.leaks import dumps, forms_of, leaks

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "canary+5e1f/do not leak="


def planted_plain(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(purpose=f"The token is {SECRET}.")


def planted_in_bytes(account: Account) -> None:
    Credential.objects.filter(account=account).update(ciphertext=b"unsealed: " + SECRET.encode())


def planted_in_base64(account: Account) -> None:
    encoded = base64.b64encode(f"fin:{SECRET}:x".encode()).decode()
    Account.objects.filter(pk=account.pk).update(purpose=f"Authorization: Basic {encoded}")


def planted_in_an_address(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(url="https://x.example/?t=canary%2B5e1f%2Fdo+not+leak%3D")


def planted_in_a_session(account: Account) -> None:
    session = SessionStore()
    session["_messages"] = [f"refused: {SECRET}"] * 20  # long enough to be compressed
    session.save()


PLANTED = {
    planted_plain: {"plain dump", "custom dump", "custom dump, restored"},
    planted_in_bytes: {"plain dump", "custom dump", "custom dump, restored"},
    planted_in_base64: {"plain dump", "custom dump", "custom dump, restored"},
    planted_in_an_address: {"plain dump", "custom dump", "custom dump, restored"},
    planted_in_a_session: {"sessions"},
}


@pytest.fixture
def account() -> Account:
    return ConnectedAccountFactory.create(credentials={"access_token": SECRET})


@pytest.mark.longer
def test_a_backup_holds_no_secret(account: Account) -> None:
    held = dumps()
    assert all(account.handle.encode() in held[dump] for dump in ("plain dump", "custom dump", "custom dump, restored"))
    assert account_ref(account).credentials == {"access_token": SECRET}
    assert leaks(held, [SECRET]) == []


@pytest.mark.slow
@pytest.mark.parametrize("plant", PLANTED)
def test_one_that_is_put_there_is_found(account: Account, plant: Any) -> None:
    plant(account)
    assert set(leaks(dumps(), [SECRET])) == {f"{place}: {SECRET}" for place in PLANTED[plant]}


@pytest.mark.parametrize("around", range(6))
def test_base64_is_recognised_wherever_the_secret_begins(around: int) -> None:
    encoded = base64.b64encode(b"\xff" * around + SECRET.encode() + b"\xff" * (5 - around))
    assert any(form in encoded for form in forms_of(SECRET))
    assert not any(form in base64.b64encode(b"\xff" * 60) for form in forms_of(SECRET))
