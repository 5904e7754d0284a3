"""What `docker compose up` would run, as processes of this machine: the same commands and the same environments.

Addresses and folders of the containers are led to those of the test; nothing else is changed.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?:(?P<how>:\?|:-)(?P<word>[^}]*))?\}")


class Missing(Exception):
    """A variable without which compose would not start."""


def read_env(file: Path) -> dict[str, str]:
    """A file of NAME=value lines, as compose reads it."""
    lines = [line for line in file.read_text().splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return {name: value for name, _is, value in (line.partition("=") for line in lines)}


def interpolated(text: str, known: Mapping[str, str]) -> str:
    def put(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        value = known.get(found["name"], "")
        if not value and found["how"] == ":?":
            raise Missing(found["name"])
        return value or (found["word"] if found["how"] == ":-" else "")

    return VARIABLE.sub(put, text)


def resolved(thing: Any, known: Mapping[str, str]) -> Any:
    if isinstance(thing, str):
        return interpolated(thing, known)
    if isinstance(thing, dict):
        return {name: resolved(value, known) for name, value in thing.items()}
    if isinstance(thing, list):
        return [resolved(one, known) for one in thing]
    return thing


class Composed:
    """The shipped compose file with `secrets` as its `.env` and `settings` as its `parvis.env`."""

    def __init__(self, secrets: Mapping[str, str], settings: Mapping[str, str]) -> None:
        told = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
        self.services: dict[str, Any] = resolved(told["services"], secrets)
        self._settings = settings

    def of_the_image(self) -> list[str]:
        """The services that run Parvis itself."""
        return [name for name, service in self.services.items() if service["image"] == "parvis"]

    def environment(self, name: str) -> dict[str, str]:
        service = self.services[name]
        files = [one["path"] if isinstance(one, dict) else one for one in service.get("env_file", [])]
        brought = dict(self._settings) if "parvis.env" in files else {}
        image = _environment_of_the_image() if service["image"] == "parvis" else {}
        return image | brought | {key: str(value) for key, value in service.get("environment", {}).items()}

    def command(self, name: str) -> list[str]:
        """An entry point of the service's own takes the place of the image's command."""
        service = self.services[name]
        own = [*_words(service.get("entrypoint", [])), *_words(service.get("command", []))]
        return own or _command_of_the_image()

    def probe(self, name: str) -> list[str]:
        kind, *words = self.services[name]["healthcheck"]["test"]
        assert kind in ("CMD", "CMD-SHELL")
        return words if kind == "CMD" else ["sh", "-c", *words]


def _words(command: str | list[str]) -> list[str]:
    return shlex.split(command) if isinstance(command, str) else list(command)


def _environment_of_the_image() -> dict[str, str]:
    """But the path, which is a machine's own."""
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith("ENV ")]
    pairs = (pair.split("=", 1) for pair in shlex.split(line.removeprefix("ENV ")))
    return {name: value for name, value in pairs if name != "PATH"}


def _command_of_the_image() -> list[str]:
    """What the image runs when nobody says otherwise."""
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith("CMD ")]
    words: list[str] = json.loads(line.removeprefix("CMD "))
    return words
