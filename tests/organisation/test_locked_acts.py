"""Acts on people, grants and factors come one after the other: behind one lock, and that of the row that they change."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from organisation.actions import (
    confirm_grant,
    confirm_person,
    confirm_recovery,
    give_grant,
    invite_person,
    make_link,
    propose_recovery,
    refuse_grant,
    reinstate_person,
    reset_second_factor,
    revoke_grant,
    suspend_person,
)
from organisation.actions.factors import reseal_factors
from organisation.models import Grant, Person, Recovery
from organisation.models.recovery import RecoveryKind
from tests.factories.organisation import GrantFactory, UnitFactory, person_with
from tests.factories.sessions import factor_of
from tests.locking import locks_taken

pytestmark = pytest.mark.django_db
AUTHORITY, PERSON, GRANT = "organisation_unit", "organisation_person", "organisation_grant"


def grant_of(person: Person) -> Grant:
    return Grant.objects.get(person=person)


def propose(person: Person, by: Person) -> Grant:
    return GrantFactory.create(
        person=person, role="spokesperson", unit=person.unit, given_by=by, confirmed_at=None, confirmed_by=None
    )


def suspended(person: Person) -> Person:
    Person.objects.filter(pk=person.pk).update(is_active=False)
    return Person.objects.get(pk=person.pk)


def invited(by: Person) -> Person:
    return invite_person(email="new@fin.example", name="New", unit=by.unit, language="en", by=by)


Prepared = Callable[[], object]
# act: (what it locks, how it is prepared for person, first and second administrator)
ACTS: dict[str, tuple[list[str], Callable[[Person, Person, Person], Prepared]]] = {
    "give": (
        [AUTHORITY, PERSON],
        lambda one, first, second: lambda: give_grant(person=one, role="auditor", unit=one.unit, by=first),
    ),
    "confirm a grant": (
        [AUTHORITY, GRANT],
        lambda one, first, second: lambda grant=propose(one, first): confirm_grant(grant=grant, by=second),
    ),
    "refuse a grant": (
        [AUTHORITY, GRANT],
        lambda one, first, second: lambda grant=propose(one, first): refuse_grant(grant=grant, by=second),
    ),
    "revoke": (
        [AUTHORITY, GRANT],
        lambda one, first, second: lambda: revoke_grant(grant=grant_of(one), by=first),
    ),
    "suspend": (
        [AUTHORITY, PERSON],
        lambda one, first, second: lambda: suspend_person(person=one, by=first, reason="x"),
    ),
    "reinstate": (
        [AUTHORITY, PERSON],
        lambda one, first, second: lambda gone=suspended(one): reinstate_person(person=gone, by=first, reason="x"),
    ),
    "confirm a person": (
        [PERSON],
        lambda one, first, second: lambda new=invited(first): confirm_person(person=new, by=second),
    ),
    "link": (
        [AUTHORITY, PERSON],
        lambda one, first, second: lambda: make_link(person=one, by=first, by_mail=False),
    ),
    "reset a factor": (
        [AUTHORITY, PERSON],
        lambda one, first, second: lambda: reset_second_factor(person=one, by=first, reason="Lost"),
    ),
    "propose a way back": (
        [AUTHORITY, PERSON],
        lambda one, first, second: (
            lambda: propose_recovery(person=one, kind=RecoveryKind.FACTOR, reason="Lost", by=first)
        ),
    ),
    "confirm a way back": (
        [AUTHORITY, "organisation_recovery"],
        lambda one, first, second: (
            lambda way=Recovery.objects.create(
                person=one, kind=RecoveryKind.FACTOR, reason="Lost", proposed_by=first
            ): confirm_recovery(recovery=way, by=second)
        ),
    ),
    "seal factors anew": (["mfa_authenticator"], lambda one, first, second: reseal_factors),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_locks_what_it_rests_on(act: str) -> None:
    unit = UnitFactory.create()
    person = person_with("newcomer", unit)
    factor_of(person)
    locks, prepare = ACTS[act]
    do = prepare(person, person_with("administrator", unit), person_with("administrator", unit))
    with locks_taken() as locked:
        do()
    assert locked == locks
