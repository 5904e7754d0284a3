"""Child processes that end with their parent, however the parent ends."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from launcher.words import Stop

PR_SET_PDEATHSIG = 1
# Loaded before any fork: between fork and exec a child should do next to nothing.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with_parent(ending: int, parent: int) -> None:
    """Asks the kernel to send this process `ending` when its parent dies; does so at once if it is dead already.

    Linux only; elsewhere a killed launcher leaves its children behind, and the next start says so.
    """
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, ending, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), ending)


def _before_exec(ending: int) -> Callable[[], None]:
    parent = os.getpid()
    return lambda: end_with_parent(ending, parent)


@dataclass(frozen=True)
class User:
    """Whom a child runs as. Set before the parent-death signal: the kernel forgets that when a process changes user."""

    name: str
    uid: int
    gid: int


@dataclass
class Child:
    """One program, in a process group of its own, its output in one file.

    `orphaned` is the signal it gets when the launcher is killed; `stopping` the one by which it is asked to end.
    """

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    folder: Path
    orphaned: int = signal.SIGTERM
    stopping: int = signal.SIGTERM
    user: User | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                cwd=self.folder,
                process_group=0,
                preexec_fn=_before_exec(self.orphaned),  # noqa: PLW1509 - the launcher has one thread
                user=self.user.uid if self.user else None,
                group=self.user.gid if self.user else None,
                extra_groups=[] if self.user else None,
            )

    def require_alive(self) -> None:
        """Refuses, with the end of what it wrote, when the program has ended."""
        if self.process is not None and self.process.poll() is not None:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
            raise Stop(
                f"{tail}\nThe {self.name} ended by itself (status {self.process.returncode}). Its words: {self.log}"
            )

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stopping)

    def stop(self, patience: float) -> None:
        """Asks it to end, waits for `patience` seconds, then kills its whole group. Returns when it is gone."""
        if self.process is None:
            return
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=patience)
        kill_group(self.process.pid)
        self.process.wait()


def kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def is_running(pid: int, program: str) -> bool:
    """Whether process `pid` lives and is `program`. A number alone proves nothing: numbers are used again."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    status = Path(f"/proc/{pid}/stat")
    try:
        text = status.read_text()
    except OSError:
        return sys.platform != "linux"
    name, _, rest = text.partition("(")[2].rpartition(")")
    return name.startswith(program[:15]) and rest.split()[0] != "Z"


def wait_until_gone(pid: int, program: str, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while is_running(pid, program):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
