"""A list is sent, read, tried, taken over, delivered again and undone; every row is accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from accounts_registry.actions import check_list, close_audit, drop_list, take_over_list, undo_import
from accounts_registry.actions.list_comparing import values_of
from accounts_registry.models import AccountAudit, ListedAccount, ListImport, ListLine, ListRow
from organisation.lifecycle import Conflict, Refused
from tests.factories.accounts_registry import AccountFactory
from tests.factories.audits import AuditFactory, read, sent, taken_over, tried
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db

DIRTY = """Inventaire des comptes;;;;
Mis à jour en mai;;;;
Réseau social;URL;Service;Responsable;Dernière publication
Facebok;www.facebook.com/SPFFin/;Finances;An;3/5/2026
Twitter;https://mobile.twitter.com/SPFFin?lang=fr;Finances;Bram;2026-05-03
X;x.com/spffin/;Finances;Bram;
Instagram;https://www.facebook.com/SPFFin;Finances;;
Facebook;https://m.facebook.com/profile.php?id=100064822;Douanes;;
LinkedIn;be.linkedin.com/company/spf-finances;;;pas connu
Tik Tok;https://www.tiktok.com/@spffin;Finances;;
Facebook;Service public fédéral Finances;Finances;;
Minitel;spffin;;;
;https://finances.belgium.be/fr;;;
YouTube;https://fr-be.facebook.com/spfdouanes;Douanes;;
;;Nobody;;
"""


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def audit() -> AccountAudit:
    root = UnitFactory.create(names={"fr": "Finances", "nl": "Financiën"})
    UnitFactory.create(parent=root, names={"fr": "Douanes"})
    return AuditFactory.create(unit=root)


def outcomes(given: ListImport) -> list[tuple[str, str, list[str]]]:
    """(account, outcome and why, remarks) line by line."""
    lines = ListLine.objects.filter(of=given).select_related("row")
    return [(line.label, f"{line.outcome} {line.why}".strip(), line.remarks) for line in lines]


def test_a_dirty_list_comes_in_and_each_row_says_what_became_of_it(audit: AccountAudit) -> None:
    given = tried(audit, DIRTY)
    assert outcomes(given) == [
        ("@SPFFin · Facebook", "created", []),
        ("@SPFFin · X", "created", []),
        ("@spffin · X", "duplicate said_before", []),
        ("@SPFFin · Facebook", "duplicate said_before", ["other_network"]),
        ("100064822 · Facebook", "created", []),
        ("@spf-finances · LinkedIn", "created", ["last_post_unread"]),
        ("@spffin · TikTok", "created", []),
        ("", "rejected bad_name", []),
        ("", "rejected network", []),
        ("", "rejected no_profile", []),
        ("@spfdouanes · Facebook", "created", ["other_network"]),
        ("", "rejected nothing", []),
    ]
    assert given.figures == {"created": 6, "duplicate": 2, "rejected": 4}
    rows = ListRow.objects.filter(of=given, number__gt=3).count()
    assert sum(given.figures.values()) == rows == 12, "the rows above the headings are no accounts"
    assert ListedAccount.objects.count() == 0, "a trial changes nothing"
    take_over_list(given=given, by=audit.begun_by)
    first = ListedAccount.objects.order_by("pk")[0]
    assert (first.unit, first.owner_told, str(first.last_post_on)) == (audit.unit, "An", "2026-05-03")
    assert ListedAccount.objects.count() == 6


def test_what_stands_in_the_registry_is_known_by_any_of_its_names(audit: AccountAudit) -> None:
    facts = {"network": "x", "base_url": "https://x.com"}
    account = AccountFactory.create(unit=audit.unit, handle="spffin", **facts)
    AccountFactory.create(handle="spfelsewhere", **facts)
    taken_over(audit, "Network,URL\nTwitter,twitter.com/SPFFin\nX,x.com/spfelsewhere\n")
    found = {one.handle: one.account_id for one in ListedAccount.objects.all()}
    assert found == {"SPFFin": account.pk, "spfelsewhere": None}, "another organisation's is not of this audit"


FIRST = (
    "Plateforme;Compte;Numéro;Titre;Service;Abonnés\n"
    "Facebook;spffin;1001;Finances;Finances;1 000\n"
    "Facebook;douane;1002;Douanes;Douanes;200\n"
    "X;oldname;;Fisc;Finances;50\n"
    "X;goes;;Goes;Finances;10\n"
)
SECOND = (
    "Plateforme;Compte;Numéro;Titre;Service;Abonnés\n"
    "Facebook;SPFFin;1001;Finances;Finances;1.000\n"
    "Facebook;douanes.be;1002;Douanes;Douanes;200\n"
    "X;newname;;Fisc;Finances;50\n"
    "X;comes;;Comes;Douanes;1\n"
)


def test_a_second_delivery_says_what_is_new_renamed_and_gone(audit: AccountAudit) -> None:
    taken_over(audit, FIRST)
    before = {one.pk: values_of(one) for one in ListedAccount.objects.all()}
    given = tried(audit, SECOND)
    assert [(label, outcome) for label, outcome, _remarks in outcomes(given)] == [
        ("@spffin · Facebook", "matched"),
        ("@douanes.be · Facebook", "renamed"),
        ("@newname · X", "renamed"),
        ("@comes · X", "created"),
        ("@goes · X", "removed"),
    ]
    take_over_list(given=given, by=audit.begun_by)
    told = {one.handle: one.state for one in ListedAccount.objects.all()}
    assert told == {
        "spffin": "listed",
        "douanes.be": "listed",
        "newname": "listed",
        "goes": "removed",
        "comes": "listed",
    }
    undo_import(given=given, by=audit.begun_by, reason="The wrong file")
    assert {one.pk: values_of(one) for one in ListedAccount.objects.all()} == before


def test_what_a_delivery_says_anew_stands_with_what_was_there(audit: AccountAudit) -> None:
    taken_over(audit, FIRST)
    given = tried(audit, FIRST.replace("1 000", "1,2k").replace("Goes;Finances", "Goes;Douanes"))
    lines = ListLine.objects.filter(of=given, outcome="changed")
    assert [[(str(name), was, now) for name, was, now in line.changes] for line in lines] == [
        [("followers", "1000", "1200")],
        [("unit", "Finances", "Douanes")],
    ]


def test_what_is_listed_again_is_the_account_that_it_was(audit: AccountAudit) -> None:
    taken_over(audit, FIRST)
    taken_over(audit, "\n".join(FIRST.splitlines()[:-1]))
    gone = ListedAccount.objects.get(handle="goes")
    assert gone.state == "removed"
    given = taken_over(audit, FIRST)
    assert ("@goes · X", "changed", ["returned"]) in outcomes(given)
    gone.refresh_from_db()
    assert gone.state == "listed"


def test_nothing_is_undone_under_what_was_taken_over_later(audit: AccountAudit) -> None:
    first, second = taken_over(audit, FIRST), taken_over(audit, SECOND)
    with pytest.raises(Refused) as refusal:
        undo_import(given=first, by=audit.begun_by, reason="No")
    assert "list.csv" in refusal.value.reasons[0]
    assert first.state == "taken_over"
    undo_import(given=second, by=audit.begun_by, reason="First this")
    undo_import(given=first, by=audit.begun_by, reason="Then that")
    assert not ListedAccount.objects.exists()


def test_what_was_tried_before_another_list_came_is_tried_again(audit: AccountAudit) -> None:
    given = tried(audit, FIRST)
    taken_over(audit, SECOND)
    with pytest.raises(Refused, match="meanwhile"):
        take_over_list(given=given, by=audit.begun_by)
    assert ListedAccount.objects.count() == 4


def test_another_list_that_names_the_same_account_is_told_so(audit: AccountAudit) -> None:
    taken_over(audit, FIRST)
    other = read(audit, FIRST)
    ListImport.objects.filter(pk=other.pk).update(series="Another")
    other.refresh_from_db()
    check_list(given=other, by=audit.begun_by, sheets=other.sheets, mapping=other.mapping)
    assert {outcome for _label, outcome, _remarks in outcomes(other)} == {"duplicate other_list"}


def test_only_who_manages_accounts_may_and_asked_anew_at_each_act(audit: AccountAudit) -> None:
    cell = person_with("communication_cell", audit.unit)
    with pytest.raises(PermissionDenied):
        sent(audit, by=cell)
    given = tried(audit)
    for act, facts in ((take_over_list, {}), (drop_list, {}), (undo_import, {"reason": "x"})):
        with pytest.raises(PermissionDenied):
            act(given=given, by=cell, **facts)
    with pytest.raises(PermissionDenied):
        close_audit(audit=audit, by=cell, reason="x")


def test_a_list_that_is_put_aside_leaves_no_row(audit: AccountAudit) -> None:
    given = drop_list(given=tried(audit), by=audit.begun_by)
    assert (given.state, ListRow.objects.count(), ListLine.objects.count()) == ("dropped", 0, 0)
    with pytest.raises(Conflict):
        take_over_list(given=given, by=audit.begun_by)


def test_a_closed_audit_keeps_no_names_of_people(audit: AccountAudit) -> None:
    given = taken_over(audit)
    close_audit(audit=audit, by=audit.begun_by, reason="Done")
    assert set(ListedAccount.objects.values_list("owner_told", flat=True)) == {""}
    kept = str(list(ListRow.objects.values()) + list(ListLine.objects.values()))
    assert "Bram" not in kept
    assert "An'" not in kept
    with pytest.raises(Refused, match="closed"):
        undo_import(given=given, by=audit.begun_by, reason="No")
    with pytest.raises(Conflict):
        sent(audit)


def test_the_file_goes_once_it_is_read(audit: AccountAudit, tmp_path: Path) -> None:
    given = sent(audit)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    given = read(audit)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(given.sha256) == 64


def test_a_stranger_s_file_is_refused_with_a_sentence(audit: AccountAudit) -> None:
    given = read(audit, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old.xls")
    assert (given.state, given.unread) == ("unreadable", "old")


@pytest.mark.longer
def test_the_accounts_of_the_us_congress_come_in(recorded_data: Path) -> None:
    audit = AuditFactory.create()
    content = (recorded_data / "registers" / "us-congress-social-media.yaml").read_bytes()
    given = taken_over(audit, content, "us-congress-social-media.yaml")
    assert given.figures == {"created": 1_733, "duplicate": 1}
    named = ListedAccount.objects.exclude(handle="").count()
    assert named == 1_670, "1,671 names, of which two members gave one and the same; the others by number alone"
