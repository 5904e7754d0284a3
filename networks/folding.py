"""One way of folding words, so that what is meant to be the same is found: for what is searched and what is asked.

Case, accents and every other mark, ligatures, the form that Unicode writes a sign in, apostrophes, hyphens and all
other signs between words make no difference, in whatever language: `L’École` is `l ecole`. `#` and `@` belong to the
word behind them, which is found with them and without. A sign that stands for itself (an emoji, a currency) is a word.

A word is found by how it begins, from its third letter on; a shorter one and a sign are found whole. Words are sought
each by itself, in any order, and all of them; a single letter (the `l` of `l’école`) only where nothing else is. In a
text, also "several in quotes" are found, one behind the other. What a fold costs is in proportion to what it folds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

LONGEST = 60  # signs of a word that are compared
LONGEST_TEXT = 20_000  # signs of a text that are kept for searching: the database takes a megabyte of words
MOST_TERMS = 20  # of a query that are sought
BEGINNING = 3  # signs from which on the beginning of a word is enough
KNOWN = 4_000  # signs whose folding is remembered
# Letters that Unicode takes for letters of their own, and people for others.
LETTERS = {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th", "ŋ": "n"}
APOSTROPHES = frozenset("ʹʺʻʼʽʾʿˈˊˋ")  # letters, to Unicode
SIGNS = frozenset("#@")
PHRASE = re.compile(r'"([^"]+)"')


class _Table(dict[int, str]):
    """What each sign is folded to; it fills itself, up to a bound."""

    def __missing__(self, code: int) -> str:
        told = "".join(map(_folded, unicodedata.normalize("NFKD", chr(code).casefold())))
        if len(self) < KNOWN:
            self[code] = told
        return told


def _folded(sign: str) -> str:
    category = unicodedata.category(sign)
    if category[0] == "M" or category == "Cf":
        return ""
    if sign in SIGNS or category in ("So", "Sc"):
        return f" {sign} "
    if not sign.isalnum() or sign in APOSTROPHES:
        return " "
    return "".join(LETTERS.get(one, one) for one in sign.casefold())


_TABLE = _Table()


def folded(text: str) -> str:
    """The words of `text` as they are compared, with a space between each two; `#` and `@` stand by themselves."""
    return " ".join(text.translate(_TABLE).split())


def places(text: str, name: str) -> list[tuple[int, int]]:
    """Where `text` says `name`, word for word and however either is written: (start, end) of its signs, one behind the
    other. Nowhere where `name` holds no word."""
    sought, said = folded(name).split(), list(_placed(text))
    found: list[tuple[int, int]] = []
    at = 0
    while sought and at <= len(said) - len(sought):
        piece = said[at : at + len(sought)]
        if [word for word, _start, _end in piece] == sought:
            found.append((piece[0][1], piece[-1][2]))
            at += len(sought)
        else:
            at += 1
    return found


def _placed(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of `text`, folded, each with where it stands."""
    word: list[str] = []
    start = 0
    for at, sign in enumerate(f"{text} "):
        told = _TABLE[ord(sign)]
        if " " not in told:
            start = start if word else at
            word.append(told)
            continue
        if any(word):
            yield "".join(word), start, at
        word.clear()
        yield from ((one, at, at + 1) for one in told.split())


def words(text: str) -> set[str]:
    """Every word of `text`; one behind `#` or `@` both with it and without."""
    said = folded(text).split()
    found = {word[:LONGEST] for word in said}
    signs = found & SIGNS
    if signs:
        found |= {before + word[:LONGEST] for before, word in pairwise(said) if before in signs and word not in signs}
    return found - SIGNS


def holds(text: str, query: str) -> bool:
    """Whether `text` holds every word of `query`, and every "phrase in quotes"."""
    said = padded(text)
    return all(one in said for one in sought(query))


def padded(text: str) -> str:
    """`text` folded once, for many questions."""
    return f" {folded(text)} "


def sought(query: str) -> list[str]:
    """What a `padded` text has to hold, all of it, to answer `query`."""
    phrases = [f" {folded(phrase)} " for phrase in PHRASE.findall(query)]
    terms = _terms(PHRASE.sub(" ", query))
    return phrases + [f" {_apart(term)}" if _begins(term) else f" {_apart(term)} " for term in terms]


def _apart(term: str) -> str:
    return f"{term[0]} {term[1:]}" if term[0] in SIGNS else term


def _begins(term: str) -> bool:
    return len(term.lstrip("#@")) >= BEGINNING


def _terms(query: str) -> list[str]:
    """What is sought, each once; a word behind `#` or `@` with it alone."""
    said = ["", *folded(query).split()]
    found = [before + word if before in SIGNS else word for before, word in pairwise(said) if word not in SIGNS]
    told = [word for word in found if len(word) > 1 or not word.isalpha()] or found
    return [word[:LONGEST] for word in dict.fromkeys(told)][:MOST_TERMS]


def as_lexemes(*texts: str) -> str:
    """The words of `texts`, of a long one the first, as PostgreSQL reads a `tsvector`."""
    return " ".join([f"'{word}'" for word in words("\n".join(text[:LONGEST_TEXT] for text in texts))])


def as_ranked_lexemes(heading: str, *texts: str) -> str:
    """As `as_lexemes`; what stands in the `heading` weighs more where the database ranks what it found."""
    said = [f"'{word}':1A" for word in words(heading[:LONGEST_TEXT])]
    return " ".join([*said, *(f"'{word}':2" for word in words("\n".join(text[:LONGEST_TEXT] for text in texts)))])


def score(text: str, query: str) -> int:
    """How well a `text` that `holds` the words of `query` answers it: one for each that is a whole word there, and more
    than all of these where the text begins with what was asked."""
    said, terms = words(text), _terms(query)
    begins = folded(text).startswith(folded(query))
    return sum(1 for term in terms if term in said) + (MOST_TERMS + 1) * begins


def as_query(query: str) -> str:
    """What asks for all the words of `query`, as PostgreSQL reads a `tsquery`; empty where it holds none."""
    return " & ".join(f"'{term}':*" if _begins(term) else f"'{term}'" for term in _terms(query))
