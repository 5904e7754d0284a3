"""Finds every sentence of the code and the templates that a person may read, as gettext knows them."""

import ast
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What the first arguments of each function are.
KEYWORDS: dict[str, tuple[str, ...]] = {
    "_": ("singular",),
    "gettext": ("singular",),
    "gettext_lazy": ("singular",),
    "gettext_noop": ("singular",),
    "ngettext": ("singular", "plural"),
    "ngettext_lazy": ("singular", "plural"),
    "pgettext": ("context", "singular"),
    "pgettext_lazy": ("context", "singular"),
    "npgettext": ("context", "singular", "plural"),
    "npgettext_lazy": ("context", "singular", "plural"),
}
# The same for what Django makes of templates.
BABEL_KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PYTHON = (
    "governance",
    "organisation",
    "networks",
    "notices",
    "accounts_registry",
    "approvals",
    "delivery",
    "publishing",
    "monitoring",
    "conversations",
    "crisis",
)
TEMPLATES = ("templates", *PYTHON)
# The gallery of components is for whoever builds pages; production has no such page.
NOT_FOR_READERS = ("_gallery.html", "gallery.py")


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
            if file.suffix in endings and file.name not in NOT_FOR_READERS and file.is_file():
                yield file


def _from_template(text: str, name: str) -> list[Sentence]:
    """Django turns the template into calls with the rest blanked out; brackets around them rob indents of meaning."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
    from babel.messages.extract import extract
    from django.utils.translation import template

    calls = f"(\n{template.templatize(text, origin=name)}\n)"
    found = []
    for _line, message, _comments, context in extract("python", io.BytesIO(calls.encode()), keywords=BABEL_KEYWORDS):
        singular, plural = message if isinstance(message, tuple) else (message, None)
        if singular:
            found.append(Sentence(context, singular, plural, name))
    return found


def _from_python(text: str, name: str) -> list[Sentence]:
    """The calls in the syntax tree (also those inside f-strings, which Babel does not see), line by line."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    return [sentence for call in calls if (sentence := _from_call(call, name))]


def _from_call(call: ast.Call, name: str) -> Sentence | None:
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [node.value if isinstance(node, ast.Constant) else None for node in call.args]
    parts = KEYWORDS.get(function, ())
    if not parts or len(texts) < len(parts) or not all(isinstance(text, str) for text in texts[: len(parts)]):
        return None
    said = {part: str(text) for part, text in zip(parts, texts, strict=False)}
    return Sentence(said.get("context"), said["singular"], said.get("plural"), name) if said["singular"] else None
