"""facebook-sdk's client, with the one method replaced that calls: ours speaks today's API and hides its token."""

from __future__ import annotations

import hashlib
import hmac
import warnings
from collections.abc import Mapping
from typing import Any

import requests

from networks import versions

with warnings.catch_warnings():
    # One pattern of the library is no raw string. Python says so when it compiles it; nothing comes of it.
    warnings.filterwarnings("ignore", message="invalid escape sequence")
    from facebook import GraphAPI

VERSION = versions.graph().name
# Whatever is asked here carries the app's secret: it goes in the body, for addresses end up in logs.
SECRETIVE = "oauth/access_token"
Json = dict[str, Any]


def proof_of(token: str, secret: str) -> str:
    """What shows that a call with `token` comes from the app whose `secret` it is; it holds neither."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


class Graph(GraphAPI):
    """One client a task. Only `networks.errors` come out of a call: the session judges each answer.

    `bearer` says where the token travels: in a header, or (as the library did) among the parameters. `headers` are
    those of the latest answer.
    """

    def __init__(
        self, session: requests.Session, host: str, *, token: str = "", proof: str = "", bearer: bool = True
    ) -> None:
        super().__init__(access_token=token or None, session=session)
        self.version = VERSION  # the constructor takes none that is younger than 3.1
        self.host = host
        self.headers: Mapping[str, str] = {}
        self._proof = proof
        self._bearer = bearer

    def request(
        self,
        path: str,
        args: Json | None = None,
        post_args: Json | None = None,
        files: Any = None,
        method: str | None = None,
    ) -> Any:
        """The JSON of one call; an empty object where the answer has no body."""
        method = method or ("GET" if post_args is None else "POST")
        params, data = dict(args or {}), dict(post_args or {})
        given = params.pop("access_token", None) or data.pop("access_token", None)
        if path.endswith(SECRETIVE) and method == "GET":
            method, params, data, given = "POST", {}, params, ""
        elif given is None:
            given = self.access_token
        carrier = data if method == "POST" else params
        if given and self._proof and given == self.access_token:
            carrier["appsecret_proof"] = self._proof
        if given and not self._bearer:
            carrier["access_token"] = given
        response = self.session.request(
            method,
            f"{self.host}/{path}",
            params=params,
            data=data or None,
            files=files,
            headers={"Authorization": f"Bearer {given}"} if given and self._bearer else {},
            allow_redirects=False,
        )
        self.headers = response.headers
        return response.json() if response.content else {}
