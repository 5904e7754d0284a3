"""Chromium, driven as a person would; every page is held to the content policy, and to axe where a test asks.

Playwright's synchronous interface keeps an event loop in this thread, so Django believes that it runs inside async code
and refuses the database. It does not: one test, one thread, one call at a time. Hence DJANGO_ALLOW_ASYNC_UNSAFE.
"""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.factories.sessions import session_of

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RESULTS = ROOT / "test-results"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    ours = [item for item in items if here in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.browser)
    if ours and not CHROMIUM:
        if os.environ.get("PARVIS_REQUIRE_CHROMIUM") == "1":
            raise pytest.UsageError("PARVIS_REQUIRE_CHROMIUM=1, and there is no Chromium on this machine.")
        print(f"\n*** NO CHROMIUM: {len(ours)} browser tests are SKIPPED. `apt install chromium` runs them. ***\n")
        for item in ours:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def live(live_server: Any) -> str:
    """Address of a running Parvis with its static files, without a slash at the end."""
    if not (ROOT / "static" / "dist" / "parvis.css").exists():
        pytest.fail("static/dist is not built: run `npm ci && npm run build`.")
    return str(live_server.url)


WATCH_POLICY = """
document.addEventListener("securitypolicyviolation", (event) =>
  window.__reportViolation(
    `${event.violatedDirective} blocked ${event.blockedURI || "inline"} (${event.sourceFile}:${event.lineNumber})`
  )
);
"""


@pytest.fixture
def context(browser: Browser, live: str) -> Iterator[BrowserContext]:
    """A fresh profile in English; the test fails if any of its pages broke the content policy or threw."""
    problems: list[str] = []
    made = browser.new_context(base_url=live, locale="en-GB", viewport={"width": 1440, "height": 900})

    def note(told: str) -> None:  # Playwright keeps an attribute on it, which a built-in method refuses
        problems.append(told)

    made.expose_function("__reportViolation", note)
    made.add_init_script(WATCH_POLICY)
    made.on("weberror", lambda error: problems.append(f"script error: {error.error}"))
    made.on("requestfailed", lambda request: _note_foreign(problems, live, request.url))
    yield made
    made.close()
    if problems:
        pytest.fail("Content policy or script problems:\n" + "\n".join(dict.fromkeys(problems)))


def _note_foreign(problems: list[str], live: str, url: str) -> None:
    if not url.startswith((live, "data:", "blob:")):
        problems.append(f"request outside: {url}")


@pytest.fixture
def page(context: BrowserContext) -> Page:
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    return opened


@pytest.fixture
def signed_in(live: str) -> Callable[[Page, Any], Page]:
    """`signed_in(page, person)` gives the page that person's session, as if they had just signed in."""

    def sign_in(page: Page, person: Any) -> Page:
        page.context.add_cookies([{"name": "sessionid", "value": session_of(person), "url": live}])
        return page

    return sign_in


@pytest.fixture
def axe() -> Callable[..., None]:
    """`axe(page)` fails with each violation, what to do about it, and where it is."""
    if not AXE.exists():
        pytest.fail("axe-core is not installed: run `npm ci`.")
    script = AXE.read_text(encoding="utf-8")

    def check(page: Page, *, within: str = "html") -> None:
        page.evaluate(script)  # evaluated by the debugger, so the page's policy stays as it is
        run = "([root, tags]) => axe.run(root, {runOnly: tags, resultTypes: ['violations']})"
        found = page.evaluate(run, [within, TAGS])["violations"]
        if found:
            pytest.fail(f"{page.url}\n" + "\n".join(_told(violation) for violation in found))

    return check


def _told(violation: dict[str, Any]) -> str:
    places = [f"    {node['target']}  {node['html'][:160]}\n      {_because(node)}" for node in violation["nodes"][:6]]
    return f"{violation['id']}: {violation['help']}\n" + "\n".join(places)


def _because(node: dict[str, Any]) -> str:
    return json.dumps(node["failureSummary"])[:300]


@pytest.fixture
def shoot() -> Callable[[Page, str], Path]:
    """`shoot(page, "inbox_360_dark")` saves the whole page to test-results/."""

    def save(page: Page, name: str) -> Path:
        RESULTS.mkdir(exist_ok=True)
        target = RESULTS / f"{name}.png"
        page.screenshot(path=target, full_page=True, timeout=60_000)  # long pages, two cores
        return target

    return save


@pytest.fixture(autouse=True)
def _playwright_leaves_sockets() -> Iterator[None]:
    """Chromium's pipe closes with the browser, after the test that is looked at: not this test's leak."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
