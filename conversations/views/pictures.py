"""Pictures at citizens' messages, by an address of ours, for whoever sees the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from conversations.queries import visible_conversations
from monitoring.actions import ask_for_pictures, still_of
from monitoring.models import Mention, Picture
from organisation.views.asking import asker


def with_pictures(mentions: Sequence[Mention], *, untold: str = "") -> None:
    """Gives each of `mentions` its `parts`: what hangs at it, each with its `place`, whether there is anything to be
    seen of it (`has_still`), and the `picture` as far as it is here. `waits`: one is still to come; `untold`
    is the network's name where it tells nothing of all that."""
    found = ask_for_pictures(mentions)
    for mention in mentions:
        dressed: Any = mention
        dressed.untold = untold
        dressed.parts = [_part(mention, place, told, found) for place, told in enumerate(mention.attachments)]
        dressed.waits = any(one["has_still"] and _comes(one["picture"]) for one in dressed.parts)
        dressed.poll = [
            {"choice": choice, "votes": votes}
            for choice, votes in zip(mention.choices, mention.votes or [None] * len(mention.choices), strict=True)
        ]
        dressed.most_votes = max((votes for votes in mention.votes or [] if votes), default=1)  # as wide as a bar gets


def _part(mention: Mention, place: int, told: dict[str, Any], found: dict[tuple[int, int], Picture]) -> dict[str, Any]:
    picture = found.get((mention.item_id, place))
    return {**told, "place": place, "has_still": bool(still_of(told)), "picture": picture}


def _comes(picture: Picture | None) -> bool:
    return picture is None or not (picture.is_ready or picture.problem)


@login_required
@require_GET
def parts(request: HttpRequest, pk: int) -> HttpResponse:
    """What hangs at one message, as it stands now: a page asks again while a picture is on its way."""
    mention = _mention(request, pk)
    with_pictures([mention])
    return render(request, "conversations/_parts.html", {"mention": mention})


@login_required
@require_GET
def picture(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Our own encoding, our own type; nothing in it can run. 404 until it is here, and when its message is gone."""
    mention = _mention(request, pk)
    told = dict(enumerate(mention.attachments)).get(place)
    found = Picture.objects.filter(item=mention.item_id, place=place, url=still_of(told)).first() if told else None
    if found is None or found.content is None:
        raise Http404
    answer = HttpResponse(bytes(found.content), content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=300"
    return answer


def _mention(request: HttpRequest, pk: int) -> Mention:
    seen = visible_conversations(asker(request)).values("pk")
    rows = Mention.objects.filter(inbound__conversation__in=seen).select_related("item", "account")
    return get_object_or_404(rows, pk=pk)
