"""What each room says to a question that all of them are asked, from the ground floor up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

ROOMS = ("organisation", "accounts_registry", "delivery", "publishing", "monitoring", "conversations", "crisis")


def answers(question: str, *told: Any, rooms: Iterable[str] = ROOMS) -> Iterator[Any]:
    """Each room that has a query of this name: "waiting_for" a person, "coming_for" them, "found_for" them."""
    for room in rooms:
        if find_spec(f"{room}.queries"):
            ask: Callable[..., Iterable[Any]] | None = getattr(import_module(f"{room}.queries"), question, None)
            yield from ask(*told) if ask else ()
