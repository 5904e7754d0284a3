"""What work costs both sides' processors: of a busy machine it says more than a clock."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection


def busy() -> float:
    """Seconds that this process and the server's process behind its connection have worked so far. Linux tells of the
    server's, where it runs on this machine and as a user that may look; elsewhere only ours count."""
    connection.ensure_connection()
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + (int(told.read_text().split()[0]) / 1e9 if told.exists() else 0)


def cost(work: Callable[[], object], *, rounds: int = 9) -> float:
    """Milliseconds that one call keeps them busy: the median; the first call is not counted."""
    work()
    took = []
    for _ in range(rounds):
        began = busy()
        work()
        took.append((busy() - began) * 1000)
    return statistics.median(took)
