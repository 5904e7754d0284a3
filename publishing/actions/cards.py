"""The page behind a link is read by a worker for the card that stands below the text: what it tells becomes part of
what is approved, and nothing is read anew when it is sent (docs/adr/0034-cards.md)."""

from __future__ import annotations

import tempfile
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions import waking
from accounts_registry.queries import egress
from networks.apart import Busy
from networks.errors import EgressRefused, Gone, Invalid, NetworkError
from networks.webpage.card import read_card, read_picture
from organisation import audit, due
from organisation.audit import action
from organisation.lifecycle import Refused
from publishing.actions.attaching import kept_image
from publishing.actions.locking import lock
from publishing.content import apart
from publishing.content.images import UPLOAD_BYTES, Fit, named
from publishing.enums import WRITABLE
from publishing.models import LinkReading, Post
from publishing.models.card import UNREAD, Card, CardPicture, CardProblem, most_picture_bytes
from publishing.queries import snapshot_of

READ_CARDS = "publishing.tasks.read_cards"
MOST_TRIES = 3
READ = audit.tell("post.card_read", _("%(actor)s read the page behind a link, for the card below the text"))


def ask_for_cards(post: Post) -> None:
    """Has a worker read what is not known yet, or was not to be had. An edit's part, behind the lock of `post`."""
    wanted = {one.said_link for one in post.variants.all() if one.has_card}
    cards: dict[str, Card] = {url: card for url, card in post.cards.items() if url in wanted}
    if gone := [url for url, card in post.cards.items() if card["waits"] and url not in wanted]:
        LinkReading.objects.filter(post=post, url__in=gone).delete()
    if post.state in WRITABLE:
        unread = [url for url in sorted(wanted) if url not in cards or cards[url]["problem"]]
        cards |= {url: {**cards.get(url, UNREAD), "waits": True} for url in unread}
        rows = [LinkReading(post=post, url=url) for url in unread]
        LinkReading.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["post", "url"], update_fields=["tries", "due_at"]
        )
        if rows:
            transaction.on_commit(wake_card_readers)
    if cards != post.cards:
        post.cards = cards
        Post.objects.filter(pk=post.pk).update(cards=cards)


def settle_cards(post: Post, *, late: CardProblem | None = CardProblem.LATE) -> None:
    """What nobody has read by now is left out, and read no more: what goes before an approver, or is withdrawn, changes
    no more. `late` is what is said of a card that nobody has read. Behind the lock."""
    if post.waits_for_cards:
        LinkReading.objects.filter(post=post).delete()
        post.cards = {url: _settled(card, late) for url, card in post.cards.items()}
        Post.objects.filter(pk=post.pk).update(cards=post.cards)


def _settled(card: Card, late: CardProblem | None = CardProblem.LATE) -> Card:
    problem = late if late and card["waits"] and not card["title"] else card["problem"]
    return {**card, "waits": False, "problem": problem}


def wake_card_readers() -> None:
    """Asks a worker to read the pages now; the clockwork does by itself."""
    waking.wake(READ_CARDS)


def read_cards(*, seconds: float) -> int:
    """Reads pages until none waits or `seconds` have passed; how many."""
    return due.work(lambda: READINGS.turn(_read), seconds=seconds)


def _due() -> QuerySet[LinkReading]:
    return LinkReading.objects.filter(due_at__lte=Now()).select_related("post").order_by("due_at", "pk")


READINGS: due.Queue[LinkReading] = due.Queue(
    _due,
    lease=timedelta(minutes=10),  # a page and a picture, each behind as many slow redirects as are followed, and read
    backoff=due.Backoff(timedelta(seconds=10), timedelta(minutes=1)),
    next_at="due_at",
    tries="tries",
)


def _read(row: LinkReading) -> None:
    try:
        # One try more than there are: something broke off all of them, and would go on to.
        is_hopeless = row.tries > MOST_TRIES
        card = _without(CardProblem.AWAY) if is_hopeless else _card_of(row.url, is_last=row.tries == MOST_TRIES)
        _keep(claimed=row, card=card)
    except Busy:
        READINGS.hand_back(row)
    except NetworkError as error:
        READINGS.put_off(row, row.tries, retry_at=getattr(error, "retry_at", None))


def _card_of(url: str, *, is_last: bool) -> Card:
    """What the page at `url` tells. A NetworkError where it may be had later; never where this try `is_last`."""
    try:
        page = read_card(egress(), url)
    except EgressRefused:
        return _without(CardProblem.REFUSED)
    except Gone:
        return _without(CardProblem.GONE)
    except Invalid:
        return _without(CardProblem.UNREADABLE)
    except NetworkError:
        if is_last:
            return _without(CardProblem.AWAY)
        raise
    card: Card = {"title": page.title, "description": page.description, "picture": None, "problem": "", "waits": False}
    try:
        card["picture"] = _picture(page.picture) if page.picture else None
    except (EgressRefused, Gone, Invalid, Refused):
        card["problem"] = CardProblem.PICTURE
    except NetworkError:
        if not is_last:
            raise
        card["problem"] = CardProblem.PICTURE
    return card


def _picture(url: str) -> CardPicture:
    """Fetched, decoded and written anew like any picture of a post, on white and small enough for every network."""
    content = read_picture(egress(), url, UPLOAD_BYTES)
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        file.write(content)
        file.flush()
        image = apart.reencode(file.name, Fit(most_picture_bytes() * 95 // 100))
    shown = image.flat or image.content
    place = kept_image(named(shown, "jpg"), shown)
    return {"path": place, "mime": "image/jpeg", "width": image.width, "height": image.height}


def _without(problem: CardProblem) -> Card:
    return {**UNREAD, "problem": problem, "waits": False}


@action
def _keep(*, claimed: LinkReading, card: Card) -> None:
    """Into a text that nobody has submitted yet; what somebody is to approve, or did, stays as it is."""
    post = lock(claimed.post)
    READINGS.hold(claimed).delete()
    known: Card | None = post.cards.get(claimed.url)
    if known is None:
        return  # the link was taken away meanwhile
    before = snapshot_of(post).hash
    if post.state not in WRITABLE:
        card = _settled(known)
    elif not card["title"] and known["title"]:
        card = {**known, "waits": False, "problem": CardProblem.PICTURE if not known["picture"] else ""}
    post.cards = {**post.cards, claimed.url: card}
    Post.objects.filter(pk=post.pk).update(cards=post.cards)
    told = {"problem": card["problem"], "content_before": before, "content_after": snapshot_of(post).hash}
    audit.record(verb=READ, thing=post, by=None, **told)
