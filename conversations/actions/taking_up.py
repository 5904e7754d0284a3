"""Answers that colleagues gave on the network itself: shown in the thread, and they stop the clock like any other."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts_registry.models import Account
from conversations.actions.triage import stop_clock
from conversations.enums import ANSWER
from conversations.models import Answer, Conversation, InboundMessage
from conversations.queries import standing_messages
from delivery.enums import DeliveryState
from delivery.models import Delivery
from monitoring.actions.keeping import LONGEST_TEXT, clean, cut
from monitoring.models import Mention
from networks.addresses import kept_address
from networks.catalogue import NETWORKS
from networks.folding import as_lexemes
from networks.types import Incoming
from organisation import audit
from organisation.audit import step
from organisation.enums import Language

FOUND = audit.tell("answer.found", _("This answer was given on the network itself, not through Parvis"))
Place = tuple[int, Mention | None]  # a conversation, and the message in it where that is a citizen's
LOOKED_THROUGH = 100  # conversations of one thread
ON_ITS_WAY = (DeliveryState.SENDING, DeliveryState.UNKNOWN)


@dataclass
class _Known:
    """What our answers may be to: conversations by the ids of the messages in them, those of ours too, and those in
    which one was taken up before."""

    account: Account
    places: dict[str, Place] = field(default_factory=dict)
    taken_up: dict[str, int] = field(default_factory=dict)

    def read(self, names: Collection[str]) -> None:
        """Three queries, however many there are."""
        ours = Answer.objects.filter(conversation__account=self.account, remote_id__in=names)
        for remote_id, conversation in ours.order_by("-pk").values_list("remote_id", "conversation"):
            self.places[remote_id] = conversation, None
            self.taken_up[remote_id] = conversation
        sent = dict(_sent(self.account, names).filter(origin_kind=ANSWER).values_list("origin_id", "remote_id"))
        for pk, conversation in Answer.objects.filter(pk__in=sent).values_list("pk", "conversation"):
            self.places[sent[pk]] = conversation, None
        theirs = InboundMessage.objects.filter(mention__account=self.account, mention__item__remote_id__in=names)
        for one in theirs.defer("words").select_related("mention__item"):
            self.places[one.mention.item.remote_id] = one.conversation_id, one.mention


@step
def take_up_answers(*, account: Account, told: Sequence[Incoming], unsent: int = 0) -> None:
    """Keeps those of `told`, the oldest first, that answer a citizen and that Parvis did not send; each once.

    What may be an answer of ours whose outcome is still open is left for later: looks back tell of it again. None of
    them is the answer `unsent`, which is in a worker's hands and not written yet.
    """
    sent = set(_sent(account, [one.ref.id for one in told]).values_list("remote_id", flat=True))
    told = [one for one in told if one.ref.id not in sent and one.parent is not None]
    if not told:
        return
    known = _Known(account)
    known.read({one.ref.id for one in told} | {one.parent.id for one in told if one.parent is not None})
    found: list[tuple[Incoming, int, Place]] = []
    for one in told:
        if (below := known.places.get(one.parent.id) if one.parent is not None else None) is not None:
            if (place := _place(known, one, below)) is None:
                continue
            found.append((one, below[0], place))
            known.places.setdefault(one.ref.id, place)
    conversations = _locked({pk for _one, _stands_in, (pk, _mention) in found})
    waits = _with_one_on_its_way({*conversations, *(stands_in for _one, stands_in, _place in found)}, unsent)
    # Asked anew behind the locks: one of ours that was on its way before may be on the network by now.
    sent = set(_sent(account, [one.ref.id for one in told]).values_list("remote_id", flat=True))
    for one, stands_in, (pk, mention) in found:
        if pk in conversations and one.ref.id not in sent and not {stands_in, pk} & waits:
            _take_up(conversations[pk], mention, one)


def _sent(account: Account, names: Collection[str]) -> QuerySet[Delivery]:
    """Which of these messages Parvis sent, answers and others: a post may bear the number of an answer."""
    return Delivery.objects.filter(account=account, remote_id__in=names)


def _place(known: _Known, one: Incoming, below: Place) -> Place | None:
    """The conversation that it belongs to, with the message that it answers where that is a citizen's.

    One that was taken up before stays where it is: a citizen may bear another name by now.
    """
    if (before := known.taken_up.get(one.ref.id)) is not None:
        return before, None
    return _meant(known.account, below, one.text)


def _meant(account: Account, below: Place, text: str) -> Place | None:
    """Where answers to an answer stand beside it, one begins with the name of whom it is for: a citizen who wrote in
    the same thread. Where it names none of them, it is for whom it stands below; where two bear the name, nobody knows.
    """
    known = NETWORKS.get(account.network)
    if known is None or not known.capabilities.flat_threads:
        return below
    here = Conversation.objects.filter(pk=below[0]).values("root_id")
    there = Conversation.objects.filter(account=account, root_id__in=here, purged_at__isnull=True)
    begun = {one.pk: _begins_with(text, one) for one in there.order_by("-last_mention_at")[:LOOKED_THROUGH]}
    longest = max(begun.values(), default=0)
    named = [pk for pk, length in begun.items() if length == longest]
    if not longest or below[0] in named:
        return below
    return (named[0], None) if len(named) == 1 else None


def _begins_with(text: str, citizen: Conversation) -> int:
    """How many signs of a citizen's name `text` begins with: of the handle behind an @, or of a name of several words.
    Not of a word that may be any: citizens call themselves as they like, “Bon” or “Bonjour” too. 0 for none."""
    start = text.lstrip().casefold()
    names = [f"@{name}" for name in (citizen.author_handle, citizen.author_name) if name]
    names += [citizen.author_name] if len(citizen.author_name.split()) > 1 else []
    return max((len(name) for name in names if _is_first(name.casefold(), start)), default=0)


def _is_first(name: str, text: str) -> bool:
    """Whether `text` begins with `name` and not with a longer one."""
    return text.startswith(name) and not re.match(r"[\w-]|\.\w", text[len(name) :])


def _locked(pks: Iterable[int]) -> dict[int, Conversation]:
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("unit", "account", "account__unit")
    return {one.pk: one for one in rows.filter(pk__in=list(pks), purged_at__isnull=True).order_by("pk")}


def _with_one_on_its_way(conversations: Collection[int], unsent: int) -> set[int]:
    """Those in which an answer of ours other than `unsent` may be on the network without our knowing its name there."""
    answers = Answer.objects.filter(conversation__in=list(conversations), published_at__isnull=True, remote_id="")
    given = dict(answers.exclude(pk=unsent).values_list("pk", "conversation"))
    moving = Delivery.objects.filter(origin_kind=ANSWER, origin_id__in=given, state__in=ON_ITS_WAY) if given else ()
    return {given[one.origin_id] for one in moving}


def _take_up(conversation: Conversation, mention: Mention | None, told: Incoming) -> None:
    """Without its words where the citizen has taken away all that they wrote: they may name them, and nobody knows any
    more what to look for."""
    text = cut(clean(told.text), LONGEST_TEXT) if _knows_its_citizen(conversation) else ""
    before = Answer.objects.filter(conversation=conversation, remote_id=told.ref.id).first()
    if before is not None:
        if text and before.text != text:
            Answer.objects.filter(pk=before.pk).update(text=text, words=as_lexemes(text))
        return
    spoken = told.language[:2].lower()
    answer = Answer.objects.create(
        conversation=conversation,
        mention=mention,
        text=text,
        words=as_lexemes(text),
        language=spoken if spoken in Language.values else "",
        remote_id=told.ref.id,
        url=kept_address(told.ref.url),
        written_at=told.created_at,
        published_at=told.created_at,
        asked_at=conversation.clock_started_at,
        due_at=conversation.deadline,
    )
    audit.record(verb=FOUND, thing=answer, by=None, conversation=conversation.pk)
    if told.created_at >= conversation.clock_started_at:  # what was said before the question answers none
        stop_clock(conversation, at=told.created_at, answer=answer)


def _knows_its_citizen(conversation: Conversation) -> bool:
    named = conversation.author_handle or conversation.author_name
    return bool(named) or standing_messages(conversation).exists()
