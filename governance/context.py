"""The frame around every page: ways in the rail, freezes, units, theme. Read only where a template asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts_registry.queries.waiting import awaiting_vote
from conversations.queries import waiting_count
from delivery.models import Hold
from delivery.queries import active_holds, unresolved
from notices.queries import unseen_count
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.policy import allows_anywhere
from organisation.provider import Provider
from organisation.queries import for_each_reader, visible_units
from publishing.queries import posts_to_approve

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
UNIT_IN_SESSION = "unit"


@dataclass(frozen=True, slots=True)
class Way:
    """A place in the rail: shown to whoever holds `permission` somewhere; `count` tells what waits there for them.

    `also`: where else the addresses of its pages begin.
    """

    view: str
    label: str | Promise
    icon: str
    permission: Permission | None = None
    count: Callable[[Person], int] | None = None
    below: tuple[Way, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A way as one person sees it now."""

    label: str | Promise
    icon: str
    url: str
    count: int = 0
    current: bool = False
    below: tuple[Entry, ...] = ()
    also: tuple[str, ...] = ()


MOST = 99  # nobody reads a larger figure, and nobody should wait for it


def _at_most(waiting: Callable[[Person], QuerySet[Any]]) -> Callable[[Person], int]:
    asked = for_each_reader(lambda person: waiting(person).order_by().values_list("pk", flat=True)[:MOST])
    return lambda person: len(asked(person))


_holds, _units = for_each_reader(active_holds), for_each_reader(visible_units)


WORK = (
    Way("today", _("Today"), "house"),
    Way("publishing:calendar", _("Calendar"), "calendar3", Permission.POST_VIEW),
    Way(
        "publishing:post_list",
        _("Posts"),
        "card-text",
        Permission.POST_VIEW,
        below=(
            Way(
                "publishing:approvals",
                _("To approve"),
                "check2-square",
                Permission.POST_APPROVE,
                _at_most(posts_to_approve),
            ),
            Way(
                "delivery:unresolved",
                _("Uncertain sends"),
                "question-circle",
                Permission.DELIVERY_RESOLVE,
                _at_most(unresolved),
            ),
        ),
    ),
    Way("conversations:inbox", _("Inbox"), "inbox", Permission.MENTION_VIEW, waiting_count),
    Way(
        "accounts_registry:account_list",
        _("Registry"),
        "journal-check",
        Permission.ACCOUNT_VIEW,
        below=(
            Way(
                "accounts_registry:dossier_list",
                _("Dossiers"),
                "folder2-open",
                Permission.DOSSIER_VIEW,
                _at_most(awaiting_vote),
            ),
            Way(
                "accounts_registry:session_list",
                _("Sessions of the committee"),
                "calendar-check",
                Permission.DOSSIER_VIEW,
            ),
            Way("accounts_registry:audit_list", _("Audits of accounts"), "clipboard-check", Permission.DOSSIER_VIEW),
            Way("accounts_registry:security_list", _("Security"), "shield-check", Permission.DOSSIER_VIEW),
            Way("accounts_registry:sighting_list", _("Wild accounts"), "eye", Permission.ACCOUNT_VIEW),
            Way("accounts_registry:abuse_register", _("Abuse register"), "flag", Permission.ACCOUNT_VIEW),
        ),
    ),
    Way(
        "crisis:home",
        _("Crisis"),
        "life-preserver",
        Permission.CRISIS_VIEW,
        below=(Way("delivery:hold_list", _("Freezes"), "snow", Permission.HOLD_VIEW),),
    ),
    Way(
        "organisation:policy_list",
        _("House policy"),
        "journal-text",
        below=(Way("organisation:training_list", _("Training"), "lightbulb", also=("/me/certificates/",)),),
    ),
)
ADMINISTRATION = (
    Way(
        "organisation:person_list",
        _("People"),
        "people",
        Permission.PERSON_VIEW,
        also=("/organisation/grants/", "/organisation/recoveries/", "/organisation/governance/"),
    ),
    Way("organisation:review_list", _("Access reviews"), "card-checklist", Permission.PERSON_VIEW),
    Way(
        "organisation:working_time",
        _("Working time"),
        "calendar-x",
        Permission.PERSON_VIEW,
        also=("/organisation/units/", "/organisation/closures/"),
    ),
    Way(
        "organisation:service_account_list",
        _("Programs"),
        "robot",
        Permission.PERSON_VIEW,
        also=("/organisation/keys/",),
    ),
    Way("notices:targets", _("Webhooks"), "send", Permission.AUDIT_VIEW),
    Way("notices:letters", _("Failed mail"), "send-exclamation", Permission.PERSON_VIEW),
    Way("approvals:route_list", _("Steps of approval"), "list-check", Permission.AUDIT_VIEW),
    Way("organisation:audit", _("Audit trail"), "clock-history", Permission.AUDIT_VIEW),
    Way("admin:index", _("Technical"), "gear", Permission.ADMIN_SITE),
)


