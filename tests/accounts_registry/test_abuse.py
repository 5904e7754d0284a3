"""The abuse register: two people say that somebody poses as us, then everybody is told; and "none" is an answer."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts_registry.actions import (
    confirm_abuse,
    declare_none,
    dismiss_abuse,
    notify_network,
    reopen_abuse,
    report_sighting,
    take_down,
)
from accounts_registry.models import AbuseCase, NilReturn, Sighting
from accounts_registry.queries.sightings import last_returns, visible_cases
from organisation.clock import database_today
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent, Person, Unit
from tests.factories.accounts_registry import AbuseCaseFactory, AccountFactory, ConnectedAccountFactory, SightingFactory
from tests.factories.organisation import PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db: None) -> Unit:
    return UnitFactory.create(slug="tax", names={"fr": "SPF Finances"})


@pytest.fixture
def manager(unit: Unit) -> Person:
    return person_with("account_manager", unit)


def case(unit: Unit, **facts: Any) -> AbuseCase:
    return AbuseCaseFactory.create(**{"sighting__unit": unit, **facts})


def confirmed(unit: Unit, manager: Person, **facts: Any) -> AbuseCase:
    return confirm_abuse(case=case(unit, **facts), by=manager)


# ---- Four eyes ------------------------------------------------------------------------------------------------------
def test_whoever_reported_it_does_not_confirm_it(unit: Unit, manager: Person) -> None:
    sighting = report_sighting(
        unit=unit, account="https://x.com/spf_finances", kind="impersonation", asks=True, by=manager
    )
    with pytest.raises(Refused, match="second person"):
        confirm_abuse(case=sighting.case, by=manager)
    confirm_abuse(case=sighting.case, by=person_with("spokesperson", unit))
    assert sighting.case.state == "confirmed"


def test_who_counts_as_the_reporter_does_not_confirm_it_either(unit: Unit, manager: Person) -> None:
    fresh = person_with("account_manager", unit, invited_by=manager, vouched_at=None)
    reported = case(unit, sighting__reported_by=manager)
    with pytest.raises(Refused, match="second person"):
        confirm_abuse(case=reported, by=fresh)


def test_the_database_holds_two_people_too(unit: Unit, manager: Person) -> None:
    made = case(unit, sighting__reported_by=manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        AbuseCase.objects.filter(pk=made.pk).update(
            state="confirmed", confirmed_by=manager, confirmed_at=made.reported_at
        )


def test_reopened_it_is_confirmed_by_somebody_other_than_who_reopened(unit: Unit, manager: Person) -> None:
    made = confirmed(unit, manager)
    take_down(case=made, by=manager, reason="Gone")
    reopen_abuse(case=made, by=manager, reason="Back")
    assert (made.state, made.confirmed_by, made.confirmed_at) == ("reported", None, None)
    with pytest.raises(Refused, match="second person"):
        confirm_abuse(case=made, by=manager)
    confirm_abuse(case=made, by=person_with("account_manager", unit))


def test_one_of_ours_is_never_confirmed(unit: Unit, manager: Person) -> None:
    made = case(unit, sighting__handle="SPFFin")
    AccountFactory.create(unit=unit, network="x", base_url="https://x.com", handle="spffin")
    with pytest.raises(Refused, match="our own account"):
        confirm_abuse(case=made, by=manager)


def test_who_may_only_report_confirms_nothing(unit: Unit) -> None:
    with pytest.raises(PermissionDenied):
        confirm_abuse(case=case(unit), by=person_with("newcomer", unit))
    stranger = person_with("account_manager", UnitFactory.create())
    with pytest.raises(PermissionDenied):
        dismiss_abuse(case=case(unit), by=stranger, reason="no")
    assert not visible_cases(stranger).exists()


def test_what_was_told_the_network_is_kept(unit: Unit, manager: Person) -> None:
    made = confirmed(unit, manager)
    with pytest.raises(Refused, match="not come yet"):
        notify_network(case=made, by=manager, reference="T1", notified_on=database_today() + timedelta(days=2))
    notify_network(case=made, by=manager, reference="T1")
    assert (made.state, made.reference, made.notified_on) == ("notified", "T1", database_today())


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_does() -> None:
    unit = UnitFactory.create()
    made = case(unit)
    people = [person_with("account_manager", unit) for _ in range(2)]
    outcomes: list[object] = []
    together = threading.Barrier(2)

    def confirm(by: Person) -> None:
        try:
            together.wait(10)
            outcomes.append(confirm_abuse(case=AbuseCase.objects.get(pk=made.pk), by=by).state)
        except Conflict:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(map(str, outcomes)) == ["confirmed", "too late"]
    assert AuditEvent.objects.filter(verb="abuse_case.confirm").count() == 1


# ---- What everybody is told -----------------------------------------------------------------------------------------
SENTENCES = {
    "en": "No, this account is known to pose as us",
    "fr": "Non, ce compte est connu pour se faire passer pour nous",
    "nl": "Nee, van dit account is bekend dat het zich voor ons uitgeeft",
    "de": "Nein, von diesem Konto ist bekannt, dass es sich für uns ausgibt",
}
SPELLINGS = [
    "https://x.com/SPF_Finances_",
    "https://twitter.com/spf_finances_/",
    "mobile.twitter.com/SPF_FINANCES_?lang=fr",
    "x.com/spf_finances_",
]


def asked(spelling: str) -> dict[str, Any]:
    told: dict[str, Any] = Client().get("/public/accounts/check.json", {"account": spelling}).json()
    return told


@pytest.fixture
def impostor(unit: Unit) -> AbuseCase:
    facts = {"handle": "SPF_Finances_", "address": "https://x.com/SPF_Finances_", "shown_name": "Jan Peeters"}
    return case(unit, **{f"sighting__{name}": value for name, value in facts.items()})


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_public_check_warns_in_four_languages(
    impostor: AbuseCase, manager: Person, language: str, spelling: str
) -> None:
    confirm_abuse(case=impostor, by=manager)
    page = Client().get(f"/public/{language}/accounts/check/", {"account": spelling})
    said = page.content.decode()
    assert [code for code, words in SENTENCES.items() if words in said] == [language]
    assert "public" in page["Cache-Control"]
    assert "Peeters" not in said
    assert asked(spelling) == {"asked": spelling, "answer": "impersonation", "accounts": []}


@pytest.mark.parametrize("state", ["reported", "taken_down", "dismissed"])
def test_it_warns_of_what_two_people_say_alone_and_while_it_stands(
    impostor: AbuseCase, manager: Person, state: str
) -> None:
    if state == "taken_down":
        take_down(case=confirm_abuse(case=impostor, by=manager), by=manager, reason="Gone")
    if state == "dismissed":
        dismiss_abuse(case=confirm_abuse(case=impostor, by=manager), by=manager, reason="A fan page")
    assert asked(SPELLINGS[0])["answer"] == "unknown"


def test_it_still_warns_once_the_network_was_told(impostor: AbuseCase, manager: Person) -> None:
    notify_network(case=confirm_abuse(case=impostor, by=manager), by=manager, reference="T1")
    assert asked(SPELLINGS[0])["answer"] == "impersonation"


@pytest.mark.parametrize("spelling", ["@spf_finances_", "https://instagram.com/spf_finances_", "https://x.com/spf"])
def test_nobody_else_of_that_name_is_warned_of(impostor: AbuseCase, manager: Person, spelling: str) -> None:
    confirm_abuse(case=impostor, by=manager)
    assert asked(spelling)["answer"] == "unknown"


def test_an_official_account_wins(impostor: AbuseCase, manager: Person, unit: Unit) -> None:
    confirm_abuse(case=impostor, by=manager)
    own = ConnectedAccountFactory.create(unit=unit, network="x", base_url="https://x.com", handle="spf_finances_")
    assert (asked(SPELLINGS[0])["answer"], asked("@spf_finances_")["answer"]) == ("official", "named")
    own.state = "archived"
    own.save()
    assert asked(SPELLINGS[0])["answer"] == "impersonation", "somebody took the name of an account that was closed"


def test_a_network_that_parvis_does_not_speak_is_known_by_address(unit: Unit, manager: Person) -> None:
    address = "https://www.tiktok.com/@spffinances"
    reporter = person_with("newcomer", unit)
    made = report_sighting(unit=unit, account=address, kind="impersonation", asks=True, uses_our_name=True, by=reporter)
    confirm_abuse(case=made.case, by=manager)
    assert asked(address)["answer"] == asked("tiktok.com/@spffinances")["answer"] == "impersonation"
    assert asked("https://tiktok.com/@other")["answer"] == "unknown"


# ---- None ----------------------------------------------------------------------------------------------------------
QUARTER = (date(2026, 7, 1), date(2026, 9, 30))


def declare(unit: Unit, by: Person, since: date = QUARTER[0], until: date = QUARTER[1]) -> NilReturn:
    return declare_none(unit=unit, since=since, until=until, how="Looked on X and Facebook, weekly", by=by)


def test_none_is_an_answer_with_a_name(unit: Unit, manager: Person) -> None:
    AccountFactory.create(unit=unit)
    (before,) = last_returns(manager, date(2026, 10, 1))
    assert before.declared is None
    made = declare(unit, manager)
    (row,) = last_returns(manager, date(2026, 12, 31))
    assert (row.declared, row.is_old) == (made, False)
    assert last_returns(manager, date(2027, 1, 1))[0].is_old
    assert AuditEvent.objects.get(verb="nil_return.declared").details["since"] == "2026-07-01"


def test_only_who_keeps_the_register_declares(unit: Unit) -> None:
    for person in (person_with("newcomer", unit), person_with("account_manager", UnitFactory.create())):
        with pytest.raises(PermissionDenied):
            declare(unit, person)


def test_a_period_that_is_not_over_is_not_declared(unit: Unit, manager: Person) -> None:
    today = database_today(unit.zone)
    with pytest.raises(Refused, match="not over"):
        declare(unit, manager, until=today)
    with pytest.raises(Refused, match="before it begins"):
        declare(unit, manager, since=date(2026, 8, 2), until=date(2026, 8, 1))
    declare(unit, manager, until=today - timedelta(days=1))


@pytest.mark.parametrize(
    ("reported", "state", "refused"),
    [
        (date(2026, 8, 1), "reported", True),
        (date(2026, 7, 1), "taken_down", True),
        (date(2026, 9, 30), "reported", True),
        (date(2026, 10, 1), "reported", False),
        (date(2026, 5, 1), "reported", True),
        (date(2026, 5, 1), "taken_down", False),
        (date(2026, 8, 1), "dismissed", False),
    ],
)
@pytest.mark.parametrize("below", [False, True])
def test_where_the_register_says_otherwise_none_is_refused(
    unit: Unit, manager: Person, reported: date, state: str, refused: bool, below: bool
) -> None:
    made = case(UnitFactory.create(parent=unit) if below else unit, state=state)
    Sighting.objects.update(reported_at=f"{reported}T12:00Z")
    AbuseCase.objects.filter(pk=made.pk).update(reported_at=f"{reported}T12:00Z")
    if refused:
        with pytest.raises(Refused, match="would not be so"):
            declare(unit, manager)
    else:
        declare(unit, manager)


def test_a_sighting_alone_is_no_case(unit: Unit, manager: Person) -> None:
    SightingFactory.create(unit=unit, reported_by=PersonFactory.create(unit=unit))
    Sighting.objects.update(reported_at="2026-08-01T12:00Z")
    assert declare(unit, manager).pk
