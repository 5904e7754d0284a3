"""What was refused says so where it was tried, keeps what was typed, and leads to the field that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from accounts_registry.enums import DossierState
from delivery.actions import place_hold
from delivery.enums import HoldScope
from organisation.models import Person, Unit
from tests.architecture.rows import EVERYONE
from tests.factories.accounts_registry import ConnectedAccountFactory, DossierFactory, ThirdPartyAppFactory
from tests.factories.crisis import CrisisFactory
from tests.factories.delivery import thaw
from tests.factories.monitoring import SourceFactory, WatchFactory
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with
from tests.factories.publishing import submitted
from tests.factories.sessions import factor_of
from tests.thorough import thorough_after

pytestmark = pytest.mark.django_db


def _with_a_factor(unit: Unit) -> Person:
    person = PersonFactory.create(unit=unit, password=make_password(None))
    factor_of(person)
    return person


def _submitted(unit: Unit) -> Any:
    return submitted(person_with("communication_cell", unit), ConnectedAccountFactory.create(unit=unit))


def _hold(unit: Unit) -> Any:
    return place_hold(scope=HoldScope.UNIT, unit=unit, reason="Fire", by=person_with("administrator", unit))


# Every act that asks why: its address, and what it is done to.
ACTS: dict[str, Callable[[Unit], Any]] = {
    "organisation:person_suspend": lambda unit: PersonFactory.create(unit=unit),
    "organisation:person_reinstate": lambda unit: PersonFactory.create(unit=unit, is_active=False),
    "organisation:person_factor": _with_a_factor,
    "delivery:hold_lift": _hold,
    "accounts_registry:account_suspend": lambda unit: ConnectedAccountFactory.create(unit=unit),
    "accounts_registry:app_strike": lambda unit: ThirdPartyAppFactory.create(
        account=ConnectedAccountFactory.create(unit=unit)
    ),
    "accounts_registry:dossier_return": lambda unit: DossierFactory.create(
        unit=unit, state=DossierState.SUBMITTED, round=1
    ),
    "publishing:request_changes": _submitted,
    "publishing:reject": _submitted,
    "publishing:withdraw": _submitted,
    "monitoring:source_end": lambda unit: SourceFactory.create(unit=unit),
    "monitoring:watch_end": lambda unit: WatchFactory.create(account=ConnectedAccountFactory.create(unit=unit)),
    "crisis:end": lambda unit: CrisisFactory.create(playbook__unit=unit),
}


@pytest.fixture
def chief(db: None, client: Client) -> Person:
    """Who holds every role there is, and is signed in."""
    thaw()
    person = PersonFactory.create(unit=UnitFactory.create())
    for role in sorted(EVERYONE):
        GrantFactory.create(person=person, role=role)
    client.force_login(person)
    return person


@pytest.mark.parametrize("act", thorough_after(3, ACTS))
def test_a_refusal_leads_to_the_field_where_the_reason_is_missing(chief: Person, client: Client, act: str) -> None:
    answer = client.post(reverse(act, args=[ACTS[act](chief.unit).pk]), {"reason": " "})
    assert answer.status_code == 422
    page = answer.content.decode()
    (summary,) = re.findall(r'<div class="error-summary".*?</div>', page, re.DOTALL)
    (target,) = re.findall(r'href="#([^"]+)"', summary)
    assert page.count(f'id="{target}"') == 1
    (opened,) = re.findall(r'<details class="danger-act" open>.*?</details>', page, re.DOTALL)
    assert re.search(rf'<textarea [^>]*id="{target}"[^>]* aria-invalid="true"', opened)


def test_what_was_typed_is_kept(chief: Person, client: Client) -> None:
    person = PersonFactory.create(unit=chief.unit)
    answer = client.post(reverse("organisation:person_suspend", args=[person.pk]), {"reason": "Gone " * 500})
    assert answer.status_code == 422
    assert "Gone Gone Gone" in answer.content.decode()


@pytest.mark.longer
def test_what_is_not_on_offer_any_more_is_still_answered(chief: Person, client: Client) -> None:
    person = PersonFactory.create(unit=chief.unit)
    answer = client.post(reverse("organisation:person_factor", args=[person.pk]), {"reason": "Lost"})
    assert answer.status_code == 422
    assert "has no second factor" in answer.content.decode()
