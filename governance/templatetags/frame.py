"""How moments, states and networks are said and shown. Builtin in every template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from django import template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from governance.markup import format_html, format_html_join
from networks import signs
from networks.catalogue import NETWORKS
from organisation import dates, sentences
from organisation.typed import typed

register = template.Library()


@dataclass(frozen=True, slots=True)
class Look:
    """Tone (good, warn, bad, info, neutral) and icon of a state; the word comes from the state itself."""

    tone: str
    icon: str


UNKNOWN_STATE = Look("neutral", "circle")
LOOKS: dict[str, Look] = {
    # a message
    "draft": Look("neutral", "pencil"),
    "in_review": Look("info", "eye"),
    "changes_requested": Look("warn", "chat-left-text"),
    "approved": Look("info", "check2"),
    "scheduled": Look("info", "clock"),
    "due": Look("info", "clock"),
    "pending": Look("info", "clock"),
    "sending": Look("info", "send"),
    "sent": Look("good", "send-check"),
    "published": Look("good", "check-circle"),
    "incomplete": Look("warn", "exclamation-triangle"),
    "rejected": Look("bad", "x-circle"),
    "withdrawn": Look("neutral", "slash-circle"),
    "cancelled": Look("neutral", "slash-circle"),
    "expired": Look("warn", "hourglass-split"),
    "held": Look("warn", "pause-circle"),
    "failed": Look("bad", "exclamation-octagon"),
    "unknown": Look("warn", "question-circle"),
    # a dossier and an account
    "submitted": Look("info", "send"),
    "completeness_check": Look("info", "list-check"),
    "returned": Look("warn", "reply"),
    "approved_with_conditions": Look("info", "clipboard-check"),
    "deferred": Look("warn", "hourglass-split"),
    "refused": Look("bad", "x-circle"),
    "provisioned": Look("info", "plug"),
    "active": Look("good", "check-circle"),
    "planned": Look("neutral", "clock"),
    "connected": Look("good", "plug"),
    "half_connected": Look("warn", "plug"),
    "expiring": Look("warn", "hourglass-split"),
    "broken": Look("bad", "exclamation-octagon"),
    "disconnected": Look("bad", "plug"),
    "suspended": Look("warn", "pause-circle"),
    "paused": Look("warn", "pause-circle"),
    "review_due": Look("warn", "clock-history"),
    "renewed": Look("good", "arrow-repeat"),
    "closing": Look("warn", "archive"),
    "closed": Look("neutral", "archive"),
    "archived": Look("neutral", "archive"),
    # an account that is none of the registry's
    "detected": Look("warn", "eye"),
    "contacted": Look("info", "chat-dots"),
    "explained": Look("info", "chat-left-text"),
    "regularised": Look("good", "folder2-open"),
    "merged": Look("neutral", "arrow-right"),
    "registered": Look("bad", "flag"),
    "reported": Look("warn", "flag"),
    "impersonation": Look("bad", "exclamation-octagon"),
    "notified": Look("bad", "send-check"),
    "taken_down": Look("good", "check-circle"),
    # a conversation and its answer
    "new": Look("info", "bell"),
    "open": Look("info", "inbox"),
    "assigned": Look("info", "person-check"),
    "answered": Look("good", "reply"),
    "done": Look("good", "check2-all"),
    "late": Look("bad", "clock-history"),
    # a role in an access review
    "running": Look("info", "clock"),
    "called_off": Look("neutral", "slash-circle"),
    "confirmed": Look("good", "check2"),
    "struck": Look("bad", "x-circle"),
    "lapsed": Look("warn", "hourglass-split"),
    "kept": Look("warn", "shield-check"),
    "over": Look("neutral", "stop-circle"),
    # how safe an account is, and what of it is borne
    "met": Look("good", "shield-check"),
    "partly": Look("warn", "shield-exclamation"),
    "not_met": Look("bad", "shield-exclamation"),
    "asked": Look("info", "hourglass-split"),
    "accepted": Look("warn", "clock"),
    # a house policy
    "in_consultation": Look("info", "chat-dots"),
    "superseded": Look("neutral", "archive"),
    # a list of accounts, its lines, and what it tells of
    "received": Look("info", "hourglass-split"),
    "read": Look("info", "list-check"),
    "unreadable": Look("bad", "exclamation-octagon"),
    "checked": Look("info", "eye"),
    "taken_over": Look("good", "check2-all"),
    "undone": Look("neutral", "arrow-repeat"),
    "dropped": Look("neutral", "slash-circle"),
    "created": Look("good", "plus-lg"),
    "matched": Look("neutral", "check2"),
    "changed": Look("info", "pencil"),
    "renamed": Look("info", "tag"),
    "duplicate": Look("warn", "exclamation-triangle"),
    "removed": Look("warn", "archive"),
    "listed": Look("good", "list-check"),
    "dismissed": Look("neutral", "slash-circle"),
    # a crisis and a freeze
    "declared": Look("bad", "megaphone"),
    "stood_down": Look("good", "shield-check"),
    "ended": Look("neutral", "stop-circle"),
    "frozen": Look("warn", "snow"),
    "lifted": Look("good", "play-circle"),
    "revoked": Look("neutral", "slash-circle"),
}


@register.simple_tag
def icon(name: str, *, label: str = "", css: str = "") -> SafeString:
    """One of static/src/icons.txt. Silent beside words; with a `label` where it stands alone."""
    return _icon(str(name), str(label), str(css))


@lru_cache(maxsize=1000)  # a page has more than a hundred, of the same few
def _icon(name: str, label: str, css: str) -> SafeString:
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon {}" {}><use href="{}#{}"></use></svg>', css, spoken, _icons(), name)


@cache
def _icons() -> str:
    return static("dist/icons.svg")


@register.filter(expects_localtime=True)
def dated(day: date | None, pattern: str) -> str:
    """A day by itself, in the reader's zone; nothing where there is none. A calendar asks for each again and again."""
    if isinstance(day, datetime):  # kept for nobody: the same moment in another zone is equal to it
        return dates.dated(day, pattern)
    return _dated(day, pattern, get_language()) if day else ""


