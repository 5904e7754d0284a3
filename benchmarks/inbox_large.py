"""The inbox of a service with ten million conversations, beside the same page at a million.

About 6 GB of disk, and half an hour on two idle cores: not among what is measured unless it is named.
"""

from __future__ import annotations

from benchmarks.figures import Section
from benchmarks.inbox import ACCOUNTS, UNITS, growing


def measure(*, small: bool) -> Section:
    before, after = (20_000, 200_000) if small else (1_000_000, 10_000_000)
    words = (
        f"{UNITS} units, {ACCOUNTS} accounts; one conversation in fifty is open. The limit is the same page with "
        f"{before:,} conversations, in the same run."
    )
    return Section("Inbox, ten times as large", words, list(growing((before, after), "≤ 1.5 ×")))
