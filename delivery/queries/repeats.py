"""The same words on the same account at about the same time: what whoever gives a time is asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from delivery.content import likeness
from delivery.enums import LIVE
from delivery.models import Delivery
from delivery.origins import by_origin, kind_of
from organisation.dates import dated
from organisation.enums import Language
from organisation.lifecycle import Told, Unconfirmed
from organisation.models import Person

NEAR = timedelta(hours=12)  # a notice that comes back every day is no mistake

QUESTION = _("The same goes out twice on one account at about the same time. Is it meant so?")
SEEN = _("“%(title)s” says the same on %(account)s: %(when)s.")
UNSEEN = _("Another message, which you do not see, says the same on %(account)s: %(when)s.")
ITSELF = _("It says the same on %(account)s in several languages: %(languages)s.")


@dataclass(frozen=True)
class Message:
    """What goes to one account: `content` is frozen by `delivery.content.freeze`."""

    account: Account
    origin_id: int
    content: dict[str, Any]

    @cached_property
    def likeness(self) -> str:
        return likeness(self.content, self.account.network)


@dataclass(frozen=True)
class Repeat:
    """What says the same on `account`: a `delivery` that is in line, being sent, uncertain or out; or, without one,
    several `languages` of what is to go out itself, which say `likeness`."""

    account: Account
    delivery: Delivery | None = None
    languages: tuple[str, ...] = ()
    likeness: str = ""

    @property
    def key(self) -> str:
        """A yes to one text is none to another one."""
        if self.delivery:
            return str(self.delivery.pk)
        return f"{self.account.pk}:{','.join(self.languages)}:{self.likeness}"


def repeats_of(origin_kind: str, messages: Sequence[Message], due_at: datetime) -> list[Repeat]:
    """What says the same as one of `messages` within `NEAR` of `due_at` (aware), the soonest first; one query.

    None of a reply: many who ask the same are answered the same.
    """
    if kind_of(origin_kind).is_reply or not messages:
        return []
    accounts = {message.account.pk: message.account for message in messages}
    alike = reduce(or_, (Q(account=one.account.pk, likeness=one.likeness) for one in messages))
    near = Delivery.objects.filter(alike, due_at__range=(due_at - NEAR, due_at + NEAR), state__in=LIVE)
    own = Q(origin_kind=origin_kind, origin_id__in=[message.origin_id for message in messages])
    found = near.exclude(likeness="").exclude(own).order_by("due_at", "pk")
    return [*_within(messages), *(Repeat(accounts[one.account_id], one) for one in found)]


def _within(messages: Iterable[Message]) -> Iterator[Repeat]:
    alike: dict[tuple[int, str], list[Message]] = defaultdict(list)
    for message in messages:
        alike[message.account.pk, message.likeness].append(message)
    for same in alike.values():
        if len(same) > 1:
            languages = tuple(sorted(one.content["language"] for one in same))
            yield Repeat(same[0].account, languages=languages, likeness=same[0].likeness)


def question(repeats: Sequence[Repeat], reader: Person) -> Unconfirmed | None:
    """What `reader` is asked about them, with a way to those that they may see; None where there are none."""
    if not repeats:
        return None
    names = _names([one.delivery for one in repeats if one.delivery], reader)
    told = [_told(one, names) for one in repeats]
    return Unconfirmed(QUESTION, code="said_twice", told=told)


def _names(deliveries: Iterable[Delivery], reader: Person) -> dict[int, tuple[str, str]]:
    return {pk: name for origin, own in by_origin(deliveries) for pk, name in origin.named(own, reader).items()}


def _told(repeat: Repeat, names: dict[int, tuple[str, str]]) -> Told:
    facts: dict[str, Any] = {"account": repeat.account.label}
    if repeat.delivery is None:
        languages = ", ".join(str(Language(one).label) for one in repeat.languages)
        return Told(repeat.key, str(ITSELF % {**facts, "languages": languages}))
    title, url = names.get(repeat.delivery.pk, ("", ""))
    facts |= {"title": title, "when": dated(timezone.localtime(repeat.delivery.due_at), "j F Y, H:i")}
    return Told(repeat.key, str((SEEN if url else UNSEEN) % facts), url)
