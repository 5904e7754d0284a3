"""Keyset marks: where a page of a list that is ordered by time ends, as a word for the address."""

from __future__ import annotations

from datetime import UTC, datetime


def mark_of(at: datetime, pk: int) -> str:
    return f"{at.isoformat()}_{pk}"


def read_mark(mark: str) -> tuple[datetime, int] | None:
    """None for no mark, and for one that somebody wrote by hand."""
    at, _separator, pk = mark.rpartition("_")
    try:
        read = datetime.fromisoformat(at)
        return (read.astimezone(UTC), int(pk)) if read.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
