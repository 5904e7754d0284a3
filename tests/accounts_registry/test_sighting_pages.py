"""Pages of wild accounts and of the abuse register, and the same in the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts_registry.models import AbuseCase, NilReturn, Sighting
from organisation.models import Person, Unit
from tests.factories.accounts_registry import AbuseCaseFactory, AccountFactory, SightingFactory
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db
LIST, REGISTER = "/registry/sightings/", "/registry/abuse/"


@pytest.fixture
def unit(db: None) -> Unit:
    return UnitFactory.create(slug="tax", names={"fr": "SPF Finances"})


@pytest.fixture
def manager(unit: Unit) -> Person:
    return person_with("account_manager", unit)


def signed_in(person: Person) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def told(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


REPORT = {"account": "https://twitter.com/SpfFinance", "kind": "impersonation", "found": "hand", "network": ""}


def test_a_report_leads_to_its_page_with_its_score_in_words(unit: Unit) -> None:
    client = signed_in(person_with("newcomer", unit))
    sent = client.post(f"{LIST}new/", {**REPORT, "unit": unit.pk, "links_to_us": "no", "asks": ""})
    made = Sighting.objects.get()
    assert sent["Location"] == f"{LIST}{made.pk}/"
    assert (made.links_to_us, made.asks, made.state) == (False, None, "registered")
    page = told(client, sent["Location"])
    assert "Score: 5" in page
    assert "Its name is one sign away from “SPF Finances”." in page
    assert "It does not link to the official site." in page
    assert "whether it asks for money or data" in page
    assert "Confirm that it poses as us" not in page, "a newcomer only reports"


def test_what_is_refused_stands_at_its_field_with_what_was_typed(unit: Unit) -> None:
    client = signed_in(person_with("newcomer", unit))
    answer = client.post(f"{LIST}new/", {**REPORT, "account": "spffinance", "unit": unit.pk, "note": "Seen today"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "say on which network" in page
    assert "Seen today" in page


@pytest.mark.longer
def test_who_reported_it_is_told_why_they_cannot_confirm(unit: Unit, manager: Person) -> None:
    made = AbuseCaseFactory.create(sighting__unit=unit, sighting__reported_by=manager)
    own = told(signed_in(manager), f"{LIST}{made.sighting_id}/")
    assert "a second person has to confirm" in own
    assert "Confirm that it poses as us" not in own
    other = signed_in(person_with("spokesperson", unit))
    assert "Confirm that it poses as us" in told(other, f"{LIST}{made.sighting_id}/")
    assert other.post(f"{REGISTER}{made.pk}/confirm/").status_code == 302
    page = told(other, f"{LIST}{made.sighting_id}/")
    assert "known to pose as us" in page
    assert "Note that the network was told" in page


@pytest.mark.longer
def test_the_steps_of_a_wild_account_are_walked_by_its_page(unit: Unit, manager: Person) -> None:
    made, client = SightingFactory.create(unit=unit), signed_in(manager)
    page = f"{LIST}{made.pk}/"
    empty = client.post(f"{page}contact/", {"reason": ""})
    assert (empty.status_code, "Who was contacted, and how?" in empty.content.decode()) == (422, True)
    client.post(f"{page}contact/", {"reason": "Called them"})
    client.post(f"{page}explain/", {"reason": "For opening hours"})
    assert "For opening hours" in told(client, page)
    client.post(f"{page}regularise/")
    made.refresh_from_db()
    assert made.state == "regularised"
    assert f"/registry/dossiers/{made.dossier_id}/" in told(client, page)


def test_who_writes_no_dossiers_is_not_offered_one(unit: Unit) -> None:
    made = SightingFactory.create(unit=unit, state="explained")
    client = signed_in(person_with("spokesperson", unit))
    assert "Begin a dossier" not in told(client, f"{LIST}{made.pk}/")
    assert client.post(f"{LIST}{made.pk}/regularise/").status_code == 403


def test_what_is_known_is_changed_and_nothing_is_written_over(unit: Unit, manager: Person) -> None:
    made, client = SightingFactory.create(unit=unit, note="First"), signed_in(manager)
    facts = {"edition": 1, "kind": "wild", "asks": "yes", "note": "Second"}
    assert client.post(f"{LIST}{made.pk}/edit/", facts).status_code == 302
    late = client.post(f"{LIST}{made.pk}/edit/", {**facts, "note": "Third"})
    assert late.status_code == 422
    said = late.content.decode()
    assert ("Third" in said, "Note for colleagues: Second" in said) == (True, True)
    made.refresh_from_db()
    assert (made.note, made.asks) == ("Second", True)
    assert client.post(f"{LIST}{made.pk}/edit/", {**facts, "edition": 2, "note": "Third"}).status_code == 302


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"wild", "posing", "elsewhere"}),
        ("kind=impersonation", {"posing"}),
        ("network=facebook", {"elsewhere"}),
        ("state=registered", {"posing"}),
        ("unit=below", {"elsewhere"}),
        ("unit=nowhere", {"wild", "posing", "elsewhere"}),
        ("kind=nonsense", {"wild", "posing", "elsewhere"}),
    ],
)
def test_the_list_is_narrowed(unit: Unit, manager: Person, asked: str, found: set[str]) -> None:
    SightingFactory.create(unit=unit, handle="wild")
    AbuseCaseFactory.create(sighting__unit=unit, sighting__handle="posing")
    below = UnitFactory.create(parent=unit, slug="below")
    SightingFactory.create(unit=below, handle="elsewhere", network="facebook")
    page = told(signed_in(manager), f"{LIST}?{asked}")
    assert {name for name in ("wild", "posing", "elsewhere") if f"@{name} " in page} == found


@pytest.mark.parametrize(
    ("asked", "found"), [("", {"one", "two"}), ("state=dismissed", {"two"}), ("network=x", {"one"})]
)
def test_the_register_is_narrowed(unit: Unit, manager: Person, asked: str, found: set[str]) -> None:
    AbuseCaseFactory.create(sighting__unit=unit, sighting__handle="one")
    AbuseCaseFactory.create(
        sighting__unit=unit, sighting__handle="two", sighting__network="facebook", state="dismissed"
    )
    page = told(signed_in(manager), f"{REGISTER}?{asked}")
    assert {name for name in ("one", "two") if f"@{name} " in page} == found


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_as_much_for_one_as_for_three(
    unit: Unit, manager: Person, rows: int, django_assert_num_queries: Any
) -> None:
    AccountFactory.create(unit=unit)
    for _ in range(rows):
        AbuseCaseFactory.create(sighting__unit=unit)
    client = signed_in(manager)
    client.get(LIST)
    with django_assert_num_queries(SIGHTINGS_ASK):
        client.get(LIST)
    with django_assert_num_queries(REGISTER_ASKS):
        client.get(REGISTER)


SIGHTINGS_ASK, REGISTER_ASKS = 12, 14


@pytest.mark.longer
def test_none_is_declared_on_a_page_and_shown(unit: Unit, manager: Person) -> None:
    AccountFactory.create(unit=unit)
    client = signed_in(manager)
    assert "No answer yet" in told(client, REGISTER)
    facts = {"unit": unit.pk, "since": "2026-01-01", "until": "2026-03-31", "how": "Looked on X"}
    assert client.post(f"{REGISTER}none/", facts).status_code == 302
    page = told(client, REGISTER)
    assert f"None from 1 January 2026 to 31 March 2026, says {manager.name}." in page
    assert "Older than a quarter" in page
    AbuseCaseFactory.create(sighting__unit=unit)
    assert "One open case" in told(client, REGISTER)


def test_what_was_purged_says_so(unit: Unit, manager: Person) -> None:
    made = SightingFactory.create(unit=unit)
    Sighting.objects.update(handle="", address="", key="", purged_at=made.reported_at)
    page = told(signed_in(manager), f"{LIST}{made.pk}/")
    assert "Name no longer kept" in page
    assert "What was known is purged." in page
    assert f"{LIST}{made.pk}/edit/" not in page


# ---- API ------------------------------------------------------------------------------------------------------------
def call(person: Person, url: str, **data: Any) -> Any:
    client = Client()
    client.force_login(person)
    return client.post(url, data, content_type="application/json")


@pytest.mark.longer
def test_the_api_reports_confirms_and_declares(unit: Unit, manager: Person) -> None:
    reporter = person_with("newcomer", unit)
    facts = {"unit": "tax", "account": "spffinance", "network": "x", "kind": "impersonation", "asks": True}
    made = call(reporter, "/api/v1/sightings/", **facts)
    assert made.status_code == 201
    assert (made.json()["score"], made.json()["handle"], len(made.json()["reasons"])) == (7, "spffinance", 2)
    case = AbuseCase.objects.get(pk=made.json()["case"])
    assert call(reporter, f"/api/v1/abuse-cases/{case.pk}/confirm/").status_code == 403
    assert call(manager, f"/api/v1/abuse-cases/{case.pk}/confirm/").json()["state"] == "confirmed"
    gone = call(manager, f"/api/v1/abuse-cases/{case.pk}/take-down/", reason="Gone").json()
    assert gone["state"] == "taken_down"
    assert call(manager, f"/api/v1/abuse-cases/{case.pk}/take-down/", reason="Gone").status_code == 409
    none = call(manager, "/api/v1/nil-returns/", unit="tax", since="2026-01-01", until="2026-03-31", how="Looked")
    assert (none.status_code, NilReturn.objects.get().declared_by) == (201, manager)


def test_the_api_says_which_field_is_wrong(unit: Unit) -> None:
    answer = call(person_with("newcomer", unit), "/api/v1/sightings/", unit="tax", account="two words", kind="wild")
    assert answer.status_code in (400, 422)
    assert "account" in str(answer.json())


def test_the_api_reports_once_for_a_key(unit: Unit) -> None:
    client = Client()
    client.force_login(person_with("newcomer", unit))
    facts = {"unit": "tax", "account": "https://x.com/tax", "kind": "wild"}
    answers = [
        client.post("/api/v1/sightings/", facts, content_type="application/json", headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"] == Sighting.objects.get().pk
