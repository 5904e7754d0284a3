"""Who may do what in the inbox, beyond the permission that an edge itself asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.enums import CONVERSATION_LIFECYCLE
from conversations.models import Conversation
from conversations.queries import under_way
from networks.catalogue import NETWORKS
from organisation import policy
from organisation.enums import Permission
from organisation.models import Person

Reasons = Iterator[str | Promise]


@CONVERSATION_LIFECYCLE.guard("no_answer_under_way")
def no_answer_under_way(conversation: Conversation, by: Any) -> Reasons:
    if under_way(conversation):
        yield _("An answer is still on its way. Withdraw it, or wait until it is on the network.")


@CONVERSATION_LIFECYCLE.guard("still_known")
def still_known(conversation: Conversation, by: Any) -> Reasons:
    if conversation.purged_at is not None:
        yield _("What the citizen wrote has been erased; there is nothing left to answer.")


def may_answer(person: Person, conversation: Conversation) -> bool:
    """True when `person` may answer here, the network knows answers, and there still is a message to answer."""
    allowed = policy.allows(person, Permission.ANSWER_WRITE, conversation)
    return allowed and conversation.purged_at is None and knows_answers(conversation)


def knows_answers(conversation: Conversation) -> bool:
    """True where one can answer on the account's network."""
    network = NETWORKS.get(conversation.account.network)
    return network is not None and network.capabilities.replies


def tells_parts(conversation: Conversation) -> bool:
    """True where the account's network tells what hangs at a citizen's message."""
    network = NETWORKS.get(conversation.account.network)
    return network is not None and network.capabilities.parts_told


def can_be_assigned(person: Person, conversation: Conversation) -> bool:
    """Whoever may answer in its unit; no program, which nobody can ask how far it is."""
    return not person.is_machine and policy.allows(person, Permission.ANSWER_WRITE, conversation)
