"""Second factors: who needs one, and whether this session was opened with it."""

from __future__ import annotations

from enum import StrEnum

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise

from organisation.models import Person
from organisation.provided import provided_factor
from organisation.roles import asking_second_factor


class Standing(StrEnum):
    """`MISSING`: their role asks for a factor and they have none. `UNUSED`: they have one, not used in this session."""

    ENOUGH = "enough"
    MISSING = "second_factor_missing"
    UNUSED = "second_factor_unused"


def standing(request: HttpRequest, person: Person) -> Standing:
    """What the session of `request` is worth. `person` is as the sign-in backend reads them, factors and all.

    It asks how they signed in, and not only whether a factor exists: the session has to name one that they still have,
    or one that the administration's provider asked for and the settings take for one.
    """
    if provided_factor(request, person):
        return Standing.ENOUGH
    factors: list[int] = getattr(person, "factors", [])
    if not factors:
        return Standing.MISSING if asks_second_factor(person) else Standing.ENOUGH
    used = {record.get("id") for record in get_authentication_records(request, person) if record["method"] == "mfa"}
    return Standing.ENOUGH if used & {*factors, *getattr(person, "spare_codes", [])} else Standing.UNUSED


def asks_second_factor(person: Person) -> list[str | Promise]:
    """Which of the person's roles ask for a second factor; none where the settings leave it to them."""
    return asking_second_factor(role for role, _path in person.held_grants()) if settings.SECOND_FACTOR else []


def has_second_factor(person: Person) -> bool:
    return Authenticator.objects.filter(user=person).exists()
