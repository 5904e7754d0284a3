"""The two shapes in which client libraries take a transport; both lead to `Egress.call`."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx
import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from networks.egress.terms import Terms

if TYPE_CHECKING:
    from networks.egress.client import Egress


class GuardedSession(requests.Session):
    """Takes nothing from the environment (no proxy, no .netrc), keeps no cookies, follows nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.headers = CaseInsensitiveDict({"Accept": "application/json"})
        self.adapters.clear()

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None, whatever the answer says."""
        return None


class GuardedAdapter(BaseAdapter):
    def __init__(self, egress: Egress, terms: Terms) -> None:
        super().__init__()
        self._egress = egress
        self._terms = terms

    def send(  # noqa: PLR0917 - requests calls it so
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer is always whole; limits and certificates are the egress client's, not the caller's."""
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else bytes(body)
        url = request.url or ""
        headers = [(_text(name), _text(value)) for name, value in request.headers.items()]
        answer = self._egress.call(self._terms, request.method or "GET", url, headers, content)
        response = requests.Response()
        response.status_code = answer.status
        response.headers = CaseInsensitiveDict(dict(answer.headers))
        response.url = url
        response.request = request
        response.encoding = get_encoding_from_headers(response.headers)
        response.raw = io.BytesIO(answer.body)
        return response

    def close(self) -> None:
        """Nothing is kept open."""


class GuardedTransport(httpx.BaseTransport):
    def __init__(self, egress: Egress, terms: Terms) -> None:
        self._egress = egress
        self._terms = terms

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        content = request.read()
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
        answer = self._egress.call(self._terms, request.method, str(request.url), headers, content)
        return httpx.Response(answer.status, headers=list(answer.headers), content=answer.body, request=request)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
