"""One file: a made-up kind of message goes from scheduling to the network, and delivery has never heard of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts_registry.enums.spending import Spent
from accounts_registry.models import Account
from accounts_registry.queries import connector_for
from delivery import origins
from delivery.actions import Line, expire_late, send_next
from delivery.models import Delivery
from delivery.queries import visible_deliveries, waiting_for
from organisation.enums import Permission as P
from organisation.models import Person, Unit
from organisation.queries import story
from tests.architecture import notices
from tests.architecture.notices import publish_notice, withdraw_notice
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import POST, claim_next, thaw
from tests.factories.organisation import UnitFactory, person_with
from tests.simulator.fixture import Control, simulator, simulator_server

__all__ = ["simulator", "simulator_server"]


@pytest.fixture
def root(db: None, monkeypatch: pytest.MonkeyPatch) -> Unit:
    thaw()
    monkeypatch.setattr(origins, "_ORIGINS", dict(origins._ORIGINS))
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)
    notices.NOTICES.clear()
    notices.TOLD.clear()
    origins.register(notices.NoticeOrigin())  # the one line, in the room's AppConfig.ready
    return UnitFactory.create()


@pytest.fixture
def cell(root: Unit) -> Unit:
    """Where the crisis is led: below the root, whose account speaks."""
    return UnitFactory.create(parent=root)


@pytest.fixture
def leader(cell: Unit) -> Person:
    return person_with("crisis_cell", cell)


@pytest.fixture
def account(root: Unit, simulator: Control, settings: Settings) -> Account:
    settings.EGRESS_ALLOW = frozenset({simulator.host})
    token = simulator.person("crise", "Centre de crise", kind="account")
    made = ConnectedAccountFactory.create(
        unit=root, handle="crise", base_url=simulator.url, credentials={"access_token": token}
    )
    made.remote_id = connector_for(made).identify().remote_id
    made.save()
    return made


def page(person: Person, delivery: Delivery) -> tuple[int, str]:
    client = Client()
    client.force_login(person)
    response = client.get(reverse("delivery:delivery_detail", args=[delivery.pk]))
    return response.status_code, response.content.decode()


def in_an_hour() -> datetime:
    return timezone.now() + timedelta(hours=1)


def test_it_goes_from_scheduling_to_the_network_and_its_page(
    cell: Unit, account: Account, leader: Person, simulator: Control
) -> None:
    delivery = publish_notice(text="Évitez le centre", unit=cell, account=account, by=leader, at=timezone.now())
    assert (delivery.unit, delivery.message_unit, delivery.is_reply) == (cell, cell, False)
    assert str(delivery) == f"Notice {delivery.origin_id} · Scheduled"
    assert send_next(Line())
    [out] = simulator.posts("Évitez le centre")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_id) == ("published", str(out["id"]))
    assert [(delivery.origin_id, "published")] == notices.TOLD
    status, text = page(leader, delivery)
    assert status == 200
    assert "Notice: Évitez le centre" in text
    assert f'href="/crisis/notices/{delivery.origin_id}/"' in text
    assert "See the notice" in text


def test_who_may_is_what_it_says_where_it_says(cell: Unit, account: Account, leader: Person) -> None:
    sender = person_with("communication_cell", cell)
    there = person_with("crisis_cell", UnitFactory.create(parent=account.unit))
    for nobody in (sender, there):
        with pytest.raises(PermissionDenied):
            publish_notice(text="Non", unit=cell, account=account, by=nobody, at=in_an_hour())
    delivery = publish_notice(text="Oui", unit=cell, account=account, by=leader, at=in_an_hour())
    assert page(sender, delivery)[0] == 200, "they see crises in this unit"
    assert page(there, delivery)[0] == 404
    assert not visible_deliveries(person_with("committee_member", cell)).exists()


def test_what_is_no_longer_cleared_is_not_claimed(cell: Unit, account: Account, leader: Person) -> None:
    delivery = publish_notice(text="Oui", unit=cell, account=account, by=leader, at=timezone.now())
    notices.NOTICES[delivery.origin_id].approved = False
    assert claim_next(passing_over=set()) is None
    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem_code) == ("cancelled", "not_approved")


def test_it_is_withdrawn_by_whom_it_says(cell: Unit, account: Account, leader: Person) -> None:
    delivery = publish_notice(text="Oui", unit=cell, account=account, by=leader, at=in_an_hour())
    with pytest.raises(PermissionDenied):
        withdraw_notice(number=delivery.origin_id, by=person_with("communication_cell", cell))
    withdraw_notice(number=delivery.origin_id, by=person_with("administrator", cell))
    delivery.refresh_from_db()
    assert delivery.state == "cancelled"
    assert story(delivery)[0].verb == "delivery.withdraw"


def test_one_that_was_too_late_gets_a_new_time_on_its_page(cell: Unit, account: Account, leader: Person) -> None:
    long_ago = timezone.now() - timedelta(days=1)
    delivery = publish_notice(text="Oui", unit=cell, account=account, by=leader, at=long_ago)
    assert expire_late() == 1
    assert [one.title for one in waiting_for(leader)] == ["Oui"]
    again = reverse("delivery:delivery_reconfirm", args=[delivery.pk])
    time = {"due_at": (timezone.localtime() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")}
    client = Client()
    client.force_login(person_with("spokesperson", cell))  # leads, and writes no playbook
    assert client.post(again, time).status_code == 403
    client.force_login(leader)
    assert again in page(leader, delivery)[1]
    assert client.post(again, time).status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == "due"


def test_the_administration_and_the_field_offer_what_is_registered(root: Unit) -> None:
    choices = Delivery._meta.get_field("origin_kind").flatchoices
    assert ("public_notice", "Notice") in [(key, str(label)) for key, label in choices]


def test_one_kind_has_one_voice(root: Unit) -> None:
    with pytest.raises(ImproperlyConfigured, match="public_notice"):
        origins.register(notices.NoticeOrigin())


@pytest.mark.parametrize(
    ("key", "see", "act"),
    [
        ("Notice", P.CRISIS_VIEW, P.CRISIS_LEAD),
        ("a-notice", P.CRISIS_VIEW, P.CRISIS_LEAD),
        ("notice", P.CRISIS_LEAD, P.CRISIS_LEAD),
        ("notice", P.CRISIS_VIEW, P.CRISIS_VIEW),
    ],
)
def test_a_kind_that_makes_no_sense_does_not_start(key: str, see: P, act: P) -> None:
    with pytest.raises(ImproperlyConfigured):
        origins.MessageKind(
            key=key,
            label="",
            page_label="",
            page_icon="",
            permissions=origins.Permissions(see=see, schedule=act, withdraw=act, reconfirm=act),
            spends=Spent.POST,
        )


def test_the_kinds_that_there_are_are_still_there(root: Unit) -> None:
    assert POST in origins.registered()
