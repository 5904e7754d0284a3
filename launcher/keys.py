"""The secrets of one machine's demonstration: made at the first start, kept in `.parvis/secrets`."""

import base64
import json
import os
import secrets
from pathlib import Path

from launcher.words import Stop


def secrets_of(file: Path) -> dict[str, str]:
    """PARVIS_SECRET_KEY, PARVIS_VAULT_KEYS and PARVIS_AUDIT_KEY. The file is 0600 from its first byte."""
    if not file.is_file():
        return _written(file, _new())
    try:
        found = json.loads(file.read_text())
        kept = {name: found[name] for name in ("PARVIS_SECRET_KEY", "PARVIS_VAULT_KEYS")}
    except (ValueError, KeyError, TypeError) as error:
        raise Stop(
            f"{file} is damaged. Without its keys stored credentials are lost: make reset starts over."
        ) from error
    if "PARVIS_AUDIT_KEY" in found:
        return kept | {"PARVIS_AUDIT_KEY": found["PARVIS_AUDIT_KEY"]}
    return _written(file, _new() | kept)  # made before the audit trail was sealed


def _new() -> dict[str, str]:
    return {
        "PARVIS_SECRET_KEY": secrets.token_urlsafe(48),
        "PARVIS_VAULT_KEYS": "local:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "PARVIS_AUDIT_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def _written(file: Path, made: dict[str, str]) -> dict[str, str]:
    rough = file.with_name(file.name + ".new")
    rough.unlink(missing_ok=True)
    with os.fdopen(os.open(rough, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(made, out)
    rough.rename(file)
    return made
