"""Moments as people say them, deadlines, initials."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import formats, timezone, translation

from governance.templatetags import frame

NOW = datetime(2026, 5, 3, 8, 0, tzinfo=UTC)  # a Sunday, 10:00 in Brussels


@pytest.fixture(autouse=True)
def fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW + timedelta(hours=1), "today at 11:00"),
        (NOW + timedelta(days=1), "tomorrow at 10:00"),
        (NOW - timedelta(days=1), "yesterday at 10:00"),
        (NOW + timedelta(days=5), "Friday at 10:00"),
        (NOW + timedelta(days=7), "10 May at 10:00"),
        (NOW - timedelta(days=2), "1 May at 10:00"),
        (NOW - timedelta(days=365), "3 May 2025 at 10:00"),
        (datetime(2026, 5, 3, 22, 30, tzinfo=UTC), "tomorrow at 00:30"),  # the reader's midnight, not UTC's
    ],
)
def test_in_words(moment: datetime, words: str) -> None:
    with timezone.override(ZoneInfo("Europe/Brussels")), translation.override("en"):
        assert frame.in_words(moment) == words


@pytest.mark.parametrize(
    ("language", "words", "amount"),
    [
        ("fr", ["le 10 mai à 10:00", "dimanche 10 mai 2026, 10:00:00", "10 mai 2026"], "1 234,50"),
        ("nl", ["10 mei om 10:00", "zondag 10 mei 2026, 10:00:00", "10 mei 2026"], "1 234,50"),
        ("de", ["10. Mai, 10:00 Uhr", "Sonntag, 10. Mai 2026, 10:00:00", "10. Mai 2026"], "1 234,50"),
        ("en", ["10 May at 10:00", "Sunday 10 May 2026, 10:00:00", "10 May 2026"], "1,234.50"),
    ],
)
def test_days_and_numbers_are_written_as_here(language: str, words: list[str], amount: str) -> None:
    moment = NOW + timedelta(days=7)
    with timezone.override(ZoneInfo("Europe/Brussels")), translation.override(language):
        told = f"{frame.when(moment)} {formats.date_format(moment, 'j F Y')}".replace("\N{NO-BREAK SPACE}", " ")
        assert [one for one in words if one not in told] == []
        number = formats.number_format(1234.5, decimal_pos=2, force_grouping=True)
        assert re.sub(r"\s", " ", number) == amount


@pytest.mark.parametrize(
    ("language", "alone", "weekday", "second"),
    [
        ("fr", "1er janvier 2027, 09:05", "vendredi 1er janvier", "2 janvier"),
        ("nl", "1 januari 2027, 09:05", "vrijdag 1 januari", "2 januari"),
        ("de", "1. Januar 2027, 09:05", "Freitag, 1. Januar", "2. Januar"),
        ("en", "1 January 2027, 09:05", "Friday 1 January", "2 January"),
    ],
)
def test_the_first_of_a_month_is_said_as_its_language_does(
    language: str, alone: str, weekday: str, second: str
) -> None:
    first = datetime(2027, 1, 1, 8, 5, tzinfo=UTC)
    written = Template(
        '{{ at|dated:"j F Y, H:i" }} | {{ at|dated:"l j F" }} | {{ next|dated:"j F" }}{{ none|dated:"j F" }}'
    )
    with timezone.override(ZoneInfo("Europe/Brussels")), translation.override(language):
        assert written.render(Context({"at": first, "next": date(2027, 1, 2), "none": None})) == (
            f"{alone} | {weekday} | {second}"
        )


def test_a_moment_is_said_in_the_zone_of_each_reader() -> None:
    """Equal moments of two zones are one key of a dict: what one reader was told is not told to the next."""
    due, shown = datetime(2027, 3, 1, 22, 30, tzinfo=UTC), Template('{{ at|dated:"j F Y, H:i" }}')
    told = []
    for zone in ("Europe/Brussels", "Africa/Kinshasa", "Europe/Athens"):
        with timezone.override(ZoneInfo(zone)), translation.override("en"):
            told.append(shown.render(Context({"at": due})))
    assert told == ["1 March 2027, 23:30", "1 March 2027, 23:30", "2 March 2027, 00:30"]


def test_no_template_writes_a_day_that_languages_say_otherwise(project_root: Path) -> None:
    """Django's own filter knows no "1er"."""
    written = {path.name: path.read_text() for path in (project_root / "templates").rglob("*.*")}
    assert [name for name, text in written.items() if re.search(r"""\|date:['"][^'"]*(j F|DATE_FORMAT)""", text)] == []


