"""The embedded mode's broker: kombu's filesystem transport, made safe for several producers and consumers.

Kombu's own writes a message in the place where consumers look for it, so that one of them may read half of it, and
rewrites its binding tables in place. Here a message is written beside and renamed into place, a consumer takes it by
renaming it to a name of its own (the kernel gives it to exactly one), and a table is replaced as a whole under one
lock. It serves one machine (docs/adr/0005-embedded-broker.md).
"""

import fcntl
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar, NamedTuple

from kombu.transport import filesystem, virtual
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads


class Row(NamedTuple):
    """Which queue an exchange feeds, for which routing key. The order is kombu's."""

    routing_key: str
    pattern: str
    queue: str


class Channel(filesystem.Channel):
    """Messages are files named `<time in ns>_<unique>.<queue>.msg`: sorted by name they come as they were sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._messages.mkdir(parents=True, exist_ok=True)
        self.control_folder.mkdir(parents=True, exist_ok=True)

    @property
    def _messages(self) -> Path:
        return Path(self.data_folder_in)

    # ---- messages --------------------------------------------------------------------------------------------------

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}"
        rough = self._messages / f"{name}.writing"
        rough.write_bytes(str_to_bytes(dumps(payload)))
        rough.rename(self._messages / f"{name}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for file in self._waiting(queue):
            taken = file.with_suffix(".taken")
            try:
                file.rename(taken)
            except FileNotFoundError:  # another consumer was quicker
                continue
            payload = loads(bytes_to_str(taken.read_bytes()))
            self._put_away(taken)
            return payload
        raise Empty

    def _put_away(self, taken: Path) -> None:
        """Kept where the transport's options ask for it, as kombu's own does."""
        if self.store_processed:
            taken.rename(Path(self.processed_folder) / taken.name)
        else:
            taken.unlink()

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        gone = 0
        for file in self._waiting(queue):
            try:
                file.unlink()
            except FileNotFoundError:
                continue
            gone += 1
        return gone

    def _waiting(self, queue: str) -> list[Path]:
        ending = f"{queue}.msg"
        names = sorted(name for name in os.listdir(self._messages) if name.partition(".")[2] == ending)
        return [self._messages / name for name in names]

    # ---- which queues an exchange feeds ----------------------------------------------------------------------------

    def get_table(self, exchange: str) -> list[Row]:
        try:
            return [Row(*row) for row in loads(self._exchange_file(exchange).read_text())]
        except FileNotFoundError:
            return []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        row = Row(routing_key or "", pattern or "", queue or "")
        with self._sole_writer():
            table = self.get_table(exchange)
            if row not in table:
                self._replace_table(exchange, [row, *table])

    def _delete(self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any) -> None:
        self._purge(queue)
        row = Row(routing_key or "", pattern or "", queue or "")
        with self._sole_writer():
            table = self.get_table(exchange)
            if row in table:
                self._replace_table(exchange, [other for other in table if other != row])

    def _replace_table(self, exchange: str, table: list[Row]) -> None:
        file = self._exchange_file(exchange)
        rough = file.with_name(f"{file.name}.{uuid.uuid4().hex}")
        rough.write_text(dumps([list(row) for row in table]))
        rough.replace(file)

    @contextmanager
    def _sole_writer(self) -> Iterator[None]:
        with (self.control_folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """Named in the settings; looks for messages five times a second, so that an idle worker costs next to nothing."""

    Channel = Channel
    polling_interval = 0.2
    # What a process has declared, for each folder: kombu keeps one for all, and a second broker would stay unbound.
    states: ClassVar[dict[str, virtual.BrokerState]] = {}

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        folder = str(client.transport_options["control_folder"])
        self.state = self.states.setdefault(folder, virtual.BrokerState())
