"""Acts on people, grants and factors come one after the other: behind one lock, and that of the row they change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

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


def propose(person: Person, by: Person) -> Grant:
    return GrantFactory.create(
        person=person, role="spokesperson", unit=person.unit, given_by=by, confirmed_at=None, confirmed_by=None
    )


def suspended(person: Person) -> Person:
    Person.objects.filter(pk=person.pk).update(is_active=False)
    return Person.objects.get(pk=person.pk)


def invited(by: Person) -> Person:
    return invite_person(email="new@fin.example", name="New", unit=by.unit, language="en", by=by)


def recovery_of(person: Person, by: Person) -> Recovery:
    return Recovery.objects.create(person=person, kind=RecoveryKind.FACTOR, reason="Lost", proposed_by=by)


Act = Callable[[], object]
# act: (what it locks, how it is prepared for a person and two administrators)
ACTS: dict[str, tuple[list[str], Callable[[Person, Person, Person], Act]]] = {
    "give": (
        [AUTHORITY, PERSON],
        lambda one, first, _: partial(give_grant, person=one, role="auditor", unit=one.unit, by=first),
    ),
    "confirm a grant": (
        [AUTHORITY, GRANT],
        lambda one, first, second: partial(confirm_grant, grant=propose(one, first), by=second),
    ),
    "refuse a grant": (
        [AUTHORITY, GRANT],
        lambda one, first, second: partial(refuse_grant, grant=propose(one, first), by=second),
    ),
    "revoke": ([AUTHORITY, GRANT], lambda one, first, _: partial(revoke_grant, grant=one.grants.get(), by=first)),
    "suspend": ([AUTHORITY, PERSON], lambda one, first, _: partial(suspend_person, person=one, by=first, reason="x")),
    "reinstate": (
        [AUTHORITY, PERSON],
        lambda one, first, _: partial(reinstate_person, person=suspended(one), by=first, reason="x"),
    ),
    "confirm a person": (
        [PERSON],
        lambda _, first, second: partial(confirm_person, person=invited(first), by=second),
    ),
    "link": ([AUTHORITY, PERSON], lambda one, first, _: partial(make_link, person=one, by=first, by_mail=False)),
    "reset a factor": (
        [AUTHORITY, PERSON],
        lambda one, first, _: partial(reset_second_factor, person=one, by=first, reason="Lost"),
    ),
    "propose a way back": (
        [AUTHORITY, PERSON],
        lambda one, first, _: partial(propose_recovery, person=one, kind=RecoveryKind.FACTOR, reason="Lost", by=first),
    ),
    "confirm a way back": (
        [AUTHORITY, "organisation_recovery"],
        lambda one, first, second: partial(confirm_recovery, recovery=recovery_of(one, first), by=second),
    ),
    "seal factors anew": (["mfa_authenticator"], lambda *_: reseal_factors),
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
