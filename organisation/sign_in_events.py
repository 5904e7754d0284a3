"""Where the sign-in library's signals become events of the audit trail.

Elsewhere a room has no signals: an action calls the next one, and a reader sees it. The library's own acts (a sign-in,
a password, a second factor) happen in its code, and a signal is the one way in which it tells of them.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import Signal

from organisation.actions import sign_ins
from organisation.models import Person
from organisation.proof import prove
from organisation.session_keeping import written_down

VERBS: dict[Signal, str] = {
    account.user_logged_in: sign_ins.SIGNED_IN,
    user_logged_out: sign_ins.SIGNED_OUT,
    account.password_changed: sign_ins.PASSWORD_CHANGED,
    account.password_set: sign_ins.PASSWORD_CHANGED,
    account.password_reset: sign_ins.PASSWORD_RESET,
    factors.authenticator_added: sign_ins.FACTOR_ADDED,
    factors.authenticator_removed: sign_ins.FACTOR_REMOVED,
    factors.authenticator_reset: sign_ins.CODES_RENEWED,
}


def connect() -> None:
    account.authentication_step_completed.connect(_proved, dispatch_uid="organisation.proved")
    account.user_logged_in.connect(_opened, dispatch_uid="organisation.session_opened")
    for signal in VERBS:
        signal.connect(_acted, dispatch_uid="organisation.sign_in_events")
    factors.authenticator_used.connect(_used, dispatch_uid="organisation.sign_in_events")
    user_login_failed.connect(_wrong_password, dispatch_uid="organisation.sign_in_events")
    factors.authentication_failed.connect(_wrong_code, dispatch_uid="organisation.sign_in_events")


def _proved(*, request: Any, **_told: Any) -> None:
    prove(request)


def _opened(*, request: Any, user: Any, **_told: Any) -> None:
    """The session in which somebody has just signed in stands on their own page."""
    written_down(request, user)


def _acted(*, signal: Signal, request: Any, user: Any, authenticator: Any = None, **_told: Any) -> None:
    if not isinstance(user, Person):
        return  # somebody signed out who was not signed in
    if authenticator is None:
        sign_ins.note_sign_in_act(verb=VERBS[signal], person=user)
    elif request is None or not getattr(request, "told_of_factor", False):
        # With an app on the phone its recovery codes come and go: one act, one event.
        if request is not None:
            request.told_of_factor = True
        key = (authenticator.data or {}).get("name", "") if authenticator.type == Authenticator.Type.WEBAUTHN else ""
        told = {"key": str(key)} if key else {}
        sign_ins.note_sign_in_act(verb=VERBS[signal], person=user, kind=str(authenticator.type), **told)


def _used(*, user: Any, authenticator: Any, **_told: Any) -> None:
    """The app and the key stand behind each sign-in; a code for a lost phone is spent, and may have been stolen."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        sign_ins.note_sign_in_act(verb=sign_ins.CODE_USED, person=user)


def _wrong_password(*, credentials: dict[str, Any], **_told: Any) -> None:
    address = str(credentials.get("email") or credentials.get("username") or "")
    sign_ins.count_failed_sign_in(address=address, step="password")


def _wrong_code(*, user: Any, **_told: Any) -> None:
    sign_ins.count_failed_sign_in(address=user.email, step="code")
