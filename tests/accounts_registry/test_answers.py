"""The page of an account answers what everybody asks of one, and offers what is due to whom it is due."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from accounts_registry.models import Account
from accounts_registry.queries.answers import NAMED
from organisation.models import Person
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import EXIT, ConnectedAccountFactory, ThirdPartyAppFactory
from tests.factories.closing import closed
from tests.factories.organisation import person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(house: House) -> Account:
    owner, backup = (person_with("newcomer", house.unit, name=name) for name in ("Olga", "Bert"))
    return ConnectedAccountFactory.create(unit=house.unit, owner=owner, backup_holder=backup)


def answers(client: Client, account: Account, reader: Person) -> dict[str, str]:
    """Question → what the page says to it, with the addresses of its acts."""
    client.force_login(reader)
    page = client.get(reverse("accounts_registry:account_detail", args=[account.pk])).content.decode()
    told = re.findall(r"<dt>([^<]*\?)</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL)
    return {question: " ".join(said.split()) for question, said in told}


def act(name: str, account: Account) -> str:
    return reverse(f"accounts_registry:account_{name}", args=[account.pk])


def test_six_questions_are_answered(house: House, account: Account, client: Client) -> None:
    ThirdPartyAppFactory.create(account=account)
    said = answers(client, account, house.author)
    assert list(said) == [
        "Why does it exist?", "Who is behind it?", "Who has access?", "Is it safe?", "Does it work?", "What is due?",
    ]  # fmt: skip
    assert account.purpose in said["Why does it exist?"]
    assert "Olga answers for it, Bert when they are away" in said["Who is behind it?"]
    assert "May publish from it here: Author." in said["Who has access?"]
    assert "May connect it and take its connection back: Manager." in said["Who has access?"]
    assert "1 app of others may act on it" in said["Who has access?"]
    assert "Connected" in said["Does it work?"]
    assert said["What is due?"].startswith("<p>Nothing. Its next review is on")


def test_what_is_due_stands_under_its_question_with_its_act(house: House, account: Account, client: Client) -> None:
    Account.objects.update(
        told_handle="finances", review_on=account.today + timedelta(days=3), created_at=Now() - timedelta(days=200)
    )
    Person.objects.filter(pk=account.backup_holder_id).update(is_active=False)
    said = answers(client, account, house.manager)
    assert act("hand_over", account) in said["Who is behind it?"]
    assert act("connect", account) in said["Is it safe?"]
    assert act("renew", account) in said["What is due?"]
    assert act("confirm", account) not in said["What is due?"], "it is not this reader who answers for it"
    said = answers(client, account, account.owner)
    assert act("confirm", account) in said["What is due?"]
    for other in ("hand_over", "connect", "renew"):
        assert not any(act(other, account) in one for one in said.values())


def test_a_trial_says_until_when(house: House, account: Account, client: Client) -> None:
    Account.objects.update(term="trial", ends_on=account.today + timedelta(days=90))
    assert "It is a trial, until" in answers(client, account, house.author)["Why does it exist?"]


def test_of_many_people_some_are_named_and_the_others_counted(house: House, account: Account, client: Client) -> None:
    for number in range(NAMED + 1):
        person_with("communication_cell", house.unit, name=f"Writer {number}")
    assert "Writer 4 and 2 others" in answers(client, account, house.author)["Who has access?"]


def test_of_a_closed_account_nothing_is_due_and_its_exit_plan_is_told(
    house: House, account: Account, client: Client
) -> None:
    closed(account, house.manager)
    assert "Nothing: it is closed." in answers(client, account, house.manager)["What is due?"]
    page = client.get(reverse("accounts_registry:account_detail", args=[account.pk])).content.decode()
    assert all(words in page for words in EXIT.values())
    assert act("renew", account) not in page
    assert client.get(act("renew", account)).status_code == 302
