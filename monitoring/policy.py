"""Who may do what in the inbox, beyond the permission that an edge itself asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monitoring.enums import CONVERSATION_LIFECYCLE, SOURCE_LIFECYCLE, WATCH_LIFECYCLE
from monitoring.models import Conversation, Source, Watch
from monitoring.models.lawful import Lawful
from monitoring.queries import under_way
from monitoring.schedule import LONGEST_WATCH
from networks.catalogue import NETWORKS
from organisation import policy
from organisation.enums import Permission
from organisation.models import Person

Reasons = Iterator[str | Promise]


@WATCH_LIFECYCLE.guard("may_collect")
def may_collect(watch: Watch, by: Any) -> Reasons:
    today = watch.today
    if watch.expires_on < today:
        yield _("The last day of this watch is over. Set a later one first.")
    if too_long(watch):
        yield _("A watch lasts a year at most. Set an earlier last day; it can be renewed.")
    if not NETWORKS[watch.account.network].capabilities.searches:
        yield _("This account's network cannot be searched.")
    if not watch.owner.is_active:
        yield _("The owner of this watch is no longer active. Name another one.")


def too_long(thing: Lawful) -> bool:
    """Nothing collects for more than a year without being looked at anew."""
    return thing.expires_on > thing.today + LONGEST_WATCH


@SOURCE_LIFECYCLE.guard("may_be_read")
def may_be_read(source: Source, by: Any) -> Reasons:
    if source.expires_on < source.today:
        yield _("The last day of this source is over. Set a later one first.")
    if not source.owner.is_active:
        yield _("The owner of this source is no longer active. Name another one.")


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


def can_be_assigned(person: Person, conversation: Conversation) -> bool:
    """Whoever may answer in its unit."""
    return policy.allows(person, Permission.ANSWER_WRITE, conversation)
