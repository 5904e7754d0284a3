"""The sign-in library's forms in our own look, with our own limits on what is tried."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from organisation import audit, devices, limits
from organisation.actions import ask_for_password, sign_ins
from organisation.actions.factors import count_key
from organisation.fields import one_line

COPIED = _(
    "This key counts its uses, and now tells of fewer than before: somebody may use a copy of it. Sign in another way, "
    "and remove it."
)


LONGEST_NAME = 60
CODE_LIVES = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)  # seconds


class LongEnough(MinimumLengthValidator):
    """In our own words: Django's Dutch catalogue lacks the sentence, and a Dutch page said it in French."""

    def get_error_message(self) -> str:
        return str(_("This password is too short. Choose one of at least %(least)d characters.")) % {
            "least": self.min_length
        }


def _plain(fields: Any) -> None:
    """Without labels repeated as placeholders."""
    for field in fields.values():
        field.help_text = ""
        field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    """Without a link between two fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields)


class ForgottenForm(ResetPasswordForm):
    """Tells nobody whether an address belongs to somebody, nor by how long it takes: that is looked at by a worker.
    Nobody gets more mails than they can read."""

    may_ask = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if not settings.MAIL_WORKS:
            raise ValidationError(_("This Parvis sends no mail. An administrator of your unit gives you a link."))
        self.may_ask = limits.mail(context.request, email)
        return email

    def save(self, request: Any, **_told: Any) -> str:
        email = str(self.cleaned_data["email"])
        if self.may_ask:
            ask_for_password(email=email)
        return email


class _CodeForm:
    """A code is tried as often as `limits` say, and good once: the library forgets after half a minute that it was
    used, while the app's clock and ours may still agree on it."""

    user: Any
    fields: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields)

    def clean_code(self) -> str:
        tries = limits.code(context.request, self.user.email)
        code: str = super().clean_code()  # type: ignore[misc]  # a mix-in
        used = devices.mark(f"code of {self.user.pk}: {normalize_user_code(code)}")
        if not cache.add(f"used:{used}", 1, CODE_LIVES):
            raise get_adapter().validation_error("incorrect_code")
        tries.rollback()
        return code


class CodeForm(_CodeForm, base.AuthenticateForm):
    pass


class CodeAgainForm(_CodeForm, base.ReauthenticateForm):
    pass


class FirstCodeForm(_CodeForm, totp.ActivateTOTPForm):
    """Until the app is set up its seed lies in the session, sealed like afterwards."""

    secret: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        try:
            if self.is_bound:
                self.secret = decrypt(self.secret)
                return
        except ValidationError:  # nothing was begun in this session, and the library has just begun it in the clear
            pass
        context.request.session[SECRET_SESSION_KEY] = encrypt(self.secret)


class KeyField(forms.JSONField):
    """What a browser says of a key, in the shape that `shape` reads. What the library breaks on, or no column holds, is
    no key."""

    def __init__(self, shape: Any) -> None:
        super().__init__(widget=forms.HiddenInput)
        self.shape = shape

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Nothing: a page that is shown again asks the key anew."""
        return InvalidJSONInput("")

    def to_python(self, value: Any) -> Any:
        try:
            told = super().to_python(value)
            if told in self.empty_values:
                return told
            self.shape.from_dict(told)
            said = json.dumps(told, ensure_ascii=False).encode()
        except Exception:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": ""}) from None
        if b"\\u0000" in said:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": ""})
        return told


class _KeyForm(forms.Form):
    user: Any

    credential = KeyField(AuthenticationResponse)

    def clean_credential(self) -> Any:
        tries = limits.code(context.request, self.user.email)
        told = AuthenticationResponse.from_dict(self.cleaned_data["credential"])
        authenticator = super().clean_credential()  # type: ignore[misc]  # a mix-in
        if not count_key(factor=authenticator.pk, count=told.response.authenticator_data.counter):
            raise ValidationError(COPIED)
        tries.rollback()
        return authenticator


def _name(field: Any) -> None:
    """What a key is called stands in the trail, for good."""
    field.label = _("Name of the key")
    field.validators += [MaxLengthValidator(LONGEST_NAME), one_line]
    field.widget.attrs["maxlength"] = str(LONGEST_NAME)


class NewKeyForm(webauthn.AddWebAuthnForm):
    credential = KeyField(RegistrationResponse)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self.fields["name"])
        self.fields["name"].help_text = _("So that you tell your keys apart.")


class RenameKeyForm(webauthn.EditWebAuthnForm):
    """The library tells nobody of a new name, so the form is an act of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self.fields["name"])

    def save(self) -> Any:
        before = self.instance.wrap().name
        with audit.acting():
            renamed = super().save()
            if (name := renamed.wrap().name) != before:
                sign_ins.note_sign_in_act(verb=sign_ins.KEY_RENAMED, person=renamed.user, was=before, key=name)
        return renamed


class KeyForm(_KeyForm, webauthn.AuthenticateWebAuthnForm):
    pass


class KeyAgainForm(_KeyForm, webauthn.ReauthenticateWebAuthnForm):
    pass
