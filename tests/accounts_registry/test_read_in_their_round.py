"""What is done to a dossier is done to what was read: in another round its words may be others."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts_registry import actions
from accounts_registry.models import JustificationDossier
from tests.factories.accounts_registry import DossierFactory
from tests.factories.organisation import person_with

pytestmark = pytest.mark.django_db

# Verb → the state it begins in.
ACTS = {
    "accept": "submitted",
    "return": "submitted",
    "defer": "in_review",
    "resume": "deferred",
    "withdraw": "submitted",
}


def asked(verb: str) -> tuple[JustificationDossier, Any]:
    """A dossier in its second round, and somebody who may."""
    dossier = DossierFactory.create(state=ACTS[verb], round=2)
    role = "communication_cell" if verb == "withdraw" else "committee_chair"
    return dossier, person_with(role, dossier.unit)


@pytest.mark.parametrize("verb", ACTS)
def test_a_page_that_showed_an_earlier_round_does_nothing(client: Client, verb: str) -> None:
    dossier, person = asked(verb)
    client.force_login(person)
    target = reverse(f"accounts_registry:dossier_{verb}", args=[dossier.pk])
    for told in ({"content_hash": "1"}, {"content_hash": "x"}, {}):
        answer = client.post(target, {"reason": "Because", **told})
        assert answer.status_code == 422
        assert "returned and changed since you opened the page" in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.state == ACTS[verb]
    assert client.post(target, {"reason": "Because", "content_hash": "2"}).status_code == 302
    dossier.refresh_from_db()
    assert dossier.state != ACTS[verb]


@pytest.mark.parametrize("verb", ACTS)
def test_a_program_names_the_round_that_it_read(client: Client, verb: str) -> None:
    dossier, person = asked(verb)
    client.force_login(person)
    target = reverse(f"dossier-{verb}", args=[dossier.pk])
    assert client.post(target, {"reason": "Because"}, content_type="application/json").status_code == 400
    stale = client.post(target, {"reason": "Because", "round": 1}, content_type="application/json")
    assert stale.status_code == 409
    dossier.refresh_from_db()
    assert dossier.state == ACTS[verb]
    fresh = client.post(target, {"reason": "Because", "round": 2}, content_type="application/json")
    assert fresh.status_code == 200, fresh.content


def test_the_page_shows_its_round_with_each_act(client: Client) -> None:
    dossier, chair = asked("accept")
    client.force_login(chair)
    page = client.get(reverse("accounts_registry:dossier_detail", args=[dossier.pk])).content.decode()
    assert page.count('name="content_hash" value="2"') >= 2


def test_what_was_accepted_in_another_round_fixes_no_seats() -> None:
    dossier, chair = asked("accept")
    with pytest.raises(Exception, match="returned and changed"):
        actions.accept_dossier(dossier=dossier, by=chair, seen_round=1)
    assert not dossier.seats.exists()
