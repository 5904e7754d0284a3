"""Whether a provider's answer is what it claims to be. Pure rules: the keys and the moment are given."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jwt
from django.utils.crypto import constant_time_compare

if TYPE_CHECKING:
    from jwt.types import Options

SKEW = 60  # seconds that two clocks may differ
FRESH = 600  # seconds that an answer may be old
LONGEST = 20_000  # signs of a token
SMALLEST_RSA = 2048  # bits
# Signatures of a private key alone: never "none", and never one that whoever knows a public key could make.
FAMILY = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    "EdDSA": "OKP",
}
CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}
SECRET_PARTS = {"d", "p", "q", "k"}  # of a key that nobody publishes


class Tampered(Exception):
    """The answer is not accepted; `str` says why, for the log alone."""


class UnknownKey(Tampered):
    """No published key fits: perhaps they changed."""


@dataclass(frozen=True)
class Expected:
    """What an answer has to fit: to whom, from whom, to which question, at which moment (seconds)."""

    issuer: str
    client_id: str
    nonce: str
    algorithms: Sequence[str]
    now: float
    access_token: str = ""
    proved_within: int | None = None


def claims_of(token: object, keys: Sequence[Mapping[str, Any]], expected: Expected) -> dict[str, Any]:
    """What a signed answer says, once every part of it holds; `Tampered` else."""
    if not isinstance(token, str) or len(token) > LONGEST or token.count(".") != 2:
        raise Tampered("no signed token")
    header = _header(token)
    key = _key(header, keys, expected.algorithms)
    try:
        claims = jwt.decode(
            token,
            key=jwt.PyJWK(dict(key), algorithm=header["alg"]).key,
            algorithms=[header["alg"]],
            options=_OURS,
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise Tampered(f"signature: {type(error).__name__}") from None
    _require_parties(claims, expected)
    _require_times(claims, expected)
    if not constant_time_compare(str(claims.get("nonce", "")), expected.nonce) or not expected.nonce:
        raise Tampered("nonce")
    _require_access_token(claims, header["alg"], expected.access_token)
    return claims


# Looked at here, by the database's clock.
_OURS: Options = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


def _header(token: str) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError) as error:
        raise Tampered(f"header: {type(error).__name__}") from None
    if "crit" in header or str(header.get("typ", "JWT")).upper() != "JWT":
        raise Tampered("header asks for what is not known here")
    return dict(header)


def _key(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]], algorithms: Sequence[str]) -> Mapping[str, Any]:
    """The one published key that fits; what the token itself says of keys (jwk, jku, x5u) is not looked at."""
    alg, kid = header.get("alg"), header.get("kid")
    if alg not in algorithms or alg not in FAMILY:
        raise Tampered(f"algorithm {alg!r:.20}")
    fit = [key for key in keys if _fits(key, str(alg)) and (kid is None or key.get("kid") == kid)]
    if not fit:
        raise UnknownKey("no such key")
    if len(fit) > 1:
        raise Tampered("more than one key fits")
    return fit[0]


def _fits(key: Mapping[str, Any], alg: str) -> bool:
    if key.get("kty") != FAMILY[alg] or key.get("use", "sig") != "sig" or key.get("alg", alg) != alg:
        return False
    if SECRET_PARTS & set(key) or key.get("crv") != CURVES.get(alg, key.get("crv")):
        return False
    return key.get("kty") != "RSA" or _bits(key.get("n")) >= SMALLEST_RSA


def _bits(modulus: object) -> int:
    try:
        raw = base64.urlsafe_b64decode(f"{modulus}===")
    except ValueError:
        return 0
    return int.from_bytes(raw).bit_length()


def _require_parties(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise Tampered("issuer")
    told = claims.get("aud")
    audience = [told] if isinstance(told, str) else told
    if not isinstance(audience, list) or expected.client_id not in audience:
        raise Tampered("audience")
    if claims.get("azp", expected.client_id) != expected.client_id or (len(audience) > 1 and "azp" not in claims):
        raise Tampered("authorised party")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise Tampered("subject")


def _moment(claims: Mapping[str, Any], name: str) -> float:
    value: Any = claims.get(name)
    if type(value) not in (int, float) or not 0 < value < 10**11:
        raise Tampered(f"{name} is no moment")
    return float(value)


def _require_times(claims: Mapping[str, Any], expected: Expected) -> None:
    now = expected.now
    if _moment(claims, "exp") <= now - SKEW:
        raise Tampered("over")
    if not now - FRESH - SKEW <= _moment(claims, "iat") <= now + SKEW:
        raise Tampered("not of now")
    if "nbf" in claims and _moment(claims, "nbf") > now + SKEW:
        raise Tampered("not yet")
    if expected.proved_within is not None:
        proved = _moment(claims, "auth_time")
        if not now - expected.proved_within - SKEW <= proved <= now + SKEW:
            raise Tampered("proved too long ago")


def _require_access_token(claims: Mapping[str, Any], alg: str, access_token: str) -> None:
    """Binds the two tokens of one answer, where the provider does so."""
    if "at_hash" not in claims or alg[2:] not in HASHES:
        return
    whole = HASHES[alg[2:]](access_token.encode()).digest()
    half = base64.urlsafe_b64encode(whole[: len(whole) // 2]).rstrip(b"=").decode()
    if not constant_time_compare(str(claims["at_hash"]), half):
        raise Tampered("access token")


def read_json(body: bytes) -> dict[str, Any]:
    """An object; `Tampered` where it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Tampered("no JSON object")
    return found
