"""The version of each API is one setting, and its end is told three months before."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from governance import checks
from networks import versions
from networks.graph.client import VERSION as GRAPH
from networks.linkedin.rest import VERSION as LINKEDIN


def test_what_is_spoken_is_what_is_set() -> None:
    assert versions.graph().name == GRAPH
    assert versions.linkedin().name == LINKEDIN
    assert versions.graph({"PARVIS_GRAPH_VERSION": "v27.0"}).name == "v27.0"
    assert versions.linkedin({"PARVIS_LINKEDIN_VERSION": "202702"}).ends == date(2028, 2, 1)
    for wrong in ("27", "v27", "../v27.0"):
        with pytest.raises(ValueError, match="PARVIS_GRAPH_VERSION"):
            versions.graph({"PARVIS_GRAPH_VERSION": wrong})
    with pytest.raises(ValueError, match="PARVIS_LINKEDIN_VERSION"):
        versions.linkedin({"PARVIS_LINKEDIN_VERSION": "202613"})


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2027, 7, 2), []),
        (date(2027, 7, 3), ["LinkedIn"]),
        (date(2028, 8, 6), ["Meta Graph", "LinkedIn"]),
        (date(2030, 1, 1), ["Meta Graph", "LinkedIn"]),
    ],
)
def test_an_end_is_told_ninety_days_before(today: date, told: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert [one.api for one in versions.ending(today, {})] == told
    monkeypatch.delenv("PARVIS_GRAPH_VERSION", raising=False)
    monkeypatch.delenv("PARVIS_LINKEDIN_VERSION", raising=False)
    monkeypatch.setattr(checks.timezone, "now", lambda: datetime.combine(today, datetime.min.time(), UTC))
    messages = [message.msg.partition(" is served")[0] for message in checks.the_versions_live(None)]
    assert [message.rpartition(" ")[0] for message in messages] == told


@pytest.mark.parametrize(
    ("variable", "wrong", "usual"),
    [("PARVIS_GRAPH_VERSION", "27", "v26.0"), ("PARVIS_LINKEDIN_VERSION", "202613", "202610")],
)
def test_a_name_that_is_none_is_one_sentence(
    variable: str, wrong: str, usual: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, wrong)
    with pytest.raises(SystemCheckError, match=f"{variable} is {wrong}: it has to look like {usual}."):
        call_command("check")
    assert variable not in str(list(versions.ending(date(2030, 1, 1))))
