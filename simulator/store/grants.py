"""Who may act as whom: apps, the codes of a consent, and tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import sqlite3
from dataclasses import dataclass

from simulator.store.database import Database, now_ms

CODE_LIFETIME_MS = 600_000
ALL_SCOPES = "read write follow push profile"


@dataclass(frozen=True, slots=True)
class App:
    id: int
    name: str
    website: str | None
    redirect_uris: str  # one a line
    scopes: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Token:
    token: str
    app_id: int | None
    person_id: int | None
    scopes: str
    created_ms: int
    revoked: int

    def allows(self, scope: str) -> bool:
        """`write:statuses` is allowed by itself and by `write`; `follow` and the like only by themselves."""
        return bool({scope, scope.partition(":")[0]} & set(self.scopes.split()))


def _app(row: sqlite3.Row | None) -> App | None:
    return App(*tuple(row)) if row else None


def register_app(db: Database, *, name: str, website: str | None, redirect_uris: str, scopes: str) -> App:
    app = App(db.new_id(), name, website, redirect_uris, scopes, secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    with db.transaction() as connection:
        connection.execute(
            "INSERT INTO apps VALUES (?, ?, ?, ?, ?, ?, ?)",
            (app.id, app.name, app.website, app.redirect_uris, app.scopes, app.client_id, app.client_secret),
        )
    return app


def app_by_client_id(db: Database, client_id: str) -> App | None:
    return _app(db.row("SELECT * FROM apps WHERE client_id = :id", {"id": client_id}))


def app_by_id(db: Database, identifier: int | None) -> App | None:
    return _app(db.row("SELECT * FROM apps WHERE id = :id", {"id": identifier}))


def consent(db: Database, *, app: App, person_id: int, redirect_uri: str, scopes: str, challenge: str | None) -> str:
    """A code that the app may change for a token once, within ten minutes."""
    code = secrets.token_urlsafe(32)
    with db.transaction() as connection:
        connection.execute(
            "INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?, ?)",
            (code, app.id, person_id, redirect_uri, scopes, challenge, now_ms()),
        )
    return code


def redeem(db: Database, *, app: App, code: str, redirect_uri: str, verifier: str | None) -> Token | None:
    """The token for a code; None where the parts do not belong together. A code dies on use."""
    with db.transaction() as connection:
        row = connection.execute("SELECT * FROM codes WHERE code = ?", (code,)).fetchone()
        connection.execute("DELETE FROM codes WHERE code = ?", (code,))
    if not row or row["app_id"] != app.id or row["redirect_uri"] != redirect_uri:
        return None
    if now_ms() - row["created_ms"] > CODE_LIFETIME_MS or not _proves(row["challenge"], verifier):
        return None
    return issue(db, person_id=row["person_id"], app_id=app.id, scopes=row["scopes"])


def _proves(challenge: str | None, verifier: str | None) -> bool:
    """RFC 7636, method S256."""
    if not challenge:
        return True
    digest = hashlib.sha256((verifier or "").encode()).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), challenge)


def issue(db: Database, *, person_id: int | None, app_id: int | None = None, scopes: str = ALL_SCOPES) -> Token:
    token = Token(secrets.token_urlsafe(32), app_id, person_id, scopes, now_ms(), 0)
    with db.transaction() as connection:
        connection.execute(
            "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?)",
            (token.token, token.app_id, token.person_id, token.scopes, token.created_ms, token.revoked),
        )
    return token


def standing_token(db: Database, person_id: int) -> Token:
    """The token that trainers and tests use for a person: the same one each time, until it is revoked."""
    row = db.row(
        "SELECT * FROM tokens WHERE person_id = :person AND app_id IS NULL AND NOT revoked", {"person": person_id}
    )
    return Token(*tuple(row)) if row else issue(db, person_id=person_id)


def token(db: Database, text: str) -> Token | None:
    """What is known of a token, revoked ones included."""
    row = db.row("SELECT * FROM tokens WHERE token = :token", {"token": text})
    return Token(*tuple(row)) if row else None


def revoke(db: Database, text: str) -> None:
    with db.transaction() as connection:
        connection.execute("UPDATE tokens SET revoked = 1 WHERE token = ?", (text,))


def revoke_all(db: Database, person_id: int) -> None:
    """Every app of a person loses its access, as when they change their password."""
    with db.transaction() as connection:
        connection.execute("UPDATE tokens SET revoked = 1 WHERE person_id = ?", (person_id,))
