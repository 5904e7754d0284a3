"""Where a person is signed in: sessions that still open something."""

from __future__ import annotations

from hashlib import sha256

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from organisation.models import Person, PersonSession, ProviderIdentity
from organisation.provider import Provider


def worth_of(carried: str) -> str:
    """Stands for what a session carries to be somebody's."""
    return sha256(carried.encode()).hexdigest()


def sessions_of(person: Person) -> QuerySet[PersonSession]:
    """Alive, the latest used first. What ends sessions (a suspension, a new password) leaves none of them here."""
    kept = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=Now())
    found = PersonSession.objects.filter(Exists(kept), person=person, worth=worth_of(person.get_session_auth_hash()))
    return found.order_by("-last_used", "-pk")


def own_identity(person: Person) -> ProviderIdentity | None:
    """Who the person is at the administration's provider of today."""
    provider: Provider | None = settings.PROVIDER
    return ProviderIdentity.objects.filter(person=person, issuer=provider.issuer).first() if provider else None
