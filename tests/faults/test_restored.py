"""Rule 12: whatever way a system is put back, copied or cloned, nothing is sent twice. Real clusters and processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from launcher.embedded_postgres import THROWAWAY, EmbeddedPostgres
from launcher.postgres_home import home_for

pytestmark = pytest.mark.faults
ROOT = Path(__file__).resolve().parents[2]
ALL = [f"Message {number}" for number in range(3)]


class System:
    """A cluster, a witness and a network, in one folder that other users may pass through."""

    def __init__(self, folder: Path, *, cluster: str = "postgres") -> None:
        self.folder = folder
        self.server = EmbeddedPostgres(home_for(folder / cluster), folder / f"{cluster}.log", THROWAWAY)
        self.witness = folder / "witness"

    @property
    def data(self) -> Path:
        return self.server.home.data

    @property
    def got(self) -> list[str]:
        """What the network got, sorted."""
        file = self.folder / "network"
        return sorted(file.read_text().splitlines()) if file.exists() else []

    def begin(self, *words: str) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "PARVIS_MODE": "test",
            "DJANGO_SETTINGS_MODULE": "governance.settings",
            "DATABASE_URL": self.server.url(),
            "PARVIS_WITNESS": f"file://{self.witness}",
            "PARVIS_TEST_NETWORK": str(self.folder / "network"),
        }
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            stderr=subprocess.PIPE,
        )

    def run(self, *words: str) -> str:
        return ended(self.begin(*words))

    def act(self, what: str) -> Any:
        return json.loads(self.run("-m", "tests.faults.restored", what) or "null")

    def tool(self, name: str, *words: str) -> None:
        command = [str(self.server.home.binaries / name), "-h", str(self.server.home.socket), "-U", "postgres", *words]
        subprocess.run(command, check=True, capture_output=True)

    def copy_data(self, name: str) -> Path:
        copy = self.data.with_name(name)
        subprocess.run(["cp", "-a", str(self.data), str(copy)], check=True)
        return copy

    def put_back(self, copy: Path) -> None:
        """`copy` in place of the stopped cluster's folder."""
        shutil.rmtree(self.data)
        own(copy, self)
        copy.rename(self.data)


def own(folder: Path, system: System) -> None:
    user = system.server.home.user
    if user is not None:
        subprocess.run(["chown", "-R", f"{user.uid}:{user.gid}", str(folder)], check=True)
    folder.chmod(0o700)


def ended(process: subprocess.Popen[str]) -> str:
    said, problem = process.communicate(timeout=120)
    assert process.returncode == 0, problem
    return said


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    """A stopped system that has met its witness and has three messages due."""
    folder = Path(tempfile.mkdtemp(prefix="parvis-restored-"))
    folder.chmod(0o711)
    system = System(folder)
    with system.server:
        system.run("manage.py", "migrate", "--no-input", "--verbosity=0")
        system.run("-m", "tests.faults.restored", "prepare")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def system(prepared: Path) -> Iterator[System]:
    folder = Path(tempfile.mkdtemp(prefix="parvis-restored-"))
    folder.chmod(0o711)
    for part in prepared.iterdir():
        subprocess.run(["cp", "-a", str(part), str(folder)], check=True)
    yield System(folder)
    shutil.rmtree(folder, ignore_errors=True)


def test_a_copy_of_the_folder_put_back(system: System) -> None:
    copy = system.copy_data("aside")
    with system.server:
        assert system.act("send") == {"holds": [], "states": ["published"] * 3}
    system.put_back(copy)
    with system.server:
        assert system.act("send") == {"holds": ["restored"], "states": ["due"] * 3}
    assert system.got == ALL


def test_a_copy_from_which_nothing_has_been_sent_since_goes_on(system: System) -> None:
    copy = system.copy_data("aside")
    system.put_back(copy)
    with system.server:
        assert system.act("send") == {"holds": [], "states": ["published"] * 3}
    assert system.got == ALL


def test_a_base_backup_restored(system: System) -> None:
    copy = system.data.with_name("aside")
    with system.server:
        system.tool("pg_basebackup", "-D", str(copy), "-c", "fast", "-X", "stream")
        system.act("send")
    system.put_back(copy)
    with system.server:
        assert system.act("send") == {"holds": ["restored"], "states": ["due"] * 3}
    assert system.got == ALL


def test_a_dump_restored_in_place(system: System) -> None:
    dump = str(system.folder / "dump")
    with system.server:
        system.tool("pg_dump", "-d", "parvis", "-Fc", "-f", dump)
        system.act("send")
        system.tool("pg_restore", "-d", "parvis", "--clean", "--if-exists", dump)
        assert system.act("send") == {"holds": ["restored"], "states": ["due"] * 3}
    assert system.got == ALL


def test_a_witness_that_is_lost(system: System) -> None:
    with system.server:
        system.act("send")
        system.run("-m", "tests.faults.restored", "one_more")
        system.witness.unlink()
        assert system.act("send") == {"holds": ["lost"], "states": [*["published"] * 3, "due"]}
    assert system.got == ALL


def test_a_witness_that_is_older(system: System) -> None:
    before = system.witness.read_text()
    with system.server:
        system.act("send")
        system.run("-m", "tests.faults.restored", "one_more")
        system.witness.write_text(before)
        assert system.act("send") == {"holds": ["lost"], "states": [*["published"] * 3, "due"]}
    assert system.got == ALL


def test_a_clone_beside_the_original(system: System) -> None:
    """Equal in everything, both at work at once: each message goes out once, and one of the two is frozen."""
    clone = System(system.folder, cluster="clone")
    subprocess.run(["cp", "-a", str(system.data), str(clone.data)], check=True)
    with system.server, clone.server:
        works = [one.begin("-m", "tests.faults.restored", "send") for one in (system, clone)]
        said = [json.loads(ended(work)) for work in works]
        again = [json.loads(ended(one.begin("-m", "tests.faults.restored", "send"))) for one in (system, clone)]
    assert system.got == ALL, said
    assert sorted(str(one["holds"]) for one in again) == ["['restored']", "[]"]
