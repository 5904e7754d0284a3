"""An id of another unit inside what is sent: refused, and nothing written. The same request with one's own passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse

from accounts_registry.models import Account
from organisation.models import Person, Unit
from tests.architecture import rows
from tests.architecture.asking import send, visitor
from tests.architecture.world import World
from tests.factories.accounts_registry import ConnectedAccountFactory, SightingFactory, in_a_year, typed_answers
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.monitoring import SourceFactory
from tests.factories.organisation import PersonFactory
from tests.factories.publishing import TEXT

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Place:
    """A unit with an account and somebody in it, to be named in what is sent."""

    unit: Unit
    account: Account
    colleague: Person


@dataclass(frozen=True)
class Attempt:
    """`role`, held in one unit only, sends `data` of a place to an address, which its own place may fill."""

    url: str
    role: str
    data: Callable[[Place], dict[str, Any]]
    at: Callable[[Place], int] | None = None

    def __str__(self) -> str:
        return self.url


def _post(place: Place) -> dict[str, Any]:
    return {"title": "A", "language": "fr", "core_text": TEXT, "accounts": [place.account.pk], "version": 0}


def _conversation(place: Place) -> int:
    return int(MentionFactory.create(conversation=ConversationFactory.create(account=place.account)).conversation.pk)


WATCH = {
    "name": "A",
    "query": "impôts",
    "purpose": "A",
    "legal_basis": "public_task",
    "law": "A",
    "dpia_reference": "A",
    "expires_on": in_a_year().replace(day=1).isoformat(),
}
CRISIS = {"title": "A", "reason": "A", "level": "local", "severity": 1, "freeze_scope": "none"}
DOSSIER = {"platform": "mastodon", "account_kind": "page", "proposed_handle": "new", "languages": ["fr"]}
SIGHTING = {"account": "https://x.com/tax", "kind": "wild", "found": "hand"}
NONE = {"since": "2026-07-01", "until": "2026-09-30", "how": "A"}
ATTEMPTS = [
    Attempt("publishing:post_new", rows.NEWCOMER, lambda place: {**_post(place), "unit": "own"}),
    Attempt("publishing:post_new", rows.NEWCOMER, lambda place: {**_post(place), "unit": place.unit.pk}),
    Attempt(
        "post-list",
        rows.NEWCOMER,
        lambda place: {"unit": place.unit.slug, "title": "A", "language": "fr", "core_text": TEXT},
    ),
    Attempt(
        "accounts_registry:dossier_new",
        rows.ACCOUNTS,
        lambda place: {**DOSSIER, **typed_answers("account"), "unit": place.unit.pk},
    ),
    Attempt("dossier-list", rows.ACCOUNTS, lambda place: {**DOSSIER, "unit": place.unit.slug}),
    Attempt("accounts_registry:sighting_new", rows.NEWCOMER, lambda place: {**SIGHTING, "unit": place.unit.pk}),
    Attempt(
        "accounts_registry:sighting_new",
        rows.NEWCOMER,
        lambda place: {**SIGHTING, "unit": "own", "imitates": place.account.pk},
    ),
    Attempt("sighting-list", rows.NEWCOMER, lambda place: {**SIGHTING, "unit": place.unit.slug}),
    Attempt("accounts_registry:nil_return_new", rows.ACCOUNTS, lambda place: {**NONE, "unit": place.unit.pk}),
    Attempt("nil-return-list", rows.ACCOUNTS, lambda place: {**NONE, "unit": place.unit.slug}),
    Attempt(
        "sighting-merge",
        rows.ACCOUNTS,
        lambda place: {"reason": "A", "into": place.account.pk},
        at=lambda place: int(SightingFactory.create(unit=place.unit, state="explained").pk),
    ),
    Attempt("delivery:hold_new", rows.CRISIS, lambda place: {"scope": "unit", "unit": place.unit.pk, "reason": "A"}),
    Attempt(
        "delivery:hold_new",
        rows.CRISIS,
        lambda place: {"scope": "account", "account": place.account.pk, "reason": "A"},
    ),
    Attempt(
        "monitoring:watch_new",
        rows.CONVERSATIONS,
        lambda place: {**WATCH, "account": place.account.pk, "owner": "self"},
    ),
    Attempt(
        "monitoring:source_edit",
        rows.CONVERSATIONS,
        lambda place: {**WATCH, "title": "A", "owner": place.colleague.pk},
        at=lambda place: int(SourceFactory.create(unit=place.unit).pk),
    ),
    Attempt("conversations:assign", rows.CONVERSATIONS, lambda place: {"to": place.colleague.pk}, at=_conversation),
    Attempt("conversation-assign", rows.CONVERSATIONS, lambda place: {"to": place.colleague.pk}, at=_conversation),
    Attempt(
        "crisis:playbook_new",
        rows.CRISIS,
        lambda place: {"unit": place.unit.pk, "title": "A", "summary": "A", "before": "A", "during": "A", "after": "A"},
    ),
    Attempt(
        "organisation:person_invite",
        rows.ADMINISTRATOR,
        lambda place: {"name": "A", "email": "a@example.test", "unit": place.unit.pk, "language": "fr"},
    ),
    Attempt(
        "organisation:grant_give",
        rows.ADMINISTRATOR,
        lambda place: {"role": "newcomer", "unit": place.unit.pk},
        at=lambda place: place.colleague.pk,
    ),
]


def _place(unit: Unit) -> Place:
    """Its colleague may answer, in this unit alone."""
    colleague = PersonFactory.create(unit=unit)
    colleague.grants.create(role=rows.CONVERSATIONS, unit=unit)
    return Place(unit, ConnectedAccountFactory.create(unit=unit), colleague)


@pytest.mark.slow
@pytest.mark.parametrize("attempt", ATTEMPTS, ids=str)
def test_what_is_another_units_is_not_taken(attempt: Attempt, world: World) -> None:
    own, foreign = _place(world.elsewhere), _place(world.here)
    person = world.outsiders[attempt.role]
    path = reverse(attempt.url, args=[attempt.at(own)] if attempt.at else [])
    fixed = {"own": own.unit.pk, "self": person.pk}

    def told(place: Place) -> dict[str, Any]:
        return {name: fixed.get(str(value), value) for name, value in attempt.data(place).items()}

    accepted = send(visitor(world, person), path, "POST", told(own))
    assert accepted.status in {200, 201, 302}
    assert accepted.events >= 1
    refused = send(visitor(world, person), path, "POST", told(foreign))
    assert refused.status in {400, 403, 404, 422}
    assert refused.events == 0


@pytest.mark.parametrize("scope", ["organisation", "unit"])
def test_a_freeze_over_everything_is_not_for_who_leads_one_unit(scope: str, world: World) -> None:
    client = visitor(world, world.outsiders[rows.CRISIS])
    answer = send(client, reverse("delivery:hold_new"), "POST", {"scope": scope, "unit": world.root.pk, "reason": "A"})
    assert (answer.status, answer.events) == (422, 0)


def test_a_crisis_is_declared_where_one_leads_and_nowhere_else(world: World) -> None:
    reader = world.readers[rows.CRISIS]
    path = reverse("crisis:declare", kwargs=world.address_of("playbook"))
    client = visitor(world, reader)
    assert send(client, path, "POST", {**CRISIS, "unit": world.elsewhere.pk}).status == 302
    refused = send(client, path, "POST", {**CRISIS, "unit": world.here.pk})
    assert (refused.status, refused.events) == (422, 0)


def test_the_frame_does_not_narrow_to_a_unit_out_of_sight(world: World) -> None:
    client = visitor(world, world.outsiders[rows.NEWCOMER])
    client.post(reverse("choose_unit"), {"unit": world.here.slug})
    assert client.session["unit"] is None
