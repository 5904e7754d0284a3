"""Words are UTF-8, whatever a request says of them: a sentence, never a crash, and no half of a sign."""

from __future__ import annotations

import encodings
import pkgutil
from collections.abc import Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory
from django.urls import reverse

from governance.wsgi import application
from tests.factories.organisation import UnitFactory, person_with
from tests.factories.sessions import session_of
from tests.thorough import thorough_but

pytestmark = pytest.mark.django_db

CHARSETS = sorted({found.name for found in pkgutil.iter_modules(encodings.__path__)} - {"aliases", "utf_8"})
PLACES = ["/nowhere/", "choose_language", "account_login", "publishing:post_new", "publishing:calendar", "post-list"]
FORM = b"theme=dark&title=a%C3%A9&next=%2F"
PARTS = b'--B\r\nContent-Disposition: form-data; name="title"\r\n\r\n\\ud800\xc3\xa9+2AA-\r\n--B--\r\n'
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=B"


@pytest.fixture(autouse=True)
def one_transaction() -> Iterator[None]:
    """A whole request would close the connection of the test."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def status_of(path: str, body: bytes, kind: str, session: str = "") -> int:
    """Of a request as the server hands it over."""
    told: list[Any] = []
    environ = RequestFactory().generic("POST", f"{path}?q=%C3%A9", body).environ | {"CONTENT_TYPE": kind}
    environ["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}={session}"
    setup_testing_defaults(environ)
    application(environ, lambda status, _headers, *_more: told.append(status)).close()
    return int(told[0][:3])


@pytest.mark.parametrize(
    "charset",
    thorough_but([*CHARSETS, "utf8", "nonsense", "x\0"], "utf8", "latin_1", "hex_codec", "unicode_escape", "undefined"),
)
def test_no_encoding_breaks_a_page(charset: str):
    told = {}
    for session in ("", session_of(person_with("communication_cell", UnitFactory.create()))):
        for place in PLACES:
            path = place if place.startswith("/") else reverse(place)
            for body, kind in ((FORM, URLENCODED), (PARTS, MULTIPART), (b'{"title": "\xc3\xa9"}', "application/json")):
                told[place, kind, session[:1]] = status_of(path, body, f"{kind}; charset={charset}", session)
    assert {place: status for place, status in told.items() if status >= 500} == {}


@pytest.mark.parametrize("said", ["charset*=nonsense''x", "charset*=utf-8''%00", "charset*=x"])
def test_a_type_of_content_that_is_none_breaks_nothing(said: str):
    assert status_of("/nowhere/", FORM, f"text/plain; {said}") == 404
