"""What stands in the way of a start is one sentence; what was made stays as private as it was meant."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import installation, keys, people, ports
from launcher.commands import main
from launcher.places import Places
from launcher.processes import Child
from launcher.run import only_one
from launcher.stamps import Stamp, fingerprint
from launcher.words import Stop
from tests.launcher.living import lives, nothing_left_of

ROOT = Path(__file__).resolve().parents[2]


def test_a_taken_port_is_one_sentence_that_says_how_to_choose_another(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        assert main(["run"]) == 1
    said = capsys.readouterr().err
    assert said == f"Port {port} is taken by another program. Stop it, or choose another: make run PORT={port + 10}\n"


@pytest.mark.parametrize("text", ["http", "80", "70000", "-1", "８０００x"])
def test_a_port_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(Stop, match="is not a port"):
        ports.chosen("PORT", 8000)


def test_a_second_start_beside_a_running_one_names_it(tmp_path: Path) -> None:
    places = Places(tmp_path)
    with only_one(places), pytest.raises(Stop, match=f"process {os.getpid()}"), only_one(places):
        pass
    with only_one(places):
        pass


def test_an_old_python_gets_a_sentence() -> None:
    program = (
        "import sys; sys.version_info = (3, 8, 2); import runpy; runpy.run_module('launcher', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "Parvis needs Python 3.11 or newer; this one is 3.8.\n"


def test_a_python_without_venv_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Stop, match="python3-venv"):
        installation.make_venv(Places(tmp_path))


def test_a_folder_nobody_may_write_in_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".parvis").write_text("a file where the folder should be")
    with pytest.raises(Stop, match="cannot write"):
        Places(tmp_path).make_state()


def test_secrets_are_made_once_and_for_this_user_alone(tmp_path: Path) -> None:
    file = tmp_path / "secrets"
    made = keys.secrets_of(file)
    assert (file.stat().st_mode & 0o777) == 0o600
    assert keys.secrets_of(file) == made
    assert len(made["PARVIS_SECRET_KEY"]) >= 50
    file.write_text("{")
    with pytest.raises(Stop, match="damaged"):
        keys.secrets_of(file)


def test_secrets_of_before_the_trail_was_sealed_get_their_key(tmp_path: Path) -> None:
    file = tmp_path / "secrets"
    old = {"PARVIS_SECRET_KEY": "s" * 50, "PARVIS_VAULT_KEYS": "local:x"}
    file.write_text(json.dumps(old))
    made = keys.secrets_of(file)
    assert made == old | {"PARVIS_AUDIT_KEY": made["PARVIS_AUDIT_KEY"]}
    assert len(made["PARVIS_AUDIT_KEY"]) == 44
    assert keys.secrets_of(file) == made


def test_the_people_are_a_table(tmp_path: Path) -> None:
    file = tmp_path / "people.json"
    assert people.table_of(file) == ""
    someone = {
        "name": "An Peeters",
        "role": "spokesperson",
        "email": "an@parvis.example",
        "password": "four words",
    }
    file.write_text(json.dumps([someone, someone | {"name": "Jo", "role": "newcomer"}]))
    assert people.table_of(file).splitlines()[1] == "  Jo          newcomer      an@parvis.example  four words"


def test_a_stamp_changes_with_what_it_was_made_from_and_not_with_where_it_lies(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "src").mkdir(parents=True)
        (tmp_path / name / "src" / "a.css").write_text("a {}")
    before = fingerprint([tmp_path / "one" / "src"])
    assert before == fingerprint([tmp_path / "two" / "src"])
    stamp = Stamp(tmp_path / "stamps" / "src")
    assert not stamp.says(before)
    stamp.write(before)
    assert stamp.says(before)
    (tmp_path / "one" / "src" / "a.css").write_text("b {}")
    assert not stamp.says(fingerprint([tmp_path / "one" / "src"]))


def child_in(folder: Path, program: str) -> Child:
    return Child("child", [sys.executable, "-c", program], folder / "log", dict(os.environ), folder)


@pytest.mark.longer
def test_a_child_that_does_not_listen_is_killed_with_all_it_started(tmp_path: Path) -> None:
    program = (
        "import signal, subprocess, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "subprocess.Popen(['sleep', '60']); print('up', flush=True); time.sleep(60)"
    )
    child = child_in(tmp_path, program)
    child.start()
    while "up" not in child.log.read_text():
        child.require_alive()
    child.stop(patience=0.2)
    assert nothing_left_of(tmp_path) == []


def test_a_child_that_ends_by_itself_is_named_with_its_last_words(tmp_path: Path) -> None:
    child = child_in(tmp_path, "raise SystemExit('the reason')")
    child.start()
    assert child.process is not None
    child.process.wait()
    with pytest.raises(Stop, match=r"the reason\nThe child ended by itself \(status 1\)"):
        child.require_alive()


@pytest.mark.longer
def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    program = f"""
import signal
from pathlib import Path
from tests.launcher.test_start import child_in
child = child_in(Path({str(tmp_path)!r}), "import time; time.sleep(60)")
child.start()
print(child.process.pid, flush=True)
signal.pause()
"""
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert lives(pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert nothing_left_of(tmp_path) == []
