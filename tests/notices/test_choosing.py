"""A person chooses how they are told, but for what their role needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from notices.actions import choose
from notices.enums import Urgency
from notices.models import NoticeChoices
from organisation.enums import Permission
from organisation.lifecycle import Refused
from organisation.models import AuditEvent
from tests.factories.notices import Trial
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db
Begin = Callable[..., Trial]
HOURS: dict[str, Any] = {"digest_at": time(8), "quiet_from": time(20), "quiet_until": time(7)}


def test_a_choice_is_kept_and_told_once(house: House, trial: Begin) -> None:
    trial()
    choose(by=house.approver, ways={"trial": "digest"}, **HOURS | {"digest_at": time(9)})
    choose(by=house.approver, ways={"trial": "digest"}, **HOURS | {"digest_at": time(9)})
    assert NoticeChoices.objects.get().ways == {"trial": "digest"}
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor_name, event.unit_id) == ("notices.chosen", "Bram", house.unit.pk)
    assert event.details == {"changes": {"digest_at": ["08:00:00", "09:00:00"], "ways": [{}, {"trial": "digest"}]}}


def test_what_the_role_needs_cannot_be_switched_off(house: House, trial: Begin) -> None:
    trial(needed_by=frozenset({Permission.POST_APPROVE}))
    with pytest.raises(Refused, match="Your role needs this"):
        choose(by=house.approver, ways={"trial": "off"}, **HOURS)
    choose(by=house.approver, ways={"trial": "digest"}, **HOURS)
    choose(by=house.newcomer, ways={"trial": "off"}, **HOURS)


def test_a_role_that_comes_later_has_what_it_needs(house: House, trial: Begin) -> None:
    kind = trial(needed_by=frozenset({Permission.POST_APPROVE})).kind()
    assert kind.way_for(house.newcomer, "off") == "off"
    assert kind.way_for(house.approver, "off") == "at_once"


def test_an_emergency_waits_for_no_digest(house: House, trial: Begin) -> None:
    trial(urgency=Urgency.EMERGENCY)
    with pytest.raises(Refused):
        choose(by=house.approver, ways={"trial": "digest"}, **HOURS)


def test_the_page_keeps_a_choice(house: House, trial: Begin, client: Client) -> None:
    trial()
    client.force_login(house.approver)
    page = reverse("notices:choices")
    said = {"digest_at": "09:30", "quiet_from": "", "quiet_until": "", "trial": "digest"}
    assert client.post(page, said).status_code == 302
    kept = NoticeChoices.objects.get()
    assert (kept.person, kept.digest_at, kept.quiet_from, kept.ways) == (
        *(house.approver, time(9, 30), None),
        {"trial": "digest"},
    )
    answer = client.post(page, said | {"quiet_from": "20:00"})
    assert answer.status_code == 422
    assert "Give both ends of the quiet hours" in answer.content.decode()
    assert client.post(page, said | {"trial": "never"}).status_code == 422
