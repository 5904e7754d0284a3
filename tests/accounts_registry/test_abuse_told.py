"""Who is told of abuse, on Today and by notices, and what a conversation hands over."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts_registry.actions import confirm_abuse, dismiss_abuse, notify_network
from accounts_registry.models import Sighting
from accounts_registry.queries import waiting_for
from conversations.models import Conversation
from notices.models import Addressee, Notice
from organisation.models import Person, Unit
from tests.factories.accounts_registry import AbuseCaseFactory, AccountFactory, ConnectedAccountFactory, SightingFactory
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with
from tests.notices.conftest import look

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db: None) -> Unit:
    return UnitFactory.create(names={"fr": "SPF Finances"})


@pytest.fixture
def manager(unit: Unit) -> Person:
    return person_with("account_manager", unit, name="Max")


def told(kind: str) -> set[str]:
    look(kind)
    standing = Addressee.objects.filter(notice__kind=kind, notice__settled_at=None)
    return {one.person.name for one in standing.select_related("person")}


def acts(person: Person) -> list[str]:
    return [str(one.act) for one in waiting_for(person)]


def test_a_report_is_told_to_who_keeps_the_register_but_not_to_who_reported(unit: Unit, manager: Person) -> None:
    person_with("spokesperson", unit, name="Sofie")
    person_with("newcomer", unit, name="Nico")
    person_with("account_manager", UnitFactory.create(), name="Elsewhere")
    case = AbuseCaseFactory.create(sighting__unit=unit, sighting__reported_by=manager, sighting__handle="janpeeters")
    assert told("abuse_reported") == {"Sofie"}
    assert "janpeeters" not in Notice.objects.get().told
    dismiss_abuse(case=case, by=manager, reason="A fan")
    assert told("abuse_reported") == set()


def test_a_confirmed_case_tells_the_holders_of_the_imitated_account(unit: Unit, manager: Person) -> None:
    account = AccountFactory.create(unit=unit, dossier__owner__name="Owen", dossier__backup_holder__name="Bram")
    for holder in (account.owner, account.backup_holder):
        GrantFactory.create(person=holder, role="newcomer", unit=unit)
    case = AbuseCaseFactory.create(sighting__unit=unit, sighting__imitates=account)
    assert told("abuse_confirmed") == set()
    confirm_abuse(case=case, by=manager)
    assert told("abuse_confirmed") == {"Owen", "Bram"}


def test_today_says_what_to_do_next(unit: Unit, manager: Person) -> None:
    case = AbuseCaseFactory.create(sighting__unit=unit)
    sighting = SightingFactory.create(unit=unit)
    assert acts(manager) == ["Confirm or dismiss it", "Contact who runs it"]
    assert acts(person_with("newcomer", unit)) == []
    assert acts(person_with("account_manager", UnitFactory.create())) == []
    confirm_abuse(case=case, by=manager)
    assert acts(manager) == ["Report it to the network", "Contact who runs it"]
    notify_network(case=case, by=manager, reference="T1")
    sighting.state = "explained"
    sighting.save()
    assert acts(manager) == ["Decide what becomes of it"]


def test_ones_own_report_waits_for_somebody_else(unit: Unit, manager: Person) -> None:
    AbuseCaseFactory.create(sighting__unit=unit, sighting__reported_by=manager)
    assert acts(manager) == []


def test_many_are_told_in_one_line(unit: Unit, manager: Person) -> None:
    for _ in range(7):
        SightingFactory.create(unit=unit, reported_by=PersonFactory.create(unit=unit))
    lines = waiting_for(manager)
    assert [(str(one.title), one.count) for one in lines][5:] == [("2 more wild accounts", 2)]


# ---- From a conversation --------------------------------------------------------------------------------------------
def asked(person: Person, conversation: Conversation) -> tuple[int, str]:
    client = Client()
    client.force_login(person)
    answer = client.get(f"/inbox/{conversation.pk}/impersonation/")
    return answer.status_code, answer.content.decode()


@pytest.fixture
def conversation(unit: Unit) -> Conversation:
    account = ConnectedAccountFactory.create(unit=unit, network="x", base_url="https://x.com")
    facts = {"author_handle": "spf_financs", "author_name": "SPF Financs", "category": "impersonation"}
    return MentionFactory.create(conversation=ConversationFactory.create(account=account, **facts)).conversation


def test_a_conversation_about_it_hands_over_the_public_name(unit: Unit, conversation: Conversation) -> None:
    keeper = person_with("conversation_manager", unit)
    status, page = asked(keeper, conversation)
    assert status == 200
    assert 'value="https://x.com/spf_financs"' in page
    client = Client()
    client.force_login(keeper)
    assert f"/inbox/{conversation.pk}/impersonation/" in client.get(f"/inbox/{conversation.pk}/").content.decode()
    sent = {"account": "https://x.com/spf_financs", "network": "x", "unit": unit.pk, "kind": "impersonation"}
    facts = {**sent, "found": "conversation", "imitates": conversation.account_id}
    assert client.post(f"/inbox/{conversation.pk}/impersonation/", facts).status_code == 302
    made = Sighting.objects.get()
    assert (made.found, made.handle, made.imitates) == ("conversation", "spf_financs", conversation.account)
    assert made.words_seen == "", "nothing that the citizen wrote goes along"


def test_of_any_other_conversation_nothing_is_handed_over(unit: Unit, conversation: Conversation) -> None:
    keeper = person_with("conversation_manager", unit)
    Conversation.objects.update(category="question")
    assert asked(keeper, conversation)[0] == 404
    Conversation.objects.update(category="impersonation")
    assert asked(person_with("conversation_manager", UnitFactory.create()), conversation)[0] == 404
    assert asked(person_with("auditor", unit), conversation)[0] == 403
