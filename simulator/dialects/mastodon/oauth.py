"""Sign-in: an app registers, a person consents, a code becomes a token. Password-less, with PKCE (S256)."""

from __future__ import annotations

import hmac
import re
from urllib.parse import urlencode, urlsplit

from simulator.dialects.mastodon import errors
from simulator.exchange import Answer, Refused, Request, json_answer, redirect
from simulator.pages import consent
from simulator.routing import Routes, Square
from simulator.store import grants, people

routes = Routes("api")
about = Routes()
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
TOP_SCOPES = ("read", "write", "follow", "push", "profile")
SCOPES = (
    *TOP_SCOPES,
    *(f"write:{noun}" for noun in ("accounts", "favourites", "media", "notifications", "statuses")),
    *(f"read:{noun}" for noun in ("accounts", "notifications", "search", "statuses")),
)
SCOPE = re.compile(r"^(read|write|follow|push|profile|admin:read|admin:write)(:[a-z_]+)?$")


@routes.on("POST", "/api/v1/apps")
def register(square: Square, request: Request) -> Answer:
    name, addresses = request.text("client_name"), "\n".join(request.texts("redirect_uris")).split()
    scopes = request.text("scopes") or "read"
    if not name:
        raise errors.invalid("Application name can't be blank")
    if not addresses or not all(one == OUT_OF_BAND or urlsplit(one).scheme for one in addresses):
        raise errors.invalid("Redirect URI must be an absolute URI.")
    if not all(SCOPE.match(scope) for scope in scopes.split()):
        raise errors.invalid("Scopes doesn't match configured on the server.")
    app = grants.register_app(
        square.db,
        name=name,
        website=request.text("website") or None,
        redirect_uris="\n".join(addresses),
        scopes=scopes,
    )
    return json_answer(
        {
            "id": str(app.id),
            "name": app.name,
            "website": app.website,
            "scopes": app.scopes.split(),
            "redirect_uri": app.redirect_uris,
            "redirect_uris": app.redirect_uris.split("\n"),
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "client_secret_expires_at": 0,
            "vapid_key": "",
        }
    )


@routes.on("GET", "/api/v1/apps/verify_credentials", scope="")
def verify_app(square: Square, request: Request) -> Answer:
    app = grants.app_by_id(square.db, request.token.app_id if request.token else None)
    if not app:
        raise errors.token_invalid()
    return json_answer({"name": app.name, "website": app.website, "scopes": app.scopes.split(), "vapid_key": ""})


@about.on("GET", "/oauth/authorize")
def ask(square: Square, request: Request) -> Answer:
    """The page on which somebody chooses as whom the app may act."""
    app, problem = _request_of(square, request)
    if not app or problem:
        return consent.refused(request, problem)
    return consent.page(request, app, people.everyone(square.db))


@about.on("POST", "/oauth/authorize")
def answer(square: Square, request: Request) -> Answer:
    """The decision: back to the app with a code or with `access_denied`, or the code on a page."""
    app, problem = _request_of(square, request)
    person = people.by_id(square.db, request.number("person"))
    if not app or problem:
        return consent.refused(request, problem)
    address, state = request.text("redirect_uri"), request.text("state")
    extra = {"state": state} if state else {}
    if request.text("decision") != "allow" or not person:
        if address == OUT_OF_BAND:
            return consent.refused(request, "access_denied")
        return redirect(_with(address, {"error": "access_denied", **extra}))
    code = grants.consent(
        square.db,
        app=app,
        person_id=person.id,
        redirect_uri=address,
        scopes=request.text("scope") or "read",
        challenge=request.text("code_challenge") or None,
    )
    return consent.code(request, code) if address == OUT_OF_BAND else redirect(_with(address, {"code": code, **extra}))


def _request_of(square: Square, request: Request) -> tuple[grants.App | None, str]:
    """The app that asks, and what is wrong with how it asks (empty: nothing)."""
    app = grants.app_by_client_id(square.db, request.text("client_id"))
    if not app:
        return None, "invalid_client"
    scopes = set((request.text("scope") or "read").split())
    if request.text("redirect_uri") not in app.redirect_uris.split("\n"):
        return app, "invalid_redirect_uri"
    if request.text("response_type") != "code":
        return app, "unsupported_response_type"
    if not all(scope in app.scopes.split() or scope.partition(":")[0] in app.scopes.split() for scope in scopes):
        return app, "invalid_scope"
    if request.text("code_challenge") and request.text("code_challenge_method") != "S256":
        return app, "invalid_code_challenge_method"
    return app, ""


def _with(address: str, values: dict[str, str]) -> str:
    return address + ("&" if "?" in address else "?") + urlencode(values)


def _client(square: Square, request: Request) -> grants.App:
    """The app that proves itself by its secret, in the form or by basic authentication."""
    name, secret = request.basic
    app = grants.app_by_client_id(square.db, name or request.text("client_id"))
    if not app or not hmac.compare_digest(app.client_secret, secret or request.text("client_secret")):
        raise Refused(
            401,
            "invalid_client",
            error_description="Client authentication failed due to unknown client, no client authentication included, "
            "or unsupported authentication method.",
        )
    return app


@about.on("POST", "/oauth/token")
def token(square: Square, request: Request) -> Answer:
    app, kind = _client(square, request), request.text("grant_type")
    if kind == "client_credentials":
        issued = grants.issue(square.db, person_id=None, app_id=app.id, scopes=request.text("scope") or "read")
    elif kind == "authorization_code":
        found = grants.redeem(
            square.db,
            app=app,
            code=request.text("code"),
            redirect_uri=request.text("redirect_uri"),
            verifier=request.text("code_verifier") or None,
        )
        if not found:
            raise Refused(
                400,
                "invalid_grant",
                error_description="The provided authorization grant is invalid, expired, revoked, does not match the "
                "redirection URI used in the authorization request, or was issued to another client.",
            )
        issued = found
    else:
        raise Refused(
            400,
            "unsupported_grant_type",
            error_description="The authorization grant type is not supported by the authorization server.",
        )
    return json_answer(
        {
            "access_token": issued.token,
            "token_type": "Bearer",
            "scope": issued.scopes,
            "created_at": issued.created_ms // 1000,
        }
    )


@about.on("POST", "/oauth/revoke")
def revoke(square: Square, request: Request) -> Answer:
    app = _client(square, request)
    given = grants.token(square.db, request.text("token"))
    if given and given.app_id != app.id:
        raise Refused(403, "unauthorized_client", error_description="You are not authorized to revoke this token")
    if given:
        grants.revoke(square.db, given.token)
    return json_answer({})


@about.on("GET", "/.well-known/oauth-authorization-server")
def metadata(square: Square, request: Request) -> Answer:
    base = request.base_url
    return json_answer(
        {
            "issuer": f"{base}/",
            "authorization_endpoint": f"{base}/oauth/authorize",
            "token_endpoint": f"{base}/oauth/token",
            "revocation_endpoint": f"{base}/oauth/revoke",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "service_documentation": f"{base}/",
            "app_registration_endpoint": f"{base}/api/v1/apps",
        }
    )
