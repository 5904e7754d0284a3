"""Service accounts and their keys, made directly: no audit events."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from organisation.actions.keys import PREFIX, digest_of
from organisation.models import ApiKey, Person
from organisation.roles import MACHINES_MAY
from tests.factories.organisation import GrantFactory


def machine_of(responsible: Person, *roles: str, **facts: Any) -> Person:
    """A program for which `responsible` answers, with `roles` in their unit."""
    count = Person.objects.count()
    machine = Person(
        email=f"machine{count}@parvis.invalid", unit=responsible.unit, language="en", name=f"Program {count}"
    )
    machine.responsible = responsible
    for name, value in facts.items():
        setattr(machine, name, value)
    machine.set_unusable_password()
    machine.save()
    for role in roles:
        GrantFactory.create(person=machine, role=role, unit=machine.unit)
    return machine


def key_for(machine: Person, *scopes: str, **facts: Any) -> tuple[ApiKey, str]:
    """A key that may all that any may, unless told, and its secret."""
    secret = f"{PREFIX}secret-{ApiKey.objects.count()}-of-{machine.pk}"
    told: dict[str, Any] = {"made_by": machine.responsible, "expires_at": Now() + timedelta(days=90), "name": "Server"}
    told |= {"scopes": sorted(scopes or MACHINES_MAY), "digest": digest_of(secret), "ending": secret[-4:]}
    key = ApiKey.objects.create(person=machine, **told | facts)
    key.refresh_from_db()
    return key, secret


def bearing(secret: str) -> dict[str, Any]:
    """What a test's client says with it."""
    return {"headers": {"Authorization": f"Bearer {secret}"}}
