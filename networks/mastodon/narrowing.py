"""For whom a status of ours is: an announcement for everybody, an answer for nobody who does not see its question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from networks.audience import answer_audience, is_wider
from networks.errors import Gone, Invalid, TooWide
from networks.kinds import Capabilities
from networks.mastodon.reading import Json, names_of, read_audience
from networks.types import AccountRef, Audience, Draft

NAME = r"@(\w+(?:[\w.-]*\w)?(?:@[\w-]+(?:\.[\w-]+)*(?::\d+)?)?)"
NAMED, CERTAINLY_NAMED = re.compile(NAME), re.compile(rf"(?<![\w/@=]){NAME}")
LETTERS = ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd")
ADDRESS = re.compile(r"https?://\S+")


def decide(draft: Draft, parent: Json | None, account: AccountRef, can: Capabilities) -> Audience:
    """Who may see `draft`, whose question the server shows as `parent` at this moment.

    Raises `TooWide` where it would be seen by more people than its question, `Gone` where that is not there, and
    `Invalid` where nobody would see it for whom it is meant.
    """
    if draft.reply_to is None:
        return draft.audience or Audience.PUBLIC
    if parent is None:
        raise Gone("the message to answer")
    widest = answer_audience(read_audience(parent), can.audiences) or Audience.DIRECT
    wanted = draft.audience or widest
    if is_wider(wanted, widest):
        raise TooWide(f"{wanted} below {parent.get('visibility')}")
    if wanted is Audience.DIRECT:
        _require_names(draft.text, parent, urlsplit(account.base_url).netloc)
    return wanted


def _require_names(text: str, parent: Json, home: str) -> None:
    """Such an answer is seen by whom it names: the one who asked among them, and nobody who saw not what was asked."""
    here = "@" + home.casefold()
    asker = str(parent["account"]["acct"]).casefold()
    if asker not in {name.casefold().removesuffix(here) for name in CERTAINLY_NAMED.findall(text)}:
        raise Invalid("text", "the answer does not name whom it is for")
    if others := {name.casefold().removesuffix(here) for name in _named(text)} - names_of(parent):
        raise TooWide(f"names {len(others)} who did not see the question")


def _named(text: str) -> Iterator[str]:
    """Whom some server would take `text` to name. Each has its own rule for what may stand before the sign, and what
    one of them lets pass would be told: so only letters, their marks and figures keep a name from being one.
    """
    bare = ADDRESS.sub(lambda found: found.group().replace("/@", "/"), text)  # that of somebody's page names nobody
    for found in NAMED.finditer(bare):
        before = unicodedata.category(bare[found.start() - 1]) if found.start() else ""
        if before not in LETTERS:
            yield found.group(1)
