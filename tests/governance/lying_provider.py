"""A provider of sign-ins on loopback: honest until a test gives it a lie to tell."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from organisation.provider import Provider

CLIENT, SECRET = "parvis", "the provider's secret with us"
SUBJECT = "f3b1c2"

Lie = Callable[["LyingProvider", dict[str, Any], dict[str, Any]], Any]


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024 if name == "weak" else 2048)


def published(key: rsa.RSAPrivateKey, kid: str, **facts: Any) -> dict[str, Any]:
    told = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {**{name: told[name] for name in ("kty", "n", "e")}, "kid": kid, "use": "sig", "alg": "RS256", **facts}


def part(told: Any) -> str:
    raw = told if isinstance(told, bytes) else json.dumps(told).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


class LyingProvider:
    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.key = rsa_key("own")
        self.keys = [published(self.key, "now")]
        self.claims: dict[str, Any] = {}
        self.lie: Lie | None = None
        self.facts: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None
        self.asked: dict[str, str] = {}
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}  # by path, instead of the honest ones
        self.calls: list[str] = []
        self.redeemed: list[dict[str, str]] = []
        self.headers: dict[str, str] = {}

    def settings(self, **facts: Any) -> Provider:
        allow = frozenset({urlsplit(self.issuer).netloc})
        return Provider(issuer=self.issuer, client_id=CLIENT, client_secret=SECRET, allow=allow, **facts)

    def sign(self, header: dict[str, Any], claims: Any, key: Any = None) -> str:
        signed = f"{part(header)}.{part(claims)}"
        algorithm = jwt.get_algorithm_by_name(header["alg"])
        return f"{signed}.{part(algorithm.sign(signed.encode(), key or self.key))}"

    def token(self) -> Any:
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": SUBJECT, "aud": CLIENT, "exp": now + 300, "iat": now}
        claims |= {"nonce": self.asked.get("nonce", ""), "auth_time": now, **self.claims}
        header = {"alg": "RS256", "kid": "now", "typ": "JWT"}
        return self.lie(self, header, claims) if self.lie else self.sign(header, claims)

    def answer(self, path: str, form: dict[str, str], headers: Any) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            ends = {name: f"{self.issuer}/{at}" for name, at in ENDS.items()}
            return {"issuer": self.issuer, **ends, **self.facts}
        if path == "/jwks":
            return {"keys": self.keys}
        if path == "/userinfo":
            return self.userinfo or {"sub": SUBJECT}
        if path == "/token":
            self.redeemed.append(form)
            self.headers = dict(headers)
            challenge = part(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
            if form.get("code") != "a-code" or challenge != self.asked.get("code_challenge"):
                return None
            told = self.token()
            return {"access_token": "an-access-token", "token_type": "Bearer", "id_token": told}
        return None

    def left_for(self, location: str) -> dict[str, str]:
        """Somebody comes with this address to the provider's page: what they are asked."""
        self.asked = dict(parse_qsl(urlsplit(location).query))
        return self.asked


ENDS = {
    "authorization_endpoint": "authorize",
    "token_endpoint": "token",
    "jwks_uri": "jwks",
    "userinfo_endpoint": "userinfo",
}


@contextmanager
def running() -> Iterator[LyingProvider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            provider.calls.append(path)
            if path in provider.answers:
                status, headers, content = provider.answers[path]
            else:
                told = provider.answer(path, dict(parse_qsl(body)), self.headers)
                status, headers = (400, {}) if told is None else (200, {"Content-Type": "application/json"})
                content = json.dumps(told or {"error": "invalid_grant"}).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815  likewise

        def log_message(self, *_told: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = LyingProvider(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
