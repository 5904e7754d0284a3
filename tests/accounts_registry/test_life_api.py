"""The life of an account by the API: the pages' actions and policy, 409 for what was read too long ago."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts_registry.models import Account, AccountReview
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import EXIT, AccountFactory
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(house: House) -> Account:
    return AccountFactory.create(unit=house.unit)


@pytest.fixture(name="as_manager")
def manager(client: Client, house: House) -> Client:
    client.force_login(house.manager)
    return client


def send(client: Client, account: Account, act: str, **body: Any) -> Any:
    method = client.post if act else client.patch
    where = f"/api/v1/accounts/{account.pk}/{act}{'/' if act else ''}"
    return method(where, body, content_type="application/json")


def test_a_patch_changes_what_it_names_and_is_refused_for_older_facts(as_manager: Client, account: Account) -> None:
    answer = send(as_manager, account, "", edition=1, reason="By now", purpose="Explain customs", maturity="integrated")
    assert answer.status_code == 200, answer.json()
    told = answer.json()
    assert (told["purpose"], told["maturity"], told["languages"], told["edition"]) == (
        "Explain customs", "integrated", ["fr"], 2,
    )  # fmt: skip
    stale = send(as_manager, account, "", edition=1, reason="By now", purpose="Mine")
    assert (stale.status_code, stale.json()["code"]) == (409, "outdated")
    assert Account.objects.get().purpose == "Explain customs"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reason": "r", "purpose": "x"}, "edition"),
        ({"edition": 1, "purpose": "x"}, "reason"),
        ({"edition": 1, "reason": "r", "purpose": ""}, "purpose"),
        ({"edition": 1, "reason": "r", "languages": []}, "languages"),
        ({"edition": 1, "reason": "r", "kind": "club"}, "kind"),
        ({"edition": 1, "reason": "r", "pair": 9999999}, "pair"),
        ({"edition": 1, "reason": "r", "term": "trial"}, "ends_on"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_at_its_field(
    as_manager: Client, account: Account, body: dict[str, Any], field: str
) -> None:
    answer = send(as_manager, account, "", **body)
    assert answer.status_code == 400
    assert field in answer.json()


def test_name_network_and_unit_are_the_committees(as_manager: Client, account: Account) -> None:
    send(as_manager, account, "", edition=1, reason="r", handle="other", network="x", unit="fin", state="archived")
    now = Account.objects.get()
    assert (now.handle, now.network, now.unit_id, now.state) == (
        account.handle,
        account.network,
        account.unit_id,
        "active",
    )


def test_it_is_handed_over_confirmed_renewed_and_closed(client: Client, account: Account, house: House) -> None:
    new = person_with("newcomer", house.unit)
    client.force_login(house.manager)
    holders = {"owner": new.pk, "backup_holder": account.backup_holder.pk}
    answer = send(client, account, "hand-over", edition=1, reason="Left", **holders)
    assert (answer.status_code, answer.json()["owner"]["id"]) == (200, new.pk)
    assert send(client, account, "confirm", edition=2).status_code == 403
    client.force_login(new)
    assert send(client, account, "confirm", edition=1).status_code == 409
    assert send(client, account, "confirm", edition=2).json()["confirmed_at"] is not None
    assert send(client, account, "renew", edition=2, evaluation="e", next_on="2027-01-01").status_code == 403
    client.force_login(house.manager)
    next_on = (account.today + timedelta(days=60)).isoformat()
    assert (
        send(client, account, "renew", edition=2, evaluation="Useful", next_on=next_on).json()["review_on"] == next_on
    )
    assert AccountReview.objects.get().evaluation == "Useful"
    assert set(send(client, account, "begin-closing", reason="Merged").json()) == {"edition", *EXIT}
    facts = {"edition": 3, "reason": "Merged", **EXIT}
    assert send(client, account, "begin-closing", **{**facts, "edition": 2}).status_code == 409
    assert send(client, account, "begin-closing", **facts).json()["state"] == "closing"
    assert send(client, account, "close", edition=4).status_code == 400
    for step in ("followers", "last_post", "archive", "access", "page"):
        assert send(client, account, "exit-steps", edition=4, step=step, note="Seen").status_code == 200
    assert send(client, account, "exit-steps", edition=4, step="page", done=False).status_code == 200
    assert send(client, account, "exit-steps", edition=4, step="page").status_code == 200
    done = client.get(f"/api/v1/accounts/{account.pk}/exit-steps/").json()
    assert [(one["step"], one["note"]) for one in done][-1] == ("page", "")
    assert send(client, account, "close", edition=4).json()["state"] == "archived"
    assert send(client, account, "renew", edition=3, evaluation="Useful", next_on=next_on).status_code == 409


def test_out_of_sight_is_not_there(client: Client, account: Account) -> None:
    client.force_login(person_with("account_manager", UnitFactory.create()))
    for act in ("", "hand-over", "renew", "close", "confirm"):
        assert send(client, account, act, edition=1).status_code == 404
