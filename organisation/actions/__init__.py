"""Verbs of the ground floor."""

from organisation.actions.people import (
    change_language,
    give_grant,
    invite_person,
    reinstate_person,
    revoke_grant,
    suspend_person,
)
from organisation.actions.transition import offered, perform
from organisation.actions.units import create_unit, update_unit

__all__ = [
    "change_language",
    "create_unit",
    "give_grant",
    "invite_person",
    "offered",
    "perform",
    "reinstate_person",
    "revoke_grant",
    "suspend_person",
    "update_unit",
]
