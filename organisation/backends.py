"""Who signed in, read with the second factors they have: in the one query that every request makes anyhow."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef


class Backend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> Any:
        model = get_user_model()
        theirs = Authenticator.objects.filter(user_id=OuterRef("pk"))
        people = model._default_manager.annotate(
            factors=ArraySubquery(theirs.exclude(type=Authenticator.Type.RECOVERY_CODES).values("pk")),
            spare_codes=ArraySubquery(theirs.filter(type=Authenticator.Type.RECOVERY_CODES).values("pk")),
        )
        try:
            person = people.get(pk=user_id)
        except model.DoesNotExist:
            return None
        return person if self.user_can_authenticate(person) else None

    def user_can_authenticate(self, user: Any) -> bool:
        """No service account, whatever it were given."""
        return not user.is_machine and bool(super().user_can_authenticate(user))
