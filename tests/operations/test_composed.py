"""The system as it is shipped: what compose says, held to what Parvis needs, and run as processes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from launcher.embedded_postgres import EmbeddedPostgres
from launcher.throwaway_postgres import throwaway
from tests.faults.crew import Broker, free_port
from tests.operations.composed import Composed, Missing, read_env

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "PARVIS_HOST": "parvis.example",
    "PARVIS_SECRET_KEY": "5s8kq2w9e4r7t1y6u3i0o-p_a5s8d2f7g4h1j6k9l3z0x8c5v2b7n4m1",
    "PARVIS_VAULT_KEYS": "first:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "POSTGRES_PASSWORD": "of-the-database",
    "PARVIS_DATABASE_PASSWORD": "of-the-application",
    "PARVIS_AUDIT_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
}
SETTINGS = {
    "PARVIS_APP_X_ID": "we-are-known",
    "PARVIS_APP_X_SECRET": "by-this",
    "PARVIS_PUBLIC_URL": "https://parvis.example",
    "PARVIS_LANGUAGE": "nl",
}
PROCESSES = ("web", "worker", "beat")


def shipped() -> Composed:
    return Composed(SECRETS, SETTINGS)


# ---- what the files say ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", sorted(SECRETS))
def test_a_missing_secret_stops_the_start_with_its_name(secret: str) -> None:
    with pytest.raises(Missing, match=secret):
        Composed({name: value for name, value in SECRETS.items() if name != secret}, SETTINGS)


def test_the_example_names_every_secret_and_no_other() -> None:
    assert set(read_env(ROOT / "docs" / "production.env.example")) == set(SECRETS)


def test_only_who_needs_it_is_given_the_owner_of_the_tables_and_the_key_of_the_trail() -> None:
    composed = shipped()
    holds = {
        name: {
            fact for fact in ("PARVIS_MIGRATION_DATABASE_URL", "PARVIS_AUDIT_KEY") if fact in composed.environment(name)
        }
        for name in composed.of_the_image()
    }
    assert {name for name in holds if "PARVIS_MIGRATION_DATABASE_URL" in holds[name]} == {"migrate"}
    assert {name for name in holds if "PARVIS_AUDIT_KEY" in holds[name]} == {"worker"}
    assert all("//parvis_app:" in composed.environment(name)["DATABASE_URL"] for name in holds)


@pytest.mark.parametrize("service", [*PROCESSES, "migrate"])
def test_settings_reach_every_process_of_parvis(service: str) -> None:
    brought = shipped().environment(service)
    assert {name: brought[name] for name in SETTINGS} == SETTINGS
    assert brought["PARVIS_HOSTS"] == "parvis.example"


# What a process names and does not use: the worker alone keeps checkpoints.
NAMED_ONLY = {(name, "PARVIS_AUDIT_CHECKPOINTS") for name in ("web", "beat", "migrate")}


def test_every_folder_that_a_container_is_told_of_is_a_disk_of_its_own() -> None:
    """The image is read-only, and /tmp of a container is memory: a film that is uploaded there would fill it."""
    told, astray = set(), []
    for name in shipped().of_the_image():
        volumes = tuple(volume.split(":")[1] for volume in shipped().services[name]["volumes"])
        for fact, value in shipped().environment(name).items():
            folder = value.removeprefix("file://")
            if folder.startswith("/") and (name, fact) not in NAMED_ONLY:
                told.add(fact)
                astray += [f"{name}: {fact}={value}"] if not folder.startswith(volumes) else []
    assert astray == []
    assert told == {"PARVIS_MEDIA", "PARVIS_UPLOADS", "PARVIS_WITNESS", "PARVIS_AUDIT_CHECKPOINTS"}


def test_containers_may_do_little() -> None:
    for name in shipped().of_the_image():
        service = shipped().services[name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]


# ---- run as processes ------------------------------------------------------------------------------------------------


class System:
    """The containers' programs on this machine, over a copy of what the image holds."""

    def __init__(self, folder: Path, server: EmbeddedPostgres, broker: Broker) -> None:
        self.composed, self.folder, self.server = shipped(), folder, server
        self.port = free_port()
        self._broker = broker
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.house = _house(folder / "house")
        for place in ("parvis/media", "parvis/uploads", "parvis/checkpoints", "tmp", "backups"):
            (folder / place).mkdir(parents=True)

    def here(self, text: str) -> str:
        """Addresses and folders of the containers, on this machine."""
        text = re.sub(
            r"postgres://(\w+):[^@]*@postgres:5432/(\w+)",
            lambda found: self.server.url(role=found[1], database=found[2]),
            text,
        )
        text = text.replace("redis://redis:6379/0", self._broker.url)
        text = re.sub(r"(0\.0\.0\.0|127\.0\.0\.1):8000", f"127.0.0.1:{self.port}", text)
        return re.sub(r"^(file://)?/(parvis|tmp|media|backups|operations)\b", self._place, text)

    def _place(self, found: re.Match[str]) -> str:
        if found[2] == "operations":
            return str(ROOT / "operations")
        return f"{found[1] or ''}{self.folder / {'media': 'parvis/media'}.get(found[2], found[2])}"

    def environment(self, name: str) -> dict[str, str]:
        brought = {key: self.here(value) for key, value in self.composed.environment(name).items()}
        path = f"{Path(sys.executable).parent}:{self.server.home.binaries}:/usr/bin:/bin"
        return brought | {"PATH": path, "HOME": str(self.folder / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, name: str, *words: str, given: str = "") -> str:
        """What the service's command says, or `words` in its place; fails with its complaint."""
        command = list(words) or self.composed.command(name)
        done = subprocess.run(
            [self.here(word) for word in command],
            cwd=self.folder / "backups" if name in ("backup", "restore") else self.house,
            env=self.environment(name),
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
            start_new_session=True,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def tell(self, statement: str) -> list[Any]:
        with closing(psycopg2.connect(self.server.url())) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def start(self) -> None:
        for name in PROCESSES:
            with (self.folder / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(
                    [self.here(word) for word in self.composed.command(name)],
                    cwd=self.house,
                    env=self.environment(name),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def stop(self) -> None:
        for process in self._running.values():
            os.killpg(process.pid, signal.SIGTERM)
        for process in self._running.values():
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._running.clear()

    def becomes_healthy(self, name: str, seconds: float = 90) -> bool:
        """By the probe that compose runs."""
        ends = time.monotonic() + seconds
        probe = [self.here(word) for word in self.composed.probe(name)]
        while time.monotonic() < ends:
            assert self._running[name].poll() is None, (self.folder / f"{name}.log").read_text()[-3000:]
            done = subprocess.run(probe, cwd=self.house, env=self.environment(name), capture_output=True, check=False)
            if done.returncode == 0:
                return True
            time.sleep(0.5)
        return False

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """As the proxy asks on behalf of a browser."""
        told = {"Host": "parvis.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", **headers}
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=told)
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.status, answer.read().decode()


def _house(place: Path) -> Path:
    """What the image holds: all but what `.dockerignore` names, with static files collected as its build does."""
    left_out = (ROOT / ".dockerignore").read_text().split()
    ours = [name for name in left_out if name != "static/dist"]  # its own stage builds it
    shutil.copytree(
        ROOT, place, ignore=shutil.ignore_patterns(*ours, "__pycache__", ".mypy_cache", ".ruff_cache", "staticfiles")
    )
    line = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    (step,) = [one for one in line.splitlines() if "collectstatic" in one]
    settings = dict(re.findall(r"(\w+)=(\S+)", step.partition("&&")[2]))
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    done = subprocess.run(
        command, cwd=place, env={"PATH": os.environ["PATH"], **settings}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    broker = Broker(tmp_path)
    broker.start()
    try:
        with throwaway() as server:
            running = System(tmp_path, server, broker)
            try:
                yield running
            finally:
                running.stop()
    finally:
        broker.kill()


@pytest.mark.slow
def test_it_comes_up_healthy_and_a_backup_brings_it_back(system: System) -> None:
    system.run("migrate")
    system.start()
    assert system.becomes_healthy("web")
    assert system.becomes_healthy("worker")

    status, page = system.get("/me/login/")
    assert status == 200
    for asset in re.findall(r'(?:href|src)="(/static/[^"#]+)"', page):
        assert system.get(asset)[0] == 200, asset
    (page,) = re.findall(r"<title>.*</title>", page)
    assert "Parvis" in page

    system.run("web", "python", "manage.py", "check", "--deploy", "--database", "default", "--fail-level", "WARNING")
    picture = system.folder / "parvis" / "media" / "posts" / "a.jpg"
    picture.parent.mkdir()
    picture.write_bytes(b"a picture")
    founded = {"--slug": "fin", "--name-fr": "SPF Finances", "--email": "an@fin.example", "--person": "An Peeters"}
    words = [word for pair in founded.items() for word in pair]
    system.run("web", "python", "manage.py", "found_organisation", *words, given="a long first password\n")
    sealed = "SELECT (SELECT count(*) FROM organisation_auditevent), max(size) FROM organisation_checkpointplace"
    end = time.monotonic() + 20
    while len(set(system.tell(sealed)[0])) > 1 and time.monotonic() < end:
        time.sleep(0.2)
    kept = Path(system.run("backup").strip()).name
    # Something is sent since, as far as the witness is concerned.
    count = "from delivery.actions.witnessing import count_act; assert count_act()"
    system.run("worker", "python", "manage.py", "shell", "--no-imports", "-c", count)
    picture.unlink()
    system.tell("UPDATE organisation_person SET name = 'Changed since'")

    system.stop()
    system.run("restore", *system.composed.command("restore"), kept)
    system.run("migrate")
    assert system.tell("SELECT name FROM organisation_person") == [("An Peeters",)]
    assert picture.read_bytes() == b"a picture"
    assert "3 events are as they were sealed" in system.run("worker", "python", "manage.py", "verify_audit")
    system.start()
    assert system.becomes_healthy("web")
    frozen = "SELECT cause FROM delivery_hold WHERE lifted_at IS NULL ORDER BY cause"
    end = time.monotonic() + 30
    while len(system.tell(frozen)) < 2 and time.monotonic() < end:
        time.sleep(0.2)
    assert system.tell(frozen) == [("new_system",), ("restored",)]
