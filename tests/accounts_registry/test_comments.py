"""Comments on a dossier: who says something, who is told, how one is settled, and that none is deleted."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts_registry.actions import comment_on_dossier, reopen_comment, resolve_comment, withdraw_comment
from accounts_registry.enums import DossierState
from accounts_registry.models import DossierComment, JustificationDossier
from accounts_registry.queries.comment_notices import COMMENT_KINDS
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent, Person
from tests.accounts_registry.conftest import House
from tests.factories.accounts_registry import CommentFactory, DossierFactory
from tests.factories.machines import key_for, machine_of
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db
KIND = COMMENT_KINDS[0]


@pytest.fixture
def dossier(house: House) -> JustificationDossier:
    made: JustificationDossier = DossierFactory.create(
        unit=house.unit, requested_by=house.author, state=DossierState.SUBMITTED, round=1
    )
    return made


def say(dossier: JustificationDossier, by: Person, text: str = "Who answers at weekends?", **other: Any) -> Any:
    return comment_on_dossier(dossier=dossier, by=by, text=text, **other)


def people_told(comment: DossierComment) -> list[str]:
    about = KIND.about(comment.pk)
    return [one.name for one in about.people] if about else []


def test_who_asked_and_who_commented_before_are_told_until_it_is_settled(
    house: House, dossier: JustificationDossier
) -> None:
    first = say(dossier, house.members[0])
    assert people_told(first) == ["Author"]
    second = say(dossier, house.author, "Nadia does")
    assert people_told(second) == ["Member 0"]
    third = say(dossier, house.chair, "Then say so", question="duty_hours")
    assert people_told(third) == ["Author", "Member 0"]
    assert [key for key, _pk in KIND.standing()] == [str(one.pk) for one in (first, second, third)]
    resolve_comment(comment=first, by=house.author)
    assert people_told(first) == []
    assert [key for key, _pk in KIND.standing()] == [str(one.pk) for one in (second, third)]


def test_who_only_reads_has_no_say_and_who_does_not_see_it_neither(house: House, dossier: JustificationDossier) -> None:
    for nobody in (
        person_with("auditor", house.root),
        person_with("communication_cell", UnitFactory.create(parent=house.root)),
        person_with("newcomer", house.unit),
    ):
        with pytest.raises(PermissionDenied, match="Whoever writes, checks"):
            say(dossier, nobody)
    for one in (house.members[0], house.chair, house.author, person_with("ict_security", house.root)):
        say(dossier, one)


def test_a_program_that_may_only_read_says_nothing(house: House, dossier: JustificationDossier) -> None:
    _key, secret = key_for(machine_of(house.author, "communication_cell"), "dossier.view")
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    answer = client.post(f"/api/v1/dossiers/{dossier.pk}/comments/", {"text": "Bip"}, content_type="application/json")
    assert (answer.status_code, DossierComment.objects.count()) == (403, 0)


def test_it_is_settled_by_who_wrote_it_who_writes_the_dossier_or_who_checks_it(
    house: House, dossier: JustificationDossier
) -> None:
    comment = say(dossier, house.members[0])
    with pytest.raises(Refused, match="settled by who wrote it"):
        resolve_comment(comment=comment, by=house.members[1])
    for one in (house.members[0], house.author, house.chair):
        settled = resolve_comment(comment=comment, by=one)
        assert settled.settled_by == one
        with pytest.raises(Conflict):
            resolve_comment(comment=comment, by=one)
        assert reopen_comment(comment=comment, by=one).settled_by is None


def test_a_withdrawn_comment_says_that_it_was_and_its_words_are_gone(
    house: House, dossier: JustificationDossier
) -> None:
    comment = say(dossier, house.members[0], "An unkind word")
    with pytest.raises(Refused, match="Only who wrote a comment"):
        withdraw_comment(comment=comment, by=house.chair)
    withdraw_comment(comment=comment, by=house.members[0])
    kept = DossierComment.objects.get()
    assert (kept.state, kept.text, kept.author) == ("withdrawn", "", house.members[0])
    with pytest.raises(Conflict):
        reopen_comment(comment=comment, by=house.members[0])
    page = page_of(house.author, dossier)
    assert "Withdrawn by who wrote it" in page
    assert "An unkind word" not in page
    assert "unkind" not in repr(list(AuditEvent.objects.values_list("details", flat=True)))


@pytest.mark.parametrize(("facts", "why"), [({"text": " "}, "what you have to say"), ({"question": "x"}, "a question")])
def test_what_is_no_comment_is_refused(
    house: House, dossier: JustificationDossier, facts: dict[str, str], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        say(dossier, house.author, **facts)


# ---- On pages -------------------------------------------------------------------------------------------------------
def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(person: Person, dossier: JustificationDossier, cursor: str = "") -> str:
    address = reverse("accounts_registry:dossier_detail", args=[dossier.pk])
    return as_(person).get(address, {"page": cursor} if cursor else None).content.decode()


def test_it_is_written_on_the_page_and_leads_to_its_question(house: House, dossier: JustificationDossier) -> None:
    client, place = as_(house.members[0]), reverse("accounts_registry:dossier_comment", args=[dossier.pk])
    empty = client.post(place, {"text": "", "question": "objective"})
    assert (empty.status_code, DossierComment.objects.count()) == (422, 0)
    assert "Say what you have to say." in empty.content.decode()
    assert client.post(place, {"text": "For whom?", "question": "objective"}).status_code == 302
    page = page_of(house.author, dossier)
    for words in ("For whom?", 'href="#answer-objective"', 'id="answer-objective"', "Settle this comment"):
        assert words in page
    assert "Withdraw this comment" not in page
    act = reverse("accounts_registry:comment_resolve", args=[DossierComment.objects.get().pk])
    assert as_(house.author).post(act).status_code == 302
    assert "Settled by Author" in page_of(house.members[0], dossier)
    assert as_(house.members[1]).post(act).status_code == 409
    again = reverse("accounts_registry:comment_reopen", args=[DossierComment.objects.get().pk])
    refused = as_(house.members[1]).post(again)
    assert (refused.status_code, "settled by who wrote it" in refused.content.decode()) == (422, True)


@pytest.mark.longer
def test_they_page_by_key_and_cost_the_same_however_many(house: House, dossier: JustificationDossier) -> None:
    def costs() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page_of(house.author, dossier)
        return len(queries)

    CommentFactory.create(dossier=dossier, author=house.members[0])
    page_of(house.author, dossier)
    one = costs()
    for n in range(22):
        CommentFactory.create(dossier=dossier, author=house.members[n % 3], text=f"Comment {n}.")
    assert costs() == one
    client = as_(house.author)
    first = client.get(reverse("accounts_registry:dossier_detail", args=[dossier.pk]))
    page = first.context["comments"]["page"]
    assert len(page.rows) == 20
    assert "Comment 0." not in first.content.decode()
    assert "Comment 0." in page_of(house.author, dossier, page.next)


# ---- Over the API ---------------------------------------------------------------------------------------------------
def test_over_the_api(house: House, dossier: JustificationDossier) -> None:
    client, address = as_(house.members[0]), f"/api/v1/dossiers/{dossier.pk}/comments/"
    wrong = client.post(address, {"text": "x", "question": "nothing"}, content_type="application/json")
    assert wrong.status_code == 400
    made = client.post(address, {"text": "For whom?", "question": "objective"}, content_type="application/json")
    assert (made.status_code, made.json()["author"]["name"]) == (201, "Member 0")
    listed = client.get(address).json()
    assert [one["text"] for one in listed["results"]] == ["For whom?"]
    one = f"/api/v1/comments/{made.json()['id']}/"
    assert client.post(f"{one}resolve/").json()["state"] == "resolved"
    assert client.post(f"{one}reopen/").json()["state"] == "open"
    assert as_(house.chair).post(f"{one}withdraw/").status_code == 400
    assert client.post(f"{one}withdraw/").json()["text"] == ""
    assert client.get(one).json()["state"] == "withdrawn"
