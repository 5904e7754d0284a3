from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation import audit, policy
from organisation.audit import action
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import Grant, Person, Unit
from organisation.roles import ROLES, permissions_of

INVITED = audit.tell("person.invited", _("%(actor)s added this person"))
SUSPENDED = audit.tell("person.suspended", _("%(actor)s suspended this person"))
REINSTATED = audit.tell("person.reinstated", _("%(actor)s reinstated this person"))
LANGUAGE = audit.tell("person.language_changed", _("%(actor)s changed their language"))
GIVEN = audit.tell("grant.given", _("%(actor)s gave this grant"))
REVOKED = audit.tell("grant.revoked", _("%(actor)s took this grant back"))


@action
def invite_person(
    *, email: str, name: str, unit: Unit, language: str, by: Person | None, password: str | None = None
) -> Person:
    """A person of `unit`, still without any grant. Only the set-up (no `by`) gives a password."""
    if by is not None:
        policy.require(by, Permission.PERSON_MANAGE, unit)
    try:
        with transaction.atomic():
            person = Person.objects.create_user(email, password, name=name, unit=unit, language=language)
    except IntegrityError:
        raise Refused(_("Somebody with this e-mail address is already here."), field="email") from None
    audit.record(verb=INVITED, thing=person, by=by)
    return person


@action
def suspend_person(*, person: Person, by: Person, reason: str) -> Person:
    """From the next request on the person is out, and their sessions are dead for ever; what they wrote stays."""
    return _set_active(person, by, active=False, verb=SUSPENDED, reason=reason)


@action
def reinstate_person(*, person: Person, by: Person, reason: str) -> Person:
    return _set_active(person, by, active=True, verb=REINSTATED, reason=reason)


def _set_active(person: Person, by: Person, *, active: bool, verb: str, reason: str) -> Person:
    locked = Person.objects.select_for_update().get(pk=person.pk)
    policy.require(by, Permission.PERSON_MANAGE, locked)
    if locked.is_active == active:
        raise Conflict(locked, verb)
    locked.is_active = active
    locked.session_epoch += 1
    locked.save(update_fields=["is_active", "session_epoch"])
    audit.record(verb=verb, thing=locked, by=by, reason=reason)
    return locked


@action
def change_language(*, person: Person, language: str) -> Person:
    """The language in which Parvis speaks to the person."""
    person.language = language
    person.save(update_fields=["language"])
    audit.record(verb=LANGUAGE, thing=person, by=person, language=language)
    return person


@action
def give_grant(*, person: Person, role: str, unit: Unit, by: Person | None, until: datetime | None = None) -> Grant:
    """`person` holds `role` in `unit` and below. Nobody gives to themselves."""
    if by is not None:
        policy.require(by, Permission.PERSON_MANAGE, unit)
        if by.pk == person.pk:
            raise Refused(_("Nobody gives a grant to themselves; ask another administrator."))
    if role not in ROLES:
        raise Refused(_("This role does not exist."), field="role")
    Person.objects.select_for_update().get(pk=person.pk)
    lapsed = Grant.objects.filter(person=person, role=role, unit=unit, revoked_at__isnull=True)
    lapsed.filter(until__lte=Now()).update(revoked_at=Now())
    if lapsed.exists():
        raise Refused(_("This person already holds this role here."), field="role")
    grant = Grant.objects.create(person=person, role=role, unit=unit, until=until, given_by=by)
    person.forget_grants()
    audit.record(verb=GIVEN, thing=grant, by=by, role=role, person=person.pk, until=until and until.isoformat())
    return grant


@action
def revoke_grant(*, grant: Grant, by: Person) -> Grant:
    """Ends a grant now."""
    locked = Grant.objects.select_for_update(of=("self",)).select_related("unit", "person").get(pk=grant.pk)
    policy.require(by, Permission.PERSON_MANAGE, locked.unit)
    if locked.revoked_at is not None:
        raise Conflict(locked, REVOKED)
    if locked.person_id == by.pk and Permission.PERSON_MANAGE in permissions_of([locked.role]):
        raise Refused(_("You cannot take your own administration away; ask another administrator."))
    Grant.objects.filter(pk=locked.pk).update(revoked_at=Now())
    locked.refresh_from_db()
    locked.person.forget_grants()
    audit.record(verb=REVOKED, thing=locked, by=by, role=locked.role, person=locked.person_id)
    return locked
