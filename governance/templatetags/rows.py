"""Long lists, written by code: as templates of their own, their rows took most of a page's time. Builtin."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.markup import format_html, format_html_join
from governance.templatetags.frame import (
    dated,
    day_numbers,
    deadline,
    icon,
    network_icon,
    network_mark,
    network_name,
    part_word,
    state_icon,
    state_pill,
    theirs,
    theirs_text,
    tone,
    when,
)
from organisation.sentences import colon

register = template.Library()
NOTHING = SafeString("")
ChipLook = tuple[str, SafeString, SafeString]  # its tone, its state and its network


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
    return _chip(url, at, language, text, _chip_look(state, str(state_label), network, is_frozen))


def _chip_look(state: str, label: str, network: str, is_frozen: bool) -> ChipLook:
    """One of a few, as often as they stand in a month."""
    mark = format_html("{} ", icon(network_icon(network), label=network_name(network))) if network else NOTHING
    if is_frozen:
        return tone(state), format_html('<span class="chip-word">{}{}</span>', icon("snow"), _("Frozen")), mark
    return tone(state), icon(state_icon(state), label=label), mark


def _chip(url: str, at: datetime | str, language: str, text: str, look: ChipLook) -> SafeString:
    time, (colour, stands, mark) = at if isinstance(at, str) else f"{timezone.localtime(at):%H:%M}", look
    return format_html(
        '<a class="chip tone-{}" href="{}" title="{}"><span class="chip-time">{}</span>'
        '<span class="chip-language" lang="{}">{}</span>{}<span class="chip-text">{}{}</span></a>',
        *(colour, url, text, time, language, language, stands, mark, text),
    )


@register.simple_tag
def chips(rows: Iterable[Any]) -> SafeString:
    """A list's items: each row has what `chip` takes, a `post`, and the `move_url` of one that may be moved."""
    move = _("Move to…")
    looks: dict[Any, ChipLook] = {}
    return format_html_join("", "<li>{}{}</li>", ((_chip_of(row, looks), _move_of(row, move)) for row in rows))


def _chip_of(row: Any, looks: dict[Any, ChipLook]) -> SafeString:
    shown = row.state, str(row.state_label), row.network, row.is_frozen
    look = looks.get(shown) or looks.setdefault(shown, _chip_look(*shown))
    return _chip(row.url, row.at, row.language, row.text, look)


def _move_of(row: Any, words: str) -> SafeString | str:
    if not row.move_url:
        return ""
    shown = ' <a class="chip-move no-print" href="{}">{}<span class="visually-hidden"> {}</span></a>'
    return format_html(shown, row.move_url, words, row.post.title)


@register.filter
def day_look(day: Any) -> str:
    """The classes of a `day` of the month."""
    told = {
        "is-outside": not day.in_month,
        "is-gap": day.silent,
        "is-weekend": day.is_weekend,
        "is-closed": day.closures,
        "is-today": day.is_today,
    }
    return " ".join(name for name, holds in told.items() if holds)


@register.simple_tag
def day_more(day: Any, kept: str) -> SafeString | str:
    """The way to what does not stand in the month, of a `day` of it; `kept` is what the address keeps."""
    if not day.more:
        return ""
    on = day.date
    url = reverse("publishing:calendar_day", args=[on.year, on.month, on.day])
    shown = '<a class="day-more" href="{}{}">{} <span class="visually-hidden"> · {}</span></a>'
    words = ngettext("%(n)s more", "%(n)s more", day.more) % {"n": day.more}
    return format_html(shown, url, kept, words, dated(on, "j F"))


@register.simple_tag
def silence_rows(silences: Iterable[Any]) -> SafeString:
    """A list's items, one an account, with its days of the month without a message."""
    always = format_html("{} {}", icon("check-circle"), _("A message on every day."))
    shown = '<li><div class="row-main"><p class="row-title">{}</p><p class="row-meta"><span>{}</span></p></div></li>'
    rows = ((network_mark(one.account.network, one.account.handle), _silent(one.days) or always) for one in silences)
    return format_html_join("", shown, rows)


