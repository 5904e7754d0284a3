"""Networks are looked through for accounts that bear our names: what is asked, what is reported, what is not kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.actions import begin_search, confirm_abuse, end_search, imitations, look_now, search_imitations
from accounts_registry.models import AbuseCase, Account, ImitationSearch, Sighting
from accounts_registry.queries.imitations import names_to_look_for
from networks.errors import AuthExpired, NetworkError, RateLimited
from networks.types import FoundAccount
from organisation.lifecycle import Refused
from organisation.models import AuditEvent, Person
from organisation.ration import Ration
from tests.factories.accounts_registry import AccountFactory, ConnectedAccountFactory, SightingFactory
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db
OLD = datetime(2020, 1, 1, tzinfo=UTC)


class Square:
    """A network whose search shows `accounts`, whatever is looked for."""

    def __init__(self) -> None:
        self.accounts: list[FoundAccount] = []
        self.asked: list[str] = []
        self.error: NetworkError | None = None

    def find_accounts(self, query: str) -> tuple[FoundAccount, ...]:
        self.asked.append(query)
        if self.error is not None:
            raise self.error
        return tuple(self.accounts)


@pytest.fixture
def square(monkeypatch: pytest.MonkeyPatch) -> Square:
    made = Square()
    monkeypatch.setattr(imitations.catalogue, "account_finder", lambda account, egress: made)
    monkeypatch.setattr(imitations, "account_ref", lambda account, purpose: account)
    monkeypatch.setattr(imitations, "keep_fresh", lambda account, purpose: None)
    monkeypatch.setattr(imitations, "wake", lambda task: None)
    monkeypatch.setattr(imitations, "LOOKS_AN_HOUR", Ration(f"tests-{timezone.now().timestamp()}", an_hour=2))
    return made


@pytest.fixture
def account(square: Square) -> Account:
    unit = UnitFactory.create(names={"fr": "SPF Finances", "nl": "FOD Financiën"})
    made = ConnectedAccountFactory.create(unit=unit, handle="spffinances", remote_id="1")
    made.dossier.answers["official_url"] = "https://www.fin.example/contact"
    made.dossier.save()
    return made


@pytest.fixture
def manager(account: Account) -> Person:
    return person_with("account_manager", account.unit)


def shown(handle: str, number: str = "9", **facts: Any) -> FoundAccount:
    told = {"name": "Impôts", "url": f"https://mastodon.example/@{handle}", "created_at": OLD, **facts}
    return FoundAccount(number, handle, **told)


def look(account: Account, by: Person) -> ImitationSearch:
    search = begin_search(account=account, by=by)
    search_imitations(seconds=5)
    search.refresh_from_db()
    return search


def test_the_names_of_the_unit_and_of_its_accounts_are_looked_for(account: Account) -> None:
    there = {"network": "bluesky", "base_url": "https://b.example"}
    AccountFactory.create(unit=account.unit, handle="financien.bsky.social", **there)
    AccountFactory.create(unit=account.unit, handle="fin", network="x", base_url="https://x.com")
    AccountFactory.create(unit=account.unit, handle="oldname", state="archived")
    AccountFactory.create(handle="elsewhere")
    assert names_to_look_for(account.unit) == ["SPF Finances", "FOD Financiën", "spffinances", "financien"]


def test_what_resembles_us_is_reported_with_what_the_score_takes_and_no_more(
    account: Account, manager: Person, square: Square
) -> None:
    square.accounts = [shown("spff1nances", name="SPF Finances officiel", links=("https://evil.example/",))]
    search = look(account, manager)
    (found,) = Sighting.objects.all()
    assert (found.found, found.kind, found.reported_by, found.unit) == (
        "search",
        "impersonation",
        manager,
        account.unit,
    )
    assert (found.handle, found.server, found.remote_id) == ("spff1nances", "mastodon.example", "9")
    assert (found.shown_name, found.links_to_us, found.created_on) == ("SPF Finances officiel", False, OLD.date())
    assert (found.note, found.words_seen) == ("", "")
    assert AbuseCase.objects.get().sighting == found, "by its score, as any report"
    assert (search.seen, search.made, search.problem) == (3, 1, "")
    event = AuditEvent.objects.get(verb="sighting.found")
    assert (event.actor_id, "spff1nances" in str(event.details)) == (None, False)


def test_whoever_had_it_looked_for_does_not_confirm_it(account: Account, manager: Person, square: Square) -> None:
    square.accounts = [shown("spff1nances", name="SPF Finances")]
    look(account, manager)
    with pytest.raises(Refused, match="second person"):
        confirm_abuse(case=AbuseCase.objects.get(), by=manager)


@pytest.mark.parametrize(
    "found",
    [
        shown("spffinances", "1", name="SPF Finances"),
        shown("marie", name="Marie, finances perso"),
        shown("spff1nances", links=("https://www.fin.example/",)),
        shown("spf.finances@elsewhere.example", links=("https://aide.fin.example/x",)),
    ],
    ids=["ours", "a citizen", "it links to us", "it links to a host below ours"],
)
def test_what_is_ours_or_scores_less_is_not_kept(
    account: Account, manager: Person, square: Square, found: FoundAccount
) -> None:
    square.accounts = [found]
    assert look(account, manager).seen == 3
    assert not Sighting.objects.exists()


def test_nothing_is_reported_twice_whatever_became_of_it(account: Account, manager: Person, square: Square) -> None:
    square.accounts = [shown("spff1nances", name="SPF Finances"), shown("spf_finance", "8", name="SPF Finances")]
    closed = SightingFactory.create(
        unit=account.unit, state="closed", network="mastodon", server="mastodon.example", handle="spf_finance",
        key="mastodon|mastodon.example|@spf_finance",
    )  # fmt: skip
    look(account, manager)
    ImitationSearch.objects.update(next_at=timezone.now())
    search_imitations(seconds=5)
    assert Sighting.objects.exclude(pk=closed.pk).count() == 1
    square.accounts = [shown("renamed_since", name="SPF Finances")]
    ImitationSearch.objects.update(next_at=timezone.now())
    search_imitations(seconds=5)
    assert Sighting.objects.count() == 2, "known by its number"


def test_a_day_has_so_many_calls(
    account: Account, manager: Person, square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imitations, "CALLS_A_DAY", 4)
    monkeypatch.setattr(imitations, "NAMES_A_LOOK", 2)
    search = look(account, manager)
    for _look in range(2):
        ImitationSearch.objects.update(next_at=timezone.now())
        search_imitations(seconds=5)
    assert square.asked == ["SPF Finances", "FOD Financiën", "spffinances", "SPF Finances"]
    search.refresh_from_db()
    assert (search.calls, search.problem) == (4, "budget")
    ImitationSearch.objects.update(next_at=timezone.now(), calls_on=timezone.localdate() - timedelta(days=1))
    search_imitations(seconds=5)
    search.refresh_from_db()
    assert (search.calls, search.problem) == (2, "")


def test_a_network_that_says_later_is_asked_later(account: Account, manager: Person, square: Square) -> None:
    again = timezone.now() + timedelta(hours=3)
    square.error = RateLimited(again)
    search = look(account, manager)
    assert (search.problem, search.failures, search.next_at) == ("rate_limited", 1, again)
    assert square.asked == ["SPF Finances"]


def test_a_sign_in_that_ended_breaks_the_connection(account: Account, manager: Person, square: Square) -> None:
    square.error = AuthExpired()
    assert look(account, manager).problem == "auth_expired"
    account.refresh_from_db()
    assert account.connection_state == "broken"
    assert search_imitations(seconds=5) == 0


def test_who_may_begin_and_end_it(account: Account, manager: Person) -> None:
    for role in ("newcomer", "auditor"):
        with pytest.raises(PermissionDenied):
            begin_search(account=account, by=person_with(role, account.unit))
    deaf = ConnectedAccountFactory.create(unit=account.unit, network="linkedin", base_url="https://linkedin.com")
    with pytest.raises(Refused, match="cannot be looked through"):
        begin_search(account=deaf, by=manager)
    search = begin_search(account=account, by=manager)
    assert begin_search(account=account, by=manager) == search
    with pytest.raises(PermissionDenied):
        end_search(search=search, by=person_with("account_manager", UnitFactory.create()))
    end_search(search=search, by=manager)
    assert not ImitationSearch.objects.exists()


def test_look_now_is_for_a_few_times_an_hour(account: Account, manager: Person) -> None:
    search = begin_search(account=account, by=manager)
    ImitationSearch.objects.update(next_at=timezone.now() + timedelta(days=1))
    for _time in range(2):
        look_now(search=search, by=manager)
    search.refresh_from_db()
    assert search.next_at <= timezone.now()
    with pytest.raises(Refused, match="within the hour"):
        look_now(search=search, by=manager)


def test_the_page_says_what_came_of_it_and_where_one_has_to_look_by_hand(
    client: Client, account: Account, manager: Person, square: Square
) -> None:
    ConnectedAccountFactory.create(unit=account.unit, network="linkedin", base_url="https://linkedin.com")
    address = reverse("accounts_registry:search_list")
    client.force_login(manager)
    page = client.get(address).content.decode()
    assert "LinkedIn" in page
    assert "Not looked through." in page
    client.post(reverse("accounts_registry:search_begin", args=[account.pk]))
    square.error = AuthExpired()
    search_imitations(seconds=5)
    ImitationSearch.objects.update(problem="unsupported")
    Account.objects.update(connection_state="connected")
    page = client.get(address).content.decode()
    assert "This server has no search for accounts." in page
    search = ImitationSearch.objects.get()
    for _time, status in enumerate((302, 302, 422)):
        assert client.post(reverse("accounts_registry:search_look", args=[search.pk])).status_code == status
    client.force_login(person_with("auditor", account.unit))
    page = client.get(address).content.decode()
    assert "/look/" not in page
    assert "/end/" not in page
