"""A machine whose clock is ten days ahead of the database's decides nothing sooner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts_registry.actions import list_third_party_app, submit_dossier
from accounts_registry.enums import DossierState
from accounts_registry.models import JustificationDossier
from monitoring.actions import expire_sources, expire_watches, purge_expired
from monitoring.models import Mention
from organisation.clock import database_now
from organisation.forms import GrantForm
from organisation.lifecycle import Refused
from tests.factories.accounts_registry import ConnectedAccountFactory, DossierFactory
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.monitoring import SourceFactory, WatchFactory
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db
AHEAD = timedelta(days=10)


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> Any:
    """In so many days, by the database, what this process takes for the past."""
    truly = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: truly() + AHEAD)
    return database_now().date() + timedelta(days=5)


def test_an_app_was_seen_on_a_day_that_has_come(ahead: Any) -> None:
    account = ConnectedAccountFactory.create()
    manager = person_with("account_manager", account.unit)
    with pytest.raises(Refused, match="not come yet"):
        list_third_party_app(account=account, by=manager, name="Planner", purpose="Plans", last_seen_on=ahead)
    listed = list_third_party_app(account=account, by=manager, name="Planner", purpose="Plans")
    assert abs(listed.last_seen_on - database_now().date()) <= timedelta(days=1)


def test_a_review_may_come_sooner_than_a_wrong_clock_says(ahead: Any) -> None:
    author = person_with("communication_cell", UnitFactory.create())
    draft = DossierFactory.create(unit=author.unit, requested_by=author, state=DossierState.DRAFT, review_on=ahead)
    submit_dossier(dossier=JustificationDossier.objects.get(pk=draft.pk), by=author)
    assert JustificationDossier.objects.get().state == DossierState.SUBMITTED


def test_nothing_is_purged_or_ended_before_its_day(ahead: Any) -> None:
    conversation = ConversationFactory.create(state="answered", answered_at=database_now())
    MentionFactory.create(conversation=conversation, purge_after=ahead)
    WatchFactory.create(expires_on=ahead, state="active")
    SourceFactory.create(expires_on=ahead)
    assert (purge_expired(), expire_watches(), expire_sources()) == (0, 0, 0)


def test_a_message_is_received_when_the_database_says(ahead: Any) -> None:
    MentionFactory.create()
    assert Mention.objects.get().received_at <= database_now()


def test_a_role_may_end_in_five_days(ahead: Any) -> None:
    admin = person_with("administrator", UnitFactory.create())
    holder = person_with("newcomer", admin.unit)
    until = timezone.localtime(database_now() + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    form = GrantForm({"role": "newcomer", "unit": admin.unit.pk, "until": until}, person=admin, holder=holder)
    form.is_valid()
    assert "until" not in form.errors
