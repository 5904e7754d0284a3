"""Signing in with the certified provider `oidc-provider` of npm, as an administration might run it: an honest one that
we did not write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from django.test import Client

from governance.oidc import exchange
from organisation.models import ProviderIdentity
from organisation.provider import Provider
from tests.factories.organisation import PersonFactory
from tests.governance.oidc_browser import BACK, BEGIN, ME
from tests.provider.fixture import running

CLIENT, SECRET = "parvis", "a secret: with signs / that + are escaped"

pytestmark = [pytest.mark.django_db, pytest.mark.pds]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running(f"http://testserver{BACK}", CLIENT, SECRET) as found:
        yield found


@pytest.fixture(autouse=True)
def set_up(issuer: str, settings: Any) -> None:
    facts = {"scopes": ("openid", "email", "profile"), "trusts_addresses": True}
    settings.PROVIDER = Provider(issuer, CLIENT, SECRET, allow=frozenset({urlsplit(issuer).netloc}), **facts)
    exchange.forget()


def at_the_provider(address: str, who: str) -> str:
    """Signs in there and agrees, as somebody with a browser; the address that leads back to us."""
    with requests.Session() as browser:
        for _step in range(12):
            answer = browser.get(address, allow_redirects=False, timeout=30)
            while answer.is_redirect:
                address = urljoin(address, answer.headers["Location"])
                if address.startswith("http://testserver"):
                    return address
                answer = browser.get(address, allow_redirects=False, timeout=30)
            form = re.search(r'action="([^"]+)"', answer.text)
            assert form, answer.text
            prompt = "consent" if 'value="consent"' in answer.text else "login"
            facts = {"prompt": prompt, "login": who, "password": "any"}
            sent = browser.post(urljoin(address, form[1]), facts, allow_redirects=False, timeout=30)
            address = urljoin(address, sent.headers["Location"])
            if address.startswith("http://testserver"):
                return address
    raise AssertionError("it leads nowhere")


def test_an_invited_person_comes_in_by_it(issuer: str) -> None:
    one, browser = PersonFactory.create(email="an@fin.example"), Client()
    back = at_the_provider(browser.get(BEGIN, {"next": "/posts/"}).headers["Location"], "an")
    answer = browser.get(back)
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/posts/"), answer.content.decode()
    assert browser.get(ME).json()["id"] == one.pk
    identity = ProviderIdentity.objects.get()
    assert (identity.issuer, identity.subject, identity.person) == (issuer, "an", one)


def test_a_stranger_stays_out() -> None:
    browser = Client()
    back = at_the_provider(browser.get(BEGIN).headers["Location"], "eve")
    assert browser.get(back).status_code == 403
    assert browser.get(ME).status_code == 403


def test_a_code_is_good_once() -> None:
    PersonFactory.create(email="an@fin.example")
    browser, other = Client(), Client()
    back = at_the_provider(browser.get(BEGIN).headers["Location"], "an")
    assert browser.get(back).status_code == 302
    assert browser.get(back).status_code == 403
    assert other.get(back).status_code == 403
    assert other.get(ME).status_code == 403
