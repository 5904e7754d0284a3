"""The cards that stand below a text for its link: their pictures, and whether a worker is still to read the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from delivery.content import place_of
from organisation.forms import PersonRequest, wants_part
from publishing.models import Variant
from publishing.models.card import card_note
from publishing.views.images import answered
from publishing.views.sight import seen


@dataclass(frozen=True)
class CardShown:
    """What a link's card has besides its words, and what there is to say of it; `url` is its picture's, or empty."""

    url: str
    note: str | Promise

    @classmethod
    def of(cls, variant: Variant) -> CardShown | None:
        """None where nobody asked for the page behind the link."""
        card = variant.card
        if card is None:
            return None
        return cls(variant.post.card_picture_url(variant.said_link), card_note(card))


@login_required
@require_GET
def cards(request: PersonRequest, pk: int) -> HttpResponse:
    """The part that looks after itself; 204 while there is nothing new to tell."""
    post = seen(request, pk)
    if not wants_part(request):
        return redirect("publishing:post_detail", pk)
    if post.waits_for_cards:
        return HttpResponse(status=204)
    edits = "edits" in request.GET
    return render(request, "publishing/_cards.html", {"post": post, "edits": edits, "is_read": True})


@login_required
@require_GET
def card_picture(request: PersonRequest, pk: int, name: str) -> HttpResponseBase:
    """The picture of a link's card, for whoever sees the post: written by us, and named by its own bytes."""
    pictures = [card["picture"] for card in seen(request, pk).cards.values() if card["picture"]]
    found = next((one for one in pictures if Path(one["path"]).name == name), None)
    if found is None:
        raise Http404
    return answered(request, place_of(found["path"]), found["mime"])
