"""Whatever a network answers when it is asked to call us: what no address and no column can bear gets into neither."""

from __future__ import annotations

import re

import pytest
from django.db.models.functions import Now

from accounts_registry.models import Subscription
from accounts_registry.queries import account_ref, egress, listening_address, network_app
from networks import catalogue
from networks.kinds import Purpose
from networks.x.subscriptions import XSubscriptions
from tests.accounts_registry.listening import TELLING, ask, connected, nobody_is_woken
from tests.accounts_registry.walking import Walk, simulator, simulator_server, walk
from tests.networks.test_odd_answers import ODD, Tape, is_bad

__all__ = ["nobody_is_woken", "simulator", "simulator_server", "walk"]
ODD_NAMES = [*ODD, "²", "../../me", "1?x=1", "1#", "7" * 320, "urn:li:person:" + "a" * 400, "urn:li:person:../x"]


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("key", TELLING)
def test_an_odd_answer_is_an_error_of_ours_or_names_it_plainly(
    walk: Walk, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = connected(walk, key)
    asking = catalogue.subscriptions(key, account.base_url, network_app(key), egress())
    ref, tape = account_ref(account, Purpose.READ), Tape(monkeypatch)
    told = list(tape.variations(lambda: asking.subscribe(ref, listening_address(key)), ODD_NAMES))
    assert [one for one in told if is_bad(one[1])] == []
    names = {name for _where, name in told if isinstance(name, str)}
    assert names
    assert [name for name in names if not re.fullmatch(r"[\w/%(),:.-]{1,300}", name, re.ASCII) or ".." in name] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["x" * 301, "a\x00b", "\ud800"])
def test_a_name_that_no_column_holds_is_asked_for_again_later(
    walk: Walk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(walk, "x")
    monkeypatch.setattr(XSubscriptions, "subscribe", lambda self, account, address: name)
    assert ask() == 1
    row = Subscription.objects.annotate(now=Now()).get()
    assert (row.since, row.name, row.problem) == (None, "", "unavailable")
    assert row.next_try_at > row.now
