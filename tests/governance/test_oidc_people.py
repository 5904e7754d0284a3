"""Who comes in by the administration's provider, how they are linked, and what its second factor is worth."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from organisation.actions import link_identity
from organisation.models import AuditEvent, FailedSignIn, Person, ProviderIdentity
from organisation.provider import Told
from tests.factories.organisation import PersonFactory, UnitFactory, person_with
from tests.factories.sessions import code_of_the_app, factor_of
from tests.governance.lying_provider import SUBJECT, LyingProvider
from tests.governance.oidc_browser import BACK, BEGIN, LOGIN, ME, came_back, is_in, left, signed_in, through

pytestmark = pytest.mark.django_db


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


def test_where_no_provider_is_set_up_there_is_no_way(linked: Person, settings: Any) -> None:
    settings.PROVIDER = None
    assert Client().get(BEGIN).headers["Location"] == LOGIN
    assert Client().get(BACK, {"state": "x", "code": "y"}).headers["Location"] == LOGIN
    assert BEGIN not in Client().get(LOGIN).content.decode()


def test_the_button_speaks_the_readers_language(provider: LyingProvider, settings: Any) -> None:
    settings.PROVIDER = provider.settings(labels={"fr": "Se connecter par FAS", "en": "Sign in with FAS"})
    page = Client().get(f"{LOGIN}?next=/posts/", headers={"accept-language": "fr"}).content.decode()
    assert "Se connecter par FAS" in page
    assert f'href="{BEGIN}?next=/posts/"' in page


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


def test_an_identity_is_one_persons(linked: Person, provider: LyingProvider) -> None:
    other = person_with("newcomer", linked.unit)
    page = through(signed_in(other), provider, **{"for": "link"})
    assert page.status_code == 302
    assert ProviderIdentity.objects.get().person == linked


FACTOR = {"factor_acr": frozenset({"https://fas/500"}), "factor_amr": frozenset({"hwk"})}


@pytest.mark.longer
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


def test_times_are_the_databases(linked: Person, provider: LyingProvider) -> None:
    """What is under way lasts ten minutes."""
    browser = Client()
    left(browser, provider)
    session = browser.session
    for kept in session["provider_asked"].values():
        kept["at"] -= 601
    session.save()
    assert came_back(browser, provider).status_code == 403
    assert not ProviderIdentity.objects.filter(last_used__lte=Now()).exists()


def test_who_has_nothing_else_proves_it_there_and_what_they_sent_is_done(
    provider: LyingProvider, settings: Any
) -> None:
    """Neither password nor factor here: before a dangerous act the provider asks them anew (organisation/proof.py)."""
    settings.SECOND_FACTOR = False
    one = person_with("administrator", UnitFactory.create())
    link_identity(told=Told(provider.issuer, SUBJECT), by=one)
    one.set_unusable_password()
    one.save()
    browser, other = Client(), PersonFactory.create(unit=one.unit)
    assert through(browser, provider).status_code == 302
    session = browser.session
    session["proved_at"] -= 1000
    session.save()
    there = reverse("organisation:person_suspend", args=[other.pk])
    asked = browser.post(there, {"reason": "Under inquiry"})
    assert asked.headers["Location"].startswith("/me/provider/again/?next=")
    provider.claims = {"sub": "somebody-else"}
    provider.left_for(browser.get(asked.headers["Location"]).headers["Location"])
    assert came_back(browser, provider).status_code == 403
    assert Person.objects.get(pk=other.pk).is_active
    provider.claims = {}
    asked_there = provider.left_for(browser.get(asked.headers["Location"]).headers["Location"])
    assert (asked_there["prompt"], asked_there["max_age"]) == ("login", "0")
    assert came_back(browser, provider).status_code == 302
    assert not Person.objects.get(pk=other.pk).is_active


def test_an_old_session_links_nobody(provider: LyingProvider) -> None:
    """Whoever finds a browser open would open it for themselves, for good."""
    browser = signed_in(person_with("newcomer", UnitFactory.create()))
    session = browser.session
    session["proved_at"] -= 1000
    session.save()
    assert browser.get(BEGIN, {"for": "link"}).headers["Location"].startswith("/me/confirm/")


def test_who_has_a_factor_here_proves_it_with_that(provider: LyingProvider, settings: Any) -> None:
    """A password there is no more than one here: its thief would change the factor."""
    settings.PROVIDER = provider.settings(**FACTOR)
    one = person_with("administrator", UnitFactory.create())
    link_identity(told=Told(provider.issuer, SUBJECT), by=one)
    browser, other = Client(), PersonFactory.create(unit=one.unit)
    browser.force_login(one)
    for claims, counts in (({"amr": ["pwd"]}, False), ({"amr": ["pwd", "hwk"]}, True)):
        session = browser.session
        session["proved_at"] -= 1000
        session.save()
        there = reverse("organisation:person_suspend", args=[other.pk])
        browser.post(there, {"reason": "Under inquiry"})
        provider.claims = claims
        provider.left_for(browser.get("/me/provider/again/", {"next": there}).headers["Location"])
        came_back(browser, provider)
        assert Person.objects.get(pk=other.pk).is_active is not counts
