"""The advice of ICT/security: asked for when a dossier passes the check, on exactly that, and before any decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_registry.actions import (
    accept_dossier,
    cast_vote,
    decide,
    defer_dossier,
    give_advice,
    return_dossier,
    submit_dossier,
)
from accounts_registry.enums import DossierState
from accounts_registry.models import Account, Advice, JustificationDossier
from accounts_registry.queries import waiting_for
from accounts_registry.queries.advice_notices import ADVICE_KINDS
from accounts_registry.queries.dossier_document import document_of
from organisation.lifecycle import Conflict, Outdated, Refused
from organisation.models import AuditEvent, Person
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import AdviceFactory, DossierFactory
from tests.factories.organisation import GrantFactory, person_with

pytestmark = pytest.mark.django_db
KIND = ADVICE_KINDS[0]


@pytest.fixture
def adviser(house: House) -> Person:
    return person_with("ict_security", house.root, works_in=house.members[0].unit, name="Adviser")


@pytest.fixture
def dossier(house: House) -> JustificationDossier:
    """Before the committee, and two have voted for it."""
    made = DossierFactory.create(
        unit=house.unit, requested_by=house.author, owner=house.author, state=DossierState.SUBMITTED, round=1
    )
    accept_dossier(dossier=made, by=house.chair)
    for member in house.members[:2]:
        cast_vote(dossier=made, by=member, choice="for", reason="Useful")
    made.refresh_from_db()
    return made


def advise(dossier: JustificationDossier, by: Person, **other: object) -> Advice:
    facts = {"opinion": "with_points", "reasons": "Sound", "points": ["A second factor"], "seen_round": dossier.round}
    return give_advice(dossier=dossier, by=by, **{**facts, **other})


@pytest.mark.parametrize("outcome", ["approve", "refuse"])
def test_nothing_is_decided_without_it_whatever_the_votes_say(
    house: House, adviser: Person, dossier: JustificationDossier, outcome: str
) -> None:
    if outcome == "refuse":
        for member in house.members[:2]:
            cast_vote(dossier=dossier, by=member, choice="against", reason="No")
    with pytest.raises(Refused, match="Ask for it: Adviser"):
        decide(dossier=dossier, by=house.chair, reasons="Useful")
    assert not Account.objects.exists()
    advise(dossier, adviser)
    assert decide(dossier=dossier, by=house.chair, reasons="Useful").outcome == outcome


def test_where_nobody_may_advise_it_is_said_whom_to_ask(house: House, dossier: JustificationDossier) -> None:
    with pytest.raises(Refused, match="Ask an administrator of the whole organisation"):
        decide(dossier=dossier, by=house.chair, reasons="Useful")
    person_with("administrator", house.root, name="Keeper of roles")
    with pytest.raises(Refused, match="to give somebody that role: Keeper of roles"):
        decide(dossier=dossier, by=house.chair, reasons="Useful")


def test_what_passed_to_the_committee_before_there_was_an_advice_goes_its_way(house: House) -> None:
    old = DossierFactory.create(unit=house.unit, state=DossierState.IN_REVIEW, round=1)
    assert old.advice_asked_at is None
    for member in house.members[:2]:
        cast_vote(dossier=old, by=member, choice="for", reason="Useful")
    decide(dossier=old, by=house.chair, reasons="Useful")
    assert old.is_approved


def test_an_advice_is_on_one_submission_and_the_next_one_needs_another(
    house: House, adviser: Person, dossier: JustificationDossier
) -> None:
    advise(dossier, adviser)
    defer_dossier(dossier=dossier, by=house.chair, reason="Say more")
    return_dossier(dossier=dossier, by=house.chair, reason="Say more")
    submit_dossier(dossier=dossier, by=house.author)
    with pytest.raises(Conflict):
        advise(dossier, adviser)
    accept_dossier(dossier=dossier, by=house.chair)
    dossier.refresh_from_db()
    with pytest.raises(Outdated, match="returned and changed"):
        advise(dossier, adviser, seen_round=1)
    for member in house.members[:2]:
        cast_vote(dossier=dossier, by=member, choice="for", reason="Useful")
    with pytest.raises(Refused, match="has not advised"):
        decide(dossier=dossier, by=house.chair, reasons="Useful")
    advise(dossier, adviser, opinion="favourable", points=[])
    decide(dossier=dossier, by=house.chair, reasons="Useful")
    assert [one.round for one in Advice.objects.all()] == [1, 2]


def test_it_is_given_once(house: House, adviser: Person, dossier: JustificationDossier) -> None:
    advise(dossier, adviser)
    with pytest.raises(Refused, match="Adviser has given the advice already"):
        advise(dossier, adviser, opinion="unfavourable")
    assert Advice.objects.get().opinion == "with_points"
    with pytest.raises(IntegrityError), transaction.atomic():
        AdviceFactory.create(dossier=dossier)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"opinion": "perhaps"}, "offered"),
        ({"reasons": " "}, "why you advise"),
        ({"points": [" "]}, "what is to be settled"),
        ({"opinion": "favourable"}, "favourable with points"),
        ({"points": ["x" * 501]}, "at most 500 signs"),
        ({"points": ["x"] * 21}, "At most 20 points"),
    ],
)
def test_what_is_no_advice_is_refused_in_words(
    adviser: Person, dossier: JustificationDossier, facts: dict[str, object], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        advise(dossier, adviser, **facts)
    assert not Advice.objects.exists()


def test_who_wrote_it_or_would_hold_it_does_not_advise(house: House, dossier: JustificationDossier) -> None:
    for own in (house.author, dossier.backup_holder):
        assert own is not None
        GrantFactory.create(person=own, role="ict_security", unit=house.root)
        with pytest.raises(PermissionDenied, match="You w"):
            advise(dossier, Person.objects.get(pk=own.pk))
    for nobody in (house.chair, house.members[0]):
        with pytest.raises(PermissionDenied):
            advise(dossier, nobody)


# ---- Asked for ------------------------------------------------------------------------------------------------------
def test_it_is_asked_for_by_a_notice_and_again_when_it_waits_long(
    house: House, adviser: Person, dossier: JustificationDossier
) -> None:
    GrantFactory.create(person=house.author, role="ict_security", unit=house.root)  # wrote it: is not asked
    assert [title.title for title in waiting_for(adviser)] == [dossier.title]
    about = KIND.about(dossier.pk)
    assert about is not None
    assert [one.name for one in about.people] == ["Adviser"]
    assert "Without it the committee cannot decide" in str(about.words)
    assert [key for key, _pk in KIND.standing()] == [about.key]
    JustificationDossier.objects.update(advice_asked_at=timezone.now() - timedelta(days=6))
    again = KIND.about(dossier.pk)
    assert again is not None
    assert again.key != about.key
    assert "still waits" in str(again.words)
    assert [key for key, _pk in KIND.standing()] == [again.key]
    advise(dossier, adviser)
    assert (list(KIND.standing()), KIND.about(dossier.pk), waiting_for(adviser)) == ([], None, [])


# ---- On pages -------------------------------------------------------------------------------------------------------
def page(person: Person, dossier: JustificationDossier, name: str = "dossier_detail") -> str:
    client = Client()
    client.force_login(person)
    return client.get(reverse(f"accounts_registry:{name}", args=[dossier.pk])).content.decode()


def test_the_committee_reads_it_with_the_evidence_and_decides_only_then(
    house: House, adviser: Person, dossier: JustificationDossier
) -> None:
    before = page(house.chair, dossier)
    assert "Ask for it: Adviser" in before
    assert "Record the approval" not in before
    client = Client()
    client.force_login(adviser)
    address = reverse("accounts_registry:dossier_advise", args=[dossier.pk])
    form = client.get(address).content.decode()
    assert dossier.objective in form
    said = {"opinion": "with_points", "reasons": "Shared password", "points": "A vault\n\n A second  factor "}
    stale = client.post(address, {**said, "seen_round": 0})
    assert (stale.status_code, Advice.objects.count()) == (422, 0)
    assert "Shared password" in stale.content.decode()
    assert client.post(address, {**said, "seen_round": 1}).status_code == 302
    assert Advice.objects.get().points == ["A vault", "A second factor"]
    assert client.get(address).status_code == 302
    after = page(house.chair, dossier)
    for words in ("Favourable with points", "Shared password", "A second factor", "Record the approval"):
        assert words in after


def test_the_file_of_the_dossier_tells_it(house: House, adviser: Person, dossier: JustificationDossier) -> None:
    advise(dossier, adviser)
    told = repr(document_of(dossier, "nl").blocks)
    assert "A second factor" in told
    assert "Adviser" in told


def test_over_the_api(house: House, adviser: Person, dossier: JustificationDossier) -> None:
    client = Client()
    client.force_login(adviser)
    address = f"/api/v1/dossiers/{dossier.pk}/advice/"
    facts = {"opinion": "unfavourable", "reasons": "No vault"}
    assert client.post(address, facts, content_type="application/json").status_code == 400
    given = client.post(address, {**facts, "round": 1}, content_type="application/json")
    assert [(one["opinion"], one["given_by"]["name"]) for one in given.json()] == [("unfavourable", "Adviser")]
    assert client.get(address).json() == given.json()
    assert AuditEvent.objects.get(verb="dossier.advised").details == {
        "opinion": "unfavourable",
        "reason": "No vault",
        "points": [],
    }
    client.force_login(house.author)
    assert client.post(address, {**facts, "round": 1}, content_type="application/json").status_code == 403
