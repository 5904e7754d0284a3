"""Service accounts, and the keys with which programs call the API as one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import uuid4

from django.db.models.functions import Least, Now
from django.utils.translation import gettext_lazy as _

from organisation import audit, policy
from organisation.actions.authority import actor, managing
from organisation.audit import action
from organisation.clock import database_now
from organisation.enums import Permission
from organisation.lifecycle import Conflict, Refused
from organisation.models import ApiKey, Person, Unit
from organisation.queries.visible import visible_people
from organisation.roles import MACHINES_MAY

ADDED = audit.tell("service_account.added", _("%(actor)s added this service account"))
MADE = audit.tell("key.made", _("%(actor)s made this key"))
RENEWED = audit.tell("key.renewed", _("%(actor)s renewed this key: another one takes its place"))
REVOKED = audit.tell("key.revoked", _("%(actor)s revoked this key"))

PREFIX = "parvis_"  # so that programs which look for secrets in texts know one when they see it
LONGEST = timedelta(days=366)
SWAPPED_WITHIN = timedelta(days=7)  # both keys work, so that a program is never without one
NOWHERE = "parvis.invalid"  # RFC 2606: no mail ever goes there


@action
def add_service_account(*, name: str, unit: Unit, responsible: Person, by: Person) -> Person:
    """A service account of `unit`, for which `responsible` answers: what it writes counts as written by them."""
    by = actor(by)
    policy.require(by, Permission.PERSON_MANAGE, unit)
    if not visible_people(by).filter(pk=responsible.pk, is_active=True, responsible__isnull=True).exists():
        raise Refused(_("Choose somebody who works here."), field="responsible")
    facts = {"name": name, "unit": unit, "language": responsible.language, "responsible": responsible}
    machine = Person.objects.create_user(f"{uuid4().hex}@{NOWHERE}", None, **facts)
    audit.record(verb=ADDED, thing=machine, by=by, responsible=responsible.pk)
    return machine


@action
def make_key(
    *, person: Person, name: str, scopes: Collection[str], expires_at: datetime, by: Person
) -> tuple[ApiKey, str]:
    """A key of a service account, and its secret, told this once.

    Refused, at its field, where it would do what no program does, nothing at all, or last for more than a year.
    """
    locked, by = managing(person, by)
    if not locked.is_machine:
        raise Refused(_("A key is a service account's: a person signs in."))
    _require_standing(locked)
    if not scopes or not MACHINES_MAY.issuperset(scopes):
        raise Refused(_("Choose what the key may do at most."), field="scopes")
    now = database_now()
    if not now < expires_at <= now + LONGEST:
        raise Refused(_("A key ends within a year, and not before now."), field="expires_at")
    key, secret = _new(locked, name=name, scopes=sorted(scopes), expires_at=expires_at, by=by)
    audit.record(verb=MADE, thing=key, by=by, **_told(key))
    return key, secret


@action
def renew_key(*, key: ApiKey, by: Person) -> tuple[ApiKey, str]:
    """Another key, of the same name and reach, for as long as this one was made for. This one works for a week more."""
    locked, by = _locked(key, by, RENEWED)
    _require_standing(locked.person)
    lasts = min(locked.expires_at - locked.made_at, LONGEST)
    scopes = sorted(one.value for one in MACHINES_MAY if one.value in locked.scopes)
    new, secret = _new(locked.person, name=locked.name, scopes=scopes, expires_at=database_now() + lasts, by=by)
    ApiKey.objects.filter(pk=locked.pk).update(expires_at=Least("expires_at", Now() + SWAPPED_WITHIN))
    audit.record(verb=RENEWED, thing=locked, by=by, new=new.pk, **_told(new))
    return new, secret


@action
def revoke_key(*, key: ApiKey, by: Person) -> ApiKey:
    """From now on it lets nobody in."""
    locked, by = _locked(key, by, REVOKED)
    locked.revoked_at = database_now()
    locked.save(update_fields=["revoked_at"])
    audit.record(verb=REVOKED, thing=locked, by=by, person=locked.person_id, name=locked.name)
    return locked


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _locked(key: ApiKey, by: Person, verb: str) -> tuple[ApiKey, Person]:
    """Behind the lock of its service account; Conflict where it was revoked, or is over."""
    machine, by = managing(key.person, by)
    locked = ApiKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
    locked.person = machine
    if not ApiKey.objects.standing().filter(pk=locked.pk).exists():
        raise Conflict(locked, verb)
    return locked, by


def _require_standing(machine: Person) -> None:
    if not machine.is_active:
        raise Refused(_("This service account is suspended: reinstate it first."))
    if not Person.objects.filter(machines=machine, is_active=True).exists():
        raise Refused(_("Who answers for this service account is suspended."))


def _new(machine: Person, *, name: str, scopes: list[str], expires_at: datetime, by: Person) -> tuple[ApiKey, str]:
    secret = f"{PREFIX}{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        person=machine,
        name=name,
        digest=digest_of(secret),
        ending=secret[-4:],
        scopes=scopes,
        expires_at=expires_at,
        made_by=by,
    )
    return key, secret


def _told(key: ApiKey) -> dict[str, object]:
    return {"person": key.person_id, "name": key.name, "scopes": key.scopes, "until": key.expires_at.isoformat()}
