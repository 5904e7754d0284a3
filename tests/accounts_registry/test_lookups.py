"""An address that somebody waits for is looked at once, by whichever worker is first: a look may cost money."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from accounts_registry.actions import answer_lookups, looking_up
from accounts_registry.models import Account, Lookup
from networks.types import PostRef
from tests.factories.accounts_registry import ConnectedAccountFactory

FOUND = PostRef(id="7", url="https://example.org/7")


@pytest.fixture
def account(db: None) -> Account:
    return ConnectedAccountFactory.create()


def asked(account: Account, number: int = 7) -> Lookup:
    return Lookup.objects.create(account=account, address=f"https://example.org/{number}")


def answer(times: int = 1) -> int:
    return sum(answer_lookups(seconds=60) for _each in range(times))


def test_a_second_worker_leaves_it_to_the_first(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []

    def look(_account: Account, address: str) -> PostRef:
        looks.append(address)
        assert len(looks) == 1
        assert answer() == 0, "another worker, while this one looks"
        return FOUND

    monkeypatch.setattr(looking_up, "_located", look)
    lookup = asked(account)
    assert answer() == 1
    assert answer() == 0
    lookup.refresh_from_db()
    assert (looks, lookup.remote_id, lookup.problem) == ([lookup.address], "7", "")


def test_what_fails_is_answered_and_keeps_nobody_waiting(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(_account: Account, address: str) -> PostRef:
        if address.endswith("/1"):
            raise RuntimeError("broken")
        return FOUND

    monkeypatch.setattr(looking_up, "_located", look)
    broken, good = asked(account, 1), asked(account, 2)
    assert answer() == 2
    told = dict(Lookup.objects.filter(answered_at__isnull=False).values_list("pk", "problem"))
    assert told == {broken.pk: "unexpected", good.pk: ""}


def test_who_comes_back_after_the_lease_writes_nothing(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that stood still while another one took over, and found something else."""

    def look(_account: Account, address: str) -> PostRef:
        Lookup.objects.update(epoch=99, answered_at=Now(), remote_id="theirs")
        return FOUND

    monkeypatch.setattr(looking_up, "_located", look)
    lookup = asked(account)
    answer()
    lookup.refresh_from_db()
    assert lookup.remote_id == "theirs"


def test_nobody_waits_any_longer_for_an_old_one(account: Account) -> None:
    lookup = asked(account)
    Lookup.objects.filter(pk=lookup.pk).update(asked_at=Now() - timedelta(minutes=3))
    assert answer() == 0
