"""A link that ends while somebody is choosing a password with it opens nothing, in real transactions."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from organisation.actions import suspend_person, use_link
from organisation.actions.links import digest_of, make_link
from organisation.lifecycle import Refused
from organisation.models import Person
from tests.factories.organisation import PersonFactory, UnitFactory, person_with
from tests.locking import locks_taken

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "a long enough pass phrase"


@pytest.fixture
def digest() -> str:
    unit = UnitFactory.create()
    person, administrator = PersonFactory.create(unit=unit, name="Pia"), person_with("administrator", unit, name="Ada")
    return digest_of(make_link(person=person, by=administrator, by_mail=False))


def test_the_person_is_locked_before_the_link_as_by_all_that_ends_links(digest: str) -> None:
    with locks_taken() as taken:
        use_link(digest=digest, password=WORDS)
    assert taken == ["organisation_person", "organisation_signinlink"]


def test_a_link_of_somebody_who_is_suspended_meanwhile_sets_no_password(digest: str) -> None:
    came: list[Any] = []

    def choose() -> None:
        try:
            came.append(use_link(digest=digest, password=WORDS))
        except Refused as refused:
            came.append(str(refused.reasons[0]))
        finally:
            connection.close()

    waiting = threading.Thread(target=choose)
    with transaction.atomic():
        suspend_person(
            person=Person.objects.get(name="Pia"), by=Person.objects.get(name="Ada"), reason="A phone was stolen"
        )
        waiting.start()
        waiting.join(0.5)  # it waits for the row
    waiting.join(20)
    assert came == ["This link no longer works."]
    assert not Person.objects.get(name="Pia").has_usable_password()
