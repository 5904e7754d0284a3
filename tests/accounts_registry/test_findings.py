"""What an audit finds, each with its evidence; looked for again, decided, and told on the page of the ten questions."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.actions import (
    assign_finding,
    close_audit,
    dismiss_finding,
    examine_audit,
    settle_finding,
    undo_import,
)
from accounts_registry.models import AccountAudit, Finding, ListedAccount
from accounts_registry.queries.findings import auditors, found_in
from organisation.lifecycle import Conflict, Refused
from tests.factories.accounts_registry import AccountFactory
from tests.factories.audits import AuditFactory, FindingFactory, taken_over
from tests.factories.organisation import PersonFactory, UnitFactory, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def audit() -> AccountAudit:
    unit = UnitFactory.create(slug="fin", languages=["fr", "nl"], names={"fr": "Finances"})
    return AuditFactory.create(unit=unit)


def ago(days: int) -> str:
    return (timezone.localdate() - timedelta(days=days)).isoformat()


def found(audit: AccountAudit) -> list[tuple[str, str, str]]:
    """(kind, account, evidence), in order."""
    return [(one.kind, one.subject.label, " ".join(map(str, one.evidence))) for one in found_in(audit).values()]


def test_an_account_that_two_rows_name_is_listed_twice(audit: AccountAudit) -> None:
    taken_over(audit, "Network;URL\nX;x.com/fin\nX;twitter.com/FIN\nX;x.com/other\nX;@fin\n")
    assert found(audit) == [("exact_duplicate", "@fin · X", "Named by 3 rows of the lists.")]
    taken_over(audit, "Network;URL\nX;x.com/fin\nX;x.com/other\n")
    assert found(audit) == [], "the latest delivery names it once"


def test_two_listed_names_of_one_registered_account_are_one(audit: AccountAudit) -> None:
    AccountFactory.create(
        unit=audit.unit, network="facebook", base_url="https://www.facebook.com", handle="fin", remote_id="1234567890",
        languages=["fr", "nl"],
    )  # fmt: skip
    taken_over(audit, "Network;URL\nFacebook;facebook.com/fin\nFacebook;facebook.com/profile.php?id=1234567890\n")
    assert [kind for kind, _label, _evidence in found(audit)] == ["exact_duplicate", "exact_duplicate"]


def test_days_without_a_post_are_told_by_their_number(audit: AccountAudit) -> None:
    rows = "".join(f"X;fin{days};{ago(days)}\n" for days in (0, 29, 30, 89, 90, 179, 180))
    taken_over(audit, "Network;Name;Last post\n" + rows + "X;untold;\n", Name="handle")
    said = {label: evidence.rpartition(": ")[2] for _kind, label, evidence in found(audit)}
    assert said == {
        "@fin30 · X": "to be watched.",
        "@fin89 · X": "to be watched.",
        "@fin90 · X": "inactive.",
        "@fin179 · X": "inactive.",
        "@fin180 · X": "dormant.",
    }


def test_nobody_answers_for_it(audit: AccountAudit) -> None:
    PersonFactory.create(unit=audit.unit, name="Éva Gone", is_active=False)
    rows = "X;a;An;2\nX;b;;2\nX;c;An;1\nX;d;eva gone;\n"
    taken_over(audit, f"Network;Name;Owner;Admins\n{rows}", Name="handle")
    assert found(audit) == [
        ("orphan", "@b · X", "The list names no owner."),
        ("orphan", "@c · X", "Administrators: 1."),
        ("orphan", "@d · X", "Whom the list names as its owner is no longer active."),
    ]


def test_a_list_that_names_no_owner_at_all_says_nothing_of_owners(audit: AccountAudit) -> None:
    taken_over(audit, "Network;Name\nX;a\n", Name="handle")
    assert found(audit) == []


def test_registered_accounts_whose_holders_left_without_their_pair_or_alike(audit: AccountAudit) -> None:
    one = AccountFactory.create(unit=audit.unit, languages=["fr", "nl"])
    other = AccountFactory.create(unit=audit.unit, languages=["fr"])
    AccountFactory.create(languages=["fr"])
    one.owner.is_active = False
    one.owner.save()
    assert found(audit) == [
        (
            "functional_duplicate",
            one.label,
            f"Same unit, network, kind and language as {other.label}, and nearly the same publics.",
        ),
        ("orphan", one.label, "Holders who are no longer active: 1."),
        ("unpaired", other.label, "Missing: NL."),
    ]


def test_a_listed_account_without_its_other_language(audit: AccountAudit) -> None:
    rows = "X;fin;Finances;FR\nFacebook;fin;Finances;FR\nFacebook;finnl;Finances;NL\nX;else;Elsewhere;FR\n"
    taken_over(audit, f"Network;Name;Unit;Language\n{rows}", Name="handle")
    assert found(audit) == [("unpaired", "@fin · X", "Missing: NL.")]


def examined(audit: AccountAudit) -> dict[str, int]:
    return examine_audit(audit=audit, by=audit.begun_by)


def test_looking_again_changes_nothing_that_still_holds(audit: AccountAudit) -> None:
    rows = "Network;Name;Admins\nX;fin;1\n"
    taken_over(audit, rows, Name="handle")
    assert examined(audit) == {"new": 1, "lapsed": 0, "returned": 0, "open": 1}
    before = list(Finding.objects.values())
    assert examined(audit) == {"new": 0, "lapsed": 0, "returned": 0, "open": 1}
    assert list(Finding.objects.values()) == before


@pytest.mark.longer
def test_what_holds_no_longer_says_so_and_comes_back_when_it_holds_again(audit: AccountAudit) -> None:
    taken_over(audit, "Network;Name;Admins\nX;fin;1\n", Name="handle")
    examined(audit)
    finding = Finding.objects.get()
    taken_over(audit, "Network;Name;Admins\nX;fin;2\n", Name="handle")
    examined(audit)
    finding.refresh_from_db()
    assert finding.state == "lapsed"
    taken_over(audit, "Network;Name;Admins\nX;fin;0\n", Name="handle")
    examined(audit)
    finding.refresh_from_db()
    assert (finding.state, finding.sentence) == ("open", "Administrators: 0.")
    settle_finding(finding=finding, by=audit.begun_by, reason="Asked for a second one")
    examined(audit)
    finding.refresh_from_db()
    assert finding.state == "open", "said to be dealt with, and it still holds"
    dismiss_finding(finding=finding, by=audit.begun_by, reason="It is closed next week")
    assert examined(audit)["returned"] == 0
    finding.refresh_from_db()
    assert finding.state == "dismissed"
    with pytest.raises(Conflict):
        settle_finding(finding=finding, by=audit.begun_by, reason="x")


def test_an_import_stays_once_somebody_decided_on_what_it_brought(audit: AccountAudit) -> None:
    given = taken_over(audit, "Network;Name;Admins\nX;fin;1\n", Name="handle")
    examined(audit)
    dismiss_finding(finding=Finding.objects.get(), by=audit.begun_by, reason="It is meant so")
    with pytest.raises(Refused, match="decided already"):
        undo_import(given=given, by=audit.begun_by, reason="x")
    assert ListedAccount.objects.count() == 1


def test_a_finding_is_given_to_who_sees_the_audit_and_until_a_day_to_come(audit: AccountAudit) -> None:
    finding = FindingFactory.create(audit=audit)
    cell, stranger = (
        person_with("communication_cell", audit.unit),
        person_with("communication_cell", UnitFactory.create()),
    )
    later = timezone.localdate() + timedelta(days=9)
    assign_finding(finding=finding, by=audit.begun_by, owner=cell, due_on=later)
    finding.refresh_from_db()
    assert (finding.owner, finding.due_on) == (cell, later)
    with pytest.raises(Refused, match="does not see"):
        assign_finding(finding=finding, by=audit.begun_by, owner=stranger, due_on=later)
    with pytest.raises(Refused, match="over"):
        assign_finding(finding=finding, by=audit.begun_by, owner=cell, due_on=timezone.localdate())
    with pytest.raises(PermissionDenied):
        assign_finding(finding=finding, by=cell, owner=cell, due_on=later)
    assert {cell, audit.begun_by} <= {*auditors(audit)}
    assert stranger not in auditors(audit)


def test_who_may_not_manage_accounts_decides_nothing(audit: AccountAudit) -> None:
    finding, chair = FindingFactory.create(audit=audit), person_with("committee_chair", audit.unit)
    for act in (settle_finding, dismiss_finding):
        with pytest.raises(PermissionDenied):
            act(finding=finding, by=chair, reason="x")
    with pytest.raises(PermissionDenied):
        examine_audit(audit=audit, by=chair)
    close_audit(audit=audit, by=audit.begun_by, reason="Done")
    with pytest.raises(Conflict):
        examined(audit)


def url(name: str, *args: object) -> str:
    return reverse(f"accounts_registry:{name}", args=args)


@pytest.mark.longer
def test_from_looking_to_a_decision_in_the_pages(client: Client, audit: AccountAudit) -> None:
    client.force_login(audit.begun_by)
    taken_over(audit, f"Network;Name;Admins;Last post\nX;fin;1;{ago(200)}\nX;fin2;2;\n", Name="handle")
    assert client.post(url("audit_examine", audit.pk))["Location"] == url("finding_list", audit.pk)
    assert Finding.objects.count() == 2
    only = client.get(url("finding_list", audit.pk), {"kind": "inactive"}).content.decode()
    assert "200 days without a post" in only
    assert "Administrators: 1." not in only, "the filter does filter"
    finding = Finding.objects.get(kind="orphan")
    page = client.get(url("finding_detail", finding.pk)).content.decode()
    assert "No owner, fewer than two administrators" in page
    assert "Name an owner and a second administrator" in page
    assert client.post(url("finding_settle", finding.pk), {"reason": " "}).status_code == 422
    assert client.post(url("finding_settle", finding.pk), {"reason": "Bram is one too"}).status_code == 302
    later = {"owner": audit.begun_by.pk, "due_on": "2099-05-03"}
    other = Finding.objects.get(kind="inactive")
    assert client.post(url("finding_assign", other.pk), later).status_code == 302
    assert client.post(url("finding_assign", other.pk), {**later, "due_on": "2020-05-03"}).status_code == 422


def test_the_ten_questions_each_with_its_number_and_its_list(client: Client, audit: AccountAudit) -> None:
    client.force_login(person_with("auditor", audit.unit))
    AccountFactory.create(unit=audit.unit, languages=["fr", "nl"])
    taken_over(audit, "Network;Name;Owner\nX;a;An\nX;b;\nFacebook;c;\n", Name="handle")
    taken_over(audit, "Network;Name;Owner\nX;a;An\nFacebook;c;\n", Name="handle")
    page = client.get(url("audit_questions", audit.pk))
    told = {str(one.asked): one.number for one in page.context["questions"]}
    assert list(told.values()) == [3, 1, 0, 0, None, None, None, None, None, 0]
    assert len(told) == 10
    assert page.content.decode().count("Parvis does not know this yet.") == 5
    assert "3 accounts were listed; 2 are listed now." in page.content.decode()
    bars = [(bar.network, bar.before, bar.after, bar.before_width, bar.after_width) for bar in page.context["bars"]]
    assert bars == [("X", 2, 1, 100, 50), ("Facebook", 1, 1, 50, 50)]
    for _label, number, address in page.context["questions"][0].lists:
        assert number == (1 if "audits" not in address else 2)
        assert client.get(address).status_code == 200
