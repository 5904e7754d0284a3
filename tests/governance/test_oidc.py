"""S3: signing in with the administration's provider. An honest answer opens the house; one that is tampered with in any
way opens nothing, and says nothing of why."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from governance.oidc import exchange
from organisation.models import AuditEvent, Person, ProviderIdentity
from tests.governance.lying_provider import CLIENT, SECRET, LyingProvider, published, rsa_key
from tests.governance.oidc_answers import TAMPERED
from tests.governance.oidc_browser import BACK, BEGIN, ME, came_back, is_in, left, through

pytestmark = pytest.mark.django_db


def test_an_honest_answer_signs_in_whom_it_is_about(linked: Person, provider: LyingProvider) -> None:
    browser = Client()
    asked = left(browser, provider, next="/posts/?x=1")
    assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
    assert asked["redirect_uri"] == f"http://testserver{BACK}"
    assert asked["scope"] == "openid email profile"
    answer = came_back(browser, provider)
    assert answer.headers["Location"] == "/posts/?x=1"
    assert browser.get(ME).json()["id"] == linked.pk
    assert "device" in browser.cookies
    assert AuditEvent.objects.filter(verb="person.signed_in", actor_id=linked.pk).count() == 1
    assert ProviderIdentity.objects.get().last_used is not None


def test_our_secret_goes_to_the_provider_alone(linked: Person, provider: LyingProvider) -> None:
    browser = Client()
    page = browser.get(BEGIN)
    assert SECRET not in page.headers["Location"]
    provider.left_for(page.headers["Location"])
    came_back(browser, provider)
    assert provider.headers["Authorization"].startswith("Basic ")
    assert "client_secret" not in provider.redeemed[0]
    assert SECRET not in str(list(ProviderIdentity.objects.values())) + str(dict(browser.session))
    assert SECRET not in repr(provider.settings())


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_answer_opens_nothing(name: str, linked: Person, provider: LyingProvider) -> None:
    browser, provider.lie = Client(), TAMPERED[name]
    answer = through(browser, provider)
    assert answer.status_code == 403
    assert "does not fit, so nobody is signed in" in answer.content.decode()
    assert not is_in(browser)
    assert ProviderIdentity.objects.get().last_used is None


def test_there_are_enough_of_them() -> None:
    assert len(TAMPERED) >= 25


@pytest.mark.parametrize(
    "told",
    [
        {"state": "made up"},
        {"state": ""},
        {"iss": "https://stranger.example"},
        {"error": "access_denied"},
        {"code": ""},
    ],
    ids=str,
)
def test_a_way_back_that_does_not_fit_opens_nothing(
    told: dict[str, str], linked: Person, provider: LyingProvider
) -> None:
    browser = Client()
    left(browser, provider)
    assert came_back(browser, provider, **told).status_code == 403
    assert not is_in(browser)
    assert provider.redeemed == []


def test_a_way_back_is_good_once_and_in_its_own_browser(linked: Person, provider: LyingProvider) -> None:
    browser, other = Client(), Client()
    left(browser, provider)
    left_state = provider.asked["state"]
    assert other.get(BACK, {"state": left_state, "code": "a-code"}).status_code == 403
    assert not is_in(other)
    assert came_back(browser, provider).status_code == 302
    assert came_back(browser, provider).status_code == 403
    assert len(provider.redeemed) == 1


def test_a_code_of_somebody_else_is_not_redeemed(linked: Person, provider: LyingProvider) -> None:
    """Put into the way back of a victim: it was given for another challenge."""
    browser = Client()
    left(browser, provider)
    state = provider.asked["state"]
    left(Client(), provider)
    assert browser.get(BACK, {"state": state, "code": "a-code"}).status_code == 403
    assert not is_in(browser)


@pytest.mark.parametrize(
    "there", ["https://stranger.example/", "//stranger.example", "javascript:alert(1)", "http://[", "\\\\x"]
)
def test_nobody_is_led_elsewhere(there: str, linked: Person, provider: LyingProvider) -> None:
    assert through(Client(), provider, next=there).headers["Location"] == "/"


BROKEN = {
    "it calls itself otherwise": {"facts": {"issuer": "https://stranger.example"}},
    "its page is not encrypted": {"facts": {"authorization_endpoint": "http://stranger.example/authorize"}},
    "its keys are nowhere": {"facts": {"jwks_uri": None}},
    "a page instead of facts": {"answers": {"/.well-known/openid-configuration": (200, {}, b"<html>")}},
    "an error instead of facts": {"answers": {"/.well-known/openid-configuration": (500, {}, b"{}")}},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_provider_that_is_not_itself_is_not_asked(name: str, linked: Person, provider: LyingProvider) -> None:
    vars(provider).update(BROKEN[name])
    page = Client().get(BEGIN)
    assert page.status_code == 403
    assert "does not answer" in page.content.decode()


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/token", (302, {"Location": "/elsewhere"}, b"")),
        ("/token", (200, {}, b"[]")),
        ("/token", (200, {}, b"{" * 100_000)),
        ("/token", (200, {}, b" " * 1_100_000)),
        ("/jwks", (500, {}, b"")),
        ("/jwks", (200, {}, b'{"keys": 1}')),
    ],
    ids=["redirect", "list", "deep", "large", "no keys", "keys of no shape"],
)
def test_what_is_no_answer_opens_nothing(path: str, answer: Any, linked: Person, provider: LyingProvider) -> None:
    browser, provider.answers = Client(), {path: answer}
    assert through(browser, provider).status_code == 403
    assert not is_in(browser)
    assert "/elsewhere" not in provider.calls


def test_a_place_that_the_settings_do_not_allow_is_not_called(
    linked: Person, provider: LyingProvider, settings: Any
) -> None:
    """Our own network is closed to the provider's addresses too (rule 11)."""
    settings.PROVIDER = exchange.Provider(issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET)
    assert Client().get(BEGIN).status_code == 403
    assert provider.calls == []


def test_new_keys_are_read_and_no_oftener_than_they_may(linked: Person, provider: LyingProvider) -> None:
    assert through(Client(), provider).status_code == 302
    provider.key, provider.keys = rsa_key("next"), [published(rsa_key("next"), "next")]
    provider.lie = lambda one, header, claims: one.sign({**header, "kid": "next"}, claims)
    assert through(Client(), provider).status_code == 403
    exchange._known[provider.issuer].keys_at -= exchange.KEYS_AT_MOST_EVERY + 1
    assert through(Client(), provider).status_code == 302
    assert provider.calls.count("/jwks") == 2
