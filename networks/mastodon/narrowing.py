"""For whom a status of ours is: an announcement for everybody, an answer for nobody who does not see its question."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from networks.audience import answer_audience, is_wider
from networks.errors import Gone, Invalid, TooWide
from networks.kinds import Capabilities
from networks.mastodon.reading import Json, names_of, read_audience
from networks.types import AccountRef, Audience, Draft

NAMED = re.compile(r"(?<![\w/@])@(\w+(?:[\w.-]*\w)?(?:@[\w-]+(?:\.[\w-]+)*(?::\d+)?)?)")


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
    named = {name.casefold().removesuffix(here) for name in NAMED.findall(text)}
    if str(parent["account"]["acct"]).casefold() not in named:
        raise Invalid("text", "the answer does not name whom it is for")
    if others := named - names_of(parent):
        raise TooWide(f"names {len(others)} who did not see the question")
