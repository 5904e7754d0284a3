"""S3: signing in with the administration's provider. An honest answer opens the house; one that is tampered with in any
way opens nothing, and says nothing of why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from governance.oidc import exchange
from organisation.actions import link_identity
from organisation.models import AuditEvent, FailedSignIn, Person, ProviderIdentity
from organisation.provider import Told
from tests.factories.organisation import PASSWORD, PersonFactory, UnitFactory, person_with
from tests.factories.sessions import code_of_the_app, factor_of
from tests.governance.lying_provider import CLIENT, SECRET, SUBJECT, LyingProvider, published, rsa_key, running
from tests.governance.oidc_answers import TAMPERED

pytestmark = pytest.mark.django_db
BEGIN, BACK, LOGIN = "/me/provider/", "/me/provider/back/", "/me/login/"
ME = "/api/v1/me/"


@pytest.fixture(scope="module")
def server() -> Iterator[LyingProvider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(server: LyingProvider, settings: Any) -> LyingProvider:
    """Honest, and known to the settings; its addresses are not trusted."""
    port = urlsplit(server.issuer).port or 0
    server.__init__(port)  # type: ignore[misc]
    settings.PROVIDER = server.settings()
    exchange.forget()
    return server


@pytest.fixture
def person(provider: LyingProvider) -> Person:
    """Linked to the provider's subject."""
    one = person_with("newcomer", UnitFactory.create())
    link_identity(told=Told(provider.issuer, SUBJECT), by=one)
    return one


def left(browser: Client, provider: LyingProvider, **asked: str) -> dict[str, str]:
    answer = browser.get(BEGIN, asked)
    assert answer.status_code == 302, answer.content.decode()
    return provider.left_for(answer.headers["Location"])


def came_back(browser: Client, provider: LyingProvider, **told: str) -> Any:
    return browser.get(BACK, {"state": provider.asked["state"], "code": "a-code", **told})


def through(browser: Client, provider: LyingProvider, **asked: str) -> Any:
    left(browser, provider, **asked)
    return came_back(browser, provider)


def is_in(browser: Client) -> bool:
    return browser.get(ME).status_code == 200


def test_an_honest_answer_signs_in_whom_it_is_about(person: Person, provider: LyingProvider) -> None:
    browser = Client()
    asked = left(browser, provider, next="/posts/?x=1")
    assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
    assert asked["redirect_uri"] == f"http://testserver{BACK}"
    assert asked["scope"] == "openid email profile"
    answer = came_back(browser, provider)
    assert answer.headers["Location"] == "/posts/?x=1"
    assert browser.get(ME).json()["id"] == person.pk
    assert "device" in browser.cookies
    assert AuditEvent.objects.filter(verb="person.signed_in", actor_id=person.pk).count() == 1
    assert ProviderIdentity.objects.get().last_used is not None


def test_our_secret_goes_to_the_provider_alone(person: Person, provider: LyingProvider) -> None:
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
def test_a_tampered_answer_opens_nothing(name: str, person: Person, provider: LyingProvider) -> None:
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
    told: dict[str, str], person: Person, provider: LyingProvider
) -> None:
    browser = Client()
    left(browser, provider)
    assert came_back(browser, provider, **told).status_code == 403
    assert not is_in(browser)
    assert provider.redeemed == []


def test_a_way_back_is_good_once_and_in_its_own_browser(person: Person, provider: LyingProvider) -> None:
    browser, other = Client(), Client()
    left(browser, provider)
    left_state = provider.asked["state"]
    assert other.get(BACK, {"state": left_state, "code": "a-code"}).status_code == 403
    assert not is_in(other)
    assert came_back(browser, provider).status_code == 302
    browser.post(reverse("account_logout"))
    assert came_back(browser, provider).status_code == 403
    assert not is_in(browser)


def test_a_code_of_somebody_else_is_not_redeemed(person: Person, provider: LyingProvider) -> None:
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
def test_nobody_is_led_elsewhere(there: str, person: Person, provider: LyingProvider) -> None:
    assert through(Client(), provider, next=there).headers["Location"] == "/"


