"""A row that leads elsewhere by the time that its lock is ours is loaded with where it leads now, and never missed."""

from __future__ import annotations

from typing import Any

import pytest

from accounts_registry.actions import hand_over_account, submit_dossier, update_dossier
from accounts_registry.models import Account, Handover, JustificationDossier
from organisation import audit, locks
from organisation.lifecycle import Conflict, Outdated, Refused
from tests.factories.accounts_registry import AccountFactory, DossierFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.publishing.test_races import meanwhile

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.longer]
ROUNDS = range(3)


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_who_hand_an_account_over_at_once(_round: int) -> None:
    unit = UnitFactory.create()
    manager, one, other = (person_with("account_manager", unit) for _each in range(3))
    account = AccountFactory.create(unit=unit)

    def hand_over(**to: Any) -> Handover:
        mine = Account.objects.get(pk=account.pk)
        return hand_over_account(account=mine, by=manager, edition=1, reason="Moves", **to)

    told = meanwhile(
        lambda: hand_over(owner=one, backup_holder=other), lambda: hand_over(owner=other, backup_holder=one)
    )
    assert sorted(type(each).__name__ for each in told) == ["Handover", "Outdated"]


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_dossier_that_moves_to_another_unit_while_it_is_submitted(_round: int) -> None:
    root = UnitFactory.create()
    writer, there = person_with("account_manager", root), UnitFactory.create(parent=root)
    dossier = DossierFactory.create(unit=UnitFactory.create(parent=root), requested_by=writer)

    def mine() -> JustificationDossier:
        return JustificationDossier.objects.get(pk=dossier.pk)

    told = meanwhile(
        lambda: update_dossier(dossier=mine(), by=writer, edition=1, unit=there),
        lambda: submit_dossier(dossier=mine(), by=writer),
    )
    bad = [one for one in told if isinstance(one, Exception) and not isinstance(one, Conflict | Outdated | Refused)]
    assert bad == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_what_it_leads_to_is_never_taken_for_nothing(_round: int) -> None:
    """A pair that is another one by now: not none."""
    unit = UnitFactory.create()
    first, second = (AccountFactory.create(unit=unit, languages=[code]) for code in ("nl", "de"))
    account = AccountFactory.create(unit=unit, pair=first)

    def change() -> None:
        with audit.acting():
            locks.take(Account.objects, account.pk)
            Account.objects.filter(pk=account.pk).update(pair=second)

    def look() -> Any:
        with audit.acting():
            held = locks.take(Account.objects.select_related("pair"), account.pk)
            return held.pair_id, held.pair and held.pair.pk

    for told in meanwhile(change, look, look):
        assert not isinstance(told, Exception)
        assert told is None or told[0] == told[1]
