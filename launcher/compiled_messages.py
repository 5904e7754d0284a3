"""Catalogues for gettext: every `django.po` compiled to the `.mo` beside it when it is older."""

import re
from pathlib import Path
from typing import Any

from launcher.places import Places
from launcher.words import step


def compile_all(places: Places) -> None:
    stale = [file for file in sorted((places.root / "locale").glob("*/LC_MESSAGES/django.po")) if is_stale(file)]
    if not stale:
        return
    import polib  # the virtual environment brings it

    with step("Preparing the languages"):
        for file in stale:
            rough = file.with_suffix(".mo.new")
            catalogue = polib.pofile(str(file))
            if file.parent.parent.name == "fr":
                keep_signs_with_their_words(catalogue)
            catalogue.save_as_mofile(str(rough))
            rough.replace(file.with_suffix(".mo"))


def keep_signs_with_their_words(catalogue: Any) -> None:
    """French puts a space before ; : ? ! and inside guillemets, at which no line may break."""
    for entry in catalogue:
        entry.msgstr = _kept(entry.msgstr)
        entry.msgstr_plural = {place: _kept(form) for place, form in entry.msgstr_plural.items()}


def _kept(text: str) -> str:
    return re.sub(r"(?<=«) | (?=[;:?!»])", "\N{NO-BREAK SPACE}", text)


def is_stale(file: Path) -> bool:
    compiled = file.with_suffix(".mo")
    return not compiled.is_file() or compiled.stat().st_mtime < file.stat().st_mtime
