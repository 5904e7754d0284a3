"""Second factors as the house keeps them: sealed anew under the present key, taken away where they are lost."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from organisation import audit, factor_secrets
from organisation.actions.authority import count_as, managing, require_light
from organisation.audit import action
from organisation.lifecycle import Refused
from organisation.models import Person

RESET = audit.tell("person.factor_reset", _("%(actor)s reset the second factor of this person"))
SEALED = ("secret", "seed")


@action
def reset_second_factor(*, person: Person, by: Person, reason: str) -> Person:
    """For whoever lost phone, key and codes. Their sessions end; where a role asks for it, they set up a new one.

    Refused where the person's role weighs: that takes a second person (`propose_recovery`).
    """
    locked, by = managing(person, by)
    require_light(locked)
    take_factor(locked)
    count_as(locked, by)
    audit.record(verb=RESET, thing=locked, by=by, reason=reason)
    return locked


def take_factor(person: Person) -> None:
    """Behind the person's lock: every factor of theirs, and every session, is over."""
    taken, _each = Authenticator.objects.filter(user=person).delete()
    if not taken:
        raise Refused(_("This person has no second factor."))
    person.session_epoch += 1
    person.save(update_fields=["session_epoch"])


@transaction.atomic
def count_key(*, factor: int, count: int) -> bool:
    """False where the key behind `factor` tells of no more uses than it did before: a copy of it is about. One that
    counts nothing always says 0. What a row holds that is no count is none that anybody could count on from."""
    key = Authenticator.objects.select_for_update().get(pk=factor)
    before = key.data.get("count", 0)
    if type(before) is not int:
        return False
    if count <= before:
        return count == 0 and "count" not in key.data
    key.data["count"] = count
    key.save(update_fields=["data"])
    return True


def reseal_factors() -> tuple[int, list[str]]:
    """Seals every factor's secret under the first key: how many, and which do not open."""
    done, broken = 0, []
    for pk in Authenticator.objects.values_list("pk", flat=True):
        try:
            done += _reseal(pk)
        except factor_secrets.Broken:
            broken.append(f"second factor {pk}")
    return done, broken


@transaction.atomic
def _reseal(pk: int) -> bool:
    """True where it lay under another key."""
    factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if factor is None:
        return False
    anew = {name: _anew(factor.data[name], factor.user_id) for name in SEALED if name in factor.data}
    if codes := factor.data.get("migrated_codes"):
        anew["migrated_codes"] = [_anew(sealed, factor.user_id) for sealed in codes]
    moved = any(factor.data[name] != sealed for name, sealed in anew.items())
    if moved:
        factor.data |= anew
        factor.save(update_fields=["data"])
    return moved


def _anew(sealed: str, person: int) -> Any:
    if factor_secrets.key_of(sealed) == factor_secrets.current_key():
        return sealed
    return factor_secrets.seal(factor_secrets.reveal(sealed, person), person)
