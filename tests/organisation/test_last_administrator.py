"""Which rights may go at the root of an organisation, and which is the last one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from organisation.actions.authority import keep_a_root_administrator
from organisation.lifecycle import Refused
from organisation.models import Grant
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory

SOON = timezone.now() + timedelta(days=3)
# Who holds what (role, place, whether it ends, whether they are active), and whether the first of them has to stay.
GOES: dict[str, tuple[list[tuple[str, str, bool, bool]], bool]] = {
    "a lighter role": ([("newcomer", "root", False, True)], False),
    "an administrator below": ([("administrator", "below", False, True)], False),
    "one who is suspended": ([("administrator", "root", False, False)], False),
    "the only one, with an end": ([("administrator", "root", True, True)], True),
    "one of two with an end": ([("administrator", "root", True, True)] * 2, False),
    "beside one who is suspended": (
        [("administrator", "root", True, True), ("administrator", "root", True, False)],
        True,
    ),
    "beside one below": ([("administrator", "root", True, True), ("administrator", "below", True, True)], True),
    "beside a lighter role": ([("administrator", "root", True, True), ("newcomer", "root", True, True)], True),
}


@pytest.mark.parametrize("case", GOES)
def test_only_the_last_right_over_the_root_stays(db: None, case: str) -> None:
    """The first of the list goes; nobody at the root holds a right without an end."""
    root = UnitFactory.create(slug="fin")
    units = {"root": root, "below": UnitFactory.create(slug="tax", parent=root)}
    held, stays = GOES[case]
    grants = [
        GrantFactory.create(
            person=PersonFactory.create(unit=root, is_active=active),
            role=role,
            unit=units[place],
            until=SOON if ends else None,
        )
        for role, place, ends, active in held
    ]
    lost = Grant.objects.filter(pk=grants[0].pk)
    if stays:
        with pytest.raises(Refused, match="left without an administrator"):
            keep_a_root_administrator(lost)
    else:
        keep_a_root_administrator(lost)