@register.filter
def day_numbers(days: Iterable[date]) -> SafeString:
    """Days of one month, in their order, as their numbers; those that follow one another as one stretch: "1–6, 9"."""
    stretches: list[list[date]] = []
    for day in days:
        if stretches and (day - stretches[-1][-1]).days == 1:
            stretches[-1].append(day)
        else:
            stretches.append([day])
    return format_html_join(", ", "{}", ((_stretch(days[0], days[-1]),) for days in stretches))


def _stretch(first: date, last: date) -> SafeString:
    shown = format_html('<time datetime="{}">{}</time>', first.isoformat(), first.day)
    if first == last:
        return shown
    return format_html('{}–<time datetime="{}">{}</time>', shown, last.isoformat(), last.day)


@register.filter
def tone(state: object) -> str:
    return LOOKS.get(str(state), UNKNOWN_STATE).tone


@register.filter
def state_icon(state: object) -> str:
    return LOOKS.get(str(state), UNKNOWN_STATE).icon


@register.filter
def in_words(moment: datetime | None) -> str:
    """As people say it, in the reader's zone: "tomorrow at 9:00", "Friday at 9:00", "3 May at 14:02"."""
    if moment is None:
        return ""
    return _in_words(timezone.localtime(moment))


def _in_words(local: datetime) -> str:
    day = _day(local.date(), timezone.localdate(), get_language())
    return _("%(day)s at %(time)s") % {"day": day, "time": f"{local:%H:%M}"}


