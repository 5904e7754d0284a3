"""Sources as people see and add them: three widths, both themes, and the way from a feed that is none to a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from monitoring.actions import read_next
from monitoring.models import Source
from organisation.models import Person
from tests.factories.monitoring import EntryFactory, SourceFactory
from tests.factories.organisation import UnitFactory, person_with
from tests.networks.loopback import Loopback, answer, serve

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def an(db: Any) -> Person:
    unit = UnitFactory.create(names={"fr": "SPF Finances", "nl": "FOD Financiën", "en": "FPS Finance"})
    return person_with("conversation_manager", unit, name="An Peeters")


@pytest.fixture
def page_of_a_city(settings: Any) -> Iterator[Loopback]:
    html = "<title>Ville</title><main><p>Guichets ouverts</p></main>"
    with serve(lambda _asked: answer(html, headers={"Content-Type": "text/html; charset=utf-8"})) as server:
        settings.EGRESS_ALLOW = server.allow
        yield server


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (800, "light"), (1440, "dark")])
def test_every_page_in_every_state(
    page: Page, an: Person, signed_in: Any, axe: Any, shoot: Any, width: int, theme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    signed_in(page, an)
    for name in ("source_list", "entry_list", "source_new"):  # while there is nothing
        assert page.goto(reverse(f"monitoring:{name}")).ok
        axe(page)
    source = SourceFactory.create(unit=an.unit, owner=an, title="Le Soir", last_pulled_at=timezone.now())
    SourceFactory.create(unit=an.unit, owner=an, failing_since=timezone.now(), problem_code="gone", network="webpage")
    SourceFactory.create(unit=an.unit, owner=an, state="ended")
    paused = SourceFactory.create(
        unit=an.unit, owner=an, state="paused", expires_on=timezone.localdate() - timedelta(days=1)
    )
    EntryFactory.create(source=source, title="Un titre " * 20, text="Des mots " * 100, edited_at=timezone.now())
    EntryFactory.create(source=source, text="", url="")
    addresses = {
        "list": reverse("monitoring:source_list"),
        "entries": reverse("monitoring:entry_list"),
        "nothing": reverse("monitoring:entry_list") + "?q=nothing",
        "detail": reverse("monitoring:source_detail", args=[source.pk]),
        "paused": reverse("monitoring:source_detail", args=[paused.pk]),
        "edit": reverse("monitoring:source_edit", args=[source.pk]),
    }
    for name, address in addresses.items():
        assert page.goto(address).ok
        shoot(page, f"sources_{name}_{width}_{theme}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} scrolls sideways"


def test_from_no_feed_to_a_page_that_is_read(
    page: Page, an: Person, signed_in: Any, axe: Any, page_of_a_city: Loopback
) -> None:
    signed_in(page, an).goto(reverse("monitoring:source_list"))
    page.get_by_role("link", name="Add a source").click()
    page.get_by_label("Address").fill(f"{page_of_a_city.url}/avis")
    page.get_by_label("Name", exact=True).fill("Avis de la ville")
    page.get_by_label("Purpose").fill("Voir ce qui ferme")
    page.get_by_label("National law").fill("Loi du 22 mai 2003")
    page.get_by_label("Reference of the impact assessment").fill("DPIA-1")
    page.get_by_label("Last day").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    page.get_by_role("button", name="Add this source").click()
    expect(
        page.get_by_text("This address is no feed. Parvis can watch it as a web page instead.").first
    ).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Watch it as a web page").click()
    expect(page.get_by_text("This source is read from now on.")).to_be_visible()
    assert Source.objects.get().network == "webpage"
    assert read_next()
    page.reload()
    expect(page.get_by_text("Guichets ouverts")).to_be_visible()
    axe(page)
