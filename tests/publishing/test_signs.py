"""Signs that a network limits by number are counted before anybody is asked to approve, each account for itself."""

from __future__ import annotations

import pytest

from organisation.lifecycle import Refused
from publishing.actions import submit_post
from publishing.models import Post
from publishing.queries import content_checks, whole
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.publishing import draft
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db


def codes(post: Post) -> list[str]:
    return [check.code for check in content_checks(whole(Post.objects.all()).get(pk=post.pk))]


def test_two_stocks_on_x_do_not_reach_an_approver(house: House) -> None:
    on_x = ConnectedAccountFactory.create(unit=house.unit, network="x", handle="finx", languages=["fr"])
    elsewhere = draft(house.author, house.account, core_text="Cours de $FIN et de $BNB")
    assert codes(elsewhere) == []
    post = draft(house.author, on_x, core_text="Cours de $FIN et de $BNB")
    assert codes(post) == ["too_many_cashtags"]
    with pytest.raises(Refused, match="at most 1 stock"):
        submit_post(post=post, by=house.author)
    assert codes(draft(house.author, on_x, core_text="Cours de $FIN, à 5$ près")) == []
