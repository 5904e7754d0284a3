"""Every filter of the registry's list lets its rows in and the others out, by an address that can be shared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.models import Account
from organisation.models import Person, Unit
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import AccountFactory
from tests.factories.organisation import UnitFactory

pytestmark = pytest.mark.django_db


def at(house: House, name: str, **facts: Any) -> Account:
    return AccountFactory.create(**{"unit": house.unit, "handle": name, **facts})


def listed(client: Client, house: House, **query: str) -> set[str]:
    client.force_login(house.manager)
    answer = client.get(reverse("accounts_registry:account_list"), query)
    assert answer.status_code == 200
    return {account.handle for account, _standing in answer.context["accounts"]}


@pytest.mark.parametrize(
    ("query", "facts"),
    [
        ({"network": "bluesky"}, {"network": "bluesky", "base_url": "https://bsky.social"}),
        ({"kind": "group"}, {"kind": "group"}),
        ({"language": "de"}, {"languages": ["de"]}),
        ({"state": "suspended"}, {"state": "suspended"}),
        ({"words": "customs"}, {"purpose": "Explain customs"}),
        ({"amiss": "review"}, {"review_on": timezone.localdate() + timedelta(days=29)}),
        ({"amiss": "renamed"}, {"told_handle": "other"}),
    ],
    ids=str,
)
def test_in_and_out(house: House, client: Client, query: dict[str, str], facts: dict[str, Any]) -> None:
    at(house, "in", **facts)
    at(house, "out")
    assert listed(client, house) == {"in", "out"}
    assert listed(client, house, **query) == {"in"}


def test_a_unit_takes_in_all_below_it(house: House, client: Client) -> None:
    below: Unit = UnitFactory.create(slug="below", parent=house.unit)
    at(house, "in")
    at(house, "deep", unit=below)
    at(house, "out", unit=house.root)
    assert listed(client, house, unit="tax") == {"in", "deep"}
    assert listed(client, house, unit="below") == {"deep"}


def test_one_of_its_holders_is_gone(house: House, client: Client) -> None:
    for name in ("owner", "backup_holder"):
        gone = at(house, name)
        Person.objects.filter(pk=getattr(gone, name).pk).update(is_active=False)
    at(house, "out")
    over = at(house, "over", state="archived")
    Person.objects.filter(pk=over.owner.pk).update(is_active=False)
    assert listed(client, house, amiss="orphan") == {"owner", "backup_holder"}


def test_nobody_confirmed_it_for_six_months(house: House, client: Client) -> None:
    long_ago, lately = Now() - timedelta(days=184), Now() - timedelta(days=182)
    for name in ("in", "confirmed", "reviewed", "young"):
        at(house, name)
    Account.objects.exclude(handle="young").update(created_at=long_ago)
    Account.objects.filter(handle="confirmed").update(confirmed_at=lately)
    Account.objects.filter(handle="reviewed").update(reviewed_at=lately)
    assert listed(client, house, amiss="unconfirmed") == {"in"}


def test_without_a_counterpart_in_a_language_of_its_unit(house: House, client: Client) -> None:
    Unit.objects.filter(pk=house.unit.pk).update(languages=["fr", "nl"])
    one, two = at(house, "fr"), at(house, "nl", languages=["nl"])
    Account.objects.filter(pk=one.pk).update(pair=two)
    Account.objects.filter(pk=two.pk).update(pair=one)
    at(house, "both", languages=["fr", "nl"])
    at(house, "alone")
    at(house, "closed", state="archived")
    assert listed(client, house, amiss="unpaired") == {"alone"}


def test_filters_narrow_each_other_and_nonsense_filters_nothing(house: House, client: Client) -> None:
    at(house, "in", kind="group", languages=["de"])
    at(house, "out", kind="group")
    assert listed(client, house, kind="group", language="de") == {"in"}
    assert listed(client, house, amiss="everything", kind="club") == {"in", "out"}


def test_a_row_tells_language_pair_unit_kind_and_state(house: House, client: Client) -> None:
    sister = at(house, "sister", languages=["nl"])
    at(house, "row", pair=sister, kind="channel", state="suspended")
    client.force_login(house.manager)
    page = client.get(reverse("accounts_registry:account_list"), {"kind": "channel"}).content.decode()
    row = page[page.index("<tbody>") :]
    assert row.count("</td>") + row.count("</th>") == 7
    for said in ("FR", "@sister", house.unit.name, "Channel", "Suspended"):
        assert said in row
