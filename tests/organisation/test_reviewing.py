"""Access reviews: who confirms whose role, what lapses by the date, and what does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organisation.actions import (
    call_off_review,
    confirm_line,
    end_reviews,
    give_grant,
    revoke_grant,
    start_review,
    strike_line,
)
from organisation.clock import database_today
from organisation.lifecycle import Conflict, Refused
from organisation.models import AccessReview, AuditEvent, Grant, Person, ReviewLine, Unit
from organisation.queries import waiting_for
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with
from tests.locking import locks_taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db: None) -> Unit:
    return UnitFactory.create(slug="fin")


@pytest.fixture
def ada(root: Unit) -> Person:
    return person_with("administrator", root, name="Ada")


@pytest.fixture
def newcomer(root: Unit) -> Person:
    return person_with("newcomer", root, name="Noor")


def start(unit: Unit, by: Person, days: int = 7) -> AccessReview:
    return start_review(unit=unit, last_day=database_today() + timedelta(days=days), reason="Once a year", by=by)


def line_of(person: Person, review: AccessReview | None = None) -> ReviewLine:
    lines = ReviewLine.objects.filter(grant__person=person).select_related("grant__unit", "grant__person", "review")
    return (lines.filter(review=review) if review else lines).get()


def let_it_end(review: AccessReview) -> None:
    """As if the date had come, by the database's clock."""
    hours = timedelta(hours=1)
    AccessReview.objects.filter(pk=review.pk).update(
        started_at=timezone.now() - 2 * hours, due_at=timezone.now() - hours
    )
    end_reviews(seconds=5)
    review.refresh_from_db()


def in_force(person: Person) -> bool:
    return Grant.objects.in_force().filter(person=person).exists()


# ---- Started ---------------------------------------------------------------------------------------------------------
def test_each_role_in_force_there_and_below_becomes_a_line(root: Unit, ada: Person, newcomer: Person) -> None:
    below, beside = UnitFactory.create(parent=root), UnitFactory.create()
    deep, elsewhere = person_with("newcomer", below), person_with("newcomer", beside)
    for facts in (
        {"confirmed_at": None},
        {"until": timezone.now() - timedelta(days=1)},
        {"revoked_at": timezone.now()},
    ):
        GrantFactory.create(person=PersonFactory.create(unit=root), **facts)
    review = start(root, ada)
    assert {line.grant.person for line in review.lines.all()} == {ada, newcomer, deep}
    assert in_force(elsewhere)
    event = AuditEvent.objects.get(verb="access_review.started")
    assert (event.details["lines"], event.details["reason"], event.unit_id) == (3, "Once a year", root.pk)
    wall = review.due_at.astimezone(root.zone)
    assert (wall.date(), wall.hour) == (database_today(root.zone) + timedelta(days=8), 0)


@pytest.mark.parametrize("days", [0, -1])
def test_there_is_a_day_at_least(root: Unit, ada: Person, days: int) -> None:
    with pytest.raises(Refused) as refused:
        start(root, ada, days)
    assert refused.value.field == "last_day"


