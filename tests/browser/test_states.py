"""States that one meets seldom: held to axe and to the width of a phone, in the language whose words are longest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db.models.functions import Now
from django.urls import reverse
from playwright.sync_api import Page, expect

from delivery.actions import place_hold
from delivery.enums import COPIES, HoldCause, HoldScope
from delivery.models import Delivery, Hold
from organisation.actions import give_grant, invite_person
from organisation.models import CheckpointPlace, Person
from organisation.sentences import kept
from publishing.tasks import reopen_unbacked
from tests.browser.test_pages import held, looked_at
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.monitoring import StreamFactory
from tests.factories.organisation import PASSWORD, GrantFactory, PersonFactory, UnitFactory, person_with
from tests.factories.publishing import scheduled

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class House:
    head: Person
    second: Person
    local: Person
    writer: Person
    other: Person


@pytest.fixture
def house(db: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)
    Hold.objects.update(lifted_at=Now())
    root = UnitFactory.create(names={"fr": "SPF Finances", "nl": "FOD Financiën"})
    names = {"fr": "Administration générale de la Fiscalité", "nl": "Algemene Administratie van de Fiscaliteit"}
    below = UnitFactory.create(parent=root, names=names)
    people = {"head": "administrator", "second": "administrator"}
    facts = {name: person_with(role, root, name=name, language="fr") for name, role in people.items()}
    for name, role in {"local": "administrator", "writer": "communication_cell", "other": "communication_cell"}.items():
        facts[name] = person_with(role, below, name=name, language="fr")
    GrantFactory.create(person=facts["writer"], role="conversation_manager")
    GrantFactory.create(person=facts["head"], role="auditor")
    return House(**facts)


def people(house: House) -> list[tuple[Person, str]]:
    below = house.local.unit
    new = invite_person(email="n@fin.example", name="Nele", unit=below, language="nl", by=house.head)
    give_grant(person=new, role="administrator", unit=below, by=house.head)
    wide = person_with("newcomer", below)
    GrantFactory.create(person=wide, role="committee_member", unit=house.head.unit)
    page = "organisation:person_detail"
    return [
        (house.second, reverse(page, args=[new.pk])),
        (house.head, reverse(page, args=[new.pk])),
        (house.local, reverse(page, args=[wide.pk])),
        (PersonFactory.create(unit=below, language="fr"), "/"),
    ]


def posts(house: House) -> list[tuple[Person, str]]:
    account = ConnectedAccountFactory.create(unit=house.writer.unit, languages=["fr"])
    gone = person_with("communication_cell", house.writer.unit)
    lost, out = (scheduled(house.writer, who, account) for who in (gone, house.other))
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    reopen_unbacked()
    url = "https://mastodon.example/@fin/1"
    sent = Delivery.objects.filter(origin_id=out.variants.get().pk)
    sent.update(state="published", published_at=Now(), remote_id="1", remote_url=url)
    return [(house.other, lost.get_absolute_url()), (house.other, reverse("publishing:approval", args=[lost.pk]))]


def messages(house: House) -> list[tuple[Person, str]]:
    account = ConnectedAccountFactory.create(unit=house.writer.unit)
    one = ConversationFactory.create(account=account, author_name="\u202eevil\u2066 Anna\u200b", author_handle="anna")
    MentionFactory.create(conversation=one, audience="direct", warning="Santé", text="Question " + "long" * 40)
    StreamFactory.create(account=account, failing_since=one.clock_started_at, problem_code="unavailable")
    return [
        (house.writer, reverse("conversations:conversation", args=[one.pk])),
        (house.writer, reverse("monitoring:stream_list")),
    ]


def seals(house: House) -> list[tuple[Person, str]]:
    words = kept(["[Errno 13] Permission denied: '/var/lib/parvis/seals'"])
    facts = {"reasons": words, "failed_at": Now()}
    CheckpointPlace.objects.update_or_create(name="folder", defaults=facts)
    return [(house.head, reverse("organisation:audit")), (house.head, "/")]


@pytest.mark.parametrize("stops", [people, posts, messages, seals])
def test_what_one_meets_seldom_holds(
    page: Page, live: str, house: House, signed_in: Any, settings: Any, stops: Any
) -> None:
    settings.AUDIT_CHECKPOINTS = "/nowhere/seals"
    page.emulate_media(reduced_motion="reduce")
    wrong = []
    for person, address in stops(house):
        answer = signed_in(page, person).goto(address)
        assert answer is not None
        assert answer.status == 200, address
        wrong += looked_at(page, "fr")
    held(wrong)


def test_every_freeze_of_parvis_itself_holds(page: Page, live: str, house: House, signed_in: Any) -> None:
    page.emulate_media(reduced_motion="reduce")
    wrong = []
    for cause in [*COPIES, HoldCause.NEW_SYSTEM, HoldCause.AWAY]:
        Hold.objects.update(lifted_at=Now(), lift_reason="Vu")
        Hold.objects.create(scope=HoldScope.ORGANISATION, cause=cause)
        signed_in(page, house.head).goto(reverse("delivery:hold_list"))
        wrong += looked_at(page, "fr") if cause == COPIES[0] else []
        lifts = page.locator("main details.danger-act")
        expect(lifts).to_have_count(0 if cause == HoldCause.AWAY else 1)
    Hold.objects.update(lifted_at=Now())
    place_hold(scope=HoldScope.UNIT, unit=house.local.unit, reason="Panne", by=house.head)
    signed_in(page, house.local).goto(reverse("delivery:hold_list"))
    wrong += looked_at(page, "fr")
    held(wrong)


def test_the_app_from_set_up_to_leaving_it(page: Page, live: str, house: House, axe: Any) -> None:
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": live}])
    person = person_with("newcomer", house.local.unit, email="app@fin.example", language="en")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/me/login/?next=/me/two-step/totp/activate/")
    expect(page.get_by_text("the page that you asked for opens")).to_be_visible()
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Password").fill(PASSWORD)
    expect(page.get_by_role("link", name="Leave everything as it is")).to_be_visible()
    page.get_by_role("button", name="Confirm").click()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Use this app").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    axe(page)
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", name="Two-step sign-in")).to_be_visible()
    assert not Authenticator.objects.filter(user=person).exists()
