"""Links for a forgotten password. A module of its own: the sign-in library loads it before its adapters."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetTokens(PasswordResetTokenGenerator):
    """A link ends with whatever ends the person's sessions, not with a new password and a sign-in alone."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}:{user.session_epoch}"
