"""What citizens wrote to the six accounts in the past days: spoken on the square, for the workers to find."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from django.utils import timezone
from PIL import Image, ImageDraw

from accounts_registry.models import Account
from governance.demonstration import simulator

DATA = Path(__file__).parent
HANGING = {"warning", "choices", "votes", "sensitive"}


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
            **{name: mention[name] for name in HANGING & mention.keys()},
            **({"pictures": [_drawn(*one) for one in mention["pictures"]]} if "pictures" in mention else {}),
        )


def _drawn(hue: str, alt: str) -> dict[str, str]:
    """A picture that nobody took: a letter on a table, in one colour or another."""
    picture = Image.new("RGB", (960, 640), hue)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((240, 90, 720, 560), fill="white", outline="black", width=4)
    for line in range(7):
        pen.line((290, 170 + 48 * line, 670 - 90 * (line % 3), 170 + 48 * line), fill="grey", width=10)
    with BytesIO() as target:
        picture.save(target, "JPEG", quality=80)
        return {"content": b64encode(target.getvalue()).decode(), "alt": alt}
