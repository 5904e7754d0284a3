"""Answers of a provider that are not what they claim to be, each with one thing wrong."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any

import jwt

from tests.governance.lying_provider import SECRET, Lie, LyingProvider, part, pem, published, rsa_key


def says(**facts: Any) -> Lie:
    """Signed as it should be, with other claims."""
    return lambda provider, header, claims: provider.sign(header, {**claims, **facts})


def leaves_out(name: str) -> Lie:
    return lambda provider, header, claims: provider.sign(header, {k: v for k, v in claims.items() if k != name})


def moves(name: str, seconds: int) -> Lie:
    return lambda provider, header, claims: provider.sign(header, {**claims, name: int(time.time()) + seconds})


def heads(**facts: Any) -> Lie:
    """Signed by a stranger's key, with something in the header that invites us to trust it."""
    return lambda provider, header, claims: provider.sign({**header, **facts}, claims, rsa_key("stranger"))


def bare(alg: str) -> Lie:
    return lambda provider, header, claims: f"{part({**header, 'alg': alg})}.{part(claims)}."


def by_secret(which: str) -> Lie:
    """With a signature that whoever knows the public key, or our secret, can make."""

    def lie(provider: LyingProvider, header: dict[str, Any], claims: dict[str, Any]) -> str:
        key = pem(provider.key) if which == "public key" else SECRET.encode()
        signed = f"{part({**header, 'alg': 'HS256'})}.{part(claims)}"
        return f"{signed}.{part(hmac.new(key, signed.encode(), hashlib.sha256).digest())}"

    return lie


def with_keys(*keys: dict[str, Any], kid: str | None = "now", signer: str = "own") -> Lie:
    """The provider publishes `keys`, and signs with the key `signer`."""

    def lie(provider: LyingProvider, header: dict[str, Any], claims: dict[str, Any]) -> str:
        provider.keys = list(keys)
        told = {name: value for name, value in {**header, "kid": kid}.items() if value is not None}
        return provider.sign(told, claims, rsa_key(signer))

    return lie


def edited(provider: LyingProvider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    head, _claims, signature = provider.sign(header, claims).split(".")
    return f"{head}.{part({**claims, 'sub': 'somebody-else'})}.{signature}"


def cut(provider: LyingProvider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    return provider.sign(header, claims)[:-8]


def stripped(provider: LyingProvider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    return provider.sign(header, claims).rpartition(".")[0] + "."


def borrowed(provider: LyingProvider, header: dict[str, Any], claims: dict[str, Any]) -> str:
    """The signature of another true answer."""
    other = provider.sign(header, {**claims, "nonce": "of yesterday"}).rpartition(".")[2]
    return f"{provider.sign(header, claims).rpartition('.')[0]}.{other}"


OWN, STRANGER = rsa_key("own"), rsa_key("stranger")
WHOLE = jwt.algorithms.RSAAlgorithm.to_jwk(OWN, as_dict=True)

TAMPERED: dict[str, Lie] = {
    "no algorithm": bare("none"),
    "no algorithm, oddly written": bare("nOnE"),
    "the signature taken off": stripped,
    "the signature cut short": cut,
    "the signature of another answer": borrowed,
    "claims changed after they were signed": edited,
    "a stranger's key under our key's name": heads(),
    "a stranger's key in the header": heads(jwk=published(STRANGER, "now")),
    "a stranger's address for keys": heads(jku="https://stranger.example/jwks"),
    "a stranger's certificate": heads(x5u="https://stranger.example/cert"),
    "a key that is not published": heads(kid="next"),
    "a name of a key that is a path": heads(kid="../../now"),
    "a name of a key that is a list": heads(kid=["now"]),
    "signed with the public key as a secret": by_secret("public key"),
    "signed with our own secret": by_secret("secret"),
    "an algorithm that is not agreed on": lambda p, h, c: p.sign({**h, "alg": "RS512"}, c),
    "another algorithm than the key's": lambda p, h, c: p.sign({**h, "alg": "PS256"}, c),
    "something critical that nobody knows": lambda p, h, c: p.sign({**h, "crit": ["exp"], "exp": 1}, c),
    "a token of another kind": lambda p, h, c: p.sign({**h, "typ": "at+jwt"}, c),
    "two keys of one name": with_keys(published(OWN, "now"), published(STRANGER, "now")),
    "no name, and two keys": with_keys(published(OWN, "a"), published(STRANGER, "b"), kid=None),
    "a key for something else": with_keys(published(OWN, "now", use="enc")),
    "a key that is published whole": with_keys({**WHOLE, "kid": "now", "use": "sig", "alg": "RS256"}),
    "a key that is too short": with_keys(published(rsa_key("weak"), "now"), signer="weak"),
    "another issuer": says(iss="https://stranger.example"),
    "the issuer with a slash more": lambda p, h, c: p.sign(h, {**c, "iss": f"{c['iss']}/"}),
    "no issuer": leaves_out("iss"),
    "another audience": says(aud="another-client"),
    "no audience": leaves_out("aud"),
    "an audience of nobody": says(aud=[]),
    "an audience of two, for nobody": says(aud=["parvis", "another-client"]),
    "an audience that is part of a word": says(aud="parvis-test"),
    "for another party": says(azp="another-client"),
    "over": moves("exp", -120),
    "without an end": leaves_out("exp"),
    "an end in words": says(exp="tomorrow"),
    "an end that is true": says(exp=True),
    "an end beyond all ends": says(exp=10**300),
    "of tomorrow": moves("iat", 86_400),
    "of yesterday": moves("iat", -86_400),
    "of no moment": leaves_out("iat"),
    "not yet good": moves("nbf", 600),
    "the answer to another question": says(nonce="of yesterday"),
    "the answer to no question": leaves_out("nonce"),
    "the answer to an empty question": says(nonce=""),
    "about nobody": leaves_out("sub"),
    "about an empty name": says(sub=""),
    "about a number": says(sub=1),
    "about two lines": says(sub="f3b1c2\nadmin"),
    "about a list": says(sub=["f3b1c2"]),
    "beside another token": says(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "claims that are a list": lambda p, h, c: p.sign(h, [c]),
    "claims that are no JSON": lambda p, h, c: p.sign(h, b"{"),
    "no answer at all": lambda p, h, c: None,
    "an answer that is a list": lambda p, h, c: [p.sign(h, c)],
    "an answer with two signatures": lambda p, h, c: f"{p.sign(h, c)}.AAAA",
    "an answer without end": lambda p, h, c: p.sign(h, {**c, "x": "y" * 30_000}),
}
