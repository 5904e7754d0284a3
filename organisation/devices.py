"""Devices on which somebody signed in before: strangers who guess passwords elsewhere do not slow these down.

A device is known for a person by a signed cookie that only a complete sign-in sets (or a one-time link). The cookie
opens nothing: it says only whose tries are counted apart. Stolen, it has its own counter like any other device.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

COOKIE = "device"
AGE = timedelta(days=180)
PATH = "/me/"  # where people sign in; nothing else is told of it
SALT = "organisation.devices"
MOST_PEOPLE = 8  # who share one device


def known(request: HttpRequest, login: str) -> str:
    """The device's id where `login` (an e-mail address) has signed in on it; else empty."""
    device, people = _read(request)
    return device if mark(login) in people else ""


def remember(request: HttpRequest, response: HttpResponseBase, login: str) -> None:
    """`login` has signed in here."""
    device, people = _read(request)
    people = [mark(login), *(person for person in people if person != mark(login))][:MOST_PEOPLE]
    value = signing.dumps([device or secrets.token_urlsafe(16), people], salt=SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=AGE,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def mark(login: str) -> str:
    """Stands for an e-mail address where the address itself has no business."""
    return salted_hmac(SALT, login.strip().lower(), algorithm="sha256").hexdigest()[:32]


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        device, people = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return str(device), [str(person) for person in people]


# What a browser calls itself → what people call it. The first that fits: most of them name their ancestors too.
_BROWSERS = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox")),
    *(("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")),
)
_SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows")),
    *(("CrOS", "ChromeOS"), ("Macintosh", "macOS"), ("Linux", "Linux")),
)
_LONGEST = 1000  # of what a browser says of itself


def described(request: HttpRequest) -> tuple[str, str]:
    """Browser and system, as people call them; empty where they are not known. Nothing else of it is kept."""
    said = request.headers.get("User-Agent", "")[:_LONGEST]
    browser = next((name for sign, name in _BROWSERS if sign in said), "")
    return browser, next((name for sign, name in _SYSTEMS if sign in said), "")
