"""Accounts that bear our name: who reports them, what they weigh, and what becomes of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts_registry.actions import (
    close_sighting,
    contact_sighting,
    explain_sighting,
    merge_sighting,
    purge_sightings,
    register_sighting,
    regularise_sighting,
    reopen_sighting,
    report_sighting,
    update_sighting,
)
from accounts_registry.models import AbuseCase, JustificationDossier, Sighting
from accounts_registry.queries.sightings import visible_sightings
from accounts_registry.queries.suspicion import WEIGHTS, OurNames, suspicion
from organisation.clock import database_today
from organisation.lifecycle import Outdated, Refused
from organisation.models import AuditEvent, Person, Unit
from tests.factories.accounts_registry import AbuseCaseFactory, AccountFactory, SightingFactory
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db: None) -> Unit:
    return UnitFactory.create(names={"fr": "SPF Finances", "nl": "FOD Financiën"})


@pytest.fixture
def manager(unit: Unit) -> Person:
    return person_with("account_manager", unit)


def report(unit: Unit, account: str, **facts: Any) -> Sighting:
    by = facts.pop("by", None) or person_with("newcomer", unit)
    return report_sighting(unit=unit, account=account, by=by, **{"kind": "wild", **facts})


# ---- Reporting ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("spelling", "network", "told"),
    [
        ("https://twitter.com/TaxCorner/", "", ("x", "TaxCorner", "x||@taxcorner")),
        ("@taxcorner", "x", ("x", "taxcorner", "x||@taxcorner")),
        ("mobile.twitter.com/taxcorner?lang=fr", "", ("x", "taxcorner", "x||@taxcorner")),
        ("@tax@social.example", "", ("mastodon", "tax", "mastodon|social.example|@tax")),
        ("https://www.tiktok.com/@tax", "", ("", "", "||tiktok.com/@tax?")),
        ("https://groups.example/our-tax-group", "", ("", "", "||groups.example/our-tax-group?")),
    ],
)
def test_an_account_is_reported_in_any_spelling(unit: Unit, spelling: str, network: str, told: tuple[str, ...]) -> None:
    made = report(unit, spelling, network=network)
    assert (made.network, made.handle, made.key) == told
    assert made.state == "detected"


@pytest.mark.parametrize(
    ("spelling", "field"),
    [
        ("taxcorner", "network"),
        ("two words", "account"),
        ("https://x.com/tax/status/1", "account"),
        ("https://elsewhere.example/", "account"),
        ("javascript:alert(1)", "account"),
        ("https://social.example/@tax@other.example", "account"),
    ],
)
def test_what_names_no_account_is_refused_at_its_field(unit: Unit, spelling: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        report(unit, spelling)
    assert refused.value.field == field
    assert not Sighting.objects.exists()


def test_one_of_ours_is_no_sighting(unit: Unit) -> None:
    AccountFactory(unit=unit, network="x", base_url="https://x.com", handle="SPFFin")
    with pytest.raises(Refused, match="our own"):
        report(unit, "https://twitter.com/spffin")


def test_an_account_is_followed_up_once(unit: Unit, manager: Person) -> None:
    first = report(unit, "https://x.com/TaxCorner")
    with pytest.raises(Refused, match="already"):
        report(unit, "https://twitter.com/taxcorner")
    close_sighting(sighting=first, by=manager, reason="gone")
    again = report(unit, "https://twitter.com/taxcorner")
    with pytest.raises(Refused, match="again meanwhile"):
        reopen_sighting(sighting=first, by=manager, reason="back")
    assert again.pk != first.pk


@pytest.mark.parametrize("role", ["auditor"])
def test_who_only_reads_reports_nothing(unit: Unit, role: str) -> None:
    with pytest.raises(PermissionDenied):
        report(unit, "https://x.com/tax", by=person_with(role, unit))


def test_what_another_unit_reported_is_out_of_sight(unit: Unit) -> None:
    made = report(unit, "https://x.com/tax")
    stranger = person_with("account_manager", UnitFactory.create())
    assert not visible_sightings(stranger).filter(pk=made.pk).exists()
    with pytest.raises(PermissionDenied):
        contact_sighting(sighting=made, by=stranger, reason="hello")


def test_nothing_of_the_account_stands_in_the_trail(unit: Unit, manager: Person) -> None:
    made = report(unit, "https://x.com/taxcorner", shown_name="Jan Peeters", words_seen="Pay me", note="A note")
    update_sighting(sighting=made, by=manager, edition=1, shown_name="Jan Peeters & Co")
    told = " ".join(str(event.details) for event in AuditEvent.objects.all())
    assert not [word for word in ("taxcorner", "Peeters", "Pay me", "A note") if word in told]


# ---- Score ----------------------------------------------------------------------------------------------------------
def test_each_fact_weighs_what_the_table_says() -> None:
    assert WEIGHTS == {"handle": 3, "name": 2, "no_link": 2, "young": 1, "asks": 4}


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, {}),
        ({"uses_our_name": True}, {"name": 2}),
        ({"uses_our_name": False, "links_to_us": True, "asks": False}, {}),
        ({"shown_name": "SPF Finances (officiel)"}, {"name": 2}),
        ({"shown_name": "ЅРF Finances"}, {"name": 2}),
        ({"links_to_us": False}, {"no_link": 2}),
        ({"asks": True}, {"asks": 4}),
        ({"handle": "spffinance"}, {"handle": 3}),
        ({"handle": "spff1nances"}, {"handle": 3}),
        ({"handle": "spffinances_official"}, {}),
        ({"handle": "spffinances", "asks": True, "links_to_us": False}, {"handle": 3, "asks": 4, "no_link": 2}),
    ],
)
def test_the_score_of_stated_facts(unit: Unit, facts: dict[str, Any], told: dict[str, int]) -> None:
    found = suspicion(SightingFactory.create(unit=unit, **facts), OurNames.of(unit))
    assert {reason.key: reason.weight for reason in found.reasons} == told
    assert found.score == sum(told.values())


@pytest.mark.parametrize(("days", "weighs"), [(89, True), (90, False)])
def test_young_is_under_ninety_days_when_it_was_reported(unit: Unit, days: int, weighs: bool) -> None:
    made = SightingFactory.create(unit=unit)
    made.created_on = made.reported_at.date() - timedelta(days=days)
    assert ("young" in {one.key for one in suspicion(made, OurNames.of(unit)).reasons}) is weighs


def test_what_nobody_looked_at_is_said_and_weighs_nothing(unit: Unit) -> None:
    found = suspicion(SightingFactory.create(unit=unit, handle="", remote_id="4"), OurNames.of(unit))
    assert (found.score, len(found.unknown)) == (0, 5)
    known = {"uses_our_name": False, "links_to_us": True, "asks": False, "created_on": date(2020, 1, 1)}
    assert suspicion(SightingFactory.create(unit=unit, **known), OurNames.of(unit)).unknown == []


answers = st.sampled_from([None, True, False])


class TestMonotone(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(answers, answers, answers, st.sampled_from([None, date(2026, 1, 1), date(2010, 1, 1)]), st.booleans())
    def test_a_fact_more_never_makes_it_less_suspicious(
        self, name: bool | None, link: bool | None, asks: bool | None, since: date | None, near: bool
    ) -> None:
        ours = OurNames(frozenset({"spffinances"}), frozenset({"SPF Finances"}))
        facts = {"uses_our_name": name, "links_to_us": link, "asks": asks, "created_on": since}
        made = Sighting(handle="spffinance" if near else "other", reported_at=timezone.now(), **facts)
        before = suspicion(made, ours)
        worst = {"uses_our_name": True, "links_to_us": False, "asks": True, "created_on": timezone.now().date()}
        for field, value in worst.items():
            was = getattr(made, field)
            setattr(made, field, value)
            assert suspicion(made, ours).score >= before.score
            setattr(made, field, was)
        assert before.score == sum(WEIGHTS[reason.key] for reason in before.reasons)
        assert len(before.reasons) + len(before.unknown) <= len(WEIGHTS)


def test_an_impersonation_goes_into_the_register_by_its_score(unit: Unit, manager: Person) -> None:
    made = report(unit, "https://x.com/spffinance", kind="impersonation")
    assert (made.state, AbuseCase.objects.count()) == ("detected", 0)
    update_sighting(sighting=made, by=manager, edition=1, uses_our_name=True)
    assert (made.state, AbuseCase.objects.get().state) == ("registered", "reported")
    at_once = report(unit, "https://x.com/spf_finances_", kind="impersonation", asks=True)
    assert at_once.state == "registered"
    assert AbuseCase.objects.get(sighting=at_once).reported_by == at_once.reported_by


def test_a_wild_account_goes_there_by_a_person_alone(unit: Unit, manager: Person) -> None:
    made = report(unit, "https://x.com/spffinance", kind="wild", asks=True)
    assert made.state == "detected"
    register_sighting(sighting=made, by=manager, reason="Nobody here runs it")
    assert (made.state, made.kind) == ("registered", "impersonation")
    assert AbuseCase.objects.get().reported_by == made.reported_by


def test_two_who_change_at_once_write_nothing_over(unit: Unit, manager: Person) -> None:
    made = SightingFactory.create(unit=unit)
    update_sighting(sighting=made, by=manager, edition=1, asks=True)
    with pytest.raises(Outdated):
        update_sighting(sighting=made, by=manager, edition=1, asks=False)
    assert Sighting.objects.get().asks is True


def test_only_who_keeps_the_register_changes_what_is_known(unit: Unit) -> None:
    made = SightingFactory.create(unit=unit)
    for person in (person_with("newcomer", unit), person_with("account_manager", UnitFactory.create())):
        with pytest.raises(PermissionDenied):
            update_sighting(sighting=made, by=person, edition=1, asks=True)


def test_what_it_imitates_is_an_account_in_sight(unit: Unit, manager: Person) -> None:
    made = SightingFactory.create(unit=unit)
    with pytest.raises(Refused) as refused:
        update_sighting(sighting=made, by=manager, edition=1, imitates=AccountFactory.create())
    assert refused.value.field == "imitates"
    own = AccountFactory.create(unit=unit)
    assert update_sighting(sighting=made, by=manager, edition=1, imitates=own).imitates == own


def test_which_account_it_is_stays(unit: Unit, manager: Person) -> None:
    with pytest.raises(TypeError):
        update_sighting(sighting=SightingFactory.create(unit=unit), by=manager, edition=1, handle="other")


# ---- Following up ---------------------------------------------------------------------------------------------------
def test_a_wild_account_ends_in_a_dossier(unit: Unit, manager: Person) -> None:
    made = report(unit, "@tax@social.example")
    contact_sighting(sighting=made, by=manager, reason="Called the office in Namur")
    explain_sighting(sighting=made, by=manager, reason="To tell of opening hours")
    regularise_sighting(sighting=made, by=manager)
    dossier = JustificationDossier.objects.get()
    assert (made.state, made.dossier) == ("regularised", dossier)
    assert (dossier.platform, dossier.proposed_handle, dossier.server) == ("mastodon", "tax", "https://social.example")
    assert (dossier.objective, dossier.state) == ("To tell of opening hours", "draft")
    assert dossier.request_type == "regularise_unregistered"


def test_where_parvis_speaks_no_such_network_no_dossier_begins(unit: Unit, manager: Person) -> None:
    made = SightingFactory.create(unit=unit, network="", handle="", key="||a.example/b?", state="explained")
    with pytest.raises(Refused, match="does not speak"):
        regularise_sighting(sighting=made, by=manager)


def test_it_may_be_merged_into_an_account_in_sight(unit: Unit, manager: Person) -> None:
    made = SightingFactory.create(unit=unit, state="explained")
    with pytest.raises(Refused):
        merge_sighting(sighting=made, by=manager, into=AccountFactory.create(), reason="moved")
    into = AccountFactory.create(unit=unit)
    merge_sighting(sighting=made, by=manager, into=into, reason="moved")
    assert (made.state, made.merged_into) == ("merged", into)


def test_an_impersonation_is_nobody_to_be_trained(unit: Unit, manager: Person) -> None:
    with pytest.raises(Refused, match="abuse register"):
        contact_sighting(sighting=SightingFactory.create(unit=unit, kind="impersonation"), by=manager, reason="hi")


# ---- What is over ---------------------------------------------------------------------------------------------------
def test_what_is_known_goes_when_its_time_is_over(unit: Unit) -> None:
    said = {"unit": unit, "note": "N", "words_seen": "W", "shown_name": "S"}
    kept = SightingFactory.create(**said, kept_until=database_today())
    over = SightingFactory.create(**said, kept_until=database_today() - timedelta(days=1))
    reporter = over.reported_by
    standing, dismissed = (
        AbuseCaseFactory.create(
            sighting__unit=unit, sighting__kept_until=date(2020, 1, 1), sighting__note="N", state=state, **facts
        ).sighting
        for state, facts in (
            ("confirmed", {"confirmed_by": reporter, "confirmed_at": timezone.now()}),
            ("dismissed", {}),
        )
    )
    assert purge_sightings() == 3
    assert purge_sightings() == 0
    found = {row.pk: (row.note, bool(row.handle), bool(row.key)) for row in Sighting.objects.all()}
    assert found == {
        kept.pk: ("N", True, True),
        over.pk: ("", False, False),
        standing.pk: ("", True, True),
        dismissed.pk: ("", False, False),
    }
    assert AuditEvent.objects.filter(verb="sighting.purged").count() == 3


def test_each_act_keeps_it_for_half_a_year_more(unit: Unit, manager: Person) -> None:
    made = SightingFactory.create(unit=unit, kept_until=database_today())
    contact_sighting(sighting=made, by=manager, reason="Called")
    assert made.kept_until == database_today() + timedelta(days=180)
