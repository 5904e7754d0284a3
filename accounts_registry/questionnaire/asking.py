"""What a question is, and how it may be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import models
from django.utils.functional import Promise

Answers = Mapping[str, Any]
LONGEST = 5000
MOST_KPIS, MOST_ACCOUNTS = 12, 20
KPI_PARTS = ("name", "formula", "target")


class Kind(Enum):
    """How a question is answered, and so what JSON holds: a text, a key, a list of keys, a number, a day, rows."""

    FIELD = "a field of the dossier"
    LINE = "line"
    TEXT = "text"
    URL = "url"
    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    DAY = "day"
    ACCOUNTS = "accounts"
    KPIS = "kpis"


def always(answers: Answers) -> bool:
    return True


@dataclass(frozen=True)
class Question:
    """`asked`: whether these answers make it a question at all. `all_of`: an answer holds every option."""

    key: str
    section: str
    kind: Kind
    label: str | Promise = ""
    help: str | Promise = ""
    options: type[models.TextChoices] | None = None
    required: bool = True
    asked: Callable[[Answers], bool] = always
    limit: int = LONGEST
    all_of: bool = False

    @property
    def is_written(self) -> bool:
        """Whether its answer lies among the dossier's `answers`; any other is a field."""
        return self.kind is not Kind.FIELD

    @property
    def is_ticked(self) -> bool:
        """Whether its form shows a group of boxes or buttons, and no single field."""
        return self.kind in (Kind.CHOICE, Kind.SEVERAL, Kind.ACCOUNTS) or self.key in (
            "request_type",
            "languages",
            "audiences",
        )

    @property
    def is_always_asked(self) -> bool:
        return self.asked is always

    def lacks(self, value: Any) -> bool:
        """Whether a submission would still miss an answer here."""
        if not self.required:
            return False
        if self.all_of and self.options is not None:
            return set(self.options.values) != set(value or [])
        return value in (None, "", [])
