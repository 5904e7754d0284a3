"""A program comes in with a key: `Authorization: Bearer …`, at the API alone. No session, no page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from organisation import limits
from organisation.actions.keys import digest_of
from organisation.bearer import Borne, bear
from organisation.enums import Permission
from organisation.models import ApiKey, Person

SCHEME = "Bearer"
WRITTEN_EVERY = timedelta(hours=1)  # when it was used last is told no closer than that


class KeyAuthentication(BaseAuthentication):
    """401 for what is no key or opens no longer, 429 for whoever tries many."""

    def authenticate(self, request: Request) -> tuple[Person, ApiKey] | None:
        scheme, _space, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        lately = ExpressionWrapper(Q(last_used_at__gt=Now() - WRITTEN_EVERY), output_field=BooleanField())
        alive: Any = ApiKey.objects.alive().annotate(used_lately=Coalesce(lately, False)).select_related("person__unit")
        key = alive.filter(digest=digest_of(secret.strip())).first()
        if key is None:
            _count(request)
            raise AuthenticationFailed(_("No such key, or it is over."), code="key_unknown")
        scopes = frozenset(Permission(one) for one in key.scopes if one in Permission.values)
        bear(Borne(key.pk, key.person_id, scopes))
        timezone.activate(key.person.unit.zone)
        if not key.used_lately:
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=Now())
        return key.person, key

    def authenticate_header(self, request: Request) -> str:
        """Whoever bears nothing is told so as before: 403."""
        return SCHEME if get_authorization_header(request) else ""


def _count(request: Request) -> None:
    try:
        limits.key(request._request)
    except ValidationError as stopped:
        raise Throttled(limits.KEYS.seconds, str(stopped.messages[0])) from None


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = "organisation.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key of a service account."}
