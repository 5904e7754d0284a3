"""What holds of every list, whatever stands in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts_registry.actions import undo_import
from accounts_registry.actions.list_comparing import values_of
from accounts_registry.lists.accounts import Named, Rejected, Words, name_account
from accounts_registry.lists.reading import list_grid
from accounts_registry.lists.values import day, figure
from accounts_registry.lists.words import network_named
from accounts_registry.models import AccountAudit, ListedAccount, ListLine, ListRow
from tests.factories.audits import AuditFactory, taken_over

NETWORKS = ["Facebook", "twiter", "X", "Instagram", "youtube", "LinkedIn", "tiktok", "Mastodon", "", "Minitel"]
HOSTS = [
    "https://www.facebook.com/{}",
    "m.facebook.com/{}/",
    "https://mobile.twitter.com/{}?lang=fr",
    "x.com/@{}",
    "https://www.instagram.com/{}/",
    "https://fr.linkedin.com/company/{}",
    "https://www.youtube.com/@{}",
    "https://www.tiktok.com/@{}",
    "https://mastodon.social/@{}",
    "@{}",
    "{}",
    "@{}@mastodon.social",
    "https://example.org/{}",
]
names = st.from_regex(r"[A-Za-z][A-Za-z0-9]{4,10}", fullmatch=True)
told = st.builds(
    lambda network, host, name: Words(network, host.format(name)), *map(st.sampled_from, (NETWORKS, HOSTS)), names
)


def named(words: Words) -> Named | None:
    try:
        return name_account(words)
    except Rejected:
        return None


@given(told)
def test_the_address_that_is_written_is_read_as_the_same_account(words: Words) -> None:
    found = named(words)
    if found is None or not found.address:
        return
    again = named(Words(address=found.address))
    assert again is not None
    assert again.keys == found.keys
    assert again.address == found.address


@given(told)
def test_case_and_slashes_make_no_other_account(words: Words) -> None:
    found = named(words)
    if found is None or "linkedin" in words.address:
        return
    other = named(
        Words(
            words.network.upper(),
            words.address.upper() + ("/" if "/" in words.address and "?" not in words.address else ""),
        )
    )
    assert other is not None
    assert other.keys == found.keys


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=60), st.text(max_size=60))
def test_whatever_stands_there_names_an_account_or_says_why_not(
    network: str, address: str, handle: str, number: str
) -> None:
    found = named(Words(network, address, handle, number))
    assert found is None or found.keys


@given(st.text(max_size=60))
@example("31/02/2026")
@example("9" * 40)
def test_figures_and_days_are_read_or_not_and_nothing_breaks(text: str) -> None:
    number, date = figure(text), day(text)
    assert number is None or 0 <= number <= 10_000_000_000
    assert date is None or date.year > 0


@given(st.sampled_from(["facebook", "instagram", "linkedin", "youtube", "mastodon", "twitter"]), st.data())
def test_a_network_with_one_letter_wrong_is_that_network(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    wrong = data.draw(st.sampled_from([name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:]]))
    assert network_named(wrong) == {"twitter": "x"}.get(name, name)


@given(st.binary(max_size=2_000), st.sampled_from(["a.csv", "a.json", "a.yaml", "a.xlsx"]))
def test_bytes_of_any_kind_are_read_or_refused(content: bytes, name: str) -> None:
    found, _none = list_grid(content, name)
    assert set(found) in ({"sheets"}, {"unreadable"})


cells = st.one_of(
    names, st.sampled_from(NETWORKS), st.builds(lambda host, name: host.format(name), st.sampled_from(HOSTS), names)
)
ROWS = st.lists(
    st.tuples(st.sampled_from(NETWORKS), cells, st.sampled_from(["", "FIN", "ICT"])), min_size=1, max_size=12
)
HEADINGS = "Netwerk\tAdres\tDienst\n"


@pytest.fixture
def audit(db: None, settings: Any, tmp_path: Path) -> AccountAudit:
    settings.MEDIA_ROOT = tmp_path
    return AuditFactory.create()


def written(rows: list[tuple[str, str, str]]) -> str:
    return HEADINGS + "".join("\t".join(row) + "\n" for row in rows)


@pytest.mark.longer
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ROWS, second=ROWS)
def test_every_row_is_accounted_for_and_undoing_brings_back_what_was(
    audit: AccountAudit, first: list[Any], second: list[Any]
) -> None:
    AccountAudit.objects.filter(pk=audit.pk).update(edition=0)
    imports = [taken_over(audit, written(first))]
    before = {one.pk: values_of(one) for one in ListedAccount.objects.filter(audit=audit)}
    imports.append(taken_over(audit, written(second)))
    for one in imports:
        rows = ListRow.objects.filter(of=one, number__gt=1)
        assert not rows.filter(lines__isnull=True).exists(), "a row of which nothing is said"
        lines = ListLine.objects.filter(of=one)
        assert sum(one.figures.values()) == lines.count()
        assert lines.filter(row__isnull=False).count() == rows.count()
        assert not lines.filter(row__isnull=True).exclude(outcome="removed").exists()
    standing = ListedAccount.objects.filter(audit=audit, state="listed")
    keys = [key for one in standing for key in one.keys]
    assert len(keys) == len(set(keys)), "nobody is listed twice"
    undo_import(given=imports[1], by=audit.begun_by, reason="Back")
    assert {one.pk: values_of(one) for one in ListedAccount.objects.filter(audit=audit)} == before
    undo_import(given=imports[0], by=audit.begun_by, reason="Back")
    assert not ListedAccount.objects.filter(audit=audit).exists()
