"""Our answers stay as ours, without saying to whom; those that never went out never will."""

from __future__ import annotations

from delivery.actions import end_deliveries, forget_recipients, without
from delivery.enums import Trouble
from monitoring.enums import ANSWER
from monitoring.models import Answer, Conversation, Mention


def end_answers_to(mentions: list[Mention], trouble: Trouble) -> bool:
    """Ends the answers to `mentions` that are not on the network. False while one is on its way: come again later."""
    ids = list(Answer.objects.filter(mention__in=mentions).values_list("pk", flat=True))
    return end_deliveries(origin_kind=ANSWER, origin_ids=ids, trouble=trouble)


def forget_recipient(conversation: Conversation, trouble: Trouble) -> bool:
    """Erases the citizen of a locked conversation from all that we answered there, once nothing of it can be sent.

    False, and nothing is erased, while an answer is on its way.
    """
    answers = list(Answer.objects.filter(conversation=conversation))
    ids, handle = [answer.pk for answer in answers], conversation.author_handle
    if not end_deliveries(origin_kind=ANSWER, origin_ids=ids, trouble=trouble):
        return False
    for answer in answers:
        Answer.objects.filter(pk=answer.pk).update(text=without(answer.text, handle))
    forget_recipients(origin_kind=ANSWER, origin_ids=ids, handle=handle)
    return True
