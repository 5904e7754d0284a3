"""Each refusal is a page of its own, says what happened and what to do, and leaks nothing."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import translation
from django.views import defaults

from tests.factories.organisation import PersonFactory

pytestmark = pytest.mark.django_db


def request_of_somebody() -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = PersonFactory.create()
    request.session = {}
    return request


def test_not_allowed_says_what() -> None:
    with translation.override("en"):
        page = defaults.permission_denied(request_of_somebody(), PermissionDenied("Approving is for others."))
    assert page.status_code == 403
    assert "Approving is for others." in page.content.decode()
    assert "Ask an administrator" not in page.content.decode(), "the reason says whom to ask"


def test_not_found_does_not_read_the_address_as_html(client: Client) -> None:
    page = client.get("/nowhere/<script>/")
    assert page.status_code == 404
    assert b"<script>/" not in page.content


def test_server_error_stands_alone() -> None:
    page = defaults.server_error(RequestFactory().get("/"))
    assert page.status_code == 500
    assert b"dist/parvis.css" in page.content


def test_a_stale_form_is_explained() -> None:
    strict = Client(enforce_csrf_checks=True)
    page = strict.post("/me/login/", {"login": "an@example.test", "password": "x"}, headers={"accept-language": "en"})
    assert page.status_code == 403
    assert "Nothing was saved" in page.content.decode()
