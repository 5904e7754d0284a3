"""Long lists, written by code: as templates of their own, their rows took most of a page's time. Builtin."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from governance.templatetags.frame import (
    deadline,
    icon,
    network_icon,
    network_mark,
    network_name,
    part_word,
    state_icon,
    state_pill,
    theirs,
    tone,
)

register = template.Library()
NOTHING = SafeString("")


@register.simple_tag
def chip(  # a month has more than a hundred: as a template of its own they took most of its time
    *,
    url: str,
    at: datetime | str,
    language: str,
    state: str,
    state_label: object,
    text: str,
    network: str = "",
    is_frozen: bool = False,
) -> SafeString:
    """One message on its day of the calendar; `at` is its moment, or its time in words."""
    time = at if isinstance(at, str) else f"{timezone.localtime(at):%H:%M}"
    word = format_html('<span class="chip-word">{}{}</span>', icon("snow"), _("Frozen")) if is_frozen else ""
    mark = format_html("{} ", icon(network_icon(network), label=network_name(network))) if network else ""
    return format_html(
        '<a class="chip tone-{}" href="{}" title="{}"><span class="chip-time">{}</span>'
        '<span class="chip-language" lang="{}">{}</span>{}<span class="chip-text">{}{}</span></a>',
        *(tone(state), url, text, time, language, language),
        *(word or icon(state_icon(state), label=str(state_label)), mark, text),
    )


@register.simple_tag
def chips(rows: Iterable[Any]) -> SafeString:
    """A list's items: each row has what `chip` takes, a `post`, and the `move_url` of one that may be moved."""
    move = _("Move to…")
    return format_html_join("", "<li>{}{}</li>", ((_chip_of(row), _move_of(row, move)) for row in rows))


def _chip_of(row: Any) -> SafeString:
    names = ("url", "at", "language", "state", "state_label", "text", "network", "is_frozen")
    return chip(**{name: getattr(row, name) for name in names})


def _move_of(row: Any, words: str) -> SafeString | str:
    if not row.move_url:
        return ""
    shown = ' <a class="chip-move no-print" href="{}">{}<span class="visually-hidden"> {}</span></a>'
    return format_html(shown, row.move_url, words, row.post.title)


# ---- The inbox ------------------------------------------------------------------------------------------------------
@register.simple_tag
def inbox_rows(conversations: Iterable[Any], *, current: Any = None, kept: str = "") -> SafeString:
    """A list's items, each the way to its conversation: `kept` is what the address keeps of how the list is narrowed,
    `current` the conversation beside which it stands."""
    way, here = reverse("conversations:conversation", args=[0]).split("/0/"), current.pk if current else None
    rows = (_inbox_row(one, f"{way[0]}/{one.pk}/{way[1]}", kept, one.pk == here) for one in conversations)
    return format_html_join("", "{}", ((row,) for row in rows))


def _inbox_row(one: Any, url: str, kept: str, is_current: bool) -> SafeString:
    return format_html(
        '<li{}><div class="row-main"><p class="row-title"><a href="{}{}" data-inbox-item{}>{}</a></p>'
        '<p class="inbox-words"{}>{}</p><p class="row-meta">{} {} <span>{}</span> {} {} {}</p></div></li>',
        *(SafeString(' class="is-current"') if is_current else "", url, f"?{kept}" if kept else ""),
        *(SafeString(' aria-current="true"') if is_current else "", theirs(one.author)),
        format_html(' lang="{}"', one.language) if one.language else "",
        _said_last(one),
        state_pill(one.state, one.get_state_display()),
        audience_pill(one.for_few),
        one.get_category_display() if one.category else _("Not triaged"),
        network_mark(one.account.network, one.account.handle),
        format_html("<span>{}</span>", one.assigned_to) if one.assigned_to else "",
        deadline(one.deadline, one.answered_at) if one.deadline and one.state != "closed" else "",
    )


def _said_last(one: Any) -> SafeString:
    if one.gone_at:
        return format_html('<em class="quiet">{}</em>', _("Deleted on the network"))
    if one.warning:
        return format_html("{} {}", icon("exclamation-triangle"), theirs(one.warning))
    if one.first_words:
        return theirs(one.first_words)
    if not one.attached:
        return format_html('<em class="quiet">{}</em>', _("Erased"))
    part = one.attached[0]
    told = format_html("{} {}", icon("image"), part_word(part.get("kind", "")))
    alt = part.get("alt")
    return format_html("{}: {}", told, theirs(Truncator(alt).chars(120))) if alt else told


@register.simple_tag
def audience_pill(for_few: str) -> SafeString:
    """Who sees a message of the citizen's, where that is not everybody."""
    return format_html('<span class="pill tone-warn">{}{}</span>', icon("lock"), for_few) if for_few else NOTHING
