"""What the committee is asked about an account that stands, and what its approval does there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.actions import (
    accept_dossier,
    cast_vote,
    connect_account,
    create_dossier,
    decide,
    hold_overdue,
    request_about,
    submit_dossier,
    update_dossier,
)
from accounts_registry.enums import AccountState, DossierState, RequestType
from accounts_registry.enums.questions import OPENING
from accounts_registry.models import Account, ExitPlan, Handover, JustificationDossier
from accounts_registry.queries.committee import stands_aside
from accounts_registry.queries.dossiers import missing
from accounts_registry.queries.evidence import evidence
from delivery.models import Delivery
from networks.types import Identity
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent, Person
from tests.accounts_registry.conftest import FakeNetwork, House
from tests.factories.accounts_registry import (
    AccountFactory,
    AdviceFactory,
    ConditionFactory,
    ConnectedAccountFactory,
    DossierFactory,
)
from tests.factories.closing import closing_account
from tests.factories.delivery import DeliveryFactory
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db
KINDS = [kind.value for kind in RequestType if kind not in OPENING]
END = {
    "request_reason": "Two accounts say the same",
    "exit_followers": "Told for a month",
    "exit_archive": "State archives",
    "exit_name": "Kept",
    "exit_in_line": "end",
}


@pytest.fixture
def account(house: House) -> Account:
    made: Account = ConnectedAccountFactory.create(unit=house.unit, handle="fin", remote_id="remote-1")
    return made


@pytest.fixture
def successor(house: House) -> Account:
    made: Account = ConnectedAccountFactory.create(unit=house.unit, handle="finances", remote_id="remote-2")
    return made


def whole(kind: str, house: House, account: Account) -> dict[str, Any]:
    """Every answer that a request of this kind is asked."""
    why = {"request_reason": "Nobody finds it"}
    if kind == RequestType.RENAME:
        answers = {**why, "rename_told": "A message a day", "rename_old_name": "Kept"}
        return {"proposed_handle": "@FinBelgium", "answers": answers}
    if kind == RequestType.CHANGE_OWNER:
        new = person_with("newcomer", house.unit, name="Olga")
        return {"owner": new, "backup_holder": house.author, "answers": {**why, "handover_how": "In a meeting"}}
    if kind == RequestType.CLOSE:
        return {"answers": END}
    successor = ConnectedAccountFactory.create(unit=house.unit)
    return {"successor": successor, "answers": {**END, "exit_links": "Changed on our site"}}


def asked(kind: str, house: House, account: Account, **other: Any) -> JustificationDossier:
    return request_about(
        account=account, request_type=kind, by=house.author, **{**whole(kind, house, account), **other}
    )


def before_the_committee(dossier: JustificationDossier, house: House, choice: str = "for") -> JustificationDossier:
    submit_dossier(dossier=dossier, by=house.author)
    accept_dossier(dossier=dossier, by=house.chair)
    AdviceFactory.create(dossier=dossier)
    for member in house.members[:2]:
        cast_vote(dossier=dossier, by=member, choice=choice, reason="So")
    return dossier


def approved(kind: str, house: House, account: Account, **other: Any) -> JustificationDossier:
    dossier = before_the_committee(asked(kind, house, account, **other), house)
    decide(dossier=dossier, by=house.chair, reasons="It serves people")
    account.refresh_from_db()
    return dossier


# ---- What an approval does ------------------------------------------------------------------------------------------
def test_an_approved_name_is_expected_and_borne_once_the_network_tells_it(
    account: Account, house: House, network: FakeNetwork
) -> None:
    approved("rename", house, account)
    assert (account.handle, account.expected_handle, account.edition) == ("fin", "finbelgium", 2)

    def connected(name: str) -> Account:
        network.identity = Identity("remote-1", name, "", f"https://mastodon.example/@{name}")
        connect_account(account=account, by=house.manager, fields={"access_token": "secret"})
        account.refresh_from_db()
        return account

    assert connected("fin").expected_handle == "finbelgium"
    assert connected("other").told_handle == "other"
    now = connected("FinBelgium")
    assert (now.handle, now.told_handle, now.expected_handle, now.former_handles) == ("finbelgium", "", "", ["fin"])
    event = AuditEvent.objects.filter(verb="account.connected").order_by("sequence").last()
    assert event is not None
    assert event.details["changes"] == {"handle": ["fin", "finbelgium"]}
    told = Client().get("/public/accounts/check.json", {"account": "https://mastodon.example/@fin"}).json()
    assert (told["answer"], told["accounts"][0]["handle"]) == ("renamed", "finbelgium")


def test_a_name_that_the_network_tells_already_is_its_own_at_once(account: Account, house: House) -> None:
    Account.objects.filter(pk=account.pk).update(told_handle="FinBelgium")
    approved("rename", house, account)
    assert (account.handle, account.told_handle, account.expected_handle) == ("finbelgium", "", "")
    assert account.former_handles == ["fin"]


def test_other_holders_answer_for_it_and_are_asked_to_say_so(account: Account, house: House) -> None:
    dossier = approved("change_owner", house, account)
    assert (account.owner.name, account.backup_holder) == ("Olga", house.author)
    handover = Handover.objects.get()
    assert (handover.made_by, handover.taken_at, handover.reason) == (house.chair, None, "It serves people")
    assert dossier.state == DossierState.APPROVED


@pytest.mark.parametrize("kind", ["merge", "close"])
def test_it_begins_to_close_and_a_merger_says_where_it_goes_on(kind: str, account: Account, house: House) -> None:
    due = DeliveryFactory.create(account=account, due_at=timezone.now() + timedelta(days=1))
    dossier = approved(kind, house, account)
    plan = ExitPlan.objects.get()
    assert (account.state, plan.request, plan.successor) == (AccountState.CLOSING, dossier, dossier.successor)
    assert (plan.followers, plan.links) == ("Told for a month", "Changed on our site" if kind == "merge" else "")
    assert Delivery.objects.get(pk=due.pk).problem_code == "account_closing"
    event = AuditEvent.objects.get(verb="account.wind_down")
    assert (event.actor_id, event.details["request"]) == (None, dossier.pk)
    page = Client().get(f"/public/en/accounts/{account.pk}/").content.decode()
    assert ("Its successor" in page) == (kind == "merge")


def test_a_refusal_leaves_it_as_it_is(account: Account, house: House) -> None:
    dossier = before_the_committee(asked("close", house, account), house, "against")
    assert decide(dossier=dossier, by=house.chair, reasons="People need it").outcome == "refuse"
    account.refresh_from_db()
    assert (account.state, account.edition) == (AccountState.ACTIVE, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_what_no_longer_stands_is_not_done(kind: str, account: Account, house: House) -> None:
    dossier = before_the_committee(asked(kind, house, account), house)
    Account.objects.filter(pk=account.pk).update(state=AccountState.CLOSING)
    with pytest.raises(Refused, match="closing or closed"):
        decide(dossier=dossier, by=house.chair, reasons="Late")
    dossier.refresh_from_db()
    assert dossier.state == DossierState.IN_REVIEW


# ---- Who asks, and what ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_asks_its_own_questions_and_nothing_else(kind: str, account: Account, house: House) -> None:
    empty = request_about(account=account, request_type=kind, by=house.author)
    names = [one.key for one in missing(empty)]
    assert "ten_questions" not in names
    assert "request_reason" in names
    with pytest.raises(Refused, match="Still missing"):
        submit_dossier(dossier=empty, by=house.author)
    with pytest.raises(Refused, match="asked for this account already"):
        request_about(account=account, request_type=kind, by=house.author)
    update_dossier(dossier=empty, by=house.author, edition=1, **whole(kind, house, account))
    empty.refresh_from_db()
    assert missing(empty) == []
    submit_dossier(dossier=empty, by=house.author)
    sections = evidence(empty)
    assert [one.key for one in sections] == ["request"]
    assert [one.question.key for one in sections[0].answers if one.is_empty] == []


Wrong = Callable[[House, Account], dict[str, Any]]
WRONG: dict[str, tuple[str, Wrong, str]] = {
    "its own name": ("rename", lambda h, a: {"proposed_handle": "fin"}, "bears this name already"),
    "another's name": (
        "rename",
        lambda h, a: {"proposed_handle": AccountFactory.create(unit=h.unit, handle="taken").handle},
        "already holds @taken",
    ),
    "the same holders": (
        "change_owner",
        lambda h, a: {"owner": a.owner, "backup_holder": a.backup_holder},
        "answer for it already",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_so_already_is_not_submitted(case: str, account: Account, house: House) -> None:
    kind, wrong, why = WRONG[case]
    for holder in (account.owner, account.backup_holder):
        person_with("newcomer", house.unit)
        Person.objects.filter(pk=holder.pk).update(unit=house.unit)
    dossier = asked(kind, house, account, **wrong(house, account))
    with pytest.raises(Refused, match=why):
        submit_dossier(dossier=dossier, by=house.author)


def test_it_is_merged_into_an_active_account_of_the_same_organisation(account: Account, house: House) -> None:
    for other in (account, closing_account(unit=house.unit), AccountFactory.create(unit=UnitFactory.create())):
        with pytest.raises(Refused, match="active account of your organisation"):
            asked("merge", house, account, successor=other)


def test_who_writes_no_dossiers_asks_for_nothing_and_a_closing_account_is_past_asking(
    account: Account, house: House
) -> None:
    with pytest.raises(PermissionDenied):
        request_about(account=account, request_type="close", by=house.members[0])
    with pytest.raises(Conflict):
        request_about(account=closing_account(unit=house.unit), request_type="close", by=house.author)
    for kind in ("new", "perhaps"):
        with pytest.raises(Refused, match="Choose what you ask for"):
            request_about(account=account, request_type=kind, by=house.author)


def test_a_dossier_does_not_become_another_kind(account: Account, house: House) -> None:
    opening = create_dossier(unit=house.unit, platform="mastodon", by=house.author)
    about = request_about(account=account, request_type="close", by=house.author)
    for dossier, kind in ((opening, "close"), (about, "new"), (about, "merge")):
        with pytest.raises(Refused, match="What is asked for stays"):
            update_dossier(dossier=dossier, by=house.author, edition=1, request_type=kind)
    with pytest.raises(IntegrityError), transaction.atomic():
        JustificationDossier.objects.filter(pk=opening.pk).update(request_type="close")
    with pytest.raises(IntegrityError), transaction.atomic():
        DossierFactory.create(unit=house.unit, request_type="rename", about=None)


def test_who_holds_the_account_stands_aside(account: Account, house: House) -> None:
    dossier = asked("close", house, account)
    holder = person_with("committee_member", house.root, works_in=house.members[0].unit)
    assert not stands_aside(holder, dossier)
    Account.objects.filter(pk=account.pk).update(owner=holder)
    assert stands_aside(holder, JustificationDossier.objects.get(pk=dossier.pk))


def test_an_overdue_condition_of_a_request_holds_its_account(account: Account, house: House) -> None:
    dossier = asked("change_owner", house, account)
    JustificationDossier.objects.filter(pk=dossier.pk).update(state=DossierState.APPROVED_WITH_CONDITIONS, round=1)
    dossier.refresh_from_db()
    ConditionFactory.create(dossier=dossier, owner=house.author, due_on=account.today - timedelta(days=1))
    assert hold_overdue() == 1
    account.refresh_from_db()
    assert account.state == AccountState.SUSPENDED


# ---- On pages and over the API ---------------------------------------------------------------------------------------
def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_from_the_accounts_page_to_the_decision(account: Account, house: House) -> None:
    client = as_(house.author)
    page = client.get(reverse("accounts_registry:account_detail", args=[account.pk])).content.decode()
    address = reverse("accounts_registry:account_request", args=[account.pk, "close"])
    assert address in page
    assert client.get(address).status_code == 200
    assert client.get(reverse("accounts_registry:account_request", args=[account.pk, "party"])).status_code == 404
    half = client.post(address, {"request_reason": "Nobody reads it", "later": "1"})
    dossier = JustificationDossier.objects.get(about=account)
    assert half["Location"] == reverse("accounts_registry:dossier_detail", args=[dossier.pk])
    summary = client.get(half["Location"]).content.decode()
    step = reverse("accounts_registry:dossier_edit", args=[dossier.pk, "request"])
    assert f"{step}#id_exit_followers" in summary
    assert "Nobody reads it" in client.get(step).content.decode()
    assert client.post(step, {"edition": 1, "request_reason": "x"}).status_code == 422
    assert client.post(step, {"edition": 1, **END}).status_code == 302
    assert client.get(reverse("accounts_registry:dossier_edit", args=[dossier.pk, "account"])).status_code == 404
    assert client.post(reverse("accounts_registry:dossier_submit", args=[dossier.pk])).status_code == 302
    detail = reverse("accounts_registry:account_detail", args=[account.pk])
    assert address not in client.get(detail).content.decode()
    listed = client.get(reverse("accounts_registry:dossier_list"), {"request_type": "close"}).content.decode()
    assert "Close an account" in listed
    other = client.get(reverse("accounts_registry:dossier_list"), {"request_type": "rename"}).content.decode()
    assert "No dossier matches" in other


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_page(kind: str, account: Account, house: House) -> None:
    address = reverse("accounts_registry:account_request", args=[account.pk, kind])
    answer = as_(house.author).get(address)
    assert answer.status_code == 200
    dossier = before_the_committee(asked(kind, house, account), house)
    page = as_(house.chair).get(reverse("accounts_registry:dossier_detail", args=[dossier.pk])).content.decode()
    assert "asks the committee about" in page
    assert "What is asked for is then done at once" in page
    assert reverse("account_login") not in page, "the frame around it is its reader's"
    assert as_(house.members[0]).get(address).status_code == 403


def test_over_the_api(account: Account, successor: Account, house: House) -> None:
    client, address = as_(house.author), f"/api/v1/accounts/{account.pk}/requests/"
    wrong = client.post(address, {"request_type": "new"}, content_type="application/json")
    assert wrong.status_code == 400
    facts = {"request_type": "merge", "answers": END}
    made = client.post(address, facts, content_type="application/json").json()
    assert (made["about"], made["missing"]) == (account.pk, ["successor", "exit_links"])
    rest = {"edition": 1, "successor": successor.pk, "answers": {"exit_links": "Changed"}}
    whole_one = client.patch(f"/api/v1/dossiers/{made['id']}/", rest, content_type="application/json").json()
    assert (whole_one["successor"], whole_one["missing"]) == (successor.pk, [])
    assert client.post(f"/api/v1/dossiers/{made['id']}/submit/").json()["state"] == "submitted"
    assert client.post(address, facts, content_type="application/json").status_code == 400
