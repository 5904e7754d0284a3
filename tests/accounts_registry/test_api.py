"""The registry's API: the pages' actions and policy, said in JSON."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts_registry.actions import accept_dossier, cast_vote
from accounts_registry.enums import DossierState
from accounts_registry.models import JustificationDossier, Vote
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import AccountFactory, ConnectedAccountFactory, DossierFactory, whole_answers
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db


def post(client: Client, path: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"/api/v1/{path}", body or {}, content_type="application/json")


def test_who_is_asking(client: Client, house: House) -> None:
    assert client.get("/api/v1/me/").status_code == 403
    client.force_login(house.author)
    told = client.get("/api/v1/me/").json()
    assert (told["name"], told["unit"]) == ("Author", "tax")
    assert told["grants"] == [{"role": "communication_cell", "unit": "tax", "until": None}]


@pytest.mark.longer
def test_accounts_in_sight_and_no_others(client: Client, house: House) -> None:
    account = ConnectedAccountFactory.create(unit=house.unit)
    other = AccountFactory.create()
    client.force_login(house.author)
    told = client.get("/api/v1/accounts/").json()
    assert [one["id"] for one in told["results"]] == [account.pk]
    assert told["results"][0]["publishable"] is True
    assert not [name for name in told["results"][0] if "credential" in name or "token" in name]
    assert client.get(f"/api/v1/accounts/{account.pk}/").status_code == 200
    assert client.get(f"/api/v1/accounts/{other.pk}/").status_code == 404
    assert client.patch(f"/api/v1/accounts/{account.pk}/").status_code == 403
    for method in (client.post, client.put, client.delete):
        assert method(f"/api/v1/accounts/{account.pk}/").status_code == 405


@pytest.mark.longer
def test_a_dossier_from_draft_to_vote(client: Client, house: House) -> None:
    client.force_login(house.author)
    backup = person_with("newcomer", house.unit)
    begun = post(client, "dossiers/", {"unit": "tax", "platform": "mastodon"})
    assert begun.status_code == 201, begun.json()
    pk = begun.json()["id"]
    refused = post(client, f"dossiers/{pk}/submit/")
    assert refused.status_code == 400
    assert refused.json()["detail"][0].startswith("Still missing: ten questions before you ask, kind of account")
    facts = {
        "unit": "tax",
        "platform": "mastodon",
        "account_kind": "page",
        "proposed_handle": "@fin",
        "languages": ["fr"],
        "objective": "Explain",
        "audiences": ["citizens"],
        "why_not_existing": "None does",
        "owner": house.author.pk,
        "backup_holder": backup.pk,
        "review_on": "2099-01-01",
        "answers": whole_answers(),
    }
    pk = post(client, "dossiers/", facts).json()["id"]
    assert post(client, f"dossiers/{pk}/submit/").json()["state"] == "submitted"
    again = post(client, f"dossiers/{pk}/submit/")
    assert again.status_code == 409
    assert again.json()["state"] == "submitted"
    assert again.json()["events"][0]["told"] == "Author submitted this dossier"
    accept_dossier(dossier=JustificationDossier.objects.get(pk=pk), by=house.chair)
    assert post(client, f"dossiers/{pk}/votes/", {"choice": "for", "reason": "Mine", "round": 1}).status_code == 403
    client.force_login(house.members[0])
    assert post(client, f"dossiers/{pk}/votes/", {"choice": "perhaps", "reason": "", "round": 1}).status_code == 400
    cast = post(client, f"dossiers/{pk}/votes/", {"choice": "for", "reason": "Useful", "round": 1})
    assert [(vote["member"]["name"], vote["choice"]) for vote in cast.json()] == [("Member 0", "for")]
    assert client.get(f"/api/v1/dossiers/{pk}/votes/").json() == cast.json()


def test_a_vote_names_the_round_that_was_read(client: Client, house: House) -> None:
    """Returned, changed and handed in again since: the words that they vote on may be others."""
    dossier = DossierFactory.create(unit=house.unit, state=DossierState.IN_REVIEW, round=2)
    client.force_login(house.members[0])
    assert client.get(f"/api/v1/dossiers/{dossier.pk}/").json()["round"] == 2
    path, ballot = f"dossiers/{dossier.pk}/votes/", {"choice": "for", "reason": "Useful"}
    without = post(client, path, ballot)
    assert (without.status_code, without.json()) == (400, {"round": ["Name the round of the dossier that you read."]})
    stale = post(client, path, {**ballot, "round": 1})
    assert stale.status_code == 409
    assert "Read it as it stands now" in stale.json()["detail"]
    assert not Vote.objects.exists()
    assert post(client, path, {**ballot, "round": 2}).status_code == 200
    assert Vote.objects.get().round == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"platform": "myspace"}, "platform"),
        ({"unit": "elsewhere"}, "unit"),
        ({"unit": "fin"}, "unit"),
        ({"languages": ["xx"]}, "languages"),
        ({"audiences": "citizens"}, "audiences"),
        ({"owner": 999_999}, "owner"),
        ({"review_on": "tomorrow"}, "review_on"),
    ],
)
def test_bad_input_names_the_field(client: Client, house: House, wrong: dict[str, Any], field: str) -> None:
    client.force_login(house.author)
    answer = post(client, "dossiers/", {"unit": "tax", "platform": "mastodon", **wrong})
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert not JustificationDossier.objects.exists()


def test_owner_and_backup_are_two_people(client: Client, house: House) -> None:
    client.force_login(house.author)
    same = {"unit": "tax", "platform": "mastodon", "owner": house.author.pk, "backup_holder": house.author.pk}
    answer = post(client, "dossiers/", same)
    assert answer.status_code == 400
    assert answer.json() == {"backup_holder": ["Owner and backup holder are two different people."]}


def test_who_may_not_ask(client: Client, house: House) -> None:
    client.force_login(house.members[0])
    assert post(client, "dossiers/", {"unit": "tax", "platform": "mastodon"}).status_code == 403
    client.force_login(person_with("communication_cell", UnitFactory.create()))
    dossier = DossierFactory.create(unit=house.unit)
    assert post(client, f"dossiers/{dossier.pk}/submit/").status_code == 404


@pytest.mark.longer
def test_the_schema_describes_it(client: Client, house: House) -> None:
    assert client.get("/api/v1/schema/").status_code == 403
    client.force_login(house.author)
    answer = client.get("/api/v1/schema/?format=json")
    assert answer.status_code == 200
    assert {"/api/v1/accounts/", "/api/v1/dossiers/{id}/votes/", "/api/v1/me/"} <= set(answer.json()["paths"])


@pytest.mark.longer
@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_database_a_fixed_number_of_times(
    client: Client, house: House, count: int, django_assert_num_queries: Any
) -> None:
    AccountFactory.create_batch(count, unit=house.unit)
    dossier = DossierFactory.create(unit=house.unit, state=DossierState.IN_REVIEW, round=1)
    DossierFactory.create_batch(count - 1, unit=house.unit, state=DossierState.IN_REVIEW, round=1)
    for member in house.members[:count]:
        cast_vote(dossier=dossier, by=member, choice="for", reason="so")
    client.force_login(house.author)
    for path, queries in [("accounts/", 6), ("dossiers/", 6), (f"dossiers/{dossier.pk}/votes/", 7)]:
        with django_assert_num_queries(queries):
            client.get(f"/api/v1/{path}")


@pytest.mark.parametrize(
    ("field", "nonsense"),
    [
        ("platform", "myspace"),
        ("account_kind", "kingdom"),
        ("languages", ["fr", "xx"]),
        ("audiences", ["martians"]),
        ("unit", "atlantis"),
    ],
)
def test_a_choice_that_there_is_not_is_refused_at_its_field(
    client: Client, house: House, field: str, nonsense: object
) -> None:
    client.force_login(house.author)
    answer = post(client, "dossiers/", {"unit": "tax", "platform": "mastodon", field: nonsense})
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert not JustificationDossier.objects.exists()
