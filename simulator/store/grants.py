"""Who may act as whom: apps, the codes of a consent, and tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import sqlite3
from dataclasses import astuple, dataclass

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
    expires_ms: int | None = None
    refresh: str | None = None

    @property
    def works(self) -> bool:
        return not self.revoked and (self.expires_ms is None or now_ms() < self.expires_ms)

    @property
    def is_standing(self) -> bool:
        """Given out by the square itself, to trainers and tests: it allows everything, on every network."""
        return self.app_id is None


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a token works (seconds; None: for ever), and whether it comes with one to renew it."""

    seconds: int | None = None
    renewable: bool = False


FOR_EVER = Lasting()


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


def redeem(
    db: Database, *, app: App, code: str, redirect_uri: str, verifier: str | None, lasts: Lasting = FOR_EVER
) -> Token | None:
    """The token for a code; None where the parts do not belong together. A code dies on use."""
    with db.transaction() as connection:
        row = connection.execute("SELECT * FROM codes WHERE code = ?", (code,)).fetchone()
        connection.execute("DELETE FROM codes WHERE code = ?", (code,))
    if not row or row["app_id"] != app.id or row["redirect_uri"] != redirect_uri:
        return None
    if now_ms() - row["created_ms"] > CODE_LIFETIME_MS or not _proves(row["challenge"], verifier):
        return None
    return issue(db, person_id=row["person_id"], app_id=app.id, scopes=row["scopes"], lasts=lasts)


def renew(db: Database, *, app: App, refresh: str, lasts: Lasting, rotates: bool) -> Token | None:
    """A new token for a refresh token; None for one that is unknown, used up or revoked.

    Where the network `rotates`, the refresh token changes too, and the old one is dead from then on.
    """
    row = db.row("SELECT * FROM tokens WHERE refresh = :refresh AND NOT revoked", {"refresh": refresh})
    if not row or row["app_id"] != app.id:
        return None
    old = Token(*tuple(row))
    revoke(db, old.token)
    return issue(
        db,
        person_id=old.person_id,
        app_id=app.id,
        scopes=old.scopes,
        lasts=lasts,
        refresh=None if rotates else old.refresh,
    )


def _proves(challenge: str | None, verifier: str | None) -> bool:
    """RFC 7636, method S256."""
    if not challenge:
        return True
    digest = hashlib.sha256((verifier or "").encode()).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), challenge)


def issue(
    db: Database, *, person_id: int | None, app_id: int | None = None, scopes: str = ALL_SCOPES,
    lasts: Lasting = FOR_EVER, refresh: str | None = None,
) -> Token:  # fmt: skip
    """A new token; with a refresh token where `lasts` says so, or the one given."""
    now = now_ms()
    renewable = secrets.token_urlsafe(32) if lasts.renewable else None
    token = Token(
        token=secrets.token_urlsafe(32),
        app_id=app_id,
        person_id=person_id,
        scopes=scopes,
        created_ms=now,
        revoked=0,
        expires_ms=now + lasts.seconds * 1000 if lasts.seconds else None,
        refresh=refresh or renewable,
    )
    with db.transaction() as connection:
        connection.execute("INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?)", astuple(token))
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
