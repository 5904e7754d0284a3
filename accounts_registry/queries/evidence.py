"""What a dossier says, section by section, in the reader's words: what the committee decides on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst

from accounts_registry.enums import AccountKind, Audience, RequestType
from accounts_registry.models import Account, DossierVersion, JustificationDossier
from accounts_registry.queries.dossiers import label_of, said
from accounts_registry.questionnaire import BY_KEY, SECTIONS, Kind, Question, asked_of
from accounts_registry.questionnaire.requests import SECTION
from organisation.dates import dated
from organisation.enums import Language
from organisation.models import Person

_CHOICES: dict[str, Any] = {
    "request_type": RequestType,
    "account_kind": AccountKind,
    "languages": Language,
    "audiences": Audience,
}


@dataclass(frozen=True)
class Shown:
    """One answer: `items` where there are several, `kpis` where they are rows, else `text`. `unmet`: what was offered
    and not ticked, where that tells something."""

    question: Question
    label: str
    text: str = ""
    items: tuple[str, ...] = ()
    kpis: tuple[Mapping[str, str], ...] = ()
    unmet: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.items or self.kpis)

    @property
    def as_text(self) -> str:
        rows = [" · ".join(row.values()) for row in self.kpis]
        return self.text or "\n".join([*self.items, *rows])


@dataclass(frozen=True)
class Section:
    key: str
    title: str | Promise
    answers: list[Shown]


@dataclass(frozen=True)
class Changed:
    """One answer that says otherwise than before."""

    label: str
    before: str
    after: str


def evidence(dossier: JustificationDossier) -> list[Section]:
    """Every question that these answers ask, by section: without those that may stay open and do, and without the
    self-test where it is done. A query for the people, and one for the accounts that were looked at, if any."""
    answers = said(dossier)
    names = _names([answers])
    asked = [one for one in asked_of(answers) if _tells(one, answers.get(one.key))]
    told: dict[str, list[Shown]] = {key: [] for key in SECTIONS if (key == SECTION) is not dossier.opens_an_account}
    for one in asked:
        told[one.section if dossier.opens_an_account else SECTION].append(_shown(one, answers.get(one.key), names))
    return [Section(key, SECTIONS[key], shown) for key, shown in told.items()]


def _tells(question: Question, value: Any) -> bool:
    if question.all_of:
        return question.lacks(value)
    return question.required or value not in (None, "", [])


def changes_between(earlier: DossierVersion, later: DossierVersion) -> list[Changed]:
    """What the second submission says otherwise than the first, in the order of the questions."""
    before, after = earlier.answers, later.answers
    names = _names([before, after])
    return [
        Changed(capfirst(label_of(one)), *(_shown(one, said.get(one.key), names).as_text for said in (before, after)))
        for one in BY_KEY.values()
        if before.get(one.key) != after.get(one.key)
    ]


def _names(versions: Iterable[Mapping[str, Any]]) -> dict[str, dict[int, str]]:
    """Of the people and accounts that these answers name by number."""
    told = list(versions)
    people = {one[key] for one in told for key in ("owner", "backup_holder") if one.get(key)}
    accounts = {pk for one in told for pk in one.get("existing_accounts") or []}
    accounts |= {one["successor"] for one in told if one.get("successor")}
    return {
        "people": {one.pk: one.name for one in Person.objects.filter(pk__in=people)} if people else {},
        "accounts": {one.pk: one.label for one in Account.objects.filter(pk__in=accounts)} if accounts else {},
    }


def _shown(question: Question, value: Any, names: Mapping[str, Mapping[int, str]]) -> Shown:
    label = capfirst(label_of(question))
    if value in (None, "", []):
        return Shown(question, label)
    if choices := question.options or _CHOICES.get(question.key):
        return _chosen(question, label, value, dict(choices.choices))
    if question.kind is Kind.KPIS:
        return Shown(question, label, kpis=tuple(value))
    if question.kind is Kind.ACCOUNTS:
        return Shown(question, label, items=tuple(names["accounts"].get(pk, str(pk)) for pk in value))
    return Shown(question, label, text=_text(question, value, names))


def _text(question: Question, value: Any, names: Mapping[str, Mapping[int, str]]) -> str:
    if question.key == "successor":
        return names["accounts"].get(value, str(value))
    if question.key in ("owner", "backup_holder"):
        return names["people"].get(value, str(value))
    if question.kind is Kind.DAY or question.key == "review_on":
        return dated(date.fromisoformat(str(value)), "j F Y")
    return str(value)


def _chosen(question: Question, label: str, value: Any, labels: Mapping[str, Any]) -> Shown:
    if not isinstance(value, list):
        return Shown(question, label, text=str(labels.get(value, value)))
    tells_what_is_missing = question.key in ("security", "ten_questions")
    unmet = tuple(_rest(labels, value)) if tells_what_is_missing else ()
    return Shown(question, label, items=tuple(str(labels.get(one, one)) for one in value), unmet=unmet)


def _rest(labels: Mapping[str, Any], ticked: list[str]) -> Iterator[str]:
    yield from (str(label) for key, label in labels.items() if key not in ticked)