class Frame:
    """What `base.html` shows around a page. Each part is read once, and only if it is shown."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        user = getattr(request, "user", None)
        # Without the second step there is nothing of the house to see yet, not even how much waits in it.
        shut = getattr(request, "confined", False)
        self.person: Person | None = user if isinstance(user, Person) and not shut else None

    @cached_property
    def work(self) -> list[Entry]:
        return self._mark(self._entries(WORK))

    @cached_property
    def administration(self) -> list[Entry]:
        return self._mark(self._entries(ADMINISTRATION))

    @cached_property
    def units(self) -> list[Unit]:
        return _units(self.person) if self.person else []

    @cached_property
    def unit(self) -> Unit | None:
        """The unit that the person looks at; None for all of theirs."""
        chosen = self.request.session.get(UNIT_IN_SESSION)
        return next((unit for unit in self.units if unit.pk == chosen), None)

    @cached_property
    def unseen(self) -> int:
        """How many notices stand that the person has not looked at."""
        return unseen_count(self.person) if self.person else 0

    @cached_property
    def theme(self) -> str:
        chosen = self.request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else THEMES[0]

    @cached_property
    def holds(self) -> list[Hold]:
        """Freezes in force that touch what the person sees."""
        return _holds(self.person) if self.person else []

    @cached_property
    def holds_url(self) -> str:
        """Where freezes are seen and lifted; empty for who may not look."""
        way = Way("delivery:hold_list", "", "", Permission.HOLD_VIEW)
        entry = self._entry(way)
        return entry.url if entry else ""

    @cached_property
    def trail_url(self) -> str:
        """Where the audit trail is read; empty for who may not."""
        entry = self._entry(Way("organisation:audit", "", "", Permission.AUDIT_VIEW))
        return entry.url if entry else ""

    @property
    def demonstration(self) -> bool:
        """True where people of weight get in without a second step."""
        return not settings.SECOND_FACTOR

    @property
    def provider(self) -> str:
        """What the way in by the administration's own provider is called; empty where there is none."""
        provider: Provider | None = settings.PROVIDER
        if provider is None:
            return ""
        return provider.labels.get(get_language() or "", "") or str(
            _("Sign in with your account of the administration")
        )

    @property
    def mail(self) -> bool:
        """Whether this Parvis can send a link by mail."""
        return settings.MAIL_WORKS

    @property
    def languages(self) -> list[tuple[str, str]]:
        return settings.LANGUAGES

    def _entries(self, ways: Iterable[Way]) -> list[Entry]:
        entries = (self._entry(way) for way in ways)
        return [entry for entry in entries if entry]

    def _entry(self, way: Way) -> Entry | None:
        person = self.person
        if person is None or (way.permission and not allows_anywhere(person, way.permission)):
            return None
        below = tuple(self._entries(way.below))
        waiting = (way.count(person) if way.count else 0) + sum(entry.count for entry in below)
        return Entry(way.label, way.icon, reverse(way.view), waiting, below=below, also=way.also)

    def _mark(self, entries: list[Entry]) -> list[Entry]:
        """The entry whose address is the longest beginning of the page's own is where the person is."""
        everything = [entry for top in entries for entry in (top, *top.below)]
        here = [entry for entry in everything if self._leads_here(entry)]
        nearest = max(here, key=lambda entry: len(entry.url), default=None)
        return [
            replace(
                top,
                current=nearest in (top, *top.below),
                below=tuple(replace(entry, current=entry == nearest) for entry in top.below),
            )
            for top in entries
        ]

    def _leads_here(self, entry: Entry) -> bool:
        beginnings = (entry.url, *entry.also) if entry.url != "/" else entry.also
        return self.request.path == entry.url or self.request.path.startswith(beginnings)


def frame(request: HttpRequest) -> dict[str, Frame]:
    return {"frame": Frame(request)}
