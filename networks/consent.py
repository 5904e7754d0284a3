"""The side of the port on which a person lets Parvis act as an account: OAuth, whatever its dialect."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, TypeVar

from networks.errors import NetworkError, Unavailable
from networks.kinds import Purpose
from networks.types import Identity

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class App:
    """What the administration registered Parvis as at a network. Empty where a server registers any app on request."""

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)  # the network's own, where it is not the client secret
    token: str = field(default="", repr=False)  # the app's own, for calls that no account makes
    number: str = ""  # by which the network counts the app, where that is another than its id


@dataclass(frozen=True, slots=True)
class Begun:
    """A consent under way: the page of the network to send the person to, and what to keep secret until they return.

    `kept` holds the PKCE verifier, and whatever else `finish` needs; it is sealed, never shown.
    """

    url: str
    kept: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Renewed:
    """Credentials that replace those of the same names; all others stay.

    `expires_at` is when the access token must have been renewed, None where it never needs to be. `ends_at` is when no
    renewal helps any more and a person has to connect again, None where the network sets no such date. Aware, UTC.
    """

    credentials: Mapping[str, str] = field(repr=False)
    expires_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """One account that the person may act as, with its credentials, and the scopes that they really granted."""

    identity: Identity
    renewed: Renewed
    scopes: tuple[str, ...]


class Consent(Protocol):
    """What a network's folder provides for signing in by consent. Made per use; never shared across threads.

    Every verb but `begin` may call the network, and may raise the errors of `networks.errors` and no others. `finish`
    and `renew` never raise `OutcomeUnknown`: a lost answer is `Unavailable`, and the old credentials stay.
    """

    def begin(self, *, state: str, redirect_uri: str, purpose: Purpose) -> Begun:
        """Where to send the person. May call the network where the server has to register us first."""
        ...

    def finish(self, *, code: str, kept: Mapping[str, str], redirect_uri: str) -> tuple[Granted, ...]:
        """Every account that the consent lets us act as: one, or the pages that the person manages.

        Credentials are named alike for every purpose. Whoever keeps those of a consent for reading apart puts `read_`
        before each name, and takes it off again for `renew` and `revoke`; connectors know both.
        """
        ...

    def renew(self, credentials: Mapping[str, str]) -> Renewed:
        """New tokens for old. `Unsupported` where nothing is to be renewed, `AuthExpired` where it is too late."""
        ...

    def revoke(self, credentials: Mapping[str, str]) -> None:
        """Tells the network to forget these tokens. `Unsupported` where it has no way to."""
        ...


LONGEST_TOKEN, LONGEST_SCOPE, MOST_SCOPES = 10_000, 200, 100


class Checked:
    """A network's `Consent`, whatever the network answers: what cannot be read, or is no token, is `Unavailable`."""

    def __init__(self, consent: Consent) -> None:
        self._consent = consent

    def begin(self, *, state: str, redirect_uri: str, purpose: Purpose) -> Begun:
        return _readable(lambda: self._consent.begin(state=state, redirect_uri=redirect_uri, purpose=purpose))

    def finish(self, *, code: str, kept: Mapping[str, str], redirect_uri: str) -> tuple[Granted, ...]:
        found = _readable(lambda: self._consent.finish(code=code, kept=kept, redirect_uri=redirect_uri))
        good = tuple(_with_scopes(one) for one in found if _are_tokens(one.renewed))
        if found and not good:
            raise Unavailable("no token that can be kept")
        return good

    def renew(self, credentials: Mapping[str, str]) -> Renewed:
        renewed = _readable(lambda: self._consent.renew(credentials))
        if not _are_tokens(renewed):
            raise Unavailable("no token that can be kept")
        return renewed

    def revoke(self, credentials: Mapping[str, str]) -> None:
        _readable(lambda: self._consent.revoke(credentials))


def _readable(work: Callable[[], Result]) -> Result:
    try:
        return work()
    except NetworkError:
        raise
    except Exception as error:
        failure = Unavailable(type(error).__name__)
    raise failure  # out here: the chain would still hold an answer, and what stands in it


def _are_tokens(renewed: Renewed) -> bool:
    """RFC 6749 writes them in visible ASCII."""
    told = renewed.credentials.values()
    return all(token.isascii() and token.isprintable() and len(token) <= LONGEST_TOKEN for token in told)


def _with_scopes(granted: Granted) -> Granted:
    """Those are of visible ASCII too."""
    written = (scope for scope in granted.scopes if scope.isascii() and scope.isprintable())
    kept = [scope for scope in written if len(scope) <= LONGEST_SCOPE]
    return replace(granted, scopes=tuple(kept[:MOST_SCOPES]))


def verifier() -> str:
    """A PKCE code verifier (RFC 7636): 43 characters, 256 random bits."""
    return secrets.token_urlsafe(32)


def challenge(verifier: str) -> str:
    """The S256 challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
