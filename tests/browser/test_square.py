"""The training network's pages in Chromium: used as a trainer would, accessible, inside their content policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WATCH_POLICY
from tests.simulator.fixture import Control, simulator, simulator_server

__all__ = ["simulator", "simulator_server"]


@pytest.fixture(params=[(360, "light", "fr"), (768, "dark", "nl"), (1440, "light", "en")], ids=str)
def visitor(request: pytest.FixtureRequest, browser: Browser, simulator: Control) -> Iterator[Page]:
    """Somebody at the square, with a width, a theme and a language; fails on any breach of the content policy."""
    width, theme, language = request.param
    problems: list[str] = []
    context = browser.new_context(
        base_url=simulator.url, viewport={"width": width, "height": 900}, color_scheme=theme, locale=language
    )

    def note(told: str) -> None:
        problems.append(told)

    context.expose_function("__reportViolation", note)
    context.add_init_script(WATCH_POLICY)
    context.on("weberror", lambda error: note(str(error.error)))
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()
    assert not problems


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_trainer_plays_a_citizen(visitor: Page, simulator: Control, axe: Callable[..., None]) -> None:
    simulator.person("finances", "SPF Finances", kind="organisation")
    simulator.person("noor", "Noor Janssens")
    visitor.goto("/")
    axe(visitor)
    visitor.locator("#as").select_option("noor")
    visitor.locator("#mention").select_option("finances")
    visitor.locator("#text").fill("Waar is mijn aanslagbiljet?")
    visitor.locator("#write button").click()
    expect(visitor.locator("article")).to_contain_text("Waar is mijn aanslagbiljet?")
    axe(visitor)
    assert fits(visitor)
    visitor.locator("article a.answer[href*=write]").click()
    axe(visitor)
    visitor.locator("#text").fill("Niemand?")
    visitor.locator("#write button").click()
    expect(visitor.locator("article")).to_have_count(2)
    assert fits(visitor)
    assert [post["by"] for post in simulator.posts()] == ["noor", "noor"]


def test_new_messages_appear_by_themselves(visitor: Page, simulator: Control) -> None:
    visitor.clock.install()
    visitor.goto("/")
    visitor.locator("#refresh").check()
    simulator.speak("luc", "Tout neuf")
    visitor.clock.run_for(6_000)
    expect(visitor.locator("article")).to_contain_text("Tout neuf")
    expect(visitor.locator("#news")).not_to_be_empty()


def test_a_trainer_turns_a_fault_on(visitor: Page, simulator: Control, axe: Callable[..., None]) -> None:
    visitor.goto("/faults")
    axe(visitor)
    visitor.locator("#kind").select_option("lost_answer")
    visitor.locator("#percent").fill("5")
    visitor.locator("form.grid:has(#kind) button").click()
    expect(visitor.locator("tbody tr")).to_have_count(1)
    axe(visitor)
    assert fits(visitor)
    visitor.locator("tbody button").click()
    expect(visitor.locator("tbody tr")).to_have_count(0)
    assert simulator.faults() == []


def test_floods_and_how_fast_people_were_answered(visitor: Page, simulator: Control, axe: Callable[..., None]) -> None:
    simulator.person("finances", "SPF Finances", kind="organisation")
    asked = simulator.speak("noor", "Où est mon avertissement-extrait de rôle ?", mention="finances")
    simulator.speak("luc", "Et le mien ?", mention="finances")
    simulator.speak("finances", "Il est en route.", reply_to=asked["id"])
    for path in ("/pace", "/floods", "/notices", f"/change/{asked['id']}"):
        visitor.goto(path)
        expect(visitor.locator("h1")).to_have_count(1)
        axe(visitor)
        assert fits(visitor), path
    visitor.goto("/pace")
    expect(visitor.locator("main svg")).not_to_have_count(0)
    expect(visitor.locator("main table")).not_to_have_count(0)
