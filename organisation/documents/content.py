"""What stands in a document, whatever its file is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 for a part of the document, 2 for a part of that, 3 below it. ValueError for one without words: it
    would lead nowhere."""

    text: str
    level: int = 1
    kind: ClassVar[str] = "heading"

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a heading without words")


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[str, ...]
    numbered: bool = False
    kind: ClassVar[str] = "items"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values."""

    facts: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "facts"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as wide as `head`, which is said again on each page."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: ClassVar[str] = "table"


Block = Heading | Paragraph | Items | Facts | Table


@dataclass(frozen=True, slots=True)
class Document:
    """`language` is that of its words (ISO 639-1), `author` the service in whose name it stands, `day` its date."""

    title: str
    language: str
    author: str
    day: date
    blocks: tuple[Block, ...]

    def as_data(self) -> dict[str, Any]:
        """As JSON holds it."""
        blocks = [{"kind": block.kind, **asdict(block)} for block in self.blocks]
        return {
            "title": self.title,
            "language": self.language,
            "author": self.author,
            "day": self.day.isoformat(),
            "blocks": blocks,
        }
