from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation import audit, policy
from organisation.actions.authority import actor, keep_a_root_administrator, managing, require_entered
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person, Unit
from organisation.queries.authority import against_vouching
from organisation.queries.units import comes_from

INVITED = audit.tell("person.invited", _("%(actor)s added this person"))
CONFIRMED = audit.tell("person.confirmed", _("%(actor)s confirmed, as a second person, who this is"))
SUSPENDED = audit.tell("person.suspended", _("%(actor)s suspended this person"))
REINSTATED = audit.tell("person.reinstated", _("%(actor)s reinstated this person"))
MOVED = audit.tell("person.moved", _("%(actor)s moved this person to another unit"))
LANGUAGE = audit.tell("person.language_changed", _("%(actor)s changed their language"))


@action
def invite_person(
    *, email: str, name: str, unit: Unit, language: str, by: Person | None, password: str | None = None
) -> Person:
    """A person of `unit`, still without any grant. Only the set-up (no `by`) gives a password.

    Until a second person has confirmed them they count as `by` wherever two people are asked for.
    """
    if by is not None:
        policy.require(by, Permission.PERSON_MANAGE, unit)
    facts = {"name": name, "unit": unit, "language": language, "invited_by": by}
    try:
        with transaction.atomic():
            person = Person.objects.create_user(email, password, **facts)
    except IntegrityError:
        raise Refused(_("Somebody with this e-mail address is already here."), field="email") from None
    audit.record(verb=INVITED, thing=person, by=by)
    return person


@action
def confirm_person(*, person: Person, by: Person | None, reason: str = "") -> Person:
    """A second person knows who this is: they count as themselves now. Without `by`, at the server's console."""
    locked = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if by is not None:
        by = actor(by)
        policy.require(by, Permission.PERSON_MANAGE, locked)
        if why := against_vouching(by, locked):
            raise Refused(why)
        require_entered(locked)
    elif locked.invited_by_id is None or locked.vouched_at is not None:
        raise Conflict(locked, CONFIRMED)
    Person.objects.filter(pk=locked.pk).update(vouched_at=Now())
    told = {"reason": reason} if by is None else {}
    audit.record(verb=CONFIRMED, thing=locked, by=by, **told)
    person.refresh_from_db(fields=["vouched_at"])
    return person


@action
def suspend_person(*, person: Person, by: Person, reason: str) -> Person:
    """From the next request on the person is out, and their sessions are dead for ever; what they wrote stays."""
    return _set_active(person, by, active=False, verb=SUSPENDED, reason=reason)


@action
def reinstate_person(*, person: Person, by: Person, reason: str) -> Person:
    """By whoever reaches as far as who suspended them, or further."""
    return _set_active(person, by, active=True, verb=REINSTATED, reason=reason)


def _set_active(person: Person, by: Person, *, active: bool, verb: str, reason: str) -> Person:
    locked, by = managing(person, by)
    if locked.is_active == active:
        raise Conflict(locked, verb)
    if active:
        if not policy.allows(by, Permission.PERSON_MANAGE, locked.suspended_from or locked.unit):
            raise PermissionDenied(policy.SUSPENDED_ABOVE)
        locked.suspended_from = None
    else:
        keep_a_root_administrator(locked.grants.in_force())
        locked.suspended_from = comes_from(by, Permission.PERSON_MANAGE, locked.unit)
    locked.is_active = active
    locked.session_epoch += 1
    locked.save(update_fields=["is_active", "session_epoch", "suspended_from"])
    audit.record(verb=verb, thing=locked, by=by, reason=reason)
    return locked


@action
def move_person(*, person: Person, unit: Unit, by: Person, reason: str) -> Person:
    """From now on the person works in `unit`. Their roles stay where they hold, and what was told of them before stays
    told of the unit in which they worked then."""
    locked, by = managing(person, by)
    policy.require(by, Permission.PERSON_MANAGE, unit)
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    if unit.pk == locked.unit_id:
        raise Refused(_("This person works there already."), field="unit")
    before = audit.values_of(locked, ["unit"])
    locked.unit = unit
    locked.save(update_fields=["unit"])
    told = audit.differences(before, audit.values_of(locked, ["unit"]))
    audit.record(verb=MOVED, thing=locked, by=by, reason=reason, **told)
    return locked


@action
def change_language(*, person: Person, language: str) -> Person:
    """The language in which Parvis speaks to the person."""
    before = audit.values_of(person, ["language"])
    person.language = language
    person.clean_fields(exclude=["password"])
    person.save(update_fields=["language"])
    audit.record(
        verb=LANGUAGE, thing=person, by=person, language=language, **audit.differences(before, {"language": language})
    )
    return person
