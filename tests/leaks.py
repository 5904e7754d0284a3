"""Looks for secrets wherever they could have gone: in words, bytes and dumps, as they are or encoded."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from launcher.postgres_home import programs, wheel_folder
from launcher.words import Stop
from tests.faults.crew import database_url


def forms_of(secret: str) -> set[bytes]:
    """How a secret may be written: as it is, for addresses, in hexadecimal, and in base64 wherever it begins in it."""
    raw = secret.encode()
    found = {raw, quote(secret, safe="").encode(), quote_plus(secret).encode()}
    found |= {raw.hex().encode(), raw.hex().upper().encode()}
    for before in range(3):
        # Bytes around the secret change the characters at its edges: those are left out.
        encoded = base64.b64encode(b"\0" * before + raw)
        inner = encoded[-(-before * 8 // 6) : len(raw + b"\0" * before) * 8 // 6]
        found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return found


def leaks(places: Mapping[str, str | bytes], secrets: Iterable[str]) -> list[str]:
    """`place: secret` for each secret that is somewhere, in whatever form."""
    read = {place: said.encode() if isinstance(said, str) else said for place, said in places.items()}
    sought = {secret: forms_of(secret) for secret in secrets}
    assert sought
    return [
        f"{place}: {secret}"
        for secret, forms in sought.items()
        for place, said in read.items()
        if any(form in said for form in forms)
    ]


def dumps() -> dict[str, bytes]:
    """What a backup of the test's database holds, by how it is made: what is not committed is in none.

    Sessions are besides read as Parvis reads them, for they are packed before they are written.
    """
    dump = ["pg_dump", "--dbname", database_url()]
    archive = _run([*dump, "--format=custom", "--compress=0"])
    return {
        "plain dump": _run(dump),
        "custom dump": archive,
        "custom dump, restored": _run(["pg_restore", "--file=-"], archive),
        "sessions": repr([session.get_decoded() for session in Session.objects.all()]).encode(),
    }


def _run(command: list[str], given: bytes = b"") -> bytes:
    done = subprocess.run([_program(command[0]), *command[1:]], input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def _program(name: str) -> str:
    """The program of the server's own major version: the machine's, or that of the embedded PostgreSQL."""
    connection.ensure_connection()
    wanted = connection.pg_version // 10_000
    found = [shutil.which(name), *_embedded(name)]
    for program in filter(None, found):
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        if (version := re.search(r"\d+", told)) and int(version[0]) == wanted:
            return program
    pytest.skip(f"no {name} of PostgreSQL {wanted}, neither on this machine nor with the embedded one")


def _embedded(name: str) -> list[str]:
    try:
        program: Path = programs(wheel_folder()) / name
    except Stop:
        return []
    return [str(program)] if program.is_file() else []
