"""The security record of an account: who notes what, what it counts as, who stands by it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts_registry.actions import (
    accept_exception,
    ask_exception,
    attest_security,
    check_security,
    end_exception,
    expire_exceptions,
    note_security,
)
from accounts_registry.enums.security import SecurityItem, SecurityLevel, SecurityStanding
from accounts_registry.models import (
    Account,
    SecurityAttestation,
    SecurityCheck,
    SecurityException,
    SecurityRecord,
)
from accounts_registry.queries.security import (
    figures,
    items_of,
    level_of_recovery,
    security_list,
    standing_of,
    with_security,
)
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import AuditEvent, Person
from tests.factories.accounts_registry import AccountFactory
from tests.factories.closing import closed
from tests.factories.machines import machine_of
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with
from tests.factories.security import SecurityExceptionFactory, stands, whole

pytestmark = pytest.mark.django_db
ITEM, LEVEL, STANDS = SecurityItem, SecurityLevel, SecurityStanding
SETTINGS = {"second_factor": "app", "recovery_phone_of": "service", "recovery_mail_of": "service"}


@pytest.fixture
def account() -> Account:
    return AccountFactory.create()


@pytest.fixture
def manager(account: Account) -> Person:
    return person_with("account_manager", account.unit)


@pytest.fixture
def security(account: Account) -> Person:
    return person_with("ict_security", account.unit)


def read(account: Account) -> tuple[SecurityStanding, dict[SecurityItem, Any]]:
    found = with_security(Account.objects.select_related("unit")).get(pk=account.pk)
    items = items_of(found, found.today)
    assert found.security_standing == standing_of(items.values())
    return SecurityStanding(found.security_standing), items


def check(account: Account, by: Person, item: SecurityItem, level: SecurityLevel = LEVEL.NOT_MET) -> SecurityRecord:
    edition = SecurityRecord.objects.filter(account=account).values_list("edition", flat=True).first() or 0
    return check_security(account=account, by=by, edition=edition, item=item, level=level, evidence="As seen")


def ask(account: Account, by: Person, **facts: Any) -> SecurityException:
    edition = SecurityRecord.objects.filter(account=account).values_list("edition", flat=True).first() or 0
    told = {"item": ITEM.VAULT, "why": "In spring", "until": timezone.localdate() + timedelta(days=30), **facts}
    return ask_exception(account=account, by=by, edition=edition, **told)


@pytest.mark.parametrize(
    ("factor", "level"), [("none", "not_met"), ("sms", "partly"), ("app", "met"), ("key", "met"), ("unknown", None)]
)
def test_what_the_second_factor_is_worth(account: Account, manager: Person, factor: str, level: str | None) -> None:
    note_security(account=account, by=manager, edition=0, **{**SETTINGS, "second_factor": factor})
    _standing, items = read(account)
    assert (items[ITEM.SECOND_FACTOR].check and items[ITEM.SECOND_FACTOR].check.level) == level
    assert items[ITEM.RECOVERY].level == "met"


def test_what_recovery_is_worth() -> None:
    owners = ("service", "none", "person", "unknown")
    told = {(one, other): level_of_recovery(one, other) for one, other in itertools.product(owners, owners)}
    assert told["service", "service"] == LEVEL.MET
    assert told["service", "none"] == told["none", "service"] == LEVEL.PARTLY
    assert {pair for pair, level in told.items() if level == LEVEL.NOT_MET} == {
        pair for pair in told if "person" in pair or pair == ("none", "none")
    }
    assert {pair for pair, level in told.items() if level is None} == {
        pair for pair in told if "unknown" in pair and "person" not in pair
    }


def test_a_persons_own_number_is_never_kept(account: Account, manager: Person) -> None:
    told = {**SETTINGS, "recovery_phone_of": "person", "recovery_phone": "+32 470 00 00 00"}
    with pytest.raises(Refused, match="single person") as refused:
        note_security(account=account, by=manager, edition=0, **told)
    assert refused.value.field == "recovery_phone"
    assert not SecurityRecord.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        SecurityRecord.objects.create(account=account, recovery_mail_of="person", recovery_mail="an@home.example")


def test_the_trail_tells_that_an_address_changed_and_never_which(account: Account, manager: Person) -> None:
    secret = {"recovery_phone": "+32 2 576 00 00", "recovery_mail": "vault@fin.example"}
    note_security(account=account, by=manager, edition=0, **SETTINGS, **secret)
    event = AuditEvent.objects.get(verb="security_record.noted")
    assert event.details["addresses"] == ["recovery_phone", "recovery_mail"]
    assert event.details["changes"]["second_factor"] == ["unknown", "app"]
    assert not [one for one in secret.values() if one in str(list(AuditEvent.objects.values_list("details")))]


def test_what_lets_one_in_goes_with_the_credentials(account: Account, manager: Person) -> None:
    secret = {"recovery_phone": "+32 2", "recovery_mail": "a@b.example"}
    note_security(account=account, by=manager, edition=0, **SETTINGS, **secret)
    closed(account, manager)
    record = SecurityRecord.objects.get()
    assert (record.recovery_phone, record.recovery_mail, record.second_factor) == ("", "", "app")
    with pytest.raises(Conflict):
        note_security(account=account, by=manager, edition=record.edition, **SETTINGS)


def test_an_item_needs_evidence_and_what_follows_is_not_given_by_hand(account: Account, manager: Person) -> None:
    with pytest.raises(Refused, match="by what one sees it"):
        check_security(account=account, by=manager, edition=0, item=ITEM.VAULT, level=LEVEL.MET, evidence=" ")
    with pytest.raises(Refused, match="follows from the network's settings"):
        check(account, manager, ITEM.SECOND_FACTOR, LEVEL.MET)
    check(account, manager, ITEM.VAULT, LEVEL.MET)
    assert "As seen" not in str(AuditEvent.objects.get(verb="security_record.checked").details)


def test_who_keeps_it(account: Account, manager: Person, security: Person) -> None:
    check(account, manager, ITEM.VAULT)
    check(account, security, ITEM.TRAINED)
    for role in ("communication_cell", "auditor", "administrator"):
        with pytest.raises(PermissionDenied):
            check(account, person_with(role, account.unit), ITEM.VAULT)
    with pytest.raises(PermissionDenied):
        check(account, person_with("account_manager", UnitFactory.create()), ITEM.VAULT)


def test_what_changed_since_is_compared_first(account: Account, manager: Person, security: Person) -> None:
    check(account, security, ITEM.VAULT)
    with pytest.raises(Outdated, match="Somebody changed"):
        note_security(account=account, by=manager, edition=0, **SETTINGS)
    with pytest.raises(Outdated):
        attest_security(account=account, by=manager, edition=0)


@pytest.mark.parametrize(
    ("level", "lacking", "borne", "expected"),
    [
        (LEVEL.MET, None, "", STANDS.MET),
        (LEVEL.PARTLY, None, "", STANDS.PARTLY),
        (LEVEL.MET, LEVEL.NOT_MET, "", STANDS.NOT_MET),
        (LEVEL.MET, LEVEL.NOT_MET, "asked", STANDS.NOT_MET),
        (LEVEL.MET, LEVEL.NOT_MET, "accepted", STANDS.PARTLY),
        (LEVEL.MET, LEVEL.NOT_MET, "expired", STANDS.NOT_MET),
        (LEVEL.MET, LEVEL.NOT_MET, "ended", STANDS.NOT_MET),
    ],
)
def test_an_account_stands_as_its_worst_item(
    account: Account, level: SecurityLevel, lacking: SecurityLevel | None, borne: str, expected: SecurityStanding
) -> None:
    whole(account, level)
    if lacking:
        stands(account, ITEM.VAULT, lacking)
    if borne:
        SecurityExceptionFactory.create(account=account, state=borne)
    assert read(account)[0] == expected


def test_what_nobody_looked_at_is_no_good_news(account: Account) -> None:
    assert read(account)[0] == STANDS.UNKNOWN
    whole(account)
    SecurityCheck.objects.filter(item=ITEM.LESSONS).delete()
    assert read(account)[0] == STANDS.UNKNOWN
    stands(account, ITEM.VAULT, LEVEL.NOT_MET)
    assert read(account)[0] == STANDS.NOT_MET


def test_an_exception_counts_no_day_longer_than_it_was_accepted_for(account: Account) -> None:
    """Whether or not a worker has said so yet."""
    whole(account)
    stands(account, ITEM.VAULT, LEVEL.NOT_MET)
    yesterday = timezone.localdate() - timedelta(days=2)
    SecurityExceptionFactory.create(account=account, state="accepted", until=yesterday)
    standing, items = read(account)
    assert standing == STANDS.NOT_MET
    assert not items[ITEM.VAULT].is_borne


# ---- Attestation ----------------------------------------------------------------------------------------------------
def test_a_record_is_attested_once_it_is_whole(account: Account, manager: Person, security: Person) -> None:
    whole(account)
    SecurityCheck.objects.filter(item=ITEM.LESSONS).delete()
    with pytest.raises(Refused, match="Incidents lead to a changed process"):
        attest_security(account=account, by=manager, edition=1)
    stands(account, ITEM.LESSONS, LEVEL.PARTLY)
    with pytest.raises(PermissionDenied):
        attest_security(account=account, by=security, edition=1)
    made = attest_security(account=account, by=manager, edition=1)
    assert (made.standing, made.edition, made.attested_by) == ("partly", 1, manager)
    assert SecurityRecord.objects.get().attested_at == made.attested_at


def test_a_page_that_is_sent_twice_attests_once(account: Account, manager: Person) -> None:
    whole(account)
    for _time in range(2):
        attest_security(account=account, by=manager, edition=1)
    assert SecurityAttestation.objects.count() == 1
    assert AuditEvent.objects.filter(verb="security_record.attested").count() == 1


def test_no_program_stands_by_a_record(account: Account, manager: Person) -> None:
    whole(account)
    machine = machine_of(manager)
    GrantFactory.create(person=machine, role="account_manager", unit=account.unit)
    with pytest.raises(PermissionDenied, match="no program"):
        attest_security(account=account, by=machine, edition=1)


def test_the_list_is_narrowed_and_its_figures_are_of_all(account: Account, manager: Person) -> None:
    unit = account.unit
    whole(account)
    lacking = whole(AccountFactory.create(unit=unit))
    stands(lacking, ITEM.VAULT, LEVEL.NOT_MET)
    borne = whole(AccountFactory.create(unit=unit))
    soon = timezone.localdate() + timedelta(days=10)
    stands(borne, ITEM.VAULT, LEVEL.NOT_MET)
    SecurityExceptionFactory.create(account=borne, state="accepted", until=soon)
    old = AccountFactory.create(unit=unit)
    Account.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=93))
    AccountFactory.create(unit=unit, state="archived")
    AccountFactory.create()

    def found(**wanted: str) -> set[Account]:
        return set(security_list(manager, **wanted))

    assert found() == {account, lacking, borne, old}
    assert found(standing="not_met") == {lacking}
    assert found(amiss="ending") == {borne}
    assert found(amiss="unattested") == {old}
    assert found(network="bluesky") == set()
    assert figures(security_list(manager)) == {STANDS.MET: 1, STANDS.PARTLY: 1, STANDS.NOT_MET: 1, STANDS.UNKNOWN: 1}


# ---- Exceptions -----------------------------------------------------------------------------------------------------
def test_an_exception_is_for_what_is_not_met_and_ends_within_half_a_year(account: Account, manager: Person) -> None:
    with pytest.raises(Refused, match="Only what is not met"):
        ask(account, manager)
    check(account, manager, ITEM.VAULT)
    for days in (0, 184):
        with pytest.raises(Refused, match="choose a day from tomorrow"):
            ask(account, manager, until=account.today + timedelta(days=days))
    asked = ask(account, manager, until=account.today + timedelta(days=183))
    assert asked.state == "asked"
    with pytest.raises(Refused, match="stands already"):
        ask(account, manager)


def test_a_second_person_accepts_it(account: Account) -> None:
    both = person_with("account_manager", account.unit)
    GrantFactory.create(person=both, role="ict_security", unit=account.unit)
    check(account, both, ITEM.VAULT)
    asked = ask(account, both)
    with pytest.raises(Refused, match="second person"):
        accept_exception(exception=asked, by=both)
    invited = PersonFactory.create(unit=account.unit, invited_by=both)
    GrantFactory.create(person=invited, role="ict_security", unit=account.unit)
    with pytest.raises(Refused, match="second person"):
        accept_exception(exception=asked, by=invited)
    with pytest.raises(PermissionDenied):
        accept_exception(exception=asked, by=person_with("account_manager", account.unit))
    accept_exception(exception=asked, by=person_with("ict_security", account.unit))
    assert read(account)[1][ITEM.VAULT].is_borne


def test_what_is_over_counts_as_not_met_again(account: Account, manager: Person) -> None:
    whole(account)
    stands(account, ITEM.VAULT, LEVEL.NOT_MET)
    exception = SecurityExceptionFactory.create(account=account, state="accepted", until=account.today)
    assert expire_exceptions() == 0
    SecurityException.objects.update(until=account.today - timedelta(days=1))
    before = SecurityRecord.objects.get().edition
    assert expire_exceptions() == 1
    standing, items = read(account)
    assert standing == STANDS.NOT_MET
    assert items[ITEM.VAULT].over == exception
    assert SecurityRecord.objects.get().edition == before + 1


def test_what_is_met_needs_no_exception_any_more(account: Account, manager: Person) -> None:
    check(account, manager, ITEM.VAULT)
    asked = ask(account, manager)
    check(account, manager, ITEM.VAULT, LEVEL.MET)
    asked.refresh_from_db()
    assert asked.state == "ended"
    check(account, manager, ITEM.VAULT)
    assert not read(account)[1][ITEM.VAULT].is_borne


def test_it_is_taken_back_by_who_manages_the_account(account: Account, manager: Person, security: Person) -> None:
    exception = SecurityExceptionFactory.create(account=account, state="accepted")
    with pytest.raises(PermissionDenied):
        end_exception(exception=exception, by=security, reason="Mended")
    end_exception(exception=exception, by=manager, reason="Mended")
    with pytest.raises(Conflict):
        end_exception(exception=exception, by=manager, reason="Mended")


def test_two_stand_behind_it_in_the_database_too(account: Account) -> None:
    exception = SecurityExceptionFactory.create(account=account)
    with pytest.raises(IntegrityError), transaction.atomic():
        SecurityException.objects.update(state="accepted", decided_by=exception.asked_by)
