"""What of the inbox waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.enums import ANSWER, OPEN_STATES, ConversationState
from conversations.models import Answer, Conversation
from conversations.queries.inbox import visible_conversations
from delivery.enums import DeliveryState, Trouble
from delivery.models import Delivery
from networks.signs import isolated
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import for_each_reader, within
from organisation.queries.waiting import ABOVE, FirstOf, Waiting

SHOWN = 10
LOOKED_AT = 500  # of one person's own answers that failed


def _mine(person: Person) -> QuerySet[Conversation]:
    return visible_conversations(person).filter(assigned_to=person, state__in=OPEN_STATES)


def _unassigned(person: Person) -> QuerySet[Conversation]:
    """New ones that `person` may take or give to somebody."""
    free = visible_conversations(person).filter(state=ConversationState.NEW)
    return free.filter(within(person, Permission.MENTION_ASSIGN) | within(person, Permission.ANSWER_WRITE))


def waiting_count(person: Person) -> int:
    """How many conversations wait for exactly this person: theirs, and those that nobody has yet. At most 100."""
    return len(_waiting(person))


@for_each_reader
def _waiting(person: Person) -> QuerySet[Conversation, Any]:
    return _mine(person).order_by().values("pk").union(_unassigned(person).order_by().values("pk"))[:100]


SOONEST = (F("deadline").asc(nulls_last=True), "pk")
_first_of_mine = FirstOf(lambda person: _mine(person).order_by(*SOONEST), most=SHOWN)
_first_unassigned = FirstOf(lambda person: _unassigned(person).order_by(*SOONEST), most=SHOWN)


def waiting_for(person: Person) -> list[Waiting]:
    """Conversations by deadline, and answers that the network refused."""
    return [*_conversations(person), *_refused_answers(person)]


def _conversations(person: Person) -> Iterator[Waiting]:
    mine, free = partial(_one, act=_("Answer")), partial(_one, act=_("Look and take"))
    yield from _first_of_mine.lines(person, mine, partial(_others, show="mine"))
    yield from _first_unassigned.lines(person, free, partial(_others, show="unassigned"))


def _others(count: int, *, show: str) -> Waiting:
    title = {
        "mine": ngettext("%(n)s more conversation is yours", "%(n)s more conversations are yours", count),
        "unassigned": ngettext(
            "%(n)s more conversation that nobody has yet", "%(n)s more conversations that nobody has yet", count
        ),
    }
    return Waiting(
        title=title[show] % {"n": count},
        detail=ABOVE,
        url=f"{reverse('conversations:inbox')}?show={show}",
        act=_("See all of them"),
    )


def _one(conversation: Conversation, *, act: str) -> Waiting:
    late = conversation.is_late
    about = conversation.get_category_display() if conversation.category else _("Not triaged")
    return Waiting(
        title=_("%(author)s wrote to %(account)s")
        % {"author": isolated(conversation.author), "account": conversation.account},
        detail=f"{about} · {_('late')}" if late else about,
        url=reverse("conversations:conversation", args=[conversation.pk]),
        act=act,
        due_at=conversation.deadline,
        weight=2 if late else 0,
    )


def _refused_answers(person: Person) -> Iterator[Waiting]:
    found = _stuck(person)
    if not found:
        return
    problems = {delivery.origin_id: delivery.problem for delivery in found}
    asked = [delivery.origin_id for delivery in found if delivery.problem_code == Trouble.ANSWERED_THERE]
    # What somebody else answered meanwhile is over for the citizen, and still asks its writer.
    waits = Q(conversation__state__in=OPEN_STATES) | Q(pk__in=asked)
    answers = Answer.objects.filter(waits, pk__in=problems, conversation__in=visible_conversations(person))
    answers = answers.order_by("-pk")

    def tell(answer: Answer) -> Waiting:
        return Waiting(
            title=_("Your answer is not on the network"),
            detail=problems[answer.pk],
            url=reverse("conversations:conversation", args=[answer.conversation_id]),
            act=_("Look at it"),
            weight=1,
        )

    refused = list(answers)  # LOOKED_AT at most
    yield from map(tell, refused[:SHOWN])
    if more := len(refused[SHOWN:]):
        yield replace(_other_refused(more), count=more)


@for_each_reader
def _stuck(person: Person) -> QuerySet[Delivery, Delivery]:
    stopped = Q(state__in=(DeliveryState.FAILED, DeliveryState.EXPIRED))
    asked_otherwise = Q(state=DeliveryState.CANCELLED, problem_code=Trouble.ASKED_OTHERWISE)
    theirs = Delivery.objects.filter(stopped | asked_otherwise, origin_kind=ANSWER, scheduled_by=person)
    return theirs.order_by("-pk")[:LOOKED_AT]


def _other_refused(count: int) -> Waiting:
    title = ngettext(
        "%(n)s more answer of yours is not on the network", "%(n)s more answers of yours are not on the network", count
    )
    return Waiting(
        title=title % {"n": count},
        detail=ABOVE,
        url=reverse("delivery:unresolved"),
        act=_("See all of them"),
        weight=1,
    )
