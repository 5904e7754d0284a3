"""What may be sent to a page or an API at once, and how large an upload may be."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from publishing.content import captions, images
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.django_db
MOST = 10 * 2**20


@pytest.fixture
def client() -> Client:
    made = Client(raise_request_exception=False)
    made.force_login(person_with("communication_cell", UnitFactory.create()))
    return made


def test_the_bounds_are_these() -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == MOST
    assert (images.UPLOAD_BYTES, captions.UPLOAD_BYTES, settings.VIDEO_BYTES) == (15_000_000, 1_000_000, 512_000_000)


def said(client: Client, body: bytes) -> tuple[int, str]:
    answer = client.post(reverse("post-list"), body, content_type="application/json")
    return answer.status_code, answer.content.decode()


@pytest.mark.longer
def test_the_api_reads_so_much_and_no_more(client: Client) -> None:
    filled = b'{"title": "' + b"x" * (MOST - 13) + b'"}'
    assert len(filled) == MOST
    assert said(client, filled)[0] == 400  # read, and no title is so long
    status, told = said(client, filled + b" ")
    assert (status, "This is too long. Send less at once." in told) == (413, True)


def test_the_api_reads_so_deep_and_whole_characters(client: Client) -> None:
    status, told = said(client, b"[" * 100_000 + b"]" * 100_000)
    assert (status, "nested too deeply" in told) == (400, True)
    status, told = said(client, b'{"title": "\\ud800"}')
    assert (status, "half a character" in told) == (400, True)
    status, told = said(client, b'{"variants": [{"account": 1e400, "language": "fr"}]}')
    assert (status, "beyond all bounds" in told) == (400, True)


@pytest.mark.longer
def test_a_form_takes_so_much_and_no_more(client: Client) -> None:
    form = {"content_type": "application/x-www-form-urlencoded"}
    address = reverse("choose_unit")
    assert client.post(address, b"unit=&x=" + b"y" * (MOST - 100), **form).status_code == 302
    assert client.post(address, b"unit=&x=" + b"y" * MOST, **form).status_code == 400
