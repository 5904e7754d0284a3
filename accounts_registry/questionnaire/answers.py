"""Whether an answer is one, and as what it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from accounts_registry.questionnaire.asking import KPI_PARTS, MOST_ACCOUNTS, MOST_KPIS, Kind, Question
from accounts_registry.questionnaire.questions import WRITTEN


def clean(key: str, value: Any) -> Any:
    """The answer as it is kept; empty answers come back as None. ValidationError in words for whoever wrote it."""
    question = WRITTEN[key]
    if value in (None, "", []):
        return None
    return _CLEANERS[question.kind](question, value)


def valid_answers(value: Any) -> None:
    """Validator of `JustificationDossier.answers`: known keys, each with an answer that its question takes."""
    if not isinstance(value, dict) or set(value) - set(WRITTEN):
        raise ValidationError(_("This is no answer to a question of the dossier."))
    for key, answer in value.items():
        if clean(key, answer) != answer:
            raise ValidationError(_("This is no answer to a question of the dossier."))


def _text(question: Question, value: Any) -> str | None:
    if not isinstance(value, str) or "\0" in value:
        raise ValidationError(_("Answer in words."))
    if len(value) > question.limit:
        raise ValidationError(_("At most %(n)d signs.") % {"n": question.limit})
    if question.kind is Kind.LINE and "\n" in value:
        raise ValidationError(_("Answer in one line."))
    return value.strip() or None


def _url(question: Question, value: Any) -> str | None:
    if (text := _text(question, value)) is not None:
        URLValidator(schemes=["https", "http"])(text)
    return text


def _choice(question: Question, value: Any) -> str:
    assert question.options is not None
    if value not in question.options.values:
        raise ValidationError(_("Choose one of the answers that are offered."))
    return str(value)


def _several(question: Question, value: Any) -> list[str]:
    assert question.options is not None
    known = question.options.values
    if not isinstance(value, list) or any(one not in known for one in value):
        raise ValidationError(_("Choose among the answers that are offered."))
    return [str(one) for one in known if one in value]


def _number(question: Question, value: Any) -> int | float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 < value <= question.limit or not (told := round(float(value), 2)):
        raise ValidationError(_("Give a number above 0, up to %(n)d.") % {"n": question.limit})
    return int(told) if told == int(told) else told


def _day(question: Question, value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValidationError(_("Give a day, as in 2027-06-30.")) from None


def _accounts(question: Question, value: Any) -> list[int]:
    are_ids = isinstance(value, list) and all(isinstance(one, int) and not isinstance(one, bool) for one in value)
    if not are_ids or len(value) > MOST_ACCOUNTS:
        raise ValidationError(_("Choose at most %(n)d accounts of the registry.") % {"n": MOST_ACCOUNTS})
    return sorted(set(value))


def _kpis(question: Question, value: Any) -> list[dict[str, str]]:
    rows = value if isinstance(value, list) else []
    whole = [
        {part: " ".join(row[part].split()) for part in KPI_PARTS}
        for row in rows
        if isinstance(row, dict)
        and set(row) == set(KPI_PARTS)
        and all(isinstance(one, str) and "\0" not in one for one in row.values())
    ]
    if len(whole) != len(rows) or not rows or not all(all(row.values()) for row in whole):
        raise ValidationError(_("Give each indicator a name, how it is counted, and a target, with | between them."))
    if len(whole) > MOST_KPIS or any(len(text) > 200 for row in whole for text in row.values()):
        raise ValidationError(_("At most %(n)d indicators, each part in at most 200 signs.") % {"n": MOST_KPIS})
    return whole


def kpis_of(lines: Iterable[str]) -> list[dict[str, str]]:
    """Indicators as they are typed, one a line with | between its parts; a part that is missing is empty."""
    rows = [[part.strip() for part in line.split("|", 2)] for line in lines if line.strip()]
    return [dict(zip(KPI_PARTS, [*row, "", ""], strict=False)) for row in rows]


_CLEANERS: dict[Kind, Callable[[Question, Any], Any]] = {
    Kind.LINE: _text,
    Kind.TEXT: _text,
    Kind.URL: _url,
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.NUMBER: _number,
    Kind.DAY: _day,
    Kind.ACCOUNTS: _accounts,
    Kind.KPIS: _kpis,
}
