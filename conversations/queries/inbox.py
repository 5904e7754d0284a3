"""The inbox as people look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now, Substr

from accounts_registry.models import Account
from conversations.enums import OPEN_STATES, ConversationState
from conversations.models import Conversation, InboundMessage
from conversations.queries.words import Saying, searched
from organisation.enums import Permission
from organisation.models import Grant, Person, Unit
from organisation.prepared import Slot
from organisation.queries import Keyset, Page, Parts, by_unit, for_each_reader, within
from organisation.queries.authority import people_holding
from organisation.roles import holding

LATEST_FIRST = Keyset("last_mention_at", size=30)
COUNT_UP_TO = 1000
FIRST_WORDS = 160
OTHERS = 5


@dataclass(frozen=True)
class InboxFilter:
    """What a person wants to see; it travels in the address. Empty fields do not narrow."""

    show: str = "open"  # open, mine, unassigned, overdue, answered, closed, all
    category: str = ""  # a category, or "none" for what nobody has triaged
    account: int | None = None
    words: str = ""
    reach: str = ""  # of words: "all", or the last SEARCHED
    unit_path: str = ""


@dataclass(frozen=True)
class InboxPage:
    """Newest first. `count` stops at COUNT_UP_TO; `overdue` counts what is late among all open ones in sight."""

    page: Page[Conversation]
    count: int
    overdue: int

    @property
    def conversations(self) -> Sequence[Conversation]:
        return self.page.rows

    @property
    def is_capped(self) -> bool:
        return self.count >= COUNT_UP_TO


def visible_conversations(person: Person) -> QuerySet[Conversation]:
    """Conversations in units where `person` sees mentions, with account, unit and whoever has them at hand."""
    return Conversation.objects.filter(within(person, Permission.MENTION_VIEW)).select_related(
        "unit", "account", "account__unit", "assigned_to"
    )


def conversation_in_sight(person: Person, pk: int) -> Conversation | None:
    """One of `visible_conversations`; None where it is not."""
    return next(iter(_in_sight(person, pk=pk)), None)


@for_each_reader
def _in_sight(person: Person) -> QuerySet[Conversation, Conversation]:
    return visible_conversations(person).filter(pk=Slot("pk", BigIntegerField()))


def heard_by(person: Person) -> Parts:
    """The messages of each account that has conversations in sight, wherever the account itself stands by now."""
    seen = Conversation.objects.filter(within(person, Permission.MENTION_VIEW), account=OuterRef("pk")).order_by()
    # One look in an index an account; an EXISTS would be joined, and all conversations read for it.
    return Parts(Account.objects.filter(pk=Subquery(seen.values("account")[:1])), "account")


def _shown(person: Person, show: str) -> Q:
    is_open = Q(state__in=OPEN_STATES)
    return {
        "open": is_open,
        "mine": is_open & Q(assigned_to=person),
        "unassigned": Q(state=ConversationState.NEW),
        "overdue": is_open & Q(deadline__lt=Now()),
        "answered": Q(state=ConversationState.ANSWERED),
        "closed": Q(state=ConversationState.CLOSED),
    }.get(show, Q())


def filtered(person: Person, wanted: InboxFilter) -> QuerySet[Conversation]:
    """The visible conversations that `wanted` asks for, in no order."""
    found = _narrowed(person, wanted, visible_conversations(person).filter(unit__in=_parts(person, wanted).owners))
    return searched(found, wanted.words, wanted.reach) if wanted.words else found


def _parts(person: Person, wanted: InboxFilter) -> Parts:
    return by_unit(person, Permission.MENTION_VIEW, below=wanted.unit_path)


def _narrowed(person: Person, wanted: InboxFilter, found: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """All that it asks for but for its words."""
    found = found.filter(_shown(person, wanted.show))
    if wanted.category:
        found = found.filter(category="" if wanted.category == "none" else wanted.category)
    if wanted.account:
        found = found.filter(account_id=wanted.account)
    return found


def inbox_page(person: Person, wanted: InboxFilter, cursor: str = "") -> InboxPage:
    """One page of conversations with their first words, at the `cursor` that an earlier page gave."""
    overdue = InboxFilter(show="overdue", unit_path=wanted.unit_path)
    if wanted.words and not cursor:  # one look for both: how many there are is known with the first
        shown = LATEST_FIRST.size + 1
        found = _saying(person, wanted).keys(_ordered(person, wanted), max(COUNT_UP_TO, shown))
        first = LATEST_FIRST.page(_with_what_is_shown(person, wanted).filter(pk__in=found[:shown]))
        return InboxPage(first, count=min(len(found), COUNT_UP_TO), overdue=_capped(person, overdue))
    page = inbox_list(person, wanted, cursor)
    return InboxPage(page, count=_capped(person, wanted), overdue=_capped(person, overdue))


def inbox_list(person: Person, wanted: InboxFilter, cursor: str = "") -> Page[Conversation]:
    """The same page, without how many there are."""
    is_usual = not (cursor or wanted.words)
    found = _first_rows(person, wanted) if is_usual else list(_rows(person, wanted, cursor))
    return LATEST_FIRST.page_of(found, cursor)


def _rows(person: Person, wanted: InboxFilter, cursor: str = "") -> QuerySet[Conversation, Conversation]:
    # Words by the index of words, whichever unit they stand in.
    parts = _saying(person, wanted) if wanted.words else _parts(person, wanted)
    return LATEST_FIRST.asked(_with_what_is_shown(person, wanted), cursor, parts=parts)


def _with_what_is_shown(person: Person, wanted: InboxFilter) -> QuerySet[Conversation]:
    """All that `wanted` asks for but for its words, with what the latest message of each says."""
    latest = InboundMessage.objects.filter(conversation=OuterRef("pk")).order_by("-sent_at", "-pk")
    rows = Conversation.objects.select_related("unit", "account", "account__unit", "assigned_to").annotate(
        first_words=Substr(Subquery(latest.values("mention__item__text")[:1]), 1, FIRST_WORDS),
        gone_at=Subquery(latest.values("mention__gone_at")[:1]),
        latest_audience=Subquery(latest.values("mention__item__audience")[:1]),
        warning=Subquery(latest.values("mention__item__warning")[:1]),
        attached=Subquery(latest.values("mention__item__attachments")[:1]),
    )
    return _narrowed(person, wanted, rows)


def _saying(person: Person, wanted: InboxFilter) -> Saying:
    return Saying(_parts(person, wanted), wanted.words, wanted.reach)


_first_rows = for_each_reader(_rows)


def new_since(person: Person, wanted: InboxFilter, since: datetime) -> int:
    """How many of the conversations that `wanted` asks for got a message after `since`; messages that their authors
    wrote more than a day before that do not count."""
    came = InboundMessage.objects.filter(conversation=OuterRef("pk"), mention__received_at__gt=since)
    recent = filtered(person, wanted).filter(last_mention_at__gt=since - timedelta(days=1))
    return recent.filter(Exists(came)).order_by().count()


def _capped(person: Person, wanted: InboxFilter) -> int:
    """How many there are, up to a bound."""
    if wanted.words:
        return len(_saying(person, wanted).keys(_ordered(person, wanted), COUNT_UP_TO))
    return len(_counted(person, wanted))


@for_each_reader
def _counted(person: Person, wanted: InboxFilter) -> QuerySet[Unit, int]:
    """Their keys, unit by unit in the order of an index, so that all are never read."""
    return _parts(person, wanted).first(_ordered(person, wanted), COUNT_UP_TO)[:COUNT_UP_TO]


def _ordered(person: Person, wanted: InboxFilter) -> QuerySet[Conversation]:
    order = ["deadline"] if wanted.show == "overdue" and not wanted.words else ["-last_mention_at", "-pk"]
    return _narrowed(person, wanted, Conversation.objects.order_by(*order))


def others_in_thread(person: Person, conversation: Conversation) -> list[Conversation]:
    """What other citizens said last to the same account in the same thread, the newest of it first, as far as `person`
    sees it: an account may have moved since from unit to unit."""
    return _others(person, account=conversation.account_id, root=conversation.root_id, this=conversation.pk)


@for_each_reader
def _others(person: Person) -> QuerySet[Conversation, Conversation]:
    same = Conversation.objects.filter(account=Slot("account", BigIntegerField()), root_id=Slot("root", CharField()))
    same = same.filter(within(person, Permission.MENTION_VIEW), purged_at__isnull=True)
    return same.exclude(pk=Slot("this", BigIntegerField())).order_by("-last_mention_at")[:OTHERS]


def assignable(unit: Unit) -> QuerySet[Person]:
    """Active people who may answer in `unit`, by name."""
    steps = range(unit.steplen, len(unit.path) + 1, unit.steplen)
    grants = Grant.objects.in_force().filter(
        role__in=holding(Permission.ANSWER_WRITE), unit__path__in=[unit.path[:step] for step in steps]
    )
    people = Person.objects.filter(is_active=True, responsible__isnull=True)
    return people.filter(people_holding(grants)).order_by("name", "pk")
