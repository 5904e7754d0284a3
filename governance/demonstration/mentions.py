"""What citizens wrote to the six accounts in the past days: spoken on the square, for the workers to find."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from accounts_registry.models import Account
from governance.demonstration import simulator

DATA = Path(__file__).parent


def speak(accounts: dict[str, Account]) -> None:
    """Oldest first, as they came in."""
    names = json.loads((DATA / "citizens.json").read_text())
    said = json.loads((DATA / "mentions.json").read_text())
    for handle, name in names.items():
        simulator.person(handle, name)
    for mention in sorted(said, key=lambda one: -one["hours"]):
        account = accounts[mention["to"]]
        simulator.speak(
            mention["by"],
            mention["text"].replace("@{to}", f"@{account.handle}"),
            language=mention["to"][-2:],
            at=timezone.now() - timedelta(hours=mention["hours"]),
        )
