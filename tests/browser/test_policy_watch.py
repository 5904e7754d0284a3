"""The watch over the content policy is awake: a page that breaks it is noticed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_inline_style_is_reported(browser: object, live: str) -> None:
    from tests.browser import conftest  # reason: the script under test lives there

    told: list[str] = []
    context = browser.new_context(base_url=live)
    context.expose_function("__reportViolation", lambda words: told.append(words))  # noqa: PLW0108
    context.add_init_script(conftest.WATCH_POLICY)
    page: Page = context.new_page()
    page.goto("/me/login/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    page.wait_for_timeout(200)
    context.close()
    assert any("style-src" in words for words in told)


def test_htmx_evaluates_nothing(page: Page) -> None:
    page.goto("/me/login/")
    assert page.evaluate("htmx.config.allowEval") is False
    assert page.evaluate("htmx.config.includeIndicatorStyles") is False
