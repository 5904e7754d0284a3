"""Connecting, breaking, forgetting: the states of a connection and what each error makes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied

from accounts_registry.actions import (
    connect_account,
    disconnect_account,
    mark_connection_broken,
    reactivate_account,
    revoke_pending,
    suspend_account,
)
from accounts_registry.enums import CONNECTION_PROBLEMS, AccountState, ConnectionState, network_sentence
from accounts_registry.models import Account, Credential, Spending
from accounts_registry.queries import account_ref, publishable_accounts
from networks import errors
from networks.types import Identity, Page
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person
from tests.accounts_registry.conftest import FakeNetwork, House
from tests.factories.accounts_registry import AccountFactory, ConnectedAccountFactory
from tests.factories.closing import closed
from tests.factories.monitoring import incoming
from tests.factories.prices import CHARGING, FINE_PRICES, charge

pytestmark = pytest.mark.django_db
TOKEN = {"access_token": "t0ken"}


def test_connects_and_tells_once(house: House, network: FakeNetwork, events: Callable[[], list[str]]) -> None:
    account = AccountFactory.create(unit=house.unit, handle="fin")
    connect_account(account=account, by=house.manager, fields=TOKEN)
    assert account.publishable
    assert (account.remote_id, account.url) == ("remote-1", "https://net.example/@fin")
    assert account_ref(account).credentials == TOKEN
    assert events() == ["account.connected"]


@pytest.mark.parametrize("state", [AccountState.PLANNED, AccountState.SUSPENDED, AccountState.ARCHIVED])
def test_only_an_active_account_connects(house: House, network: FakeNetwork, state: str) -> None:
    account = AccountFactory.create(unit=house.unit, handle="fin", state=state)
    with pytest.raises(Refused, match="Only an active account"):
        connect_account(account=account, by=house.manager, fields=TOKEN)
    assert network.seen == []
    assert not Credential.objects.exists()


@pytest.mark.parametrize(
    ("suspended", "known", "refused"),
    [
        (["owner"], "", True),
        (["backup_holder"], "", True),
        (["owner", "backup_holder"], "", True),
        (["owner"], "remote-1", True),
        (["backup_holder"], "remote-1", True),
        ([], "remote-1", False),
        (["owner", "backup_holder"], "remote-1", True),
    ],
)
def test_who_holds_the_account_is_looked_at_again(
    house: House, network: FakeNetwork, suspended: list[str], known: str, refused: bool
) -> None:
    """Somebody who answers for it may be suspended since: it is handed over first, also where it speaks already."""
    account = AccountFactory.create(unit=house.unit, handle="fin", remote_id=known)
    names = [getattr(account, holder).name for holder in suspended]
    Person.objects.filter(pk__in=[getattr(account, holder).pk for holder in suspended]).update(is_active=False)
    account = Account.objects.get(pk=account.pk)
    if not refused:
        connect_account(account=account, by=house.manager, fields=TOKEN)
        return
    with pytest.raises(Refused) as told:
        connect_account(account=account, by=house.manager, fields=TOKEN)
    gone = [f"{name} is suspended and cannot hold an account." for name in names]
    assert told.value.reasons == [*gone, "Hand the account over first: the account's page says how."]
    assert network.seen == []
    assert not Credential.objects.exists()


@pytest.mark.parametrize(
    ("approved", "found", "same"),
    [
        ("fin", "fin", True),
        ("Fin", "@FIN", True),
        ("fin", "fin@mastodon.example", True),
        ("fin@mastodon.example", "fin", True),
        ("fin", "fin@elsewhere.example", False),
        ("fin.belgium.test", "fin.belgium.test", True),
        ("fin", "fln", False),
    ],
)
def test_somebody_elses_credentials_are_refused(
    house: House, network: FakeNetwork, approved: str, found: str, same: bool
) -> None:
    account = AccountFactory.create(unit=house.unit, handle=approved)
    network.identity = Identity("remote-1", found, "", "")
    if same:
        connect_account(account=account, by=house.manager, fields=TOKEN)
        return
    with pytest.raises(Refused, match="belong to"):
        connect_account(account=account, by=house.manager, fields=TOKEN)
    assert not Credential.objects.exists()


def test_once_known_the_id_counts_and_not_the_name(house: House, network: FakeNetwork) -> None:
    account = ConnectedAccountFactory.create(unit=house.unit, handle="fin", remote_id="remote-1")
    network.identity = Identity("remote-1", "renamed", "", "")
    connect_account(account=account, by=house.manager, fields=TOKEN)
    network.identity = Identity("remote-2", "fin", "", "")
    with pytest.raises(Refused):
        connect_account(account=account, by=house.manager, fields=TOKEN)


@pytest.mark.parametrize(
    "meanwhile", [{"remote_id": "another"}, {"handle": "another"}, {"base_url": "https://a.example"}]
)
def test_an_account_that_became_another_meanwhile_is_given_no_key(
    house: House, network: FakeNetwork, meanwhile: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = AccountFactory.create(unit=house.unit, handle="fin")

    def slow(**_asked: str) -> Page:
        Account.objects.update(**meanwhile)
        return Page(())

    monkeypatch.setattr(network, "inbox", slow)
    with pytest.raises(Refused, match="was approved for"):
        connect_account(account=account, by=house.manager, fields=TOKEN)
    assert not Credential.objects.exists()


@pytest.mark.parametrize(("key", "same"), [("mastodon", False), ("bluesky", True)])
def test_the_same_id_on_another_server_is_somebody_else(
    house: House, network: FakeNetwork, key: str, same: bool
) -> None:
    """Unless the network's ids are the same everywhere, where an account may move."""
    account = ConnectedAccountFactory.create(unit=house.unit, network=key, remote_id="remote-1")
    network.identity = Identity("remote-1", account.handle, "", "")
    if same:
        connect_account(account=account, by=house.manager, fields=TOKEN, base_url="https://elsewhere.example")
        return
    with pytest.raises(Refused, match="approved for an account on mastodon"):
        connect_account(account=account, by=house.manager, fields=TOKEN, base_url="https://elsewhere.example")
    assert network.seen == []
    assert account.base_url != "https://elsewhere.example"


