"""XML in a packed file, as a stream of what opens, says and closes. It declares nothing: no entity, no DTD.

What is unpacked is counted, whatever the package says of itself.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from accounts_registry.lists.grid import MOST_UNPACKED, Unreadable

AT_ONCE = 1 << 21  # a token that does not end is looked at anew with each piece: few pieces
DEEPEST_ELEMENT = 200
OPENS, SAYS, CLOSES = "opens", "says", "closes"
Event = tuple[str, str, dict[str, str]]


class Package:
    """A packed file. All that is read of it together stays below `MOST_UNPACKED`."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise Unreadable("broken") from None
        self.names = set(self._zip.namelist())
        self._left = MOST_UNPACKED

    def events(self, name: str) -> Iterator[Event]:
        """The elements of the part `name` by their local names, attributes too; none where there is no such part."""
        if name not in self.names:
            return
        found: list[Event] = []
        parser = _parser(found)
        try:
            for piece in self._pieces(name):
                parser.Parse(piece, False)
                yield from found
                found.clear()
            parser.Parse(b"", True)
        except expat.ExpatError:
            raise Unreadable("broken") from None
        yield from found

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(name) as part:
                while piece := part.read(AT_ONCE):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise Unreadable("work")
                    yield piece
        except RuntimeError:  # locked with a password
            raise Unreadable("locked") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
            raise Unreadable("broken") from None


def _parser(found: list[Event]) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def opens(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST_ELEMENT:
            raise Unreadable("deep")
        found.append((OPENS, _local(name), {_local(key): value for key, value in attributes.items()}))

    def closes(name: str) -> None:
        nonlocal depth
        depth -= 1
        found.append((CLOSES, _local(name), {}))

    def declares(*_told: object) -> None:
        raise Unreadable("work")

    parser.StartElementHandler, parser.EndElementHandler = opens, closes
    parser.CharacterDataHandler = lambda text: found.append((SAYS, text, {}))
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = declares
    return parser


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
