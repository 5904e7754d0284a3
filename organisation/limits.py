"""How often somebody may try a password, a code or a link, so that who guesses slows down themself and nobody else.

What is counted is tries that failed, in the cache that all processes share: of a known device by itself; of everybody
else by address and person, by address, and, last, by person. The last one does not close: it lets one try through every
few seconds, for unknown devices only, and says so. An e-mail address that nobody has is counted like any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation import devices
from organisation.cache import shared


@dataclass(frozen=True)
class Limit:
    """`amount` failures within `seconds` of the first; then `sentence`, until they are over."""

    name: str
    amount: int
    seconds: int
    sentence: str | Promise = ""


_WAIT_HERE = _("Too many wrong tries from this device. Wait a quarter of an hour.")
_WAIT = _("Too many wrong tries from here. Wait five minutes, or use a device on which you have signed in before.")
SLOWED = _(
    "Somebody is trying to sign in as this person from many places. A device on which you have signed in before lets "
    "you in at once. From this one, try again in a few seconds, or ask your administrator for a link."
)
CODES_STOPPED = _(
    "Somebody who knows your password tries to guess your code. Use a device on which you have signed in before, and "
    "change your password; or ask your administrator for help."
)

ON_DEVICE = Limit("device", 10, 15 * 60, _WAIT_HERE)
FROM_PLACE = Limit("place", 5, 5 * 60, _WAIT)
FROM_ADDRESS = Limit("address", 60, 5 * 60, _WAIT)
OF_PERSON = Limit("person", 100, 60 * 60, SLOWED)
ONE_EVERY = 5  # seconds, once OF_PERSON is reached
# A code has six figures: from unknown devices the guessing ends. It takes the right password to get there.
CODES_OF_PERSON = Limit("codes", 20, 60 * 60, CODES_STOPPED)
PROVIDER = Limit("provider", 60, 5 * 60, _WAIT)
LINKS = Limit("links", 30, 5 * 60, _WAIT)
MAILS_FROM_PLACE = Limit(
    "mails", 3, 15 * 60, _("We sent links already. Look in your mail, or wait a quarter of an hour.")
)
CALLS = Limit("calls", 60, 60)
KEYS = Limit("keys", 30, 5 * 60, _("Too many wrong keys from here. Wait five minutes."))
KEEPING = Limit("keeping", 120, 60)
QUESTIONS = Limit("questions", 30, 60 * 60)
# However many places ask: each mail holds a link that works, and an administrator gives one at any time.
MAILS_OF_PERSON = Limit("mails of person", 3, 60 * 60)


@dataclass
class Tries:
    """What one try has used up; `rollback` gives it back when the try was right."""

    used: list[str] = field(default_factory=list)

    def rollback(self) -> None:
        for key in self.used:
            with suppress(ValueError):  # its time is over: there is nothing to give back
                shared().incr(key, -1)


def password(request: HttpRequest, login: str) -> Tries:
    """A try to sign in as `login`; ValidationError, with what to do, where it is one too many."""
    if device := devices.known(request, login):
        return _take([(ON_DEVICE, device, login)])
    tries = _take(_of_stranger(request, "password", login))
    slot = _key("slot", [login])
    if not _within(OF_PERSON, [login], tries) and not cache.add(slot, 1, ONE_EVERY):
        raise ValidationError(str(OF_PERSON.sentence), code="slowed")
    return tries


def code(request: HttpRequest, login: str) -> Tries:
    """A try of the second step, by somebody who knew the password."""
    if device := devices.known(request, login):
        return _take([(ON_DEVICE, "code", device, login)])
    return _take([*_of_stranger(request, "code", login), (CODES_OF_PERSON, login)])


def link(request: HttpRequest) -> Tries:
    """A look at a one-time link; they are too long to be guessed, so this is only about our work."""
    return _take([(LINKS, get_ip(request))])


def provider(request: HttpRequest) -> Tries:
    """An answer of the administration's provider that is brought back; given back where it fits."""
    return _take([(PROVIDER, get_ip(request))])


def call(request: HttpRequest) -> Tries:
    """A call that has to prove where it comes from. Counted before anybody looks, so that many at once are not looked
    at more often than one after the other; given back where it proved it."""
    return _take([(CALLS, get_ip(request))])


def key(request: HttpRequest) -> None:
    """A key that nobody has; they are too long to be guessed, so this is only about our work. A right one is let in."""
    _take([(KEYS, get_ip(request))])


def keeping(request: HttpRequest) -> Tries:
    """One more look at what somebody is typing; they type, and do not guess, so it is never given back."""
    return _take([(KEEPING, str(request.user.pk))])


def question(request: HttpRequest) -> Tries:
    """A network's question whether an address is ours. Anybody may ask it, and all answers together are so many: who
    asks again and again leaves the network its own."""
    return _take([(QUESTIONS, get_ip(request))])


def mail(request: HttpRequest, login: str) -> bool:
    """Whether one more mail with a link is sent; ValidationError where somebody at this place asks again and again.

    False where many places ask: whoever may wait for the mail has some already. A known device is asked by itself.
    """
    if device := devices.known(request, login):
        _take([(MAILS_FROM_PLACE, device, login)])
        return True
    tries = _take([(MAILS_FROM_PLACE, get_ip(request), login), (FROM_ADDRESS, "mails", get_ip(request))])
    return _within(MAILS_OF_PERSON, [login], tries)


def _of_stranger(request: HttpRequest, what: str, login: str) -> list[tuple[Any, ...]]:
    address = get_ip(request)
    return [(FROM_PLACE, what, address, login), (FROM_ADDRESS, what, address)]


def _take(counted: Iterable[tuple[Any, ...]]) -> Tries:
    tries = Tries()
    for limit, *who in counted:
        if not _within(limit, who, tries):
            raise ValidationError(str(limit.sentence), code="too_many_tries")
    return tries


def _within(limit: Limit, who: list[str], tries: Tries) -> bool:
    key = _key(limit.name, who)
    tries.used.append(key)
    return shared().count(key, limit.seconds) <= limit.amount


def _key(name: str, who: list[str]) -> str:
    """Neither addresses nor names lie in the cache in the clear."""
    return ":".join(["tries", name.replace(" ", "-"), devices.mark("|".join(who))])
