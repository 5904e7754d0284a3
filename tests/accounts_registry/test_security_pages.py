"""The pages of security: what they show to whom, what they hand back, and how often they ask the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts_registry.enums.security import SecurityItem, SecurityLevel
from accounts_registry.models import Account, SecurityAttestation, SecurityCheck, SecurityException, SecurityRecord
from accounts_registry.queries.security_notices import SECURITY_KINDS
from accounts_registry.queries.security_waiting import security_to_settle
from accounts_registry.queries.waiting import waiting_for
from notices.kinds import About
from organisation.models import Person
from tests.factories.accounts_registry import AccountFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.security import SecurityExceptionFactory, stands, whole

pytestmark = pytest.mark.django_db
PHONE = "+32 2 576 57 57"


@pytest.fixture
def account() -> Account:
    return AccountFactory.create()


@pytest.fixture
def manager(account: Account) -> Person:
    return person_with("account_manager", account.unit)


def url(name: str, *args: object, **query: str) -> str:
    return reverse(f"accounts_registry:{name}", args=args, query=query or None)


def test_a_manager_notes_looks_and_attests(client: Client, account: Account, manager: Person) -> None:
    client.force_login(manager)
    told = {"edition": "0", "second_factor": "app", "recovery_phone_of": "service", "recovery_mail_of": "service"}
    assert client.post(url("security_settings", account.pk), {**told, "recovery_phone": PHONE}).status_code == 302
    page = client.get(url("account_security", account.pk)).content.decode()
    assert PHONE in page
    assert "It can be attested once somebody has looked at:" in page
    for item in SecurityItem:
        edition = str(SecurityRecord.objects.get().edition)
        client.post(
            url("security_item", account.pk, item), {"edition": edition, "level": "met", "evidence": "Seen on 3 May"}
        )
    assert SecurityCheck.objects.filter(level="met").count() == len(SecurityItem)
    edition = str(SecurityRecord.objects.get().edition)
    assert client.post(url("security_attest", account.pk), {"edition": edition}).status_code == 302
    assert SecurityAttestation.objects.get().standing == "met"
    page = client.get(url("account_detail", account.pk)).content.decode()
    assert "Every item of its security record is met." in page


def test_the_recovery_addresses_are_shown_to_who_manages_access_alone(
    client: Client, account: Account, manager: Person
) -> None:
    SecurityRecord.objects.create(account=account, recovery_phone_of="service", recovery_phone=PHONE)
    roles = {"account_manager": True, "ict_security": True, "auditor": False, "committee_chair": False}
    for role, shown in roles.items():
        client.force_login(person_with(role, account.unit))
        assert (PHONE in client.get(url("account_security", account.pk)).content.decode()) is shown, role
        found = client.get(reverse("security-record-detail", args=[account.pk])).json()
        assert found["recovery_phone"] == (PHONE if shown else ""), role
    told = [client.get(url(name)).content.decode() for name in ("public_json", "public_csv")]
    assert not [one for one in told if PHONE in one]


def test_what_was_refused_comes_back_over_what_stands_now(client: Client, account: Account, manager: Person) -> None:
    client.force_login(manager)
    stands(account, SecurityItem.VAULT, SecurityLevel.PARTLY)
    told = {"edition": "0", "level": "met", "evidence": "In the vault since May"}
    answer = client.post(url("security_item", account.pk, "vault"), told)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Somebody changed what is known" in page
    assert "In the vault since May" in page
    assert 'name="edition" value="1"' in page
    assert client.post(url("security_item", account.pk, "vault"), {**told, "edition": "1"}).status_code == 302


def test_settings_that_others_changed_stand_beside_what_was_typed(
    client: Client, account: Account, manager: Person
) -> None:
    SecurityRecord.objects.create(account=account, second_factor="key", edition=4)
    client.force_login(manager)
    told = {"edition": "3", "second_factor": "sms", "recovery_phone_of": "none", "recovery_mail_of": "none"}
    page = client.post(url("security_settings", account.pk), told).content.decode()
    assert "As it stands" in page
    assert "A security key</dd>" in page
    assert SecurityRecord.objects.get().second_factor == "key"


def test_an_exception_goes_from_one_to_another(client: Client, account: Account, manager: Person) -> None:
    stands(account, SecurityItem.VAULT, SecurityLevel.NOT_MET)
    client.force_login(manager)
    until = (account.today + timedelta(days=20)).isoformat()
    told = {"edition": "1", "why": "The vault comes in spring", "until": until}
    assert client.post(url("security_except", account.pk, "vault"), {**told, "until": "2020-01-01"}).status_code == 422
    assert client.post(url("security_except", account.pk, "vault"), told).status_code == 302
    exception = SecurityException.objects.get()
    assert "Accept this exception" not in client.get(url("account_security", account.pk)).content.decode()
    client.force_login(person_with("ict_security", account.unit))
    page = client.get(url("account_security", account.pk)).content.decode()
    assert "The vault comes in spring" in page
    assert "Accept this exception" in page
    assert client.post(url("exception_refuse", exception.pk), {"reason": ""}).status_code == 422
    assert client.post(url("exception_accept", exception.pk)).status_code == 302
    exception.refresh_from_db()
    assert exception.state == "accepted"


def test_who_only_reads_is_offered_no_act(client: Client, account: Account) -> None:
    whole(account)
    SecurityExceptionFactory.create(account=account)
    client.force_login(person_with("auditor", account.unit))
    page = client.get(url("account_security", account.pk)).content.decode()
    assert not [act for act in ("/attest/", "/settings/", "/items/", "/accept/", "/end/") if act in page]


def test_an_item_that_there_is_not(client: Client, account: Account, manager: Person) -> None:
    client.force_login(manager)
    assert client.get(url("security_item", account.pk, "luck")).status_code == 404


def _many(unit: Any, number: int) -> None:
    for _one in range(number):
        account = whole(AccountFactory.create(unit=unit))
        SecurityExceptionFactory.create(account=account, state="accepted")
        SecurityExceptionFactory.create(account=account, item=SecurityItem.CENTRAL)


@pytest.mark.parametrize("page", ["security_list", "security-record-list"])
def test_a_list_asks_the_same_whatever_its_length(client: Client, page: str) -> None:
    unit = UnitFactory.create()
    address = url(page) if page == "security_list" else reverse(page)
    client.force_login(person_with("auditor", unit))
    asked = []
    for more in (1, 2):
        _many(unit, more)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def told(kind: str) -> list[About]:
    (found,) = [one for one in SECURITY_KINDS if one.key == kind]
    return [about for _key, pk in found.standing() if (about := found.about(pk)) is not None]


def names(about: About) -> set[str]:
    return {person.name for person in about.people}


def test_an_attestation_that_is_overdue_is_told_and_stands_where_it_is_given(
    client: Client, account: Account, manager: Person
) -> None:
    assert told("security_unattested") == []
    Account.objects.update(created_at=timezone.now() - timedelta(days=93))
    (about,) = told("security_unattested")
    assert names(about) == {account.owner.name, account.backup_holder.name, manager.name}
    client.force_login(manager)
    page = client.get(url("account_detail", account.pk)).content.decode()
    assert "Nobody has attested for a quarter how safe it is" in page
    assert url("account_security", account.pk) in page
    (waits,) = [one for one in waiting_for(manager) if one.url == url("account_security", account.pk)]
    assert waits.act == "Attest its security"
    SecurityRecord.objects.create(account=account, attested_at=timezone.now() - timedelta(days=91))
    assert told("security_unattested") == []
    SecurityRecord.objects.update(attested_at=timezone.now() - timedelta(days=93))
    assert [one.key for one in told("security_unattested")] != [about.key]


def test_who_decides_is_told_and_who_asked_is_not(account: Account, manager: Person) -> None:
    ict = person_with("ict_security", account.unit)
    exception = SecurityExceptionFactory.create(account=account, asked_by=manager)
    (about,) = told("security_exception_asked")
    assert names(about) == {ict.name}
    assert [one.detail for one in security_to_settle(ict)] == [
        "An exception is asked for: Passwords lie in a vault, or people come in by single sign-on"
    ]
    assert list(security_to_settle(manager)) == []
    SecurityException.objects.filter(pk=exception.pk).update(state="refused")
    assert told("security_exception_asked") == []


def test_an_exception_that_ends_and_one_that_is_over_are_told(account: Account, manager: Person) -> None:
    exception = SecurityExceptionFactory.create(account=account, state="accepted")
    assert told("security_exception_ends") == []
    SecurityException.objects.update(until=account.today + timedelta(days=14))
    (near,) = told("security_exception_ends")
    SecurityException.objects.update(until=account.today - timedelta(days=1), state="expired")
    (over,) = told("security_exception_ends")
    assert near.key != over.key
    assert manager.name in names(over)
    assert len(list(security_to_settle(manager))) == 1
    stands(account, SecurityItem(exception.item), SecurityLevel.MET)
    assert told("security_exception_ends") == []
    assert list(security_to_settle(manager)) == []
