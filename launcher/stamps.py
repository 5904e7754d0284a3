"""Remembers what a step was done from, so that it is done again only when that changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint(paths: Iterable[Path], *facts: str) -> str:
    """SHA-256 over the names and bytes of all files in `paths` (folders are walked) and over `facts`; hex."""
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(fact.encode() + b"\0")
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                name = str(file.relative_to(path.parent))  # a checkout that moved has not changed
                digest.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


class Stamp:
    """One line in a file: the fingerprint of what the last finished step was done from."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def says(self, value: str) -> bool:
        return self.file.is_file() and self.file.read_text() == value

    def write(self, value: str) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(value)
