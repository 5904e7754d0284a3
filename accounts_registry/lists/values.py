"""Figures and days as lists write them, in any of four languages."""

from __future__ import annotations

import re
from datetime import date, timedelta

from accounts_registry.lists.words import month_named

GROUPED = re.compile(r"^\d{1,3}(?:([.,' \u00a0\u202f])\d{3})(?:\1\d{3})*$")
SHORTENED = re.compile(r"^(\d+(?:[.,]\d+)?)\s*(k|m|mio|mln|mille|duizend|tsd)\.?$", re.IGNORECASE)
TIMES = {"k": 1_000, "mille": 1_000, "duizend": 1_000, "tsd": 1_000, "m": 1_000_000, "mio": 1_000_000, "mln": 1_000_000}
YEAR_FIRST = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
DAY_FIRST = re.compile(r"^(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4})(?:[ ,].*)?$")
NAMED = re.compile(r"^(?:[^\W\d]+\.?,? )?(\d{1,2})(?:er|\.|e)? ([^\W\d]+)\.? (\d{4})(?: .*)?$")
MOST = 10_000_000_000
SERIAL = range(20_000, 80_000)  # days of a spreadsheet that lost how it shows them: 1954 to 2119


def figure(told: str) -> int | None:
    """ "1 234", "1.234", "12,5k"; None where it is no figure."""
    text = re.sub(r"[+~±≈]", "", told).strip()
    if GROUPED.match(text):
        text = re.sub(r"\D", "", text)
    elif found := SHORTENED.match(text):
        return min(round(float(found[1].replace(",", ".")) * TIMES[found[2].lower()]), MOST)
    text = re.sub(r"[.,]0+$", "", text)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else None


def day(told: str) -> date | None:
    """The day first where both could be meant: "3/5/2026" is in May. None where it is no day."""
    text = told.strip()
    if text.isdecimal() and len(text) == 5 and int(text) in SERIAL:
        return date(1899, 12, 30) + timedelta(days=int(text))
    if found := YEAR_FIRST.match(text):
        return _date(found[1], int(found[2]), found[3])
    if found := DAY_FIRST.match(text):
        return _date(found[3], int(found[2]), found[1])
    if found := NAMED.match(text):
        return _date(found[3], month_named(found[2]), found[1])
    return None


def _date(year: str, month: int, of_month: str) -> date | None:
    try:
        return date(int(year), month, int(of_month))
    except ValueError:
        return None