def test_of_a_unit_one_runs_at_a_time_above_or_below(root: Unit, ada: Person, newcomer: Person) -> None:
    below = UnitFactory.create(parent=root)
    person_with("newcomer", below)
    first = start(below, ada)
    for unit in (root, below):
        with pytest.raises(Refused, match="running already"):
            start(unit, ada)
    call_off_review(review=first, by=ada, reason="Too early")
    again = start(root, ada)
    with pytest.raises(Refused, match="running already"):
        start(below, ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessReview.objects.create(unit=root, started_by=ada, due_at=again.due_at)


def test_only_who_administers_the_unit_starts_one_or_calls_it_off(root: Unit, ada: Person, newcomer: Person) -> None:
    local = person_with("administrator", UnitFactory.create(parent=root))
    for person in (newcomer, local):
        with pytest.raises(PermissionDenied):
            start(root, person)
    review = start(root, ada)
    for person in (newcomer, local):
        with pytest.raises(PermissionDenied):
            call_off_review(review=review, by=person, reason="No")


# ---- Answered --------------------------------------------------------------------------------------------------------
def test_what_is_confirmed_stays_and_what_is_struck_ends_at_once(root: Unit, ada: Person, newcomer: Person) -> None:
    other = person_with("newcomer", root)
    review = start(root, ada)
    confirm_line(line=line_of(newcomer), by=ada)
    strike_line(line=line_of(other), by=ada, reason="Works elsewhere now")
    assert (in_force(newcomer), in_force(other)) == (True, False)
    let_it_end(review)
    assert in_force(newcomer)
    line = line_of(other)
    assert (line.state, line.answered_by, line.reason) == ("struck", ada, "Works elsewhere now")
    verbs = list(AuditEvent.objects.filter(actor_id=ada.pk).order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["access_review.started", "review_line.confirm", "review_line.strike", "grant.revoked"]


def test_nobody_answers_for_themselves_nor_for_whom_they_count_as(root: Unit, ada: Person) -> None:
    hand = person_with("newcomer", root, invited_by=ada)
    start(root, ada)
    for line in (line_of(ada), line_of(hand)):
        with pytest.raises(Refused, match="their own role"):
            confirm_line(line=line, by=ada)
        with pytest.raises(Refused, match="their own role"):
            strike_line(line=line, by=ada, reason="Gone")


def test_nobody_answers_for_who_reaches_beyond_them_or_stands_elsewhere(root: Unit, ada: Person) -> None:
    below = UnitFactory.create(parent=root)
    local, wide = person_with("administrator", below), person_with("newcomer", below)
    GrantFactory.create(person=wide, role="newcomer", unit=root)
    newcomer = person_with("newcomer", root)
    review = start(root, ada)
    of_wide = review.lines.get(grant__person=wide, grant__unit=below)
    for line in (of_wide, line_of(newcomer)):
        with pytest.raises(PermissionDenied):
            confirm_line(line=line, by=local)
        with pytest.raises(PermissionDenied):
            strike_line(line=line, by=local, reason="Gone")
    assert confirm_line(line=of_wide, by=ada).state == "confirmed"


def test_a_line_is_answered_once_and_in_time(root: Unit, ada: Person, newcomer: Person) -> None:
    other = person_with("newcomer", root)
    review = start(root, ada)
    confirm_line(line=line_of(newcomer), by=ada)
    with pytest.raises(Conflict):
        strike_line(line=line_of(newcomer), by=ada, reason="After all")
    assert in_force(newcomer)
    past = timezone.now() - timedelta(hours=1)
    AccessReview.objects.filter(pk=review.pk).update(started_at=past - timedelta(hours=1), due_at=past)
    with pytest.raises(Refused, match="is over"):
        confirm_line(line=line_of(other), by=ada)


def test_a_role_that_ended_meanwhile_is_not_confirmed(root: Unit, ada: Person, newcomer: Person) -> None:
    start(root, ada)
    revoke_grant(grant=newcomer.grants.get(), by=ada)
    with pytest.raises(Refused, match="ended meanwhile"):
        confirm_line(line=line_of(newcomer), by=ada)


def test_who_lost_their_right_answers_no_more(root: Unit, ada: Person, newcomer: Person) -> None:
    second = person_with("administrator", root)
    start(root, ada)
    assert second.held_grants()  # as a request has read them
    revoke_grant(grant=second.grants.get(), by=ada)
    with pytest.raises(PermissionDenied):
        confirm_line(line=line_of(newcomer), by=second)


@pytest.mark.parametrize("act", ["start", "confirm", "strike", "call off"])
def test_each_act_begins_with_the_lock_of_authority(root: Unit, ada: Person, newcomer: Person, act: str) -> None:
    review = start(root, ada) if act != "start" else None
    line = line_of(newcomer) if review else None
    acts: dict[str, Any] = {
        "start": lambda: start(root, ada),
        "confirm": lambda: confirm_line(line=line, by=ada),  # type: ignore[arg-type]
        "strike": lambda: strike_line(line=line, by=ada, reason="Gone"),  # type: ignore[arg-type]
        "call off": lambda: call_off_review(review=review, by=ada, reason="Later"),  # type: ignore[arg-type]
    }
    with locks_taken() as taken:
        acts[act]()
    assert taken[0] == "organisation_unit"


# ---- What nobody confirmed -------------------------------------------------------------------------------------------
def test_what_nobody_confirmed_lapses_and_what_came_later_does_not(root: Unit, ada: Person, newcomer: Person) -> None:
    late, twice = PersonFactory.create(unit=root), person_with("newcomer", root)
    review = start(root, ada)
    give_grant(person=late, role="newcomer", unit=root, by=ada)
    revoke_grant(grant=twice.grants.get(), by=ada)
    again = give_grant(person=twice, role="newcomer", unit=root, by=ada)
    let_it_end(review)
    assert (in_force(newcomer), in_force(late), in_force(twice)) == (False, True, True)
    assert (review.state, line_of(newcomer).state, line_of(twice).state) == ("ended", "lapsed", "over")
    assert Grant.objects.in_force().filter(pk=again.pk).exists()
    told = AuditEvent.objects.filter(actor_id=None).order_by("sequence").values_list("verb", "object_id")
    lapsed = str(newcomer.grants.get().pk)
    assert ("grant.lapsed", lapsed) in told
    assert [verb for verb, _key in told].count("access_review.end") == 1
    assert end_reviews(seconds=1) == 0


def test_nothing_lapses_before_the_date_or_once_called_off(root: Unit, ada: Person, newcomer: Person) -> None:
    review = start(root, ada)
    assert end_reviews(seconds=1) == 0
    call_off_review(review=review, by=ada, reason="Too early")
    let_it_end(review)
    assert (in_force(newcomer), review.state, line_of(newcomer).state) == (True, "called_off", "open")


def test_the_last_administrator_of_the_whole_never_lapses(root: Unit, ada: Person) -> None:
    """Of several whom nobody confirmed, the one of longest standing."""
    Grant.objects.filter(person=ada).update(given_at=timezone.now() - timedelta(days=400))
    younger = person_with("administrator", root)
    review = start(root, ada)
    let_it_end(review)
    assert (in_force(ada), in_force(younger)) == (True, False)
    assert (line_of(ada).state, line_of(younger).state) == ("kept", "lapsed")


def test_many_lapse_in_several_turns(root: Unit, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("organisation.actions.reviewing.AT_ONCE", 2)
    people = [person_with("newcomer", root) for _ in range(5)]
    review = start(root, ada)
    let_it_end(review)
    assert not any(in_force(person) for person in people)
    assert review.state == "ended"


# ---- Pages and API ---------------------------------------------------------------------------------------------------
def test_the_page_starts_confirms_strikes_and_shows_how_far_it_is(
    client: Client, root: Unit, ada: Person, newcomer: Person
) -> None:
    other = person_with("newcomer", root)
    client.force_login(ada)
    sent = {"unit": root.pk, "last_day": f"{database_today() + timedelta(days=7):%Y-%m-%d}", "reason": "Once a year"}
    page = client.post(reverse("organisation:review_new"), sent, follow=True).content.decode()
    assert "0 of 3 roles are answered" in page
    assert "Nobody confirms or strikes their own role" in page
    client.post(reverse("organisation:line_confirm", args=[line_of(newcomer).pk]))
    strike = reverse("organisation:line_strike", args=[line_of(other).pk])
    assert client.post(strike, {"reason": ""}).status_code == 422
    page = client.post(strike, {"reason": "Left"}, follow=True).content.decode()
    assert "2 of 3 roles are answered" in page
    review = AccessReview.objects.get()
    found = client.get(review.get_absolute_url(), {"state": "struck"}).content.decode()
    assert other.name in found
    assert newcomer.name not in found.split("<table")[1].split("</table")[0]


def test_who_administers_a_service_answers_in_a_review_of_the_whole(client: Client, root: Unit, ada: Person) -> None:
    below = UnitFactory.create(parent=root)
    local, theirs = person_with("administrator", below), person_with("newcomer", below, name="Theirs")
    person_with("newcomer", root, name="Strange")
    review = start(root, ada)
    client.force_login(local)
    page = client.get(review.get_absolute_url()).content.decode()
    assert "Theirs" in page
    assert "Strange" not in page
    assert "0 of 2 roles are answered" in page
    assert [one.count for one in waiting_for(local) if "Access review" in str(one.title)] == [1]
    client.post(reverse("organisation:line_confirm", args=[line_of(theirs).pk]))
    assert line_of(theirs).state == "confirmed"


def test_the_api_does_the_same(client: Client, root: Unit, ada: Person, newcomer: Person) -> None:
    client.force_login(ada)
    day = f"{database_today() + timedelta(days=7):%Y-%m-%d}"
    sent = {"unit": "fin", "last_day": day, "reason": "Once a year"}
    made = client.post(reverse("review-list"), sent, content_type="application/json")
    assert made.status_code == 201, made.content
    lines = client.get(reverse("reviewline-list"), {"review": made.json()["id"], "state": "open"}).json()["results"]
    mine, theirs = (next(one for one in lines if one["person"] == who.pk) for who in (ada, newcomer))
    own = client.post(reverse("reviewline-confirm", args=[mine["id"]]))
    assert (own.status_code, "their own role" in own.content.decode()) == (400, True)
    struck = client.post(
        reverse("reviewline-strike", args=[theirs["id"]]), {"reason": "Left"}, content_type="application/json"
    )
    assert (struck.status_code, struck.json()["state"], in_force(newcomer)) == (200, "struck", False)