ERRORS = [
    errors.AuthExpired("x"),
    errors.PermissionMissing("x"),
    errors.Unavailable("x"),
    errors.EgressRefused("private address"),
    errors.RateLimited(datetime(2030, 1, 1, tzinfo=UTC)),
    errors.Gone("x"),
    errors.OutcomeUnknown("x"),
    errors.Rejected("x"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_an_error_becomes_a_sentence_and_changes_nothing(
    house: House, network: FakeNetwork, error: errors.NetworkError
) -> None:
    account = ConnectedAccountFactory.create(unit=house.unit, handle="fin", credentials={"access_token": "old"})
    network.identify_fails = error
    with pytest.raises(Refused) as refused:
        connect_account(account=account, by=house.manager, fields=TOKEN)
    assert refused.value.reasons == [network_sentence(error.code)]
    account.refresh_from_db()
    assert account.publishable
    assert account_ref(account).credentials == {"access_token": "old"}


def test_credentials_that_may_not_read_leave_it_half_connected(house: House, network: FakeNetwork) -> None:
    account = AccountFactory.create(unit=house.unit, handle="fin")
    network.inbox_fails = errors.PermissionMissing("read scope")
    connect_account(account=account, by=house.manager, fields=TOKEN)
    assert account.connection_state == ConnectionState.HALF_CONNECTED
    assert account.publishable
    assert (account.may_read, account.may_write) == (False, True)
    assert "read and write" in account.connection_sentence


def test_a_blip_while_reading_is_no_broken_connection(house: House, network: FakeNetwork) -> None:
    account = AccountFactory.create(unit=house.unit, handle="fin")
    network.inbox_fails = errors.Unavailable("x")
    connect_account(account=account, by=house.manager, fields=TOKEN)
    assert account.connection_state == ConnectionState.CONNECTED


@pytest.mark.parametrize("code", [error.code for error in ERRORS])
def test_only_what_speaks_of_the_connection_breaks_it(code: str, events: Callable[[], list[str]]) -> None:
    account = ConnectedAccountFactory.create()
    for _ in range(2):
        mark_connection_broken(account=account, code=code)
    expected = CONNECTION_PROBLEMS.get(code, ConnectionState.CONNECTED)
    assert account.connection_state == expected
    assert events() == (["account.connection_broken"] if code in CONNECTION_PROBLEMS else [])
    assert account.credentials.exists()


def test_every_code_of_the_networks_has_a_sentence_of_its_own() -> None:
    codes = {kind.code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)}
    unnamed = network_sentence("no such code")
    assert [code for code in codes - {"network_error"} if network_sentence(code) == unnamed] == []
    assert network_sentence("") == ""


def test_disconnecting_and_closing_forget_the_credentials(house: House) -> None:
    account = ConnectedAccountFactory.create(unit=house.unit)
    disconnect_account(account=account, by=house.manager, reason="Renewing")
    assert account_ref(account).credentials == {}
    assert account.connection_state == ConnectionState.DISCONNECTED
    with pytest.raises(Conflict):
        disconnect_account(account=account, by=house.manager, reason="Twice")
    other = ConnectedAccountFactory.create(unit=house.unit)
    closed(other, house.manager)
    assert other.state == AccountState.ARCHIVED
    assert account_ref(other).credentials == {}
    assert revoke_pending(seconds=10) == 2  # a token that a person typed in cannot be ended by us: it is forgotten
    assert not Credential.objects.exists()


def test_suspended_is_not_publishable(house: House) -> None:
    account = ConnectedAccountFactory.create(unit=house.unit)
    assert list(publishable_accounts(house.author, Permission.POST_WRITE)) == [account]
    suspend_account(account=account, by=house.manager, reason="Audit")
    assert list(publishable_accounts(house.author, Permission.POST_WRITE)) == []
    reactivate_account(account=account, by=house.manager, reason="Audited")
    assert Account.objects.get().publishable


def test_who_may_connect(house: House, network: FakeNetwork) -> None:
    account = AccountFactory.create(unit=house.unit, handle="fin")
    for person in (house.author, house.chair, house.members[0]):
        with pytest.raises(PermissionDenied):
            connect_account(account=account, by=person, fields=TOKEN)
    assert network.seen == []


def test_asking_who_we_are_costs_a_person_and_looking_into_the_inbox_what_it_shows(
    house: House, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge(monkeypatch, FINE_PRICES)
    shown = Page((incoming(1), incoming(2)), brought=1)
    monkeypatch.setattr(network, "inbox", lambda **_asked: shown)
    account = AccountFactory.create(unit=house.unit, handle="fin", network=CHARGING)
    connect_account(account=account, by=house.manager, fields=TOKEN)
    assert Spending.objects.get().amount == 10_000 + 3 * 5_000 + 2 * 10_000


@pytest.mark.parametrize("remote_id", ["", "a\x00b", "\ud800", "1" * 201, "7\n8", "\u202e7"])
def test_an_id_that_no_registry_can_keep_connects_nothing(house: House, network: FakeNetwork, remote_id: str) -> None:
    account = AccountFactory.create(unit=house.unit, handle="fin")
    network.identity = Identity(remote_id, "fin", "", "")
    with pytest.raises(Refused, match="by which id"):
        connect_account(account=account, by=house.manager, fields=TOKEN)
    assert not Credential.objects.exists()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://[", "https://fin.example/\x00", "//fin.example", "https://a.b/" + "x" * 500]
)
def test_an_address_that_leads_nowhere_is_left_out(house: House, network: FakeNetwork, url: str) -> None:
    account = AccountFactory.create(unit=house.unit, handle="fin")
    network.identity = Identity("remote-1", "fin", "", url)
    connect_account(account=account, by=house.manager, fields=TOKEN)
    account.refresh_from_db()
    assert (account.connection_state, account.url) == ("connected", "")


def test_a_name_that_turns_the_sentence_around_is_shown_as_it_is(house: House, network: FakeNetwork) -> None:
    account = AccountFactory.create(unit=house.unit, handle="fin")
    network.identity = Identity("remote-1", "\u202enif" + "x" * 500, "", "")
    with pytest.raises(Refused) as refused:
        connect_account(account=account, by=house.manager, fields=TOKEN)
    (sentence,) = refused.value.reasons
    assert "\u2068@‹U+202E›nifxxx" in sentence
    assert len(sentence) < 400
