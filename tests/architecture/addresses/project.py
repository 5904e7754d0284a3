"""The whole house: sign-in, and what belongs to no room."""

from __future__ import annotations

from tests.architecture.rows import (
    PUBLIC,
    PUT,
    SIGNED_IN,
    Row,
    roles,
    rows,
)

_PAGES = [
    *rows("components", "GET", PUBLIC),
    *rows("choose_theme choose_language", "POST", PUBLIC),
    *rows("choose_unit", "POST", SIGNED_IN),
    Row("organisation:unsaved", PUT, SIGNED_IN),
    *rows("unsaved_discard sessions_end_others identity_unlink", "POST", SIGNED_IN, room="organisation"),
    *rows("today search api_docs", "GET", SIGNED_IN),
]

_SIGN_IN = [
    *rows("account_login account_logout account_signup account_reset_password mfa_authenticate", "GET POST", PUBLIC),
    *rows("account_inactive account_reset_password_done account_reset_password_from_key_done", "GET", PUBLIC),
    *rows("provider_begin provider_again provider_back", "GET", PUBLIC),  # where none is set up: to the sign-in
    *rows("account_reset_password_from_key", "GET POST", PUBLIC, thing="reset_key"),
    *rows("welcome", "GET POST", PUBLIC, room="organisation", thing="link"),
    *rows("account_reauthenticate account_change_password account_set_password", "GET POST", SIGNED_IN),
    *rows("mfa_index", "GET", SIGNED_IN),
    *rows(
        "mfa_reauthenticate mfa_activate_totp mfa_deactivate_totp mfa_generate_recovery_codes", "GET POST", SIGNED_IN
    ),
    *rows("mfa_add_webauthn mfa_reauthenticate_webauthn", "GET POST", SIGNED_IN),
    *rows("mfa_list_webauthn", "GET", SIGNED_IN),
    *rows("mfa_edit_webauthn mfa_remove_webauthn", "GET POST", SIGNED_IN, thing="security_key"),
    # In this world everybody has the app on their phone, and nobody has codes for a lost one.
    *rows("mfa_view_recovery_codes mfa_download_recovery_codes", "GET", roles(), sees=roles(), thing="second_step"),
]

_API = [
    *rows("schema", "GET", SIGNED_IN),
]

ROWS = [*_PAGES, *_SIGN_IN, *_API]
