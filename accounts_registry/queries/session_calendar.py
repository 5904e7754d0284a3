"""A session as an iCalendar file (RFC 5545), for whoever keeps another calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from accounts_registry.enums.session import SessionState
from accounts_registry.models import CommitteeSession
from accounts_registry.queries.sessions import agenda

LASTS = timedelta(hours=2)  # as long as a session is taken to last; nobody plans its end


def as_icalendar(session: CommitteeSession, page: str, now: datetime) -> bytes:
    """`page` is the address of its page, absolute. Moments are instants: no calendar has to know a zone's rules."""
    state = "CANCELLED" if session.state == SessionState.CANCELLED else "CONFIRMED"
    points = "\n".join(f"{number}. {one}" for number, one in enumerate(agenda(session), start=1))
    told = "\n".join(one for one in (points, session.link) if one)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Parvis//Committee//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:committee-session-{session.pk}@{urlsplit(page).hostname or 'parvis'}",
        f"SEQUENCE:{session.edition}",
        f"DTSTAMP:{_stamp(now)}",
        f"DTSTART:{_stamp(session.starts_at)}",
        f"DTEND:{_stamp(session.starts_at + LASTS)}",
        f"SUMMARY:{_text(_('Steering committee of %(unit)s') % {'unit': session.unit.name})}",
        f"LOCATION:{_text(session.place or session.link)}",
        f"DESCRIPTION:{_text(told)}",
        f"URL:{page}",
        f"STATUS:{state}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        words = words.replace(sign, written)
    return words


def _folded(line: str) -> str:
    """No line is longer than 75 octets, and none breaks within a letter."""
    parts, length = [""], 0
    for sign in line:
        size = len(sign.encode())
        if length + size > 74:
            parts.append("")
            length = 1
        parts[-1] += sign
        length += size
    return "\r\n ".join(parts)
