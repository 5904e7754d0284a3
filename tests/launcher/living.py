"""Which processes live: read from /proc, so that a zombie or another program under a used number does not count."""

import os
import time
from pathlib import Path


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def belonging_to(folder: Path) -> list[str]:
    """The command lines of all living processes that work in `folder` or name it, except the asking one."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdecimal() and int(process.name) != os.getpid() and lives(int(process.name)):
            try:
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                place = str((process / "cwd").readlink())
            except OSError:
                continue
            if str(folder) in command or place.startswith(str(folder)):
                found.append(command)
    return found


def nothing_left_of(folder: Path, seconds: float = 20) -> list[str]:
    """What still lives there when the time is over; empty as soon as nothing does."""
    end = time.monotonic() + seconds
    while (found := belonging_to(folder)) and time.monotonic() < end:
        time.sleep(0.05)
    return found
