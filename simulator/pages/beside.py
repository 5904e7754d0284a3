"""What a citizen sends beside a text: a picture with its words, a warning, a poll; each where the network has it."""

from __future__ import annotations

from html import escape
from typing import Any

from simulator import pictures
from simulator.dialects import by_network
from simulator.exchange import Request
from simulator.pages.words import words_for

WITH_PICTURES, WITH_MORE = ("mastodon", "bluesky"), ("mastodon",)
FEWEST, MOST, LONGEST = 2, 4, 50


def fields(request: Request) -> str:
    """Folded away, unless something was typed there."""
    words = words_for(request)
    given = any(request.text(name) for name in ("picture_alt", "warning", "poll"))
    ticked = " checked" if request.flag("sensitive") else ""
    return f"""<details{" open" if given else ""}><summary>{words["more"]}</summary>
<p class="field"><label for="picture">{words["picture"]}</label>
<input id="picture" name="picture" type="file" accept="{",".join(pictures.TYPES)}"></p>
<p class="field"><label for="picture_alt">{words["picture_alt"]}</label>
<input id="picture_alt" name="picture_alt" autocomplete="off" value="{escape(request.text("picture_alt"))}"></p>
<p class="field"><label><input type="checkbox" name="sensitive" value="1"{ticked}> {words["sensitive"]}</label></p>
<p class="field"><label for="warning">{words["warning"]}</label>
<input id="warning" name="warning" autocomplete="off" value="{escape(request.text("warning"))}"></p>
<p class="field"><label for="poll">{words["poll"]}</label>
<textarea id="poll" name="poll" rows="4">{escape(request.text("poll"))}</textarea></p></details>"""


def problem(request: Request, network: str) -> str:
    """Why the network would not take it; empty where it does."""
    words, picture, choices = words_for(request), _picture(request), _choices(request)
    if (picture and network not in WITH_PICTURES) or (
        (choices or request.text("warning").strip()) and network not in WITH_MORE
    ):
        dialect = by_network(network)
        return words["not_there"].format(network=dialect.name if dialect else network)
    if picture and pictures.measure(picture) is None:
        return words["no_picture"]
    wrong = not FEWEST <= len(choices) <= MOST or any(len(one) > LONGEST for one in choices) or bool(picture)
    return words["no_poll"] if choices and wrong else ""


def of(request: Request) -> dict[str, Any]:
    """What goes beside the text, as `simulator.saying.Said` has it."""
    picture, choices = _picture(request), _choices(request)
    return {
        "warning": request.text("warning").strip(),
        "sensitive": bool(picture) and request.flag("sensitive"),
        "pictures": [(picture, request.text("picture_alt").strip())] if picture else [],
        "extra": {"choices": choices, "votes": [0] * len(choices)} if choices else {},
    }


def _picture(request: Request) -> bytes:
    sent = request.uploads.get("picture")
    return sent.content if sent else b""


def _choices(request: Request) -> list[str]:
    return [line.strip() for line in request.text("poll").splitlines() if line.strip()]
