"""Whatever is too long for a page says so, and leads to the rest."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.models import Account, JustificationDossier
from delivery.models import Hold
from organisation import audit
from organisation.audit import action
from organisation.models import Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory, DossierFactory
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.crisis import CrisisFactory
from tests.factories.delivery import DeliveryFactory
from tests.factories.organisation import UnitFactory, person_with

TODAY = "/"


@pytest.fixture
def unit(db: None) -> Unit:
    return UnitFactory.create()


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def pages(client: Client, address: str) -> list[str]:
    """The page at `address` and all after it, each turned to by its own link."""
    got = []
    while address:
        got.append(client.get(address).content.decode())
        found = re.search(r'rel="next" href="([^"]+)"', got[-1])
        address = f"{address.partition('?')[0]}{found[1].replace('&amp;', '&')}" if found else ""
    return got


@pytest.mark.longer
@pytest.mark.parametrize(("waiting", "told"), [(9, 9), (10, 10), (11, 11), (30, 30)])
def test_today_counts_all_that_waits_and_leads_to_what_it_does_not_show(unit: Unit, waiting: int, told: int) -> None:
    account = ConnectedAccountFactory.create(unit=unit)
    for _each in range(waiting):
        MentionFactory.create(conversation=ConversationFactory.create(account=account))
    client = browser(person_with("conversation_manager", unit))
    page = client.get(TODAY)
    assert page.context["count"] == told
    assert f"{told} things wait for you" in page.content.decode()
    assert page.content.decode().count("Look and take") == min(waiting, 10)
    assert (f"{waiting - 10} more conversation" in page.content.decode()) is (waiting > 10)
    assert ('href="/inbox/?show=unassigned"' in page.content.decode()) is (waiting > 10)


@pytest.mark.longer
def test_messages_that_did_not_go_out_are_all_counted_and_all_listed(unit: Unit) -> None:
    account = ConnectedAccountFactory.create(unit=unit)
    for number in range(53):
        due_at = timezone.now() - timedelta(hours=number + 1)
        DeliveryFactory.create(account=account, state="failed", text=f"Message {number}.", due_at=due_at)
    client = browser(person_with("spokesperson", unit))
    assert "43 more messages did not go out" in client.get(TODAY).content.decode()
    shown = [re.findall(r"Message (\d+)\.", page) for page in pages(client, reverse("delivery:unresolved"))]
    assert [len(set(page)) for page in shown] == [50, 3]
    assert set().union(*shown) == {str(number) for number in range(53)}


def test_every_dossier_is_on_some_page(unit: Unit) -> None:
    for number in range(53):
        DossierFactory.create(unit=unit, proposed_handle=f"handle-{number}-", state="submitted", round=1)
    client = browser(person_with("auditor", unit))
    shown = [re.findall(r"handle-\d+-", page) for page in pages(client, reverse("accounts_registry:dossier_list"))]
    assert [len(set(page)) for page in shown] == [50, 3]
    assert JustificationDossier.objects.count() == len(set().union(*shown))


@pytest.mark.longer
def test_every_freeze_that_ended_and_every_crisis_that_is_over_is_on_some_page(unit: Unit) -> None:
    person = person_with("crisis_cell", unit)
    for number in range(23):
        at = timezone.now() - timedelta(days=number + 1)
        Hold.objects.create(
            scope="unit", unit=unit, placed_by=person, placed_at=at, lifted_at=at, reason=f"Freeze {number}."
        )
        CrisisFactory.create(unit=unit, state="ended", declared_at=at, ended_at=at, title=f"Crisis {number}.")
    client = browser(person)
    for address, word in ((reverse("delivery:hold_list"), "Freeze"), (reverse("crisis:home"), "Crisis")):
        shown = [set(re.findall(rf"{word} \d+\.", page)) for page in pages(client, address)]
        assert [len(page) for page in shown] == [20, 3]


@action
def happened(account: Account, times: int) -> None:
    for _each in range(times):
        audit.record(verb="account.connected", thing=account, by=None)


@pytest.mark.parametrize(("role", "led"), [("auditor", True), ("newcomer", False)])
@pytest.mark.parametrize(("events", "cut"), [(30, False), (31, True)])
def test_a_long_story_says_that_it_began_earlier(unit: Unit, role: str, led: bool, events: int, cut: bool) -> None:
    account = ConnectedAccountFactory.create(unit=unit)
    happened(account, events)
    page = browser(person_with(role, unit)).get(reverse("accounts_registry:account_detail", args=[account.pk]))
    told = page.content.decode()
    assert ("Earlier events are not shown here." in told) is cut
    trail = f"{reverse('organisation:audit')}?thing=accounts_registry.account%3A{account.pk}"
    assert (trail in told) is (cut and led)
    if cut and led:
        assert len(page.client.get(trail).context["page"].rows) == events
