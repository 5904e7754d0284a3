"""Finds every sentence of the code and the templates that a person may read, as gettext knows them."""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PYTHON = (
    "governance",
    "organisation",
    "networks",
    "accounts_registry",
    "delivery",
    "publishing",
    "monitoring",
    "crisis",
)
TEMPLATES = ("templates", *PYTHON)


@dataclass(frozen=True)
class Sentence:
    """One message: its context (or none), its singular, its plural (or none), the file it stands in."""

    context: str | None
    singular: str
    plural: str | None
    file: str

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.singular


def sentences(root: Path) -> list[Sentence]:
    """All of them below `root`, in the order of files and lines; the same sentence once for each place."""
    found: list[Sentence] = []
    for file in _files(root, PYTHON, ".py"):
        if "migrations" not in file.parts:
            found += _from_python(file.read_text(encoding="utf-8"), str(file.relative_to(root)))
    for file in _files(root, TEMPLATES, ".html", ".txt"):
        if file.suffix == ".html" or "templates" in file.parts:
            found += _from_template(file.read_text(encoding="utf-8"), str(file.relative_to(root)))
    return found


def _files(root: Path, folders: tuple[str, ...], *endings: str) -> Iterator[Path]:
    for folder in folders:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix in endings and file.is_file():
                yield file


def _from_template(text: str, name: str) -> list[Sentence]:
    """Django turns the template into calls with the rest blanked out; brackets around them rob indents of meaning."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
    from django.utils.translation import template

    return _from_python(f"(\n{template.templatize(text, origin=name)}\n)", name)


def _from_python(text: str, name: str) -> list[Sentence]:
    from babel.messages.extract import extract

    found = []
    for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
        singular, plural = message if isinstance(message, tuple) else (message, None)
        if singular:
            found.append(Sentence(context, singular, plural, name))
    return found
