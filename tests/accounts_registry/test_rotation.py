"""A new master key while everybody works: nothing fails, and the old key may go."""

from __future__ import annotations

import io
import threading
import time
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings

from accounts_registry import vault
from accounts_registry.actions.keeping import seal_all
from accounts_registry.actions.resealing import BATCH
from accounts_registry.models import Account, Credential
from accounts_registry.queries import account_ref
from networks.kinds import Purpose
from organisation.models import AuditEvent
from tests.accounts_registry.test_vault import BOTH, NEW
from tests.factories.accounts_registry import ConnectedAccountFactory, keep_credential

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ACCOUNTS = 3 * BATCH


class Worker(threading.Thread):
    """Opens, or seals anew, one account after the other until told to stop; what failed is kept."""

    def __init__(self, accounts: list[Account], *, writes: bool, stop: threading.Event) -> None:
        super().__init__()
        self.accounts, self.writes, self.stop = accounts, writes, stop
        self.turns, self.failures = 0, []

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                for account in self.accounts:
                    self._turn(account)
        finally:
            connection.close()

    def _turn(self, account: Account) -> None:
        try:
            if self.writes:
                with transaction.atomic():
                    Account.objects.select_for_update().get(pk=account.pk)
                    seal_all(account, Purpose.ALL, {"access_token": f"token of {account.pk}"})
            elif account_ref(account).credentials != {"access_token": f"token of {account.pk}"}:
                self.failures.append("another secret")
        except Exception as problem:
            self.failures.append(repr(problem))
        self.turns += 1


def test_rotation_under_load() -> None:
    accounts = [ConnectedAccountFactory.create(credentials={"other": "x"}) for _ in range(ACCOUNTS)]
    Credential.objects.all().delete()
    for account in accounts:
        keep_credential(account, "access_token", f"token of {account.pk}")
    stop, said = threading.Event(), io.StringIO()
    with override_settings(VAULT_KEYS=BOTH):
        crew = [Worker(accounts, writes=writes, stop=stop) for writes in (True, False, False)]
        for worker in crew:
            worker.start()
        call_command("rotate_vault_keys", stdout=said)
        while min(worker.turns for worker in crew) < ACCOUNTS:
            time.sleep(0.05)
        stop.set()
        for worker in crew:
            worker.join(60)
    assert [worker.failures for worker in crew] == [[], [], []]
    assert set(Credential.objects.values_list("key_id", flat=True)) == {"new"}
    assert "wrapped…" in said.getvalue()
    with override_settings(VAULT_KEYS=NEW):
        for account in accounts:
            assert account_ref(account).credentials == {"access_token": f"token of {account.pk}"}


def test_it_goes_on_where_it_was_stopped_and_passes_over_what_somebody_holds(monkeypatch: Any) -> None:
    accounts = [ConnectedAccountFactory.create() for _ in range(5)]
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            list(Credential.objects.select_for_update().filter(account=accounts[0]))
            held.set()
            free.wait(30)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(30)
    monkeypatch.setattr("accounts_registry.actions.resealing.BATCH", 2)
    with override_settings(VAULT_KEYS=BOTH):
        from accounts_registry.actions import rotate

        batches = rotate()
        next(batches)
        next(batches)  # stopped here
        assert Credential.objects.filter(key_id="new").count() == 4
        free.set()
        call_command("rotate_vault_keys", stdout=io.StringIO())
        holder.join(30)
    assert Credential.objects.filter(key_id="new").count() == 5
    assert AuditEvent.objects.filter(verb="account.resealed").count() == 5


def test_no_secret_is_opened_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ConnectedAccountFactory.create()
    monkeypatch.setattr(vault, "_open", lambda box, row: pytest.fail("a secret was opened"))
    monkeypatch.setattr(vault._Door, "is_open", False)
    with override_settings(VAULT_KEYS=BOTH):
        call_command("rotate_vault_keys", stdout=io.StringIO())
    assert Credential.objects.get().key_id == "new"
