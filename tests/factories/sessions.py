"""People who signed in, as the sign-in leaves it in their session: with their second factor, unless a test says not."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from organisation import factor_secrets
from organisation.actions import keep_session
from organisation.models import Person, PersonSession
from organisation.proof import PROVED

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of the app on the phone
RECORDS, WHOSE = "account_authentication_methods", "account_authentication_methods_user"


def factor_of(person: Person) -> Authenticator:
    """The person's app on a phone; made if they have none."""
    data = {"secret": factor_secrets.seal(SEED, person.pk)}
    return Authenticator.objects.get_or_create(user=person, type=Authenticator.Type.TOTP, defaults={"data": data})[0]


def code_of_the_app(seed: str = SEED, *, steps: int = 0) -> str:
    """What the app shows now, or `steps` half minutes from now."""
    return format_hotp_value(hotp_value(seed, int(time.time()) // 30 + steps))


def use_factor(session: Any, person: Person) -> None:
    """Writes down in `session` that the person used their factor in it."""
    factor = factor_of(person)
    session[RECORDS] = [{"method": "mfa", "at": time.time(), "id": factor.pk, "type": factor.type}]
    session[WHOSE], session[PROVED] = str(person.pk), time.time()


def session_of(person: Person, *, factor: bool = True) -> str:
    """The key of a session of `person`, who has just signed in."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    if factor:
        use_factor(session, person)
    session.save()
    return str(session.session_key)


def kept_session(person: Person) -> PersonSession:
    """A session of `person`, as their own page shows it."""
    carried = person.get_session_auth_hash()
    keep_session(person=person, session_key=session_of(person), carried=carried, device=("Firefox", "Windows"))
    return person.sessions.get()
