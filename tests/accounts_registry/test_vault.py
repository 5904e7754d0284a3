"""Secrets: sealed for their row, opened on the worker's path only, found nowhere else."""

from __future__ import annotations

import base64
import logging
import uuid
from dataclasses import replace
from importlib import import_module

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings

from accounts_registry import vault
from accounts_registry.actions import connect_account
from accounts_registry.models import Account, Credential
from accounts_registry.queries import account_ref
from networks.errors import AuthExpired
from organisation.lifecycle import Refused
from tests.accounts_registry.conftest import FakeNetwork, House
from tests.factories.accounts_registry import AccountFactory, ConnectedAccountFactory, keep_credential

OLD = "test:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
BOTH = "new:ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=," + OLD
NEW = "new:ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="


def test_what_is_sealed_opens_for_its_row_alone() -> None:
    box = vault.seal("s3cret", b"row 1")
    assert vault.unseal(box, b"row 1") == "s3cret"
    assert b"s3cret" not in box.ciphertext
    with pytest.raises(vault.Broken):
        vault.unseal(box, b"row 2")


def test_a_tampered_box_does_not_open() -> None:
    box = vault.seal("s3cret", b"row")
    for place in range(len(box.ciphertext)):
        spoiled = bytearray(box.ciphertext)
        spoiled[place] ^= 1
        with pytest.raises(vault.Broken):
            vault.unseal(replace(box, ciphertext=bytes(spoiled)), b"row")
    for place in range(len(box.wrapped)):
        spoiled = bytearray(box.wrapped)
        spoiled[place] ^= 1
        with pytest.raises(vault.Broken):
            vault.unseal(replace(box, wrapped=bytes(spoiled)), b"row")


def test_every_box_has_a_nonce_of_its_own() -> None:
    assert len({vault.seal("same", b"row").nonce for _ in range(100)}) == 100


def test_a_key_that_is_gone_says_so_without_the_secret() -> None:
    box = vault.seal("s3cret", b"row")
    with override_settings(VAULT_KEYS=NEW), pytest.raises(vault.Broken, match="no key named test"):
        vault.unseal(box, b"row")


@pytest.mark.django_db
def test_a_swapped_row_is_refused() -> None:
    one, other = ConnectedAccountFactory.create(), ConnectedAccountFactory.create()
    mine, theirs = one.credentials.get(), other.credentials.get()
    Credential.objects.filter(pk=mine.pk).update(
        ciphertext=theirs.ciphertext, nonce=theirs.nonce, wrapped_key=theirs.wrapped_key, key_id=theirs.key_id
    )
    with pytest.raises(vault.Broken):
        account_ref(one)
    # Moving the whole row, or giving it another identity, helps nobody either.
    Credential.objects.filter(pk=mine.pk).delete()
    Credential.objects.filter(pk=theirs.pk).update(account=one)
    with pytest.raises(vault.Broken):
        account_ref(one)
    Credential.objects.filter(pk=theirs.pk).update(account=other, id=uuid.uuid4())
    with pytest.raises(vault.Broken):
        account_ref(other)


@pytest.mark.django_db
def test_rotation_seals_everything_anew(capsys: pytest.CaptureFixture[str]) -> None:
    accounts = [ConnectedAccountFactory.create(credentials={"access_token": f"token-{n}"}) for n in range(3)]
    with override_settings(VAULT_KEYS=BOTH):
        call_command("rotate_vault_keys")
        keep_credential(accounts[0], "second", "made after")
    with override_settings(VAULT_KEYS=NEW):
        assert [account_ref(account).credentials["access_token"] for account in accounts] == [
            "token-0",
            "token-1",
            "token-2",
        ]
        assert set(Credential.objects.values_list("key_id", flat=True)) == {"new"}
    assert "token-" not in capsys.readouterr().out


@pytest.mark.django_db
def test_what_was_sealed_before_data_keys_is_sealed_anew() -> None:
    """By the migration; a box whose key is gone is left as it is."""
    account = ConnectedAccountFactory.create()
    one, lost = account.credentials.get(), keep_credential(account, "lost", "x")
    row, nonce = b"credential:%d:%s:%s" % (account.pk, one.name.encode(), str(one.id).encode()), b"n" * 12
    master = AESGCM(base64.b64decode(OLD.partition(":")[2]))
    old = {"ciphertext": master.encrypt(nonce, b"made long ago", row), "nonce": nonce, "wrapped_key": b""}
    Credential.objects.filter(pk=one.pk).update(**old)
    Credential.objects.filter(pk=lost.pk).update(**old, key_id="gone")
    import_module("accounts_registry.migrations.0003_envelopes").envelop(apps, None)
    one.refresh_from_db()
    lost.refresh_from_db()
    assert vault.unseal(one.box, one.row) == "made long ago"
    with pytest.raises(vault.Broken):
        vault.unseal(lost.box, lost.row)


CANARY = "canary-7f3a-do-not-leak"


def everything_in_the_database() -> str:
    """Every row of every table as text, bytes as the dump would hold them."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.longer
@pytest.mark.django_db
def test_the_canary_is_found_nowhere(
    house: House, network: FakeNetwork, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    account = AccountFactory.create(unit=house.unit, handle="fin")
    connect_account(account=account, by=house.manager, fields={"access_token": CANARY})
    network.identify_fails = AuthExpired(f"token {CANARY} refused")
    with pytest.raises(Refused) as refused:
        connect_account(account=account, by=house.manager, fields={"access_token": CANARY})
    client.force_login(house.manager)
    pages = [client.get(f"/registry/accounts/{account.pk}/"), client.get(f"/registry/accounts/{account.pk}/connect/")]
    pages.append(
        client.post(f"/registry/accounts/{account.pk}/connect/", {"base_url": account.base_url, "access_token": CANARY})
    )
    pages.append(client.get(f"/api/v1/accounts/{account.pk}/"))
    held = everything_in_the_database()
    assert account.handle in held
    said = "".join(page.content.decode() for page in pages)
    for place in (held, said, caplog.text, str(refused.value), repr(account_ref(account))):
        assert CANARY not in place
        assert CANARY.encode().hex() not in place
    assert account_ref(Account.objects.get()).credentials == {"access_token": CANARY}
