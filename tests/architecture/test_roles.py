"""Which roles weigh: written by hand, never read from the code. What each allows stands in `test_policy`, the edges of
lifecycles in `test_edges`.
"""

from __future__ import annotations

from organisation.roles import ROLES, asking_second_factor, needs_confirmation, permissions_of

# A second person confirms these.
CONFIRMED = "communication_cell committee_member committee_chair ict_security spokesperson crisis_cell administrator"

# These sign in with a second factor.
SECOND_FACTOR = "communication_cell spokesperson crisis_cell account_manager administrator"
SECOND_FACTOR += " ict_security community_manager"


def test_what_a_second_person_confirms() -> None:
    assert {key for key in ROLES if needs_confirmation(key)} == set(CONFIRMED.split())


def test_what_asks_for_a_second_factor() -> None:
    assert {key for key in ROLES if asking_second_factor([key])} == set(SECOND_FACTOR.split())


def test_a_data_protection_officer_may_what_an_auditor_may() -> None:
    """So that the table of addresses need not ask everything of both."""
    assert permissions_of(["data_protection_officer"]) == permissions_of(["auditor"])
