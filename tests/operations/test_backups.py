"""The scripts that make a backup and put it back, as a server's administrator runs them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from launcher.embedded_postgres import EmbeddedPostgres
from launcher.throwaway_postgres import throwaway

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    with throwaway() as running:
        yield running


class House:
    """A database with one table, a folder of files, and the two scripts."""

    def __init__(self, server: EmbeddedPostgres, folder: Path) -> None:
        self.media, self.backups = folder / "media", folder / "backups"
        self.media.mkdir()
        programs = f"{server.home.binaries}:{os.environ['PATH']}"
        self.url = server.url()
        self._environment = {
            "PATH": programs,
            "DATABASE_URL": self.url,
            "MEDIA": str(self.media),
            "BACKUPS": str(self.backups),
        }
        self.tell("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE said (word text)")

    def run(self, script: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = ["sh", str(ROOT / "operations" / script), *arguments]
        return subprocess.run(command, env=self._environment | more, capture_output=True, text=True, check=False)

    def backup(self, **more: str) -> Path:
        done = self.run("backup.sh", **more)
        assert done.returncode == 0, done.stderr
        return Path(done.stdout.strip())

    def tell(self, statement: str) -> list[Any]:
        connection = psycopg2.connect(self.url)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def words(self) -> list[str]:
        return [word for (word,) in self.tell("SELECT word FROM said ORDER BY word")]


@pytest.fixture
def house(server: EmbeddedPostgres, tmp_path: Path) -> House:
    return House(server, tmp_path)


@pytest.mark.slow
def test_what_was_kept_comes_back_and_what_came_later_is_gone(house: House) -> None:
    house.tell("INSERT INTO said VALUES ('kept')")
    (house.media / "picture").write_bytes(b"as it was")
    kept = house.backup()
    house.tell("INSERT INTO said VALUES ('later'); CREATE TABLE newer (id int)")
    (house.media / "picture").unlink()
    done = house.run("restore.sh", str(kept))
    assert done.returncode == 0, done.stderr
    assert house.words() == ["kept"]
    assert house.tell("SELECT to_regclass('newer')") == [(None,)]
    assert (house.media / "picture").read_bytes() == b"as it was"


@pytest.mark.longer
def test_a_backup_is_for_its_owner_alone(house: House) -> None:
    kept = house.backup()
    modes = {one.stat().st_mode & 0o777 for one in [kept, *kept.iterdir()]}
    assert modes == {0o700, 0o600}
    assert sorted(one.name for one in kept.iterdir()) == ["SHA256SUMS", "database.dump", "media.tar"]


@pytest.mark.longer
def test_old_backups_end(house: House) -> None:
    old, other = house.backups / "parvis-20200101T000000Z", house.backups / "notes"
    for folder in (old, other):
        folder.mkdir(parents=True)
        os.utime(folder, (0, 0))
    kept = house.backup(KEEP="30")
    assert sorted(house.backups.iterdir()) == sorted([kept, other])


@pytest.mark.parametrize("file", ["database.dump", "media.tar"])
def test_a_damaged_backup_changes_nothing(house: House, file: str) -> None:
    kept = house.backup()
    house.tell("INSERT INTO said VALUES ('now')")
    content = bytearray((kept / file).read_bytes())
    content[len(content) // 2] ^= 1
    (kept / file).write_bytes(content)
    done = house.run("restore.sh", str(kept))
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert house.words() == ["now"]


@pytest.mark.longer
def test_a_backup_that_ends_too_early_changes_nothing(house: House) -> None:
    """Its list of hashes may be as wrong as itself: nothing is kept of what could not be read to its end."""
    house.tell("INSERT INTO said SELECT repeat(md5(n::text), 9) FROM generate_series(1, 5000) n")
    kept = house.backup()
    house.tell("TRUNCATE said; INSERT INTO said VALUES ('now')")
    dump = (kept / "database.dump").read_bytes()
    (kept / "database.dump").write_bytes(dump[: len(dump) * 3 // 4])
    subprocess.run("sha256sum database.dump media.tar > SHA256SUMS", shell=True, cwd=kept, check=True)
    done = house.run("restore.sh", str(kept))
    assert done.returncode == 1
    assert "The database is what it was" in done.stderr
    assert house.words() == ["now"]


@pytest.mark.longer
def test_nothing_is_put_back_under_a_running_system(house: House) -> None:
    house.tell("INSERT INTO said VALUES ('kept')")
    kept = house.backup()
    house.tell("INSERT INTO said VALUES ('now')")
    running = psycopg2.connect(house.url)
    try:
        done = house.run("restore.sh", str(kept))
    finally:
        running.close()
    assert done.returncode == 1
    assert "still connected" in done.stderr
    assert house.words() == ["kept", "now"]


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["DATABASE_URL", "MEDIA", "BACKUPS"])
def test_what_was_not_said_is_asked_for(house: House, missing: str) -> None:
    done = house.run("backup.sh", **{missing: ""})
    assert done.returncode != 0
    assert f"Set {missing}." in done.stderr
