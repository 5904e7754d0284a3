"""A row that an act holds is not asked for again; one that it no longer holds is."""

from __future__ import annotations

import contextlib

import pytest
from django.db import transaction

from organisation import locks
from organisation.audit import acting
from organisation.models import Unit
from tests.factories.organisation import UnitFactory

pytestmark = pytest.mark.django_db


def test_a_row_is_held_to_the_end_of_its_act_and_no_longer() -> None:
    pk = UnitFactory.create().pk
    with acting():
        row = locks.take(Unit.objects.all(), pk)
        assert locks.holds(row)
        with acting(), transaction.atomic():
            assert locks.holds(row)
        assert not locks.holds(Unit.objects.get(pk=pk))
    assert not locks.holds(row)
    with acting():
        assert not locks.holds(row)


def test_what_a_savepoint_took_is_given_away_with_it() -> None:
    pk = UnitFactory.create().pk
    with acting():
        with contextlib.suppress(LookupError), acting():
            row = locks.take(Unit.objects.all(), pk)
            raise LookupError
        assert not locks.holds(row)
        with transaction.atomic():
            assert not locks.holds(row)


def test_outside_of_an_act_a_row_is_locked_and_not_held() -> None:
    row = locks.take(Unit.objects.all(), UnitFactory.create().pk)
    assert not locks.holds(row)
    with acting():
        assert not locks.holds(row)