def _silent(days: list[date]) -> SafeString:
    words = ngettext("%(n)s day:", "%(n)s days:", len(days)) % {"n": len(days)}
    return format_html("{} {}", words, day_numbers(days)) if days else NOTHING


# ---- A conversation -------------------------------------------------------------------------------------------------
@register.simple_tag
def citizens_turn(said: Any, author: SafeString) -> SafeString:
    """A citizen's message, as `monitoring` keeps it and `conversations` dresses it, by its `author` as people see
    them."""
    return format_html(
        '<article class="turn" aria-label="{}"><header class="turn-head"><strong>{}</strong> <span>{}</span> {} {}{}'
        '</header>{}<footer class="turn-foot">{}{}{}</footer></article>',
        *(
            _("Message of the citizen"),
            author,
            said.get_kind_display(),
            when(said.sent_at),
            audience_pill(said.for_few),
        ),
        _noted("filter", _("The network filters messages of this kind")) if said.filtered else "",
        *(_what_is_said(said), _changed(said.item.edited_at), _found_by(said.watch)),
        _there(said.item.url) if said.item.url and not said.gone_at else "",
    )


def _what_is_said(said: Any) -> SafeString:
    if said.gone_at:
        gone = _("The citizen deleted this message on the network. Its text was erased here too.")
        return format_html('<p class="turn-text quiet">{}</p>', gone)
    language = format_html(' lang="{}"', said.item.language) if said.item.language else ""
    if not said.warning:
        return format_html("{}{}", _text(said.text, language), _parts(said)) or _wordless(said.untold)
    return format_html(
        '<details class="turn-warned"{}><summary>{} {}</summary>{}{}</details>',
        *(language, icon("exclamation-triangle")),
        _sentence(_("Warning by its author: %(warning)s"), warning=theirs(said.warning)),
        *(_text(said.text), _parts(said)),
    )


def _text(words: str, language: SafeString | str = "") -> SafeString:
    return format_html('<p class="turn-text" dir="auto"{}>{}</p>', language, theirs_text(words)) if words else NOTHING


def _wordless(network: str) -> SafeString:
    """`network` is its name where it does not tell what hangs at a message."""
    words = _("This message holds no words, and %(network)s does not tell what else is in a comment. Look at it there.")
    told = _sentence(words, network=network) if network else _("This message holds no words.")
    return format_html('<p class="turn-text quiet">{}</p>', told)


def _parts(said: Any) -> SafeString:
    return render_to_string("conversations/_parts.html", {"mention": said}) if said.parts or said.poll else NOTHING


def _noted(sign: str, words: str) -> SafeString:
    return format_html("<span>{} {}</span>", icon(sign), words)


def _changed(moment: datetime | None) -> SafeString:
    told = moment and _sentence(_("Changed by the citizen, seen %(when)s"), when=when(moment))
    return format_html("<span>{}</span>", told) if told else NOTHING


def _found_by(watch: object) -> SafeString:
    told = watch and _sentence(_("Found by the watch “%(watch)s”"), watch=watch)
    return format_html("<span>{}</span>", told) if told else NOTHING


def _there(url: str) -> SafeString:
    shown = '<a href="{}" rel="noopener noreferrer" target="_blank">{} {}</a>'
    return format_html(shown, url, _("On the network"), icon("box-arrow-up-right"))


def _sentence(words: str, **told: Any) -> SafeString:
    """A sentence of ours with what it tells, each escaped."""
    escaped = {name: conditional_escape(value) for name, value in told.items()}
    return mark_safe(conditional_escape(words) % escaped)  # noqa: S308 - both are escaped


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
        nothing = _("Erased") if one.attached is None else _("This message holds no words.")
        return format_html('<em class="quiet">{}</em>', nothing)
    part = one.attached[0]
    told = format_html("{} {}", icon("image"), part_word(part.get("kind", "")))
    alt = part.get("alt")
    return format_html("{}{} {}", told, colon(), theirs(Truncator(alt).chars(120))) if alt else told


@register.simple_tag
def audience_pill(for_few: str) -> SafeString:
    """Who sees a message of the citizen's, where that is not everybody."""
    return format_html('<span class="pill tone-warn">{}{}</span>', icon("lock"), for_few) if for_few else NOTHING
