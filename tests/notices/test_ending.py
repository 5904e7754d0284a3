"""Roles that end, and access reviews that wait: who is told, until when, and who is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from notices.models import Addressee
from organisation.actions import confirm_line, start_review
from organisation.clock import database_today
from organisation.models import AccessReview, Grant, ReviewLine
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory, person_with
from tests.notices.conftest import look

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def told(kind: str) -> set[str]:
    look(kind)
    standing = Addressee.objects.filter(notice__kind=kind, notice__settled_at__isnull=True)
    return {one.person.name for one in standing.select_related("person")}


def test_a_role_that_ends_within_a_fortnight_is_told_to_its_holder_and_who_gives_it() -> None:
    unit = UnitFactory.create()
    person_with("administrator", unit, name="Ada")
    holder = PersonFactory.create(unit=unit, name="Noor")
    grant = GrantFactory.create(person=holder, role="newcomer", until=timezone.now() + 15 * DAY)
    assert (told("grant_ends"), told("my_grant_ends")) == (set(), set())
    Grant.objects.filter(pk=grant.pk).update(until=timezone.now() + 13 * DAY)
    assert (told("grant_ends"), told("my_grant_ends")) == ({"Ada"}, {"Noor"})
    Grant.objects.filter(pk=grant.pk).update(until=None)
    assert (told("grant_ends"), told("my_grant_ends")) == (set(), set())


def test_an_administrator_is_not_asked_to_prolong_their_own_role() -> None:
    unit = UnitFactory.create()
    person_with("administrator", unit, name="Ada")
    bo = PersonFactory.create(unit=unit, name="Bo")
    GrantFactory.create(person=bo, role="administrator", until=timezone.now() + DAY)
    assert (told("grant_ends"), told("my_grant_ends")) == ({"Ada"}, {"Bo"})


def test_a_review_is_told_to_who_may_answer_and_again_before_its_end() -> None:
    root = UnitFactory.create()
    below = UnitFactory.create(parent=root)
    ada = person_with("administrator", root, name="Ada")
    person_with("administrator", below, name="Local")
    person_with("administrator", UnitFactory.create(parent=root), name="Beside")
    holder = person_with("newcomer", below)
    review = start_review(unit=root, last_day=database_today() + 7 * DAY, reason="Once a year", by=ada)
    ReviewLine.objects.exclude(grant__person=holder).update(state="confirmed")
    assert (told("access_review"), told("access_review_ends")) == ({"Ada", "Local"}, set())
    AccessReview.objects.filter(pk=review.pk).update(due_at=timezone.now() + 2 * DAY)
    assert told("access_review_ends") == {"Ada", "Local"}
    confirm_line(line=ReviewLine.objects.get(grant__person=holder), by=ada)
    assert (told("access_review"), told("access_review_ends")) == (set(), set())