# A page tells of fifty moments on a few days: each day is put in words once.
@lru_cache(maxsize=1000)
def _day(day: date, today: date, _language: str | None) -> str:
    away = (day - today).days
    if named := {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get(away):
        return str(named)
    if 1 < away < 7:
        return formats.date_format(day, "l")
    return formats.date_format(day, _date_pattern(first=day.day == 1, this_year=day.year == today.year))


def _date_pattern(*, first: bool, this_year: bool) -> str:
    """Each language brings its own: French says "le 3 mai" (good after "avant" and "depuis" too) and "le 1er mai"."""
    if first:
        return (
            pgettext("date, first of the month", "j F") if this_year else pgettext("date, first of the month", "j F Y")
        )
    return pgettext("date", "j F") if this_year else pgettext("date", "j F Y")


@lru_cache(maxsize=1000)
def _dated(day: date, pattern: str, _language: str | None) -> str:
    return dates.dated(day, pattern)


@register.filter
def when(moment: datetime | None) -> SafeString | str:
    """`in_words` as a <time> with the exact instant on hover."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    exact = f"{_dated(local.date(), 'l j F Y', get_language())}, {local:%H:%M:%S} {local:%Z}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, _in_words(local))


@register.simple_tag
def deadline(due: datetime, met: datetime | None = None, *, label: str = "") -> SafeString:
    """Until when somebody waits for us, or since when no more; `label` stands where else our words would."""
    state = deadline_state(due, met)
    moment = when(met or due)
    if met:
        sign, told = "check2-all", _("Answered late, %(when)s") if state == "late" else _("Answered %(when)s")
    elif state == "late":
        sign, told = "exclamation-triangle", _("Late: due %(when)s")
    elif label:
        sign, told = "clock", f"{str(label).replace('%', '%%')} %(when)s"
    else:
        sign, told = "clock", _("Answer before %(when)s")
    words = mark_safe(conditional_escape(told) % {"when": moment})  # noqa: S308 - both are escaped
    shown = '<span class="deadline{}">{}<span>{}</span></span>'
    return format_html(shown, f" is-{state}" if state else "", icon(sign), words)


@register.filter
def deadline_state(due: datetime, met: datetime | None = None) -> str:
    """`met`, `late`, `close` (within two hours) or nothing."""
    if met:
        return "late" if met > due else "met"
    left = due - timezone.now()
    if left < timedelta(0):
        return "late"
    return "close" if left < timedelta(hours=2) else ""


register.simple_tag(sentences.colon)


@register.filter
def network_name(key: str) -> str:
    return NETWORKS[key].name if key in NETWORKS else key


@register.filter
def network_icon(key: str) -> str:
    return NETWORKS[key].icon if key in NETWORKS else "globe"


@register.simple_tag
def state_pill(state: object, label: object) -> SafeString:
    """Where something stands: the tone and the icon of `state`, the word `label`."""
    return format_html('<span class="pill tone-{}">{}{}</span>', tone(state), icon(state_icon(state)), label)


@register.simple_tag
def network_mark(network: str, label: object = "") -> SafeString:
    """An account by its network's icon and its own `label`; the network's name where it has none."""
    name = network_name(network)
    shown = format_html('{}<span class="visually-hidden"> ({})</span>', label, name) if label else name
    return format_html('<span class="network">{}<span>{}</span></span>', icon(network_icon(network)), shown)


@register.filter
def initials(name: object) -> str:
    """Two letters at most: first and last word."""
    words = str(name).split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


PARTS = {
    "picture": ("image", gettext_lazy("Picture")),
    "video": ("film", gettext_lazy("Video")),
    "audio": ("megaphone", gettext_lazy("Recording")),
}
OTHER_PART = ("file-earmark-text", gettext_lazy("File"))


@register.filter
def part_word(kind: str) -> str:
    """What hangs at a message, as `networks.types.Attachment` has it, in words."""
    return str(PARTS.get(kind, OTHER_PART)[1])


@register.filter
def clock_length(seconds: float) -> str:
    """How long a film lasts: 0:32."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


@register.filter
def part_icon(kind: str) -> str:
    return PARTS.get(kind, OTHER_PART)[0]


TONES = {"success": "good", "good": "good", "warning": "warn", "warn": "warn", "error": "bad", "bad": "bad"}
TONE_ICONS = {"good": "check-circle", "warn": "exclamation-triangle", "bad": "exclamation-octagon"}


@register.filter
def message_tone(level: str) -> str:
    """Django's word for a message's level, as one of our tones."""
    return TONES.get(level, "info")


@register.filter
def tone_icon(tone: str) -> str:
    return TONE_ICONS.get(tone, "info-circle")


@register.simple_tag(takes_context=True, name="typed")
def typed_texts(context: template.Context) -> list[str]:
    """What the person wrote into the form to which this page answers."""
    request = context.get("request")
    return typed(request) if request else []


# ---- Words of strangers ---------------------------------------------------------------------------------------------
@register.filter
def theirs(words: object) -> SafeString:
    """A stranger's name, handle or line within ours: with a direction of its own, and nothing in it unseen."""
    return format_html("<bdi>{}</bdi>", _seen(str(words or "")))


@register.filter
def theirs_text(words: object) -> SafeString:
    """A stranger's whole text, with its line breaks; it stands in an element with `dir="auto"`."""
    return mark_safe(_seen(str(words or "")).replace("\r\n", "\n").replace("\n", "<br>"))  # noqa: S308 - escaped in _seen


@register.filter
def theirs_plain(words: object) -> str:
    """The same where no element can stand: in a title, an attribute, a sentence."""
    return signs.isolated(str(words or ""))


@register.filter
def seen(words: object) -> SafeString:
    """Any text with the signs in it that nobody would see."""
    return _seen(str(words or ""))


def _seen(words: str) -> SafeString:
    parts, last = [], 0
    for number, (start, end, sign) in enumerate(signs.found(words)):
        mark = _mark(sign, end - start) if number < signs.MOST else signs.MARK
        parts += [conditional_escape(words[last:start]), mark]
        last = end
    return mark_safe("".join([*parts, conditional_escape(words[last:])]))  # noqa: S308 - each part is escaped


def _mark(sign: str, times: int) -> SafeString:
    told = _("Invisible sign: %(name)s") % {"name": signs.name(sign)}
    return format_html('<span class="unseen" title="{}">{}</span>', told, signs.told(sign, times))