BROKEN = {
    "it calls itself otherwise": {"facts": {"issuer": "https://stranger.example"}},
    "its page is not encrypted": {"facts": {"authorization_endpoint": "http://stranger.example/authorize"}},
    "its keys are nowhere": {"facts": {"jwks_uri": None}},
    "a page instead of facts": {"answers": {"/.well-known/openid-configuration": (200, {}, b"<html>")}},
    "an error instead of facts": {"answers": {"/.well-known/openid-configuration": (500, {}, b"{}")}},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_provider_that_is_not_itself_is_not_asked(name: str, person: Person, provider: LyingProvider) -> None:
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
def test_what_is_no_answer_opens_nothing(path: str, answer: Any, person: Person, provider: LyingProvider) -> None:
    browser, provider.answers = Client(), {path: answer}
    assert through(browser, provider).status_code == 403
    assert not is_in(browser)
    assert "/elsewhere" not in provider.calls


def test_a_place_that_the_settings_do_not_allow_is_not_called(
    person: Person, provider: LyingProvider, settings: Any
) -> None:
    """Our own network is closed to the provider's addresses too (rule 11)."""
    settings.PROVIDER = exchange.Provider(issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET)
    assert Client().get(BEGIN).status_code == 403
    assert provider.calls == []


def test_new_keys_are_read_and_no_oftener_than_they_may(person: Person, provider: LyingProvider) -> None:
    assert through(Client(), provider).status_code == 302
    provider.key, provider.keys = rsa_key("next"), [published(rsa_key("next"), "next")]
    provider.lie = lambda one, header, claims: one.sign({**header, "kid": "next"}, claims)
    assert through(Client(), provider).status_code == 403
    exchange._known[provider.issuer].keys_at -= exchange.KEYS_AT_MOST_EVERY + 1
    assert through(Client(), provider).status_code == 302
    assert provider.calls.count("/jwks") == 2


def test_whom_nobody_knows_stays_out_and_it_is_counted(provider: LyingProvider) -> None:
    PersonFactory.create(email="an@fin.example")
    provider.claims = {"email": "an@fin.example", "email_verified": True}
    browser = Client()
    answer = through(browser, provider)
    assert "Parvis does not yet" in answer.content.decode()
    assert not is_in(browser)
    assert not ProviderIdentity.objects.exists()
    assert FailedSignIn.objects.get().step == "provider"


def trusting(provider: LyingProvider, settings: Any, **facts: Any) -> None:
    settings.PROVIDER = provider.settings(trusts_addresses=True, **facts)


def test_a_trusted_address_links_who_was_invited_once(provider: LyingProvider, settings: Any) -> None:
    trusting(provider, settings)
    one = PersonFactory.create(email="an@fin.example")
    provider.claims = {"email": "An@Fin.example", "email_verified": True}
    browser = Client()
    assert through(browser, provider).status_code == 302
    assert browser.get(ME).json()["id"] == one.pk
    event = AuditEvent.objects.get(verb="person.identity_linked")
    assert event.details == {"issuer": provider.issuer, "by_address": True}
    # The address goes to another person of the administration: they are somebody else.
    provider.claims["sub"] = "somebody-else"
    assert through(Client(), provider).status_code == 403


@pytest.mark.parametrize("verified", [False, "true", 1, None])
def test_an_address_that_is_not_verified_is_nobodys(verified: Any, provider: LyingProvider, settings: Any) -> None:
    trusting(provider, settings)
    PersonFactory.create(email="an@fin.example")
    provider.claims = {"email": "an@fin.example", "email_verified": verified}
    assert through(Client(), provider).status_code == 403


def test_what_it_tells_on_asking_is_about_the_same_person(provider: LyingProvider, settings: Any) -> None:
    trusting(provider, settings)
    PersonFactory.create(email="an@fin.example")
    provider.userinfo = {"sub": "somebody-else", "email": "an@fin.example", "email_verified": True}
    assert "does not fit" in through(Client(), provider).content.decode()
    provider.userinfo["sub"] = SUBJECT
    assert through(Client(), provider).status_code == 302


@pytest.mark.parametrize("linked", [True, False])
def test_who_is_suspended_stays_out(linked: bool, provider: LyingProvider, settings: Any) -> None:
    trusting(provider, settings)
    one = PersonFactory.create(email="an@fin.example")
    if linked:
        link_identity(told=Told(provider.issuer, SUBJECT), by=one)
    Person.objects.filter(pk=one.pk).update(is_active=False)
    provider.claims = {"email": "an@fin.example", "email_verified": True}
    browser = Client()
    assert "Your access to Parvis is suspended" in through(browser, provider).content.decode()
    assert not is_in(browser)


def test_where_no_provider_is_set_up_there_is_no_way(person: Person, settings: Any) -> None:
    settings.PROVIDER = None
    assert Client().get(BEGIN).headers["Location"] == LOGIN
    assert Client().get(BACK, {"state": "x", "code": "y"}).headers["Location"] == LOGIN
    assert BEGIN not in Client().get(LOGIN).content.decode()


def test_the_button_speaks_the_readers_language(provider: LyingProvider, settings: Any) -> None:
    settings.PROVIDER = provider.settings(labels={"fr": "Se connecter par FAS", "en": "Sign in with FAS"})
    page = Client().get(f"{LOGIN}?next=/posts/", headers={"accept-language": "fr"}).content.decode()
    assert "Se connecter par FAS" in page
    assert f'href="{BEGIN}?next=/posts/"' in page


def signed_in(person: Person) -> Client:
    browser = Client()
    browser.post(LOGIN, {"login": person.email, "password": PASSWORD})
    return browser


def test_ones_own_session_links_and_ends_it(provider: LyingProvider) -> None:
    one = person_with("newcomer", UnitFactory.create())
    browser = signed_in(one)
    asked = left(browser, provider, **{"for": "link"})
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    assert came_back(browser, provider).headers["Location"] == "/me/sessions/"
    identity = ProviderIdentity.objects.get()
    assert (identity.person, identity.issuer, identity.subject) == (one, provider.issuer, SUBJECT)
    opened = Client()
    assert through(opened, provider).status_code == 302
    assert browser.post("/me/provider/unlink/").headers["Location"] == "/me/sessions/"
    assert (is_in(browser), is_in(opened)) == (True, False)
    assert AuditEvent.objects.filter(verb="person.identity_unlinked").count() == 1
    assert through(Client(), provider).status_code == 403


def test_an_old_proof_at_the_provider_links_nothing(provider: LyingProvider) -> None:
    browser, provider.claims = signed_in(person_with("newcomer", UnitFactory.create())), {"auth_time": 1_700_000_000}
    left(browser, provider, **{"for": "link"})
    assert came_back(browser, provider).status_code == 403
    assert not ProviderIdentity.objects.exists()


def test_an_identity_is_one_persons(person: Person, provider: LyingProvider) -> None:
    other = person_with("newcomer", person.unit)
    page = through(signed_in(other), provider, **{"for": "link"})
    assert page.status_code == 302
    assert ProviderIdentity.objects.get().person == person


FACTOR = {"factor_acr": frozenset({"https://fas/500"}), "factor_amr": frozenset({"hwk"})}


@pytest.mark.parametrize(
    ("claims", "counts"),
    [
        ({"acr": "https://fas/500"}, True),
        ({"amr": ["pwd", "hwk"]}, True),
        ({"acr": "https://fas/100", "amr": ["pwd"]}, False),
        ({"acr": ["https://fas/500"]}, False),
        ({"amr": "hwk"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_what_the_provider_says_of_a_factor_decides(
    claims: dict[str, Any], counts: bool, provider: LyingProvider, settings: Any
) -> None:
    """Of a role that asks for one: where it does not count, our own is asked for."""
    settings.PROVIDER, provider.claims = provider.settings(**FACTOR), claims
    one = person_with("administrator", UnitFactory.create())
    link_identity(told=Told(provider.issuer, SUBJECT), by=one)
    browser = Client()
    through(browser, provider)
    assert (browser.get("/").status_code == 200) is counts
    factor_of(one)
    again = Client()
    answer = through(again, provider)
    assert (answer.headers["Location"] == "/") is counts
    assert (again.get("/").status_code == 200) is counts
    if not counts:
        again.post(reverse("mfa_authenticate"), {"code": code_of_the_app()})
        assert again.get("/").status_code == 200
    # A setting that is withdrawn counts no longer, in sessions of before either.
    settings.PROVIDER = provider.settings()
    assert (browser.get("/").status_code == 200) is False


def test_times_are_the_databases(person: Person, provider: LyingProvider) -> None:
    """What is under way lasts ten minutes."""
    browser = Client()
    left(browser, provider)
    session = browser.session
    for kept in session["provider_asked"].values():
        kept["at"] -= 601
    session.save()
    assert came_back(browser, provider).status_code == 403
    assert not ProviderIdentity.objects.filter(last_used__lte=Now()).exists()