@pytest.mark.longer
def test_no_template_writes_the_colon_of_one_language(project_root: Path) -> None:
    """After what is no sentence `{% colon %}` stands: French keeps a space before it."""
    bare = []
    for path in (project_root / "templates").rglob("*.*"):
        told = re.sub(r"{% blocktranslate.*?endblocktranslate %}|{#.*?#}", "", path.read_text(), flags=re.DOTALL)
        bare += [f"{path.name}: {found[0]}" for found in re.finditer(r"[^>}]*(}}|%}|</\w+>):(?=[\s<]|$)", told)]
    assert bare == []
    with translation.override("fr"):
        assert Template("{{ label }}{% colon %} 4").render(Context({"label": "Vues"})) == "Vues\N{NO-BREAK SPACE}: 4"


def test_when_holds_the_exact_instant() -> None:
    with timezone.override(ZoneInfo("Europe/Brussels")), translation.override("en"):
        shown = frame.when(NOW)
    assert 'datetime="2026-05-03T10:00:00+02:00"' in shown
    assert "10:00:00 CEST" in shown


@pytest.mark.parametrize(
    ("due", "met", "state"),
    [
        (NOW + timedelta(hours=3), None, ""),
        (NOW + timedelta(hours=1), None, "close"),
        (NOW - timedelta(minutes=1), None, "late"),
        (NOW - timedelta(hours=1), NOW - timedelta(hours=2), "met"),
        (NOW - timedelta(hours=2), NOW - timedelta(hours=1), "late"),
    ],
)
def test_deadline_state(due: datetime, met: datetime | None, state: str) -> None:
    assert frame.deadline_state(due, met) == state


@pytest.mark.parametrize(
    ("name", "letters"), [("An Peeters", "AP"), ("Jan van den Berg", "JB"), ("Ève", "È"), ("", "")]
)
def test_initials(name: str, letters: str) -> None:
    assert frame.initials(name) == letters


def test_an_icon_is_escaped_and_silent_unless_named() -> None:
    assert 'aria-hidden="true"' in frame.icon("send")
    assert 'aria-label="&lt;b&gt;"' in frame.icon("send", label="<b>")


def test_days_that_follow_one_another_are_one_stretch() -> None:
    days = [date(2026, 11, number) for number in (1, 2, 3, 6, 8, 9)]
    shown = frame.day_numbers(days)
    assert re.sub("<[^>]+>", "", shown) == "1–3, 6, 8–9"
    assert re.findall('datetime="([^"]+)"', shown) == [f"2026-11-0{number}" for number in (1, 3, 6, 8, 9)]
    assert frame.day_numbers([]) == ""


@pytest.mark.parametrize(
    ("due", "met", "label", "look", "words"),
    [
        (1, None, "", "is-close clock", "Answer before today at 11:00"),
        (30, None, "", "clock", "Answer before tomorrow at 16:00"),
        (30, None, "Before 100 % & more:", "clock", "Before 100 % &amp; more: tomorrow at 16:00"),
        (-1, None, "Before", "is-late exclamation-triangle", "Late: due today at 09:00"),
        (1, -1, "", "is-met check2-all", "Answered today at 09:00"),
        (-2, -1, "", "is-late check2-all", "Answered late, today at 09:00"),
    ],
)
def test_a_deadline_says_in_words_what_its_colour_says(
    due: int, met: int | None, label: str, look: str, words: str
) -> None:
    answered = None if met is None else NOW + timedelta(hours=met)
    with timezone.override(ZoneInfo("Europe/Brussels")), translation.override("en"):
        shown = frame.deadline(NOW + timedelta(hours=due), answered, label=label)
    assert re.findall(r"is-[a-z]+|(?<=#)[a-z0-9-]+", shown) == look.split()
    assert re.sub("<[^>]*>", "", shown) == words
