"""What attackers found in the registry: one hand where two are asked for, and what is told of others as ours."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts_registry.actions import (
    appeal_dossier,
    assign_finding,
    change_account,
    check_list,
    close_audit,
    confirm_abuse,
    contact_sighting,
    create_dossier,
    dismiss_finding,
    explain_sighting,
    hand_over_account,
    purge_sightings,
    read_lists,
    register_sighting,
    regularise_sighting,
    report_sighting,
    settle_finding,
    take_down,
    take_over_list,
    update_sighting,
)
from accounts_registry.lists.workbook import NO_LETTERS, _Reader
from accounts_registry.models import Account, ListRow, Sighting
from accounts_registry.queries.committee import has_written
from accounts_registry.queries.conditions import possible_answerers
from organisation.clock import database_today
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import Person, Unit
from tests.factories.accounts_registry import (
    AbuseCaseFactory,
    AccountFactory,
    ConnectedAccountFactory,
    DossierFactory,
    SightingFactory,
)
from tests.factories.audits import AuditFactory, FindingFactory, read, sent, tried
from tests.factories.machines import bearing, key_for, machine_of
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
WEEK = timedelta(days=7)
SOMEBODY = "https://x.com/somebody_else"


@pytest.fixture
def unit(db: None) -> Unit:
    return UnitFactory.create()


@pytest.fixture
def manager(unit: Unit) -> Person:
    return person_with("account_manager", unit)


# ---- Two people say that somebody poses as us -----------------------------------------------------------------------
def test_who_says_that_a_wild_account_poses_as_us_does_not_confirm_it(unit: Unit, manager: Person) -> None:
    """Who reported it said that colleagues run it."""
    sighting = report_sighting(unit=unit, account=SOMEBODY, kind="wild", by=person_with("newcomer", unit))
    register_sighting(sighting=sighting, by=manager, reason="Poses as us")
    with pytest.raises(Refused, match="second person"):
        confirm_abuse(case=sighting.case, by=manager)
    confirm_abuse(case=sighting.case, by=person_with("account_manager", unit))


def test_nor_does_who_changes_what_it_is(unit: Unit, manager: Person) -> None:
    sighting = report_sighting(unit=unit, account=SOMEBODY, kind="wild", by=person_with("newcomer", unit))
    update_sighting(sighting=sighting, by=manager, edition=1, kind="impersonation", asks=True, links_to_us=False)
    with pytest.raises(Refused, match="second person"):
        confirm_abuse(case=sighting.case, by=manager)


def test_who_agrees_with_a_reported_impersonation_is_a_second_person(unit: Unit, manager: Person) -> None:
    sighting = report_sighting(unit=unit, account=SOMEBODY, kind="impersonation", by=person_with("newcomer", unit))
    register_sighting(sighting=sighting, by=manager, reason="Poses as us")
    assert confirm_abuse(case=sighting.case, by=manager).state == "confirmed"


def test_the_name_of_an_impostor_goes_once_it_is_gone(unit: Unit, manager: Person) -> None:
    """It was purged while it stood, so that its name alone stayed."""

    def days_later() -> Sighting:
        Sighting.objects.filter(pk=case.sighting_id).update(kept_until=database_today() - WEEK)
        purge_sightings()
        return Sighting.objects.get(pk=case.sighting_id)

    case = AbuseCaseFactory.create(sighting__unit=unit, sighting__note="Seen by a citizen")
    confirm_abuse(case=case, by=manager)
    assert (days_later().note, days_later().handle) == ("", case.sighting.handle)
    take_down(case=case, by=manager, reason="Gone")
    purge_sightings()
    assert Sighting.objects.get(pk=case.sighting_id).handle, "half a year more, for it may come back"
    assert (days_later().handle, days_later().key) == ("", "")


# ---- Whoever wrote a word does not decide on it ---------------------------------------------------------------------
def test_who_writes_an_appeal_is_a_writer_of_the_dossier(unit: Unit) -> None:
    writer = person_with("account_manager", unit)
    refused = DossierFactory.create(unit=unit, state="refused", round=1)
    assert not has_written(writer, refused)
    appeal_dossier(dossier=refused, by=writer, reason="More questions than ever")
    assert has_written(writer, refused)


def test_who_noted_why_a_wild_account_was_created_is_a_writer_of_its_dossier(unit: Unit, manager: Person) -> None:
    other = person_with("communication_cell", unit)
    sighting = SightingFactory.create(unit=unit)
    contact_sighting(sighting=sighting, by=manager, reason="By phone")
    explain_sighting(sighting=sighting, by=manager, reason="To tell of their work")
    regularised = regularise_sighting(sighting=sighting, by=other)
    assert regularised.dossier is not None
    assert regularised.dossier.objective == "To tell of their work"
    assert has_written(manager, regularised.dossier)


# ---- A service account is nobody who answers for something ----------------------------------------------------------
def test_a_service_account_answers_for_no_account_condition_or_finding(unit: Unit, manager: Person) -> None:
    machine = machine_of(manager, "account_manager")
    account = AccountFactory.create(unit=unit)
    told: dict[str, Any] = {"account": account, "by": manager, "edition": account.edition, "reason": "Moves"}
    with pytest.raises(Refused, match="service account"):
        hand_over_account(**told, owner=account.owner, backup_holder=machine)
    assert machine not in possible_answerers(unit)
    finding = FindingFactory.create(audit=AuditFactory.create(unit=unit))
    with pytest.raises(Refused, match="does not see the audit"):
        assign_finding(finding=finding, by=manager, owner=machine, due_on=database_today() + timedelta(days=9))
    with pytest.raises(Refused, match="cannot hold an account"):
        create_dossier(unit=unit, platform="x", by=manager, owner=machine)


def test_a_key_reads_no_dossier_beyond_its_reach(unit: Unit, manager: Person) -> None:
    """Not even one that its own service account asked for, with another key."""
    machine = machine_of(manager, "account_manager")
    dossier = DossierFactory.create(unit=unit, requested_by=machine)
    there = reverse("dossier-detail", args=[dossier.pk])
    told = [
        Client().get(there, **bearing(key_for(machine, *scopes)[1])).status_code
        for scopes in (["account.view"], ["account.view", "dossier.view"], ["dossier.write"])
    ]
    assert told == [404, 200, 404]


# ---- The register tells nobody else's address -----------------------------------------------------------------------
@pytest.fixture
def tax(unit: Unit) -> Account:
    facts = {"network": "x", "base_url": "https://x.com", "handle": "spffin", "remote_id": "783214"}
    return ConnectedAccountFactory.create(unit=unit, url="https://x.com/spffin", **facts)


@pytest.mark.parametrize(
    "url",
    [
        SOMEBODY,
        "https://x.com/i/user/999999",
        "https://www.facebook.com/spffin",
        "https://spffin.example/",
        "https://mastodon.example/@spffin",
        "https://x.com.evil.example/spffin",
    ],
)
def test_an_account_is_given_no_address_of_somebody_else(url: str, tax: Account, manager: Person) -> None:
    with pytest.raises(Refused) as refused:
        change_account(account=tax, by=manager, edition=tax.edition, reason="x", url=url)
    assert refused.value.field == "url"
    Account.objects.filter(pk=tax.pk).update(url=url)  # as one from before
    told = Client().get("/public/accounts/check.json", {"account": url}).json()
    assert told["answer"] not in ("official", "named")
    listed = Client().get("/public/accounts.json").json()["accounts"]
    assert [one["address"] for one in listed] == ["https://x.com/spffin"]


@pytest.mark.parametrize("url", ["https://twitter.com/SPFFin", "https://x.com/i/user/783214"])
def test_it_is_given_another_of_its_own(url: str, tax: Account, manager: Person) -> None:
    changed = change_account(account=tax, by=manager, edition=tax.edition, reason="x", url=url)
    assert changed.url == url


def test_a_server_of_many_shows_nobody_else_s_account_as_ours(unit: Unit, manager: Person) -> None:
    account = ConnectedAccountFactory.create(unit=unit, handle="amt", remote_id="7")
    for url in ("https://evil.example/@amt@mastodon.example", "https://evil.example/@amt", "https://evil.example/x"):
        with pytest.raises(Refused):
            change_account(account=account, by=manager, edition=account.edition, reason="x", url=url)


# ---- Lists -----------------------------------------------------------------------------------------------------------
def test_a_list_is_taken_over_as_whoever_does_it_read_it(unit: Unit) -> None:
    audit = AuditFactory.create(unit=unit)
    given = tried(audit)
    read_by_one = given.mark
    mapping = {**given.mapping, "Responsable": ""}
    check_list(given=given, by=audit.begun_by, sheets=given.sheets, mapping=mapping)
    with pytest.raises(Outdated):
        take_over_list(given=given, by=audit.begun_by, seen=read_by_one)
    given.refresh_from_db()
    assert take_over_list(given=given, by=audit.begun_by, seen=given.mark).state == "taken_over"


@pytest.mark.parametrize(("name", "kept"), [("a\0b", "ab"), ("a\ud800b", "ab")])
def test_the_name_of_a_sheet_is_kept_as_its_cells_are(name: str, kept: str, unit: Unit) -> None:
    content = json.dumps({name: [{"network": "x", "handle": "fin"}]})
    given = read(AuditFactory.create(unit=unit), content, "x.json")
    assert (given.state, given.sheets[0]["name"]) == ("read", kept)


def test_a_row_that_no_database_can_count_to_is_a_sentence(unit: Unit) -> None:
    rows = '<t:table-row t:number-rows-repeated="99999999"><t:table-cell/></t:table-row>' * 30
    rows += "<t:table-row><t:table-cell><x:p>Facebook</x:p></t:table-cell></t:table-row>"
    xml = f'<o:document-content xmlns:o="o" xmlns:t="t" xmlns:x="x"><t:table t:name="A">{rows}</t:table>'
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        file.writestr("content.xml", f"{xml}</o:document-content>")
    given = read(AuditFactory.create(unit=unit), kept.getvalue(), "x.ods")
    assert (given.state, given.unread) == ("unreadable", "rows")


def test_the_format_of_a_number_is_read_in_one_pass() -> None:
    """Of brackets that nobody closes each was looked at to the end: minutes, where one pass takes a moment."""
    work = "from accounts_registry.lists.workbook import NO_LETTERS; NO_LETTERS.sub('', '[' * 400_000)"
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_CPU, (5, 5)); {work}"
    assert subprocess.run([sys.executable, "-c", limit], cwd=ROOT, check=False).returncode == 0
    assert NO_LETTERS.sub("", '[Red]yyyy"jour"\\-mm[never closed') == "yyyymm"


def test_no_sign_that_a_database_refuses_breaks_what_is_shown_beside_a_dossier(unit: Unit, manager: Person) -> None:
    client = Client()
    client.force_login(manager)
    there = reverse("accounts_registry:dossier_similar")
    for name in ("platform", "account_kind", "proposed_handle", "languages", "audiences", "unit", "dossier"):
        assert client.get(there, {name: "a\0b"}).status_code == 200, name


@pytest.mark.parametrize(
    ("number", "told"), [(46_000.5, "2029-12-10"), (2_957_004, "2957004"), (9e14, "900000000000000")]
)
def test_a_day_beyond_all_calendars_is_a_number(number: float, told: str) -> None:
    """Of a book that begins in 1904, whose days end sooner."""
    reader = _Reader([], {14}, from_1904=True)
    assert reader.value("n", "14", str(number)) == told


def test_a_package_that_lost_some_bytes_is_broken(unit: Unit) -> None:
    """Its parts begin before the file does: it asks for no more work than others."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        file.writestr("content.xml", "<a>0123456789</a>")
    whole = kept.getvalue()
    given = read(AuditFactory.create(unit=unit), whole[:45] + whole[50:], "x.ods")
    assert (given.state, given.unread) == ("unreadable", "broken")


# ---- A closed audit -------------------------------------------------------------------------------------------------
def test_what_a_closed_audit_found_is_decided_by_nobody(unit: Unit) -> None:
    audit = AuditFactory.create(unit=unit)
    finding = FindingFactory.create(audit=audit)
    close_audit(audit=audit, by=audit.begun_by, reason="Done")
    for verb in (settle_finding, dismiss_finding):
        with pytest.raises(Refused, match="This audit is closed"):
            verb(finding=finding, by=audit.begun_by, reason="x")
    with pytest.raises(Conflict):
        assign_finding(finding=finding, by=audit.begun_by, owner=audit.begun_by, due_on=database_today() + WEEK)


def test_a_list_that_waited_as_its_audit_was_closed_brings_nobody_back(unit: Unit) -> None:
    audit = AuditFactory.create(unit=unit)
    given = sent(audit)
    close_audit(audit=audit, by=audit.begun_by, reason="Done")
    read_lists(seconds=5)
    given.refresh_from_db()
    assert (given.state, bool(given.file)) == ("read", False)
    assert not ListRow.objects.filter(of=given).exists()
    page = signed_in(audit.begun_by).get(reverse("accounts_registry:import_detail", args=[given.pk]))
    assert page.status_code == 200


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client
