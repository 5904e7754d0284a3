"""What a post costs stands beside it wherever it is written, approved or given a time: the price of what is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts_registry.enums.spending import BUDGET_MISSING, BUDGET_USED_UP, Spent
from accounts_registry.models import Spending
from delivery.models import Delivery
from organisation.clock import database_now
from organisation.lifecycle import Refused
from organisation.models import Person
from publishing.actions import PostContent, Timing, edit_post, schedule_post
from publishing.models import Post
from publishing.queries import sending_checks, whole
from tests.factories.prices import charge, give_budget
from tests.factories.publishing import ZONE, approved, draft, submitted, tomorrow
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db
LINK = "https://finances.example/declaration"


@pytest.fixture(autouse=True)
def charged(monkeypatch: pytest.MonkeyPatch) -> None:
    charge(monkeypatch)


def page(person: Person, name: str, post: Post) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    answer = client.get(reverse(f"publishing:{name}", args=[post.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def fresh(post: Post) -> Post:
    return whole(Post.objects.select_related("unit", "author")).get(pk=post.pk)


@pytest.mark.longer
@pytest.mark.parametrize(("link", "price"), [("", "$0.015."), (LINK, "$0.20.")])
def test_editor_approval_and_schedule_tell_the_price_of_what_is_sent(house: House, link: str, price: str) -> None:
    give_budget(house.account, 100, kept=20)
    month = database_now().astimezone(house.unit.zone).date().replace(day=1)
    Spending.objects.create(account=house.account, month=month, what=Spent.POST, amount=12_400_000, count=62)
    waiting = submitted(house.author, house.account, link=link)
    ready = approved(house.author, house.approver, house.account, link=link)
    for name, post in (("approval", waiting), ("post_detail", waiting), ("post_detail", ready)):
        html = page(house.approver, name, post)
        assert f"This post: {price}" in html
        assert "so far: $12.40 of $100.00." in html
    html = page(house.author, "post_edit", draft(house.author, house.account, link=link))
    assert 'data-price-of="id_text-' in html
    assert ('data-price-when="linked" hidden' in html) is (not link)
    assert ('data-price-when="plain" hidden' in html) is bool(link)
    assert "so far: $12.40 of $100.00." in html


@pytest.mark.longer
def test_each_account_pays_for_itself_and_a_free_one_says_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert "This post:" not in page(house.approver, "approval", submitted(house.author, house.account))


@pytest.mark.longer
def test_without_a_budget_a_post_is_written_and_approved_but_not_scheduled(house: House) -> None:
    post = approved(house.author, house.approver, house.account)
    [check] = sending_checks(fresh(post))
    assert (check.code, check.anchor) == (BUDGET_MISSING, f"account-{house.account.pk}")
    with pytest.raises(Refused, match="nobody has set a budget"):
        schedule_post(post=post, by=house.approver, timing=Timing(tomorrow(), ZONE))
    assert not Delivery.objects.exists()
    give_budget(house.account, 1)
    schedule_post(post=fresh(post), by=house.approver, timing=Timing(tomorrow(), ZONE))
    assert Delivery.objects.count() == 1


def test_all_languages_of_an_account_have_to_fit_its_budget(house: House) -> None:
    house.account.languages = ["fr", "nl"]
    house.account.save()
    give_budget(house.account, 0.029)
    post = approved(house.author, house.approver, house.account)
    assert [check.code for check in sending_checks(fresh(post))] == [BUDGET_USED_UP]
    give_budget(house.account, 0.03)
    assert sending_checks(fresh(post)) == []


def test_a_link_that_is_typed_later_changes_the_price(house: House, django_assert_num_queries: Any) -> None:
    give_budget(house.account, 0.1)
    post = draft(house.author, house.account)
    assert sending_checks(fresh(post)) == []
    content = replace(PostContent.of(fresh(post)), link=LINK)
    edit_post(post=post, version=fresh(post).version, content=content, by=house.author)
    loaded = fresh(post)
    with django_assert_num_queries(3):  # what time it is, budgets, spending
        assert [check.code for check in sending_checks(loaded)] == [BUDGET_USED_UP]
