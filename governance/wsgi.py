"""WSGI entrance."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
_django = get_wsgi_application()

from governance.loading import load  # noqa: E402  reason: it needs the settings
from governance.parsing import is_plain  # noqa: E402  reason: it needs the settings

load()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Pages and API. A type of content that is none, or that claims another encoding than UTF-8, counts as none: a form
    of it is empty, and the API does not read it."""
    if not is_plain(environ.get("CONTENT_TYPE", "")):
        environ = {**environ, "CONTENT_TYPE": ""}
    return _django(environ, start_response)
