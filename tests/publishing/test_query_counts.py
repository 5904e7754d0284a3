"""What the steps of a post ask of the database: the same for one account and for ten."""

from __future__ import annotations

from typing import Any

import pytest

from publishing import actions
from publishing.actions import Timing
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.publishing import ZONE, draft, hash_of, tomorrow
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("accounts", [1, 10])
def test_the_steps_of_a_post_cost_the_same_for_one_account_and_for_ten(
    house: House, accounts: int, django_assert_num_queries: Any
) -> None:
    chosen = [ConnectedAccountFactory.create(unit=house.unit, languages=["fr"]) for _ in range(accounts)]
    post = draft(house.author, *chosen)
    with django_assert_num_queries(17):
        actions.submit_post(post=post, by=house.author)
    seen = hash_of(post)
    with django_assert_num_queries(21):
        actions.approve_post(post=post, by=house.approver, content_hash=seen)
    with django_assert_num_queries(27):
        actions.schedule_post(post=post, by=house.approver, timing=Timing(tomorrow(), ZONE))
