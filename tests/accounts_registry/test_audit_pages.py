"""An audit in the browser's stead: from its beginning to an import that is undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts_registry.actions import read_lists
from accounts_registry.models import AccountAudit, ListedAccount, ListImport
from tests.factories.audits import AuditFactory, read, taken_over, tried
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db
LIST = "Comptes de 2027;;\nRéseau;Nom;Ce que c'est\nFacebok;spffin;Direction\nX;Service public;Direction\n"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def url(name: str, *args: object) -> str:
    return reverse(f"accounts_registry:{name}", args=args)


@pytest.mark.longer
def test_from_the_beginning_to_an_import_that_is_undone(client: Client) -> None:
    unit = UnitFactory.create()
    client.force_login(person_with("account_manager", unit))
    begun = {"unit": unit.pk, "name": "Audit of 2099", "due_on": "2099-05-03"}
    assert client.post(url("audit_new"), begun)["Location"] == url("audit_detail", AccountAudit.objects.get().pk)
    audit = AccountAudit.objects.get()
    answer = client.post(url("list_send", audit.pk), {"file": SimpleUploadedFile("liste.csv", LIST.encode())})
    given = ListImport.objects.get()
    assert (answer["Location"], given.series) == (url("import_detail", given.pk), "liste")
    part = client.get(url("import_detail", given.pk), headers={"HX-Request": "true"}).content.decode()
    assert "is being read" in part
    assert "hx-get" in part
    read_lists(seconds=5)
    part = client.get(url("import_detail", given.pk), headers={"HX-Request": "true"}).content.decode()
    assert url("import_columns", given.pk) in part
    assert "hx-get" not in part
    page = client.get(url("import_columns", given.pk)).content.decode()
    assert "spffin" in page
    assert '<option value="title" selected>' in page, "guessed by its heading"
    columns = {"heading_0": "2", "column_0": "network", "column_1": "handle", "column_2": "unit"}
    assert client.post(url("import_columns", given.pk), columns)["Location"] == url("import_detail", given.pk)
    page = client.get(url("import_detail", given.pk)).content.decode()
    assert "Take these accounts over" in page
    assert "No network has a name like this" in page
    rejected = client.get(url("import_detail", given.pk), {"outcome": "rejected"}).content.decode()
    assert "X · Service public" in rejected
    assert "@spffin" not in rejected, "the filter does filter"
    assert client.post(url("import_take_over", given.pk)).status_code == 422, "it does not say what it read"
    given.refresh_from_db()
    assert client.post(url("import_take_over", given.pk), {"content_hash": given.mark}).status_code == 302
    assert ListedAccount.objects.get().unit_told == "Direction"
    assert "@spffin" in client.get(url("listed_list", audit.pk)).content.decode()
    assert client.post(url("import_undo", given.pk), {"reason": ""}).status_code == 422
    assert client.post(url("import_undo", given.pk), {"reason": "The wrong file"}).status_code == 302
    assert not ListedAccount.objects.exists()


def test_the_row_of_the_headings_is_moved_and_its_columns_are_shown_anew(client: Client) -> None:
    audit = AuditFactory.create()
    client.force_login(audit.begun_by)
    given = read(audit, "Voici;nos comptes\nx;a\nchoses;trucs\nx;spffin\n")
    page = client.get(url("import_columns", given.pk), {"heading_0": "3"}).content.decode()
    assert "choses" in page
    assert "nos comptes" not in page
    page = client.get(url("import_columns", given.pk), {"heading_0": "0"}).content.decode()
    assert ">A</bdi>" in page
    columns = {"heading_0": "3", "column_0": "network", "column_1": "handle"}
    assert client.post(url("import_columns", given.pk), columns).status_code == 302
    given.refresh_from_db()
    assert given.figures == {"created": 1}


def test_columns_that_name_nothing_or_the_same_twice_come_back_with_what_was_chosen(client: Client) -> None:
    audit = AuditFactory.create()
    client.force_login(audit.begun_by)
    given = read(audit)
    told = {"heading_0": "1", "column_0": "network", "column_1": "unit", "column_2": "unit", "column_3": "owner"}
    answer = client.post(url("import_columns", given.pk), told)
    assert answer.status_code == 422
    assert "Say which column holds the address" in answer.content.decode()
    answer = client.post(url("import_columns", given.pk), {**told, "column_1": "address", "column_3": "unit"})
    assert "cannot all be the same: Service, Responsable" in answer.content.decode()
    given.refresh_from_db()
    assert given.state == "read"


def test_who_only_reads_is_offered_no_act(client: Client) -> None:
    audit = AuditFactory.create()
    given = tried(audit)
    client.force_login(person_with("auditor", audit.unit))
    for page in (url("audit_list"), url("audit_detail", audit.pk), url("import_detail", given.pk)):
        shown = client.get(page).content.decode()
        assert not [act for act in ("/new/", "/send/", "/take-over/", "/drop/", "/close/") if act in shown], page


@pytest.mark.longer
@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"words": "bram"}, ["@spffin"]),
        ({"network": "facebook"}, ["@spffinances"]),
        ({"registered": "yes"}, []),
        ({"state": "removed"}, []),
        ({}, ["@spffinances", "@spffin"]),
    ],
)
def test_the_listed_accounts_are_narrowed(client: Client, chosen: dict[str, str], found: list[str]) -> None:
    audit = AuditFactory.create()
    taken_over(audit)
    client.force_login(audit.begun_by)
    shown = client.get(url("listed_list", audit.pk), chosen).content.decode()
    assert [name for name in ("@spffinances", "@spffin") if f"{name} ·" in shown] == found
