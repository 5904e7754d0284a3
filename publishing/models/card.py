from __future__ import annotations

from typing import Any, TypedDict

from django.db import models
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from networks.catalogue import NETWORKS
from organisation.models import Claimable


class CardProblem(models.TextChoices):
    """Why a link's card says less than its page might: a sentence that says what becomes of it, and what to do."""

    GONE = "gone", _("The page behind the link is not there: its card shows the address alone.")
    UNREADABLE = "unreadable", _("The page behind the link tells Parvis nothing: its card shows the address alone.")
    REFUSED = "refused", _("Parvis may not read the page behind the link: its card shows the address alone.")
    AWAY = (
        "away",
        _("The page behind the link could not be reached: its card shows the address alone. Save again to try again."),
    )
    PICTURE = (
        "picture",
        _("The picture of the page behind the link could not be taken: its card has none. Save again to try again."),
    )
    LATE = (
        "late",
        _("The text was submitted before the page behind the link was read: its card shows the address alone."),
    )


WAITS = _(
    "Parvis is reading the page behind the link. If you submit the text before that is done, its card shows the "
    "address alone."
)


class CardPicture(TypedDict):
    """`path` is below the media folder."""

    path: str
    mime: str
    width: int
    height: int


class Card(TypedDict):
    """What is known of the page behind a link, as `Post.cards` keeps it by address; `problem` is a `CardProblem` or
    empty, `waits` whether a worker is still to read the page."""

    title: str
    description: str
    picture: CardPicture | None
    problem: str
    waits: bool


UNREAD: Card = {"title": "", "description": "", "picture": None, "problem": "", "waits": True}


class LinkReading(Claimable):
    """A page behind a link of a post, which a worker is to read for its card: the row is the queue, and goes then."""

    post = models.ForeignKey("publishing.Post", models.CASCADE, related_name="+")
    url = models.CharField(max_length=500)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "url"], name="a_link_is_read_once_a_post")]
        indexes = [models.Index(fields=["due_at"], name="link_reading_due")]

    def __str__(self) -> str:
        return self.url


def tells_cards(network: str) -> bool:
    """Whether `network` (a catalogue key) shows of a link's page what we tell of it."""
    return network in NETWORKS and NETWORKS[network].capabilities.card_picture_bytes is not None


def most_picture_bytes() -> int:
    """What every network takes as the picture of a card."""
    return min(one.capabilities.card_picture_bytes or 0 for key, one in NETWORKS.items() if tells_cards(key))


def frozen_card(card: Card | None, *, with_picture: bool) -> dict[str, Any] | None:
    """As `delivery.content` wants it; None where nothing is known of the page."""
    if card is None or not card["title"]:
        return None
    picture = card["picture"] if with_picture else None
    shown = {"path": picture["path"], "mime": picture["mime"]} if picture else None
    return {"title": card["title"], "description": card["description"], "picture": shown}


def card_note(card: Card | None) -> str | Promise:
    """What there is to say of a card besides what it shows."""
    if card is None:
        return ""
    return WAITS if card["waits"] else CardProblem(card["problem"]).label if card["problem"] else ""
