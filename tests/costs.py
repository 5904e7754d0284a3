"""What a piece of work costs, counted and never timed: lines of Python that run, and bytes that a file moves."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def lines_of(work: Callable[[], object]) -> int:
    """How many lines of Python `work` runs, in whatever it calls."""
    count = 0

    def trace(_frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


class CountingFile(io.BytesIO):
    """`moved` bytes were read or written, in `uses` turns."""

    moved = uses = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.moved += len(found)
        self.uses += 1
        return found

    def write(self, content: Any, /) -> int:
        written = super().write(content)
        self.moved += written
        self.uses += 1
        return written
