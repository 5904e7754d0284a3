"""What a connector asks and reads while it does all that it can do, for an oracle to judge."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from networks.errors import Unsupported
from tests.networks.squares import Square
from tests.networks.squares.square import all_of, attempt

# The kind of what stands in an object of a kind under a name; None where the description says nothing further of it.
Inside = Callable[[Any, str], Any]


class Watched(dict[str, Any]):
    """A JSON object of a known kind that notes each name that is looked for in it, found or not."""

    def __init__(self, told: dict[str, Any], kind: Any, inside: Inside, read: set[tuple[Any, str]]) -> None:
        super().__init__({name: watched(value, inside(kind, name), inside, read) for name, value in told.items()})
        self._kind, self._read = kind, read

    def __getitem__(self, name: str) -> Any:
        self._read.add((self._kind, name))
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._read.add((self._kind, name))
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self._read.add((self._kind, str(name)))
        return super().__contains__(name)


def watched(told: Any, kind: Any, inside: Inside, read: set[tuple[Any, str]]) -> Any:
    """`told` with every object in it watched of which the kind is known. Lists hold things of one kind."""
    if isinstance(told, list):
        return [watched(one, kind, inside, read) for one in told]
    return Watched(told, kind, inside, read) if isinstance(told, dict) and kind is not None else told


def perform(square: Square, **more: Any) -> None:
    """All that the port has, once: `more` is for the message, as pictures."""
    service = square.service
    draft, key = square.draft("Le guichet ouvre", **more), attempt()
    ours = service.publish(draft, key)
    service.identify()
    service.reconcile(draft, key)
    service.reconcile(square.draft("Jamais parti", **more), attempt())
    square.say(f"{square.mention} où ?".strip(), ours)
    question = next(item for item in all_of(service)[0] if "où" in item.text)
    all_of(service, (datetime.now(UTC) - timedelta(hours=1)).isoformat())
    answer, key = square.answer("Ici.", question), attempt()
    said = service.publish(answer, key)
    service.reconcile(answer, key)
    for ref in (ours, question.ref, said):
        assert service.fetch(ref), ref
    for address in (ours.url, *square.addresses(ours)):
        service.locate(address)
    service.metrics([ours, question.ref])
    for last in (lambda: service.search("guichet"), lambda: service.delete(said), lambda: service.delete(ours)):
        with suppress(Unsupported):
            last()
