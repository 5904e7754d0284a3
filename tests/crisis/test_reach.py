"""A crisis is ended from where it was declared, or above."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crisis.actions import declare_crisis, end_crisis, freeze
from crisis.enums import CRISIS_LIFECYCLE, CrisisState, Level
from crisis.models import Crisis
from delivery.enums import HoldScope
from organisation.actions import offered
from organisation.models import Unit
from tests.factories.crisis import CrisisFactory, PlaybookFactory
from tests.factories.delivery import thaw
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db


def test_what_was_declared_above_is_not_ended_below() -> None:
    below = UnitFactory.create(parent=UnitFactory.create(slug="root"))
    root = Unit.objects.get(slug="root")
    facts = {"title": "Fire", "reason": "It burns", "level": Level.FEDERAL, "severity": 2}
    head, local = person_with("crisis_cell", root), person_with("crisis_cell", below)
    crisis = declare_crisis(playbook=PlaybookFactory.create(unit=root), unit=below, by=head, **facts)
    assert offered(CRISIS_LIFECYCLE, crisis, local) == []
    with pytest.raises(PermissionDenied, match="declared further up"):
        end_crisis(crisis=crisis, by=local, reason="Enough")
    assert end_crisis(crisis=crisis, by=head, reason="Out").state == CrisisState.ENDED
    own = declare_crisis(playbook=PlaybookFactory.create(unit=below), unit=below, by=local, **facts)
    assert end_crisis(crisis=own, by=local, reason="Out").state == CrisisState.ENDED


@pytest.mark.longer
def test_the_page_says_why_a_freeze_from_above_stays(client: Client) -> None:
    thaw()
    below = UnitFactory.create(parent=UnitFactory.create(slug="root"))
    head, local = (person_with("crisis_cell", unit) for unit in (Unit.objects.get(slug="root"), below))
    crisis = CrisisFactory.create(playbook__unit=below, declared_by=local)
    freeze(crisis=crisis, scope=HoldScope.UNIT, reason="It burns", by=head)
    for who, lifts in ((local, False), (head, True)):
        client.force_login(who)
        page = client.get(reverse("crisis:crisis_detail", args=[crisis.pk])).content.decode()
        assert (reverse("crisis:thaw", args=[crisis.pk]) in page) is lifts
        assert ("placed further up" in page) is not lifts


@pytest.mark.longer
def test_below_one_learns_what_was_told_and_no_more(client: Client) -> None:
    """The notice of it leads somewhere: to its name and what it freezes."""
    thaw()
    root = UnitFactory.create(slug="root")
    service = UnitFactory.create(parent=root)
    below, beside = UnitFactory.create(parent=service), UnitFactory.create(parent=root)
    local, stranger = person_with("crisis_cell", below), person_with("crisis_cell", beside)
    head = person_with("crisis_cell", root)
    crisis = CrisisFactory.create(playbook__unit=service, title="Flood", declared_by=head, reason="The cellar is wet")
    address = reverse("crisis:crisis_detail", args=[crisis.pk])
    client.force_login(local)
    told = client.get(address).content.decode()
    assert "Flood" in told
    assert "The cellar is wet" not in told
    assert reverse("crisis:note", args=[crisis.pk]) not in told
    assert client.post(reverse("crisis:end", args=[crisis.pk]), {"reason": "x"}).status_code == 404
    freeze(crisis=crisis, scope=HoldScope.UNIT, reason="It rains", by=head)
    assert str(service) in client.get(address).content.decode()
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    client.force_login(local)
    Crisis.objects.update(ended_at=timezone.now() - timedelta(days=31), state="ended")
    assert client.get(address).status_code == 404
