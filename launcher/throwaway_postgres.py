"""A PostgreSQL for one test session: empty, fast, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.embedded_postgres import THROWAWAY, EmbeddedPostgres
from launcher.postgres_home import home_for

PREFIX = "parvis-test-"


@contextmanager
def throwaway() -> Iterator[EmbeddedPostgres]:
    """A running server in a new temporary folder. A killed session's folder is swept by the next one."""
    base = Path(tempfile.gettempdir())
    _sweep(base)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=base))
    folder.chmod(0o711)  # the server may run as another user, who passes through to its own folder
    server = EmbeddedPostgres(home_for(folder / "postgres"), folder / "log", THROWAWAY)
    try:
        with server:
            server.let_triggers_be_set_aside()
            yield server
    finally:
        server.home.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(base: Path) -> None:
    for folder in base.glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        mine = folder.lstat().st_uid == os.getuid()
        if mine and pid.isdecimal() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
            shutil.rmtree(folder, ignore_errors=True)
