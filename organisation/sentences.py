"""Sentences that are kept: the code's own words and what fills them. Each reader has them in their own language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext

Stored = dict[str, Any]


class Sentence:
    """`source` is marked for translation where it is written; `facts` fill its places, and may be sentences too."""

    def __init__(self, source: str | Promise, **facts: Any) -> None:
        with translation.override(None):
            self.source = str(source)
        self.facts = {name: Sentence(fact) if isinstance(fact, Promise) else fact for name, fact in facts.items()}

    def __str__(self) -> str:
        said = gettext(self.source) if self.source else ""
        return said % {name: str(fact) for name, fact in self.facts.items()} if self.facts else said

    def stored(self) -> Stored:
        """As JSON can hold it."""
        facts = {name: fact.stored() if isinstance(fact, Sentence) else fact for name, fact in self.facts.items()}
        return {"source": self.source, "facts": facts}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Sentence:
        facts = {name: cls.of(fact) if isinstance(fact, Mapping) else fact for name, fact in stored["facts"].items()}
        return cls(stored["source"], **facts)


def colon() -> str:
    """Between a label and what it names, where no sentence holds both: French keeps a space before it."""
    return pgettext("between a label and what it names", ":")


def kept(sentences: Iterable[str | Promise | Sentence]) -> list[Stored]:
    return [(one if isinstance(one, Sentence) else Sentence(one)).stored() for one in sentences]


def told(stored: Iterable[Mapping[str, Any]]) -> str:
    """One after the other, in the language that is spoken now."""
    return " ".join(str(Sentence.of(one)) for one in stored)
