"""Conversations, by what was said in them and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from conversations.queries.inbox import InboxFilter, inbox_page
from organisation.enums import Permission
from organisation.models import Person
from organisation.policy import allows_anywhere
from organisation.queries.searching import MOST, Find, Finds


def found_for(person: Person, words: str) -> Iterable[Finds]:
    """The newest conversations of the inbox's usual reach in which somebody wrote the `words`, or is called so."""
    if not allows_anywhere(person, Permission.MENTION_VIEW):
        return
    page = inbox_page(person, InboxFilter(show="all", words=words))
    rows = [_told(one) for one in page.conversations[:MOST]]
    if rows:
        url = f"{reverse('conversations:inbox')}?{urlencode({'show': 'all', 'q': words})}"
        yield Finds(_("Conversations of the last 90 days"), "inbox", rows, page.count, url, page.is_capped)


def _told(one: Any) -> Find:
    """`one`: a conversation as the inbox annotates it."""
    return Find(
        one.author,
        f"{one.get_state_display()} · {one.account.label}",
        reverse("conversations:conversation", args=[one.pk]),
        said="" if one.gone_at else one.warning or one.first_words or "",  # a warning stands before what it warns of
    )
