"""The dated figures of an account: how many, on which day, and from where somebody knows it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts_registry.actions.figures import note_figure
from accounts_registry.models import Account, AccountFigure
from accounts_registry.queries.figures import series_of
from organisation.lifecycle import Refused
from tests.factories.accounts_registry import AccountFactory
from tests.factories.organisation import person_with

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 1)
TOLD = {"measure": "followers", "value": 12_345, "on": DAY, "source": "The network's statistics"}


def noted(account: Account, by: Any, **other: Any) -> AccountFigure:
    return note_figure(account=account, by=by, **{**TOLD, **other})


def test_the_same_day_noted_again_corrects_it() -> None:
    account = AccountFactory.create()
    by = person_with("account_manager", account.unit)
    noted(account, by)
    noted(account, by, value=12_000, source="Counted again")
    noted(account, by, measure="site_visits", value=80)
    assert sorted(AccountFigure.objects.values_list("measure", "value", "source")) == [
        ("followers", 12_000, "Counted again"),
        ("site_visits", 80, "The network's statistics"),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"measure": "likes"}, "measure"),
        ({"value": -1}, "value"),
        ({"value": 10**12}, "value"),
        ({"on": date(1999, 12, 31)}, "on"),
        ({"source": "  "}, "source"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any], field: str) -> None:
    account = AccountFactory.create()
    with pytest.raises(Refused) as refused:
        noted(account, person_with("account_manager", account.unit), **wrong)
    assert refused.value.field == field
    assert not AccountFigure.objects.exists()


def test_a_day_to_come_has_no_figure() -> None:
    account = AccountFactory.create()
    by = person_with("account_manager", account.unit)
    with pytest.raises(Refused, match="has not come yet"):
        noted(account, by, on=account.today + timedelta(days=1))
    assert noted(account, by, on=account.today).on == account.today


def test_only_whoever_manages_the_account_notes_one() -> None:
    account = AccountFactory.create()
    with pytest.raises(PermissionDenied):
        noted(account, person_with("communication_cell", account.unit))


def test_the_database_holds_one_a_day_and_none_without_a_source() -> None:
    account = AccountFactory.create()
    by = person_with("account_manager", account.unit)
    noted(account, by)
    for wrong in ({}, {"on": DAY + timedelta(days=1), "source": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccountFigure.objects.create(account=account, noted_by=by, **{**TOLD, **wrong})


def test_the_line_goes_by_the_days_and_from_nothing() -> None:
    account = AccountFactory.create()
    by = person_with("account_manager", account.unit)
    noted(account, by, on=DAY, value=50)
    assert [one.points for one in series_of(account)] == [""], "one figure makes no line"
    noted(account, by, on=DAY + timedelta(days=10), value=100)
    noted(account, by, on=DAY + timedelta(days=1), value=0)
    (followers,) = series_of(account)
    assert (followers.newest.value, followers.oldest.value) == (100, 50)
    assert followers.points == "0.0,60.0 60.0,120.0 600.0,0.0"


def test_the_page_shows_them_and_keeps_what_was_typed_when_refused(client: Client) -> None:
    account = AccountFactory.create()
    by = person_with("account_manager", account.unit)
    client.force_login(by)
    target = reverse("accounts_registry:figure_note", args=[account.pk])
    answer = client.post(target, {"measure": "followers", "value": "1234567", "on": "2099-01-01", "source": "Seen"})
    assert answer.status_code == 422
    assert "This day has not come yet." in answer.content.decode()
    assert 'value="1234567"' in answer.content.decode()
    assert client.post(target, {**TOLD, "value": 1_234_567, "on": "2026-10-01"}).status_code == 302
    shown = client.get(reverse("accounts_registry:account_figures", args=[account.pk])).content.decode()
    assert "1,234,567" in shown
    assert "The network&#x27;s statistics" in shown
    assert "1,234,567" in client.get(reverse("accounts_registry:account_detail", args=[account.pk])).content.decode()
    reader = person_with("newcomer", account.unit)
    client.force_login(reader)
    shown = client.get(reverse("accounts_registry:account_figures", args=[account.pk])).content.decode()
    assert "1,234,567" in shown
    assert "Note a figure" not in shown


def test_a_program_reads_and_notes_them(client: Client) -> None:
    account = AccountFactory.create()
    client.force_login(person_with("account_manager", account.unit))
    target = reverse("account-figures", args=[account.pk])
    told = {**TOLD, "on": "2026-10-01"}
    assert client.post(target, told, content_type="application/json").status_code == 201
    assert client.post(target, {**told, "value": "many"}, content_type="application/json").status_code == 400
    (figure,) = client.get(target).json()["results"]
    assert {name: figure[name] for name in told} == told


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_one_and_for_three(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    account = AccountFactory.create()
    by = person_with("account_manager", account.unit)
    for number in range(count):
        noted(account, by, on=DAY + timedelta(days=number))
    client.force_login(by)
    client.get(target := reverse("accounts_registry:account_figures", args=[account.pk]))
    with django_assert_num_queries(13):
        client.get(target)
