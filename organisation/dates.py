"""Days in words where a page or a sentence names them by themselves: "1er janvier 2027", "Freitag, 1. Januar 2027"."""

from datetime import date

from django.utils import formats
from django.utils.translation import pgettext


def dated(day: date, pattern: str) -> str:
    """`pattern` is Django's ("l j F Y, H:i"); the first of a month is said as its language does, which no pattern can.

    A datetime is taken as it stands: whoever has a moment gives the reader's local one.
    """
    first = pgettext("number of the first of a month", "j") if day.day == 1 else "j"
    return formats.date_format(day, pattern.replace("j F", f"{first} F"))
