"""The calls to the administration's provider, through the one way out: what it says of itself, its keys, and a code
for an answer."""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

from governance.oidc.tokens import Expected, Tampered, UnknownKey, claims_of, read_json
from networks.egress import Answer, Egress, Terms
from networks.errors import NetworkError
from organisation.clock import database_now
from organisation.provider import Provider, Told

log = logging.getLogger(__name__)

SECONDS = 10.0  # for which somebody waits
LARGEST = 1_000_000  # bytes of an answer
KEPT = 600.0  # seconds for which what the provider says of itself is good
KEYS_AT_MOST_EVERY = 30.0  # seconds: a key that nobody knows makes us look again, and no oftener
MOST_GROUPS = 2000
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class NoAnswer(Exception):
    """The provider does not answer, or says nonsense of itself."""


@dataclass
class _Known:
    """What one process knows of the provider."""

    read_at: float = -KEPT
    facts: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=list)
    keys_at: float = -KEPT


_known: dict[str, _Known] = {}


def forget() -> None:
    """For tests, and for whoever changed the provider."""
    _known.clear()


def _egress(provider: Provider) -> Egress:
    return Egress(allow=settings.EGRESS_ALLOW | provider.allow, timeout=SECONDS, max_bytes=LARGEST)


def facts_of(provider: Provider) -> dict[str, Any]:
    """What the provider says of itself, from its issuer's own address."""
    known = _known.setdefault(provider.issuer, _Known())
    if time.monotonic() - known.read_at < KEPT:
        return known.facts
    facts = _read(provider, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if facts.get("issuer") != provider.issuer:
        raise NoAnswer("it calls itself by another name")
    for name in _ENDPOINTS:
        if not _is_safe(provider, facts.get(name)):
            raise NoAnswer(f"{name} is not encrypted, or missing")
    known.facts, known.read_at = facts, time.monotonic()
    return facts


def _is_safe(provider: Provider, address: Any) -> bool:
    """Encrypted, or at a place that the settings allow by its name."""
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    return bool(parts.netloc) and (parts.scheme == "https" or parts.netloc in provider.allow | settings.EGRESS_ALLOW)


def _keys(provider: Provider, *, anew: bool) -> list[dict[str, Any]]:
    facts, known = facts_of(provider), _known[provider.issuer]
    if time.monotonic() - known.keys_at > (KEYS_AT_MOST_EVERY if anew else KEPT):
        known.keys_at = time.monotonic()
        found = _read(provider, facts["jwks_uri"]).get("keys")
        known.keys = [key for key in found if isinstance(key, dict)] if isinstance(found, list) else []
    return known.keys


def _read(provider: Provider, url: str) -> dict[str, Any]:
    try:
        return _good(_egress(provider).get(url, {"Accept": "application/json"}))
    except (NetworkError, Tampered) as error:
        raise NoAnswer(type(error).__name__) from None


def _good(answer: Answer) -> dict[str, Any]:
    if answer.status != 200:
        raise NoAnswer(f"status {answer.status}")
    return read_json(answer.body)


def _call(provider: Provider, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> dict[str, Any]:
    """With credentials: redirects are never followed."""
    terms = Terms(lambda _method, _path: False, lambda _answer, _write: None, secrets=(provider.client_secret,))
    try:
        return _good(_egress(provider).call(terms, method, url, [*headers.items()], body))
    except NetworkError as error:
        raise NoAnswer(type(error).__name__) from None


def way_there(provider: Provider, **asked: str) -> str:
    """The provider's own page, with what is asked of it."""
    facts = {"response_type": "code", "client_id": provider.client_id, "scope": " ".join(provider.scopes), **asked}
    address = facts_of(provider)["authorization_endpoint"]
    return f"{address}{'&' if '?' in address else '?'}{urlencode(facts)}"


@dataclass(frozen=True)
class Question:
    """What was asked when somebody left for the provider."""

    nonce: str
    verifier: str
    back: str
    proved_within: int | None = None


def answer_for(provider: Provider, code: str, question: Question) -> Told:
    """The code for an answer, whose every part is looked at. `Tampered` or `NoAnswer`."""
    facts = facts_of(provider)
    tokens = _redeem(provider, facts, code, question)
    access = tokens.get("access_token")
    expected = Expected(
        issuer=provider.issuer,
        client_id=provider.client_id,
        nonce=question.nonce,
        algorithms=provider.algorithms,
        now=database_now().timestamp(),
        access_token=access if isinstance(access, str) else "",
        proved_within=question.proved_within,
    )
    try:
        claims = claims_of(tokens.get("id_token"), _keys(provider, anew=False), expected)
    except UnknownKey:
        claims = claims_of(tokens.get("id_token"), _keys(provider, anew=True), expected)
    return told_by(provider, {**_more(provider, facts, claims, expected.access_token), **claims})


def _redeem(provider: Provider, facts: Mapping[str, Any], code: str, question: Question) -> dict[str, Any]:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": question.back}
    form["code_verifier"] = question.verifier
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    ways = facts.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if "client_secret_basic" in ways:
        pair = ":".join(quote(one, safe="") for one in (provider.client_id, provider.client_secret))
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    return _call(provider, "POST", facts["token_endpoint"], headers, urlencode(form).encode())


def _more(provider: Provider, facts: Mapping[str, Any], claims: Mapping[str, Any], access: str) -> dict[str, Any]:
    """What the provider tells on asking, where its answer leaves it out: of the same subject alone."""
    whole = {"email", provider.groups_claim} <= set(claims)
    if whole or not access or not _is_safe(provider, facts.get("userinfo_endpoint")):
        return {}
    headers = {"Accept": "application/json", "Authorization": f"Bearer {access}"}
    told = _call(provider, "GET", facts["userinfo_endpoint"], headers)
    if told.get("sub") != claims["sub"]:
        raise Tampered("what it tells on asking is about somebody else")
    wanted = ("email", "email_verified", "name", provider.groups_claim)
    return {name: told[name] for name in wanted if name in told}


def told_by(provider: Provider, claims: Mapping[str, Any]) -> Told:
    """Only what is used, in the shape that is meant: `email_verified` is true itself, and no word that sounds so."""
    email, name, acr, amr = (claims.get(fact) for fact in ("email", "name", "acr", "amr"))
    counts = provider.trusts_addresses and claims.get("email_verified") is True and isinstance(email, str)
    groups = claims.get(provider.groups_claim)
    return Told(
        issuer=provider.issuer,
        subject=claims["sub"],
        email=str(email).lower() if counts and email else "",
        name=name if isinstance(name, str) else "",
        groups=frozenset(str(one) for one in groups[:MOST_GROUPS]) if isinstance(groups, list) else None,
        acr=acr if isinstance(acr, str) else "",
        amr=tuple(one for one in amr if isinstance(one, str)) if isinstance(amr, list) else (),
    )
