"""What a citizen wrote, and what a source said, is kept for its time and no longer."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from delivery.enums import Trouble
from monitoring.actions.forgetting import end_answers_to, forget_recipient
from monitoring.enums import OPEN_STATES, ConversationState
from monitoring.models import Conversation, Entry, Mention
from networks.types import Kind
from organisation import audit
from organisation.audit import action

PURGED = audit.tell("conversation.purged", _("%(actor)s erased what the citizen wrote: its time was over"))
BATCH = 200


def purge_expired() -> int:
    """Erases the messages whose last day is over; how many.

    What a person is working on stays until it is closed: an assigned conversation, and one that a citizen began with us
    and nobody has answered yet. What a watch found and nobody took goes on its day, and so does what a source said.
    An answer that is on its way keeps its conversation until it is known what became of it.
    """
    erased = Entry.objects.filter(purge_after__lt=timezone.localdate()).delete()[0]
    seen: set[int] = set()
    while batch := list(
        _over().exclude(conversation__in=seen).values_list("conversation_id", flat=True).distinct()[:BATCH]
    ):
        seen.update(batch)
        erased += _purge(conversation_ids=batch)
    return erased


def _over() -> QuerySet[Mention]:
    worked_on = Q(conversation__state=ConversationState.ASSIGNED)
    waiting = Q(conversation__state__in=OPEN_STATES) & ~Q(kind=Kind.SEARCH_HIT)
    return Mention.objects.filter(purge_after__lt=timezone.localdate()).exclude(worked_on | waiting)


@action
def _purge(*, conversation_ids: list[int]) -> int:
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("unit").order_by("pk")
    erased = 0
    for conversation in rows.filter(pk__in=conversation_ids):
        over = list(_over().filter(conversation=conversation))
        if not over or not _let_go(conversation, over):
            continue
        Mention.objects.filter(pk__in=[mention.pk for mention in over]).delete()
        erased += len(over)
        if not conversation.mentions.exists():
            # The handle, the ids and the thread's address would still lead to the citizen.
            Conversation.objects.filter(pk=conversation.pk).update(
                author_id="", author_handle="", author_name="", root_id="", purged_at=Now()
            )
        audit.record(verb=PURGED, thing=conversation, by=None, messages=len(over))
    return erased


def _let_go(conversation: Conversation, over: list[Mention]) -> bool:
    """What was to answer these messages is not sent any more; False while an answer is on its way."""
    if conversation.mentions.exclude(pk__in=[mention.pk for mention in over]).exists():
        return end_answers_to(over, Trouble.ERASED)
    return forget_recipient(conversation, Trouble.ERASED)
