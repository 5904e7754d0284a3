"""What a training is made of: its pillars and kinds, its questions as people write them, and how far a gate goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Pillar(models.TextChoices):
    FRONT_LINE = "front_line", _("Front line: policy, errors, basics, safety")
    USERS = "users", _("Who writes and answers on social media")
    LEADERS = "leaders", _("Digital leaders, continuously")


class TrainingKind(models.TextChoices):
    ON_DEMAND = "on_demand", _("On demand: a text and questions")
    SESSION = "session", _("Sessions with a trainer")


class GateLevel(models.TextChoices):
    """How far a gate goes where somebody lacks what it asks for."""

    OFF = "off", pgettext_lazy("gate on publishing", "Not asked for")
    WARN = "warn", pgettext_lazy("gate on publishing", "Said, and let through")
    REQUIRE = "require", pgettext_lazy("gate on publishing", "Required")


@dataclass(frozen=True)
class Question:
    """One question with its `answers`, of which `right` is the place of the one that is right."""

    asks: str
    answers: tuple[str, ...]
    right: int


class Unreadable(Exception):
    """Questions that are not written as they are read; `line` counts from one, 0 for the whole."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def read_questions(text: str) -> list[Question]:
    """A question begins with `?`, its right answer with `+`, each wrong one with `-`, a line each. Unreadable where one
    has no right answer, two of them, or no wrong one, or where a line begins otherwise."""
    found: list[tuple[int, str, list[tuple[str, str]]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        sign, words = line.strip()[:1], line.strip()[1:].strip()
        if not sign:
            continue
        if sign not in "?+-" or not words or (sign != "?" and not found):
            raise Unreadable(number)
        if sign == "?":
            found.append((number, words, []))
        else:
            found[-1][2].append((sign, words))
    return [_question(*one) for one in found]


def _question(number: int, asks: str, answers: list[tuple[str, str]]) -> Question:
    right = [place for place, (sign, _words) in enumerate(answers) if sign == "+"]
    if len(right) != 1 or len(answers) < 2:
        raise Unreadable(number)
    return Question(asks, tuple(words for _sign, words in answers), right[0])


def alike(questions: Iterable[list[Question]]) -> bool:
    """True where they are the same in each language, by number and by the place of what is right."""
    return len({tuple((one.right, len(one.answers)) for one in told) for told in questions}) <= 1


def percent_right(questions: list[Question], given: Mapping[int, int]) -> int:
    """How many of a hundred are right; `given`: by the place of a question, that of the answer. Rounded down, so that
    nobody passes by rounding."""
    right = sum(given.get(place) == one.right for place, one in enumerate(questions))
    return right * 100 // len(questions)
