"""What somebody does on a page, the API does too, and asks for the same; or it is said why only a person does it."""

from __future__ import annotations

import pytest

from governance.api_twins import FOR_PEOPLE, NOT_YET, TWINS
from organisation.proof import DANGEROUS, WITH_SECRETS
from tests.architecture.access import TABLE
from tests.architecture.rows import GET, Row

ROWS = {(row.method, row.url): row for row in TABLE}
# What the page and its twin ask of whoever acts is not the same, and why that is right.
OTHERWISE = {
    "organisation:grant_give": "the page is one person's, whom one sees; the API is told in the body whom it concerns",
    "conversations:report_author": "a report from a conversation begins where one reads it; the API's begins anywhere",
}


def is_page(row: Row) -> bool:
    """All but the API's addresses, whose names are words with dashes in no room."""
    return ":" in row.url or "-" not in row.url


ACTS = {row.url: row for row in TABLE if is_page(row) and row.method != GET}


def test_each_act_of_a_page_has_its_twin_or_a_reason() -> None:
    told = [*TWINS, *FOR_PEOPLE, *NOT_YET]
    assert set(ACTS) - set(told) == set()
    assert set(told) - set(ACTS) == set()
    assert len(told) == len(set(told))


def test_what_is_owed_does_not_grow() -> None:
    assert len(NOT_YET) <= 17


@pytest.mark.parametrize("page", sorted(TWINS))
def test_a_twin_lets_in_whom_the_page_lets_in(page: str) -> None:
    assert TWINS[page] in ROWS
    twin, act = ROWS[TWINS[page]], ACTS[page]
    if page not in OTHERWISE:
        assert (twin.may, twin.sees, twin.anywhere) == (act.may, act.sees, act.anywhere)


def test_what_asks_for_a_fresh_proof_on_a_page_asks_for_it_in_the_api() -> None:
    """And the other way round: the API asks nobody for more than the page does."""
    unlike = {page for page, (_method, name) in TWINS.items() if (page in DANGEROUS) != (name in DANGEROUS)}
    assert unlike == set()
    assert {name for name in DANGEROUS if ":" not in name} <= {name for _method, name in TWINS.values()}
    pages = {name for name in DANGEROUS | WITH_SECRETS if ":" in name and not name.startswith("admin:")}
    assert pages <= set(ACTS)
