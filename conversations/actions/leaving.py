"""Conversations that somebody has in hand who leaves."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.enums import ConversationState
from conversations.models import Conversation
from organisation import audit, locks
from organisation.audit import action
from organisation.enums import Permission
from organisation.models import Person
from organisation.open_work import HandOver, Thing, WorkKind

TAKEN_OVER = audit.tell(
    "conversation.taken_over", _("%(actor)s gave this conversation to somebody, since who had it left")
)


def _conversations(person: Person) -> Iterator[Thing]:
    """By number and account: a citizen's name is in none of it."""
    assigned = Conversation.objects.filter(assigned_to=person, state=ConversationState.ASSIGNED)
    for one in assigned.select_related("unit", "account"):
        title = f"{_('Conversation')} {one.pk} · {one.account.label}"
        yield Thing(one.pk, title, one.unit, reverse("conversations:conversation", args=[one.pk]))


@action
def take_over_conversation(*, conversation: int, leaver: Person, to: Person, by: Person, reason: str) -> Conversation:
    """`to` answers it in the place of `leaver`; nothing happens where somebody else has it by now."""
    locked = locks.take(Conversation.objects.select_related("unit"), conversation)
    if locked.assigned_to_id != leaver.pk:
        return locked
    locked.assigned_to = to
    locked.save(update_fields=["assigned_to"])
    audit.record(verb=TAKEN_OVER, thing=locked, by=by, reason=reason, to=to.pk)
    return locked


def _take_over(key: int, told: HandOver) -> None:
    take_over_conversation(conversation=key, leaver=told.leaver, to=told.to, by=told.by, reason=told.reason)


WORK = WorkKind(
    key="conversation",
    label=_("Conversations assigned to them"),
    one=_("Conversation"),
    left=_("Nobody: it waits in the name of who left"),
    takes=Permission.ANSWER_WRITE,
    sees=Permission.MENTION_VIEW,
    of=_conversations,
    hand_over=_take_over,
)
