"""What docs point at is there, and each decision says whether it holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

PAGES = [settings.BASE_DIR / "README.md", *sorted((settings.BASE_DIR / "docs").rglob("*.md"))]
DECISIONS = sorted((settings.BASE_DIR / "docs" / "adr").glob("0*.md"))


def name(page: Path) -> str:
    return str(page.relative_to(settings.BASE_DIR))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_links_are_found_at_all() -> None:
    assert sum(page.read_text().count("](") for page in PAGES) > 25


@pytest.mark.parametrize("page", DECISIONS, ids=name)
def test_each_decision_has_its_number_status_and_date(page: Path) -> None:
    head, _empty, status = page.read_text().splitlines()[:3]
    assert re.match(rf"# {int(page.name[:4])}\. ", head)
    assert re.fullmatch(r"Status: (accepted|replaced by \d+), 20\d\d-\d\d-\d\d\.", status)


def test_the_list_of_decisions_is_whole() -> None:
    listed = re.findall(r"\((0\d+[^)]*)\)", (settings.BASE_DIR / "docs" / "adr" / "README.md").read_text())
    assert listed == [page.name for page in DECISIONS]
