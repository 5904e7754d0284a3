"""Every page of the house in its main states: two languages, German in part, both themes, three widths; axe and policy.

The pages come from the table of addresses (tests/architecture/access.py), so that a new page is looked at unasked.
A page is loaded once a language; width and theme then change as a person would change them, without a reload.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page

from organisation.models import Person
from tests.architecture.access import TABLE
from tests.architecture.rows import EVERYONE, GET, PUBLIC, Row
from tests.architecture.world import World
from tests.browser.conftest import AXE, TAGS
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory

pytestmark = pytest.mark.django_db(transaction=True)

# What answers with no page: figures, data, a file, a way back.
NOT_PAGES = {
    "schema",
    "provider_begin",
    "provider_again",
    "provider_back",
    "mfa_download_recovery_codes",
    "publishing:image",
    "publishing:video",
    "publishing:captions",
    "publishing:card_picture",
    "delivery:outgoing",
    "monitoring:webhook",
    "accounts_registry:consent_back",
    "accounts_registry:public_home",
    "accounts_registry:public_json",
    "accounts_registry:well_known",
    "accounts_registry:public_csv",
    "accounts_registry:public_schema",
    "accounts_registry:public_check_json",
    "accounts_registry:public_changes",
    "accounts_registry:dossier_similar",
    "accounts_registry:session_calendar",
    "conversations:picture",
    "conversations:message_parts",
    "notices:open",
}
VIEWS = [("light", 360), ("dark", 360), ("light", 768), ("light", 1440), ("dark", 1440)]
# What axe looks for hangs on structure and colours: the second language brings words, which may not fit.
HALF = [("light", 360), ("dark", 1440)]
# Pages whose form is sent empty, to see what it says.
FORMS = {
    "accounts_registry:dossier_new",
    "accounts_registry:account_connect",
    "accounts_registry:account_renew",
    "crisis:declare",
    "crisis:playbook_new",
    "delivery:hold_new",
    "monitoring:watch_new",
    "monitoring:source_new",
    "organisation:person_invite",
    "organisation:review_new",
    "organisation:training_edit",
    "organisation:session_new",
    "organisation:delegation_new",
    "publishing:post_new",
    "account_change_password",
}
CORE = ["today", "publishing:post_edit", "conversations:conversation"]
# German brings longer words than the other two: the fullest pages tell whether they fit.
LONGEST = {
    "account_login",
    "mfa_index",
    "today",
    "publishing:calendar",
    "publishing:post_edit",
    "publishing:post_detail",
    "publishing:approval",
    "conversations:inbox",
    "conversations:conversation",
    "accounts_registry:account_list",
    "accounts_registry:account_detail",
    "accounts_registry:dossier_detail",
    "crisis:home",
    "crisis:crisis_detail",
    "organisation:person_detail",
    "organisation:audit",
}
ROWS = [
    row for row in TABLE if row.method == GET and row.url not in NOT_PAGES and (":" in row.url or "-" not in row.url)
]
LISTS = [row for row in ROWS if not row.thing and row.may != PUBLIC]

READ = """() => ({
  lang: document.documentElement.lang,
  headings: [...document.querySelectorAll("h1")].filter((e) => e.checkVisibility()).length,
  sideways: document.documentElement.scrollWidth - innerWidth,
  nameless: [...document.querySelectorAll("input, select, textarea")]
    .filter((e) => e.type !== "hidden" && e.checkVisibility())
    .filter((e) => !e.labels?.length && !e.ariaLabel && !e.getAttribute("aria-labelledby"))
    .map((e) => e.outerHTML.slice(0, 120)),
  blank: [...document.querySelectorAll(".preview-text:not([data-preview-of])")].filter((e) => !e.textContent.trim())
    .length,
})"""
RUN = """([only, tags]) => axe.run("html", {
  runOnly: only ? {type: "rule", values: [only]} : {type: "tag", values: tags}, resultTypes: ["violations"],
}).then((found) => found.violations.map((one) =>
  `${one.id}: ${one.nodes.slice(0, 3).map((n) => n.target + " " + n.html.slice(0, 140)).join(" | ")}`))"""
SEND_EMPTY = """() => {
  const form = [...document.querySelectorAll("main form[method=post]")]
    .find((one) => one.querySelector("input:not([type=hidden]), select, textarea"));
  for (const field of form.querySelectorAll("input[type=text], input[type=email], input[type=date], textarea"))
    field.value = "";
  form.noValidate = true;
  (form.querySelector("button.btn-primary, button") ).click();
}"""


def everything(person: Person, unit: Any) -> Person:
    """Every role there is, so that every act shows."""
    for role in sorted(EVERYONE):
        GrantFactory.create(person=person, role=role, unit=unit)
    return person


@pytest.fixture
def page(page: Page) -> Page:
    """Without motion: a colour or a ring that fades in is not there yet when it is measured."""
    page.emulate_media(reduced_motion="reduce")
    return page


@pytest.fixture
def house(db: Any, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)
    with transaction.atomic():
        world = World()
        names = {"fr": "SPF Finances", "nl": "FOD Financiën", "de": "FÖD Finanzen", "en": "FPS Finance"}
        type(world.root).objects.filter(pk=world.root.pk).update(names=names)
    return world


def looked_at(page: Page, language: str) -> Iterator[str]:
    """What is wrong with the page as it stands, in every width and theme."""
    for theme, width in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("(theme) => { document.documentElement.dataset.bsTheme = theme }", theme)
        read = page.evaluate(READ)
        where = f"{page.url} {theme} {width}"
        if read["sideways"] > 0:
            yield f"{where}: {read['sideways']} px too wide"
        if (theme, width) == VIEWS[0]:
            page.evaluate(AXE.read_text(encoding="utf-8"))
            if read["lang"] != language or read["headings"] != 1 or read["nameless"] or read["blank"]:
                yield f"{where}: {read}"
        if width != 768 and (language == "fr" or (theme, width) in HALF):
            only = "color-contrast" if theme == "dark" else ""
            yield from (f"{where}: {told}" for told in page.evaluate(RUN, [only, TAGS]))


def held(wrong: list[str]) -> None:
    """Fails with all that is wrong, a line each: assert would cut it short."""
    if wrong:
        pytest.fail(f"{len(wrong)} problems:\n" + "\n".join(wrong), pytrace=False)


def address(row: Row, world: World, language: str) -> str:
    """Pages for everybody have their language in their address."""
    told = world.address_of(row.thing)
    return reverse(row.url, kwargs=told | {"language": language} if "language" in told else told)


def visit(page: Page, url: str, language: str, status: int = 200) -> list[str]:
    answer = page.goto(url)
    if answer is None or answer.status not in {status, 404 if "two-step" in url else status}:
        return [f"{url}: {answer.status if answer else 'nothing'}"]
    return list(looked_at(page, language))


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
def test_every_page_holds(page: Page, live: str, house: World, signed_in: Any, shoot: Any, language: str) -> None:
    person = everything(PersonFactory.create(unit=house.here, language=language, name="An Peeters"), house.root)
    wrong = []
    page.context.add_cookies([{"name": "theme", "value": "light", "url": live}])
    signed_in(page, person)
    for row in ROWS:
        if row.url in {"account_logout", "account_inactive"} or (language == "de" and row.url not in LONGEST):
            continue
        wrong += visit(page, address(row, house, language), language)
        page.set_viewport_size({"width": 1440, "height": 900})
        shoot(page, f"page_{row.url.replace(':', '_')}_{language}_1440_dark")
    held(wrong)


# One of each kind: Django makes their addresses, so that the table of addresses does not hold them.
ADMINISTRATION = ["", "organisation/", "organisation/person/", "organisation/auditevent/", "delivery/delivery/"]
ADMINISTRATION += ["organisation/person/{person}/change/", "organisation/unit/{unit}/change/", "apps/", "calendars/"]
ADMINISTRATION += ["organisation/unit/{unit}/history/", "organisation/person/?q=nobody-of-this-name"]


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_technical_administration_holds(page: Page, live: str, house: World, signed_in: Any, language: str) -> None:
    person = everything(PersonFactory.create(unit=house.here, language=language, name="An Peeters"), house.root)
    page.context.add_cookies([{"name": "theme", "value": "light", "url": live}])
    signed_in(page, person)
    there = {"person": person.pk, "unit": house.root.pk}
    held([told for one in ADMINISTRATION for told in visit(page, f"/admin/{one.format(**there)}", language)])


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_house_with_nothing_in_it_holds(page: Page, live: str, signed_in: Any, shoot: Any, language: str) -> None:
    unit = UnitFactory.create(names={"fr": "SPF Finances", "nl": "FOD Financiën"})
    person = everything(PersonFactory.create(unit=unit, language=language), unit)
    page.context.add_cookies([{"name": "theme", "value": "light", "url": live}])
    signed_in(page, person)
    wrong = []
    for row in LISTS:
        wrong += visit(page, reverse(row.url), language)
        page.set_viewport_size({"width": 360, "height": 900})
        shoot(page, f"empty_{row.url.replace(':', '_')}_{language}_360_dark")
    held(wrong)


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_forms_that_were_sent_empty_hold(
    page: Page, live: str, house: World, signed_in: Any, shoot: Any, language: str
) -> None:
    person = everything(PersonFactory.create(unit=house.here, language=language), house.root)
    page.context.add_cookies([{"name": "theme", "value": "light", "url": live}])
    signed_in(page, person)
    wrong = []
    for row in (row for row in ROWS if row.url in FORMS):
        page.goto(address(row, house, language))
        with page.expect_navigation():
            page.evaluate(SEND_EMPTY)
        if not page.locator("[aria-invalid=true], .error-summary").count():
            wrong.append(f"{row.url} says nothing about what is missing")
        wrong += looked_at(page, language)
        page.set_viewport_size({"width": 360, "height": 900})
        shoot(page, f"errors_{row.url.replace(':', '_')}_{language}_360_dark")
    held(wrong)


TO_REACH = """() => [...document.querySelectorAll("main a[href], main button, main select, main textarea, main input")]
  .filter((e) => e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0 && !e.disabled)
  .filter((e) => e.type !== "hidden" && e.type !== "radio" && !e.closest("dialog:not([open])"))
  .map((e, n) => { e.dataset.toReach = n; return e.outerHTML.slice(0, 120) })"""
FOCUSED = """() => { const e = document.activeElement, s = getComputedStyle(e);
  return [e.dataset.toReach ?? "", e.className, s.outlineStyle !== "none" || s.boxShadow !== "none"] }"""


@pytest.mark.parametrize("url", CORE)
def test_everything_is_reached_by_tab_and_is_seen_there(page: Page, house: World, signed_in: Any, url: str) -> None:
    person = everything(PersonFactory.create(unit=house.here, language="en"), house.root)
    signed_in(page, person).goto(address(next(row for row in ROWS if row.url == url), house, "en"))
    due = page.evaluate(TO_REACH)
    assert due
    page.evaluate("document.activeElement.blur()")
    reached, seen = set(), set()
    for step in range(len(due) + 80):
        page.keyboard.press("Tab")
        number, looks, visible = page.evaluate(FOCUSED)
        if step == 0:
            assert "skip-link" in looks
        if number:
            reached.add(int(number))
            if visible:  # a date has several stops, and its last shows inside
                seen.add(int(number))
        if len(reached) == len(due):
            break
    assert [told for number, told in enumerate(due) if number not in reached] == []
    assert [told for number, told in enumerate(due) if number not in seen] == []
