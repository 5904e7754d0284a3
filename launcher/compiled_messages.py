"""Catalogues for gettext: every `django.po` compiled to the `.mo` beside it when it is older."""

from pathlib import Path

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
            polib.pofile(str(file)).save_as_mofile(str(rough))
            rough.replace(file.with_suffix(".mo"))


def is_stale(file: Path) -> bool:
    compiled = file.with_suffix(".mo")
    return not compiled.is_file() or compiled.stat().st_mtime < file.stat().st_mtime
