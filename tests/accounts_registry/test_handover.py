"""Who answers for an account changes by an act of its own, and says every half year that its facts hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from accounts_registry.actions import confirm_account, hand_over_account, renew_account
from accounts_registry.models import Account, Handover
from accounts_registry.queries import waiting_for
from notices.models import Addressee
from organisation.lifecycle import Outdated, Refused
from organisation.models import AuditEvent, Person
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import AccountFactory, in_a_year
from tests.factories.organisation import PersonFactory, UnitFactory, person_with
from tests.notices.conftest import look

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(house: House) -> Account:
    owner, backup = (person_with("newcomer", house.unit, name=name) for name in ("Olga", "Bert"))
    return AccountFactory.create(unit=house.unit, owner=owner, backup_holder=backup)


@pytest.fixture
def new(house: House) -> Person:
    return person_with("newcomer", house.unit, name="Nina")


def hand_over(account: Account, house: House, **facts: Any) -> Handover:
    told = {"by": house.manager, "edition": account.edition, "reason": "Olga left", **facts}
    return hand_over_account(account=account, **{"backup_holder": account.backup_holder, **told})


def acts(person: Person) -> list[str]:
    return [str(one.act) for one in waiting_for(Person.objects.get(pk=person.pk))]


def told(kind: str) -> set[str]:
    look(kind)
    standing = Addressee.objects.filter(notice__kind=kind, notice__settled_at=None)
    return {one.person.name for one in standing.select_related("person")}


def age(account: Account, days: int) -> None:
    Account.objects.filter(pk=account.pk).update(created_at=Now() - timedelta(days=days))


def test_it_is_handed_over_told_and_taken(account: Account, house: House, new: Person) -> None:
    was = account.owner
    handover = hand_over(account, house, owner=new)
    assert (account.owner, account.edition) == (new, 2)
    event = AuditEvent.objects.get()
    assert event.details == {"reason": "Olga left", "changes": {"owner": [was.pk, new.pk]}}
    assert told("account_unconfirmed") == {"Olga", "Bert", "Nina"}
    assert "Confirm the facts" in acts(new)
    confirm_account(account=account, by=account.backup_holder)
    handover.refresh_from_db()
    assert handover.taken_at is None, "only who is new takes it over"
    confirm_account(account=account, by=new)
    handover.refresh_from_db()
    assert handover.taken_at is not None
    assert told("account_unconfirmed") == set()
    assert "Confirm the facts" not in acts(new)


def test_the_story_names_those_who_held_it(account: Account, house: House, new: Person, client: Client) -> None:
    hand_over(account, house, owner=new)
    client.force_login(new)
    page = client.get(reverse("accounts_registry:account_detail", args=[account.pk])).content.decode()
    assert "<bdi>Olga</bdi> → <bdi>Nina</bdi>" in " ".join(page.split())


def test_two_who_change_places_have_nothing_to_take_over(account: Account, house: House) -> None:
    swapped = hand_over(account, house, owner=account.backup_holder, backup_holder=account.owner)
    assert swapped.taken_at is not None
    assert (account.owner.name, account.backup_holder.name) == ("Bert", "Olga")


def test_who_cannot_hold_it_is_refused_at_the_field(account: Account, house: House, new: Person) -> None:
    gone = person_with("newcomer", house.unit)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    elsewhere = person_with("newcomer", UnitFactory.create())
    blind = PersonFactory.create(unit=house.unit)
    for owner, said in [
        (gone, "is suspended"),
        (elsewhere, "another organisation"),
        (blind, "cannot see this account"),
        (account.backup_holder, "two different people"),
        (account.owner, "answer for it already"),
    ]:
        with pytest.raises(Refused, match=said) as told:
            hand_over(account, house, owner=owner)
        assert told.value.field in ("owner", "backup_holder")
    with pytest.raises(Refused, match="Say why"):
        hand_over(account, house, owner=new, reason=" ")
    assert not Handover.objects.exists()


def test_who_may_and_what_was_read(account: Account, house: House, new: Person) -> None:
    for person in (house.author, house.chair, account.owner, new):
        with pytest.raises(PermissionDenied):
            hand_over(account, house, owner=new, by=person)
    hand_over(account, house, owner=new)
    with pytest.raises(Outdated):
        hand_over(account, house, owner=account.backup_holder, backup_holder=new, edition=1)


def test_who_is_suspended_is_replaced_from_today(account: Account, house: House, new: Person) -> None:
    assert "Hand the account over" not in acts(house.manager)
    Person.objects.filter(pk=account.owner_id).update(is_active=False)
    assert "Hand the account over" in acts(house.manager)
    hand_over(account, house, owner=new)
    assert "Hand the account over" not in acts(house.manager)


# ---- Half a year ----------------------------------------------------------------------------------------------------
def test_after_half_a_year_its_holders_are_asked_and_say_so_in_one_click(
    account: Account, house: House, client: Client
) -> None:
    age(account, 182)
    assert (acts(account.owner), told("account_unconfirmed")) == ([], set())
    age(account, 184)
    assert acts(account.owner) == ["Confirm the facts"]
    assert acts(account.backup_holder) == ["Confirm the facts"]
    assert "Renew the account" in acts(house.manager), "and the record goes to review"
    assert told("account_unconfirmed") == {"Olga", "Bert"}
    client.force_login(account.owner)
    confirm = reverse("accounts_registry:account_confirm", args=[account.pk])
    assert confirm in client.get(reverse("accounts_registry:account_detail", args=[account.pk])).content.decode()
    assert client.post(confirm, {"edition": "1"}).status_code == 302
    assert (acts(account.owner), told("account_unconfirmed")) == ([], set())
    assert "Renew the account" not in acts(house.manager)
    Account.objects.update(confirmed_at=Now() - timedelta(days=184))
    assert acts(account.owner) == ["Confirm the facts"]


def test_a_review_counts_as_a_look_at_the_facts(account: Account, house: House) -> None:
    age(account, 184)
    renew_account(account=account, by=house.manager, edition=1, evaluation="Good", next_on=in_a_year())
    assert acts(account.owner) == []


def test_nobody_else_confirms(account: Account, house: House, client: Client) -> None:
    for person in (house.author, house.manager, house.chair):
        with pytest.raises(PermissionDenied):
            confirm_account(account=account, by=person)
    stranger = person_with("newcomer", UnitFactory.create())
    client.force_login(stranger)
    assert client.post(reverse("accounts_registry:account_confirm", args=[account.pk])).status_code == 404
    Account.objects.update(owner=stranger)
    with pytest.raises(PermissionDenied):
        confirm_account(account=account, by=stranger)
    assert not AuditEvent.objects.exists()


def test_facts_that_changed_since_are_not_confirmed_unread(account: Account) -> None:
    Account.objects.update(edition=2)
    with pytest.raises(Outdated):
        confirm_account(account=account, by=account.owner, edition=1)


@pytest.mark.longer
def test_a_page_that_does_not_say_what_it_showed_confirms_nothing(account: Account, client: Client) -> None:
    client.force_login(account.owner)
    for said in ({}, {"edition": "x"}, {"edition": "2"}):
        answer = client.post(reverse("accounts_registry:account_confirm", args=[account.pk]), said, follow=True)
        assert "Somebody changed this account since you opened the page" in answer.content.decode()
    assert Account.objects.get().confirmed_at is None
