"""The virtual environment: made when missing, filled only when the pinned requirements changed."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from launcher.places import Places, environment
from launcher.stamps import Stamp, fingerprint
from launcher.words import Stop, step


def install(places: Places, requirements: str) -> None:
    """Brings `.venv` to what `requirements/<requirements>.txt` says. What `dev` brought serves `embedded` too."""
    if not usable(places.python):
        make_venv(places)
    files = {name: places.root / "requirements" / f"{name}.txt" for name in ("embedded", "dev")}
    stamp = Stamp(places.venv / "parvis-requirements")
    enough = [requirements, "dev"] if requirements == "embedded" else [requirements]
    if any(stamp.says(fingerprint([files[name]], name)) for name in enough):
        return
    with step("Installing the Python packages, each checked against its hash (a minute or two the first time)"):
        command = [str(places.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        command += ["--require-hashes", "--no-deps", "-r", str(files[requirements])]
        done = subprocess.run(command, cwd=places.root, env=environment(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise Stop(
                f"\n{done.stderr.strip()}\nThe Python packages could not be installed; pip's reason stands above."
            )
    stamp.write(fingerprint([files[requirements]], requirements))


def usable(python: Path) -> bool:
    """Whether the environment's Python still runs and is new enough: the system's may have been replaced under it."""
    question = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([str(python), "-c", question], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv(places: Places) -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Stop(
            "This Python lacks its venv module. On Debian or Ubuntu: apt install python3-venv. Then start again."
        )
    with step(f"Making the virtual environment with Python {sys.version_info.major}.{sys.version_info.minor}"):
        command = [sys.executable, "-m", "venv", "--clear", str(places.venv)]
        done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise Stop(f"\n{(done.stderr or done.stdout).strip()}\nThe virtual environment could not be made.")


def continue_inside(places: Places, arguments: list[str]) -> None:
    """Goes on as the environment's Python, in this same process; returns only when it is that Python already."""
    if Path(sys.prefix).resolve() == places.venv.resolve():
        return
    sys.stdout.flush()
    os.chdir(places.root)
    os.execve(str(places.python), [str(places.python), "-m", "launcher", *arguments], environment())
