"""The catalogues in `locale/`: brought to what the code says, and checked for completeness."""

import re
from pathlib import Path
from typing import Any

from launcher.extraction import Sentence, sentences
from launcher.places import Places
from launcher.words import say

LANGUAGES = {
    "fr": "nplurals=2; plural=(n > 1);",
    "nl": "nplurals=2; plural=(n != 1);",
    "de": "nplurals=2; plural=(n != 1);",
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]|\{(\w*)\}")


def update(places: Places) -> int:
    """Adds what is new, drops what is gone, keeps every translation that still has its sentence. Says what is open."""
    found = sentences(places.root)
    for language in LANGUAGES:
        catalogue = _merged(catalogue_file(places, language), language, found)
        file = catalogue_file(places, language)
        file.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(file))
        open_ones = len(catalogue.untranslated_entries())
        say(f"{language}: {len(catalogue)} sentences, {open_ones} without a translation.")
    return 0


def check(places: Places) -> int:
    """1 when a catalogue lacks a sentence, a translation or a placeholder, or keeps what is gone; says each."""
    found = sentences(places.root)
    problems = [
        text for language in LANGUAGES for text in problems_of(catalogue_file(places, language), language, found)
    ]
    for problem in problems[:40]:
        say(problem)
    if len(problems) > 40:
        say(f"… and {len(problems) - 40} more.")
    say(f"{len(problems)} problems in the translations." if problems else "The translations are complete.")
    return 1 if problems else 0


def problems_of(file: Path, language: str, found: list[Sentence]) -> list[str]:
    """Each as one line that names the language and the sentence."""
    catalogue = _opened(file, language)
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    wanted = _unique(found)
    problems = [
        f"{language}: not in the catalogue: {sentence.singular!r}"
        for key, sentence in wanted.items()
        if key not in entries
    ]
    problems += [
        f"{language}: no longer said anywhere: {msgid!r}"
        for (context, msgid) in entries
        if (context, msgid) not in wanted
    ]
    problems += [f"{language}: obsolete: {entry.msgid!r}" for entry in catalogue.obsolete_entries()]
    for key, entry in entries.items():
        if key in wanted:
            problems += [f"{language}: {problem}: {entry.msgid!r}" for problem in _faults(entry, wanted[key])]
    return problems


def _faults(entry: Any, sentence: Sentence) -> list[str]:
    if entry.fuzzy:
        return ["fuzzy"]
    if (entry.msgid_plural or None) != sentence.plural:
        return ["its plural changed"]
    forms = list(entry.msgstr_plural.values()) if sentence.plural else [entry.msgstr]
    if not forms or not all(forms):
        return ["no translation"]
    # A singular may say "one" in words; every other form carries exactly the placeholders of its source.
    sources = [sentence.singular] + [sentence.plural] * (len(forms) - 1) if sentence.plural else [sentence.singular]
    allowed = placeholders(sentence.plural or sentence.singular)
    for place, (form, source) in enumerate(zip(forms, sources, strict=True)):
        names = placeholders(form)
        plural_first = sentence.plural is not None and place == 0
        if names != placeholders(source or "") and not (plural_first and names <= allowed):
            return ["its placeholders differ"]
    return []


def placeholders(text: str) -> set[str]:
    """The names (or signs) of what is filled in later."""
    return {match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def catalogue_file(places: Places, language: str) -> Path:
    return places.root / "locale" / language / "LC_MESSAGES" / "django.po"


def _opened(file: Path, language: str) -> Any:
    import polib

    if file.is_file():
        return polib.pofile(str(file), wrapwidth=110)
    made = polib.POFile(wrapwidth=110)
    made.metadata = {
        "Project-Id-Version": "Parvis",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": LANGUAGES[language],
    }
    return made


def _unique(found: list[Sentence]) -> dict[tuple[str | None, str], Sentence]:
    """By context and singular. A sentence that is used with and without its plural has its plural."""
    unique: dict[tuple[str | None, str], Sentence] = {}
    for sentence in found:
        known = unique.get(sentence.key)
        if known is None or (known.plural is None and sentence.plural):
            unique[sentence.key] = sentence
    return unique


def _merged(file: Path, language: str, found: list[Sentence]) -> Any:
    import polib

    before = _opened(file, language)
    known = {(entry.msgctxt, entry.msgid): entry for entry in before if not entry.obsolete}
    after = polib.POFile(wrapwidth=110)
    after.metadata = before.metadata
    where: dict[tuple[str | None, str], set[str]] = {}
    for sentence in found:
        where.setdefault(sentence.key, set()).add(sentence.file)
    for key, sentence in _unique(found).items():
        after.append(_entry(sentence, known.get(key), sorted(where[key])))
    return after


def _entry(sentence: Sentence, known: Any, files: list[str]) -> Any:
    """The catalogue's entry, with the translation it had. Files without line numbers: a moved line is no change."""
    import polib

    entry = polib.POEntry(msgid=sentence.singular, msgctxt=sentence.context, occurrences=[(file, "") for file in files])
    if placeholders(sentence.singular):
        entry.flags = ["python-brace-format" if "{" in sentence.singular else "python-format"]
    if sentence.plural:
        entry.msgid_plural = sentence.plural
        kept = known.msgstr_plural if known is not None and known.msgstr_plural else {}
        entry.msgstr_plural = {place: kept.get(place, "") for place in (0, 1)}
    elif known is not None:
        entry.msgstr = known.msgstr or known.msgstr_plural.get(0, "")
    if known is not None:
        entry.tcomment = known.tcomment
        entry.flags += [flag for flag in known.flags if flag == "fuzzy"]
    return entry
