"""Sign-in: an app registers, a person consents, a code becomes a token. Password-less, with PKCE (S256)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from simulator.dialects.mastodon import errors
from simulator.exchange import Answer, Refused, Request, json_answer
from simulator.oauth import OUT_OF_BAND, Door
from simulator.routing import Routes, Simulator
from simulator.store import grants

routes = Routes("api")
door = Door("/oauth/authorize", allows=lambda known, wanted: wanted in known or wanted.partition(":")[0] in known)
about = door.routes()
TOP_SCOPES = ("read", "write", "follow", "push", "profile")
SCOPES = (
    *TOP_SCOPES,
    *(f"write:{noun}" for noun in ("accounts", "favourites", "media", "notifications", "statuses")),
    *(f"read:{noun}" for noun in ("accounts", "notifications", "search", "statuses")),
)
SCOPE = re.compile(r"^(read|write|follow|push|profile|admin:read|admin:write)(:[a-z_]+)?$")


@routes.on("POST", "/api/v1/apps")
def register(simulator: Simulator, request: Request) -> Answer:
    name, addresses = request.text("client_name"), "\n".join(request.texts("redirect_uris")).split()
    scopes = request.text("scopes") or "read"
    if not name:
        raise errors.invalid("Application name can't be blank")
    if not addresses or not all(one == OUT_OF_BAND or urlsplit(one).scheme for one in addresses):
        raise errors.invalid("Redirect URI must be an absolute URI.")
    if not all(SCOPE.match(scope) for scope in scopes.split()):
        raise errors.invalid("Scopes doesn't match configured on the server.")
    app = grants.register_app(
        simulator.db,
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
def verify_app(simulator: Simulator, request: Request) -> Answer:
    app = grants.app_by_id(simulator.db, request.token.app_id if request.token else None)
    if not app:
        raise errors.token_invalid()
    return json_answer({"name": app.name, "website": app.website, "scopes": app.scopes.split(), "vapid_key": ""})


@about.on("POST", "/oauth/token")
def token(simulator: Simulator, request: Request) -> Answer:
    app, kind = door.client(simulator, request), request.text("grant_type")
    if kind == "client_credentials":
        issued = grants.issue(simulator.db, person_id=None, app_id=app.id, scopes=request.text("scope") or "read")
    elif kind == "authorization_code":
        issued = door.redeem(simulator, request)
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
def revoke(simulator: Simulator, request: Request) -> Answer:
    app = door.client(simulator, request)
    given = grants.token(simulator.db, request.text("token"))
    if given and given.app_id != app.id:
        raise Refused(403, "unauthorized_client", error_description="You are not authorized to revoke this token")
    if given:
        grants.revoke(simulator.db, given.token)
    return json_answer({})


@about.on("GET", "/.well-known/oauth-authorization-server")
def metadata(simulator: Simulator, request: Request) -> Answer:
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
