"""Deliveries made directly, freezes lifted, and a network that does as it is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any, Self

import factory
from django.db.models.functions import Now
from django.utils import timezone

from accounts_registry.models import Account
from approvals.subjects import Matter
from delivery import origins
from delivery.actions import bind, claim
from delivery.actions.claiming import approved_among
from delivery.content import freeze
from delivery.enums import DeliveryState
from delivery.models import Delivery, Hold
from delivery.origins import MessageKind
from networks.errors import Unavailable, Withheld
from networks.types import AccountRef, AttemptKey, Draft, Finding, PostRef, Presence
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.organisation import PersonFactory

# Two kinds of message that are there whatever else is.
POST, ANSWER = "post_variant", "answer"


def thaw() -> None:
    """Nothing is frozen, and this database is the one that may send: most tests begin here."""
    Hold.objects.filter(lifted_at=None).update(lifted_at=Now())
    bind()


def said(text: str, origin_kind: str) -> dict[str, Any]:
    """An answer answers something."""
    parent = {"id": "their-post", "url": "https://mastodon.example/@anna/1", "cid": ""}
    return {"text": text, "language": "fr", "reply_to": parent if origin_kind == ANSWER else None}


class DeliveryFactory(factory.django.DjangoModelFactory[Delivery]):
    """A post that has been due for a second. `text=` is what it says; `incomplete=True`: out without its captions."""

    class Meta:
        model = Delivery

    class Params:
        text = factory.Sequence(lambda n: f"Bonjour {n}")
        incomplete = factory.Trait(
            state=DeliveryState.PUBLISHED,
            published_at=factory.LazyFunction(timezone.now),
            remote_id=factory.Sequence(lambda n: f"incomplete-{n}"),
            remote_url=factory.LazyAttribute(lambda one: f"https://mastodon.example/@fin/{one.remote_id}"),
            lacks=[{"part": "captions", "language": "fr"}],
        )

    account = factory.SubFactory(ConnectedAccountFactory)
    unit = factory.SelfAttribute("account.unit")
    message_unit = factory.SelfAttribute("account.unit")
    origin_kind = POST
    origin_id = factory.Sequence(lambda n: 1_000_000 + n)
    is_reply = factory.LazyAttribute(lambda one: one.origin_kind == ANSWER)
    content = factory.LazyAttribute(lambda one: freeze(said(one.text, one.origin_kind))[0])
    content_hash = factory.LazyAttribute(lambda one: freeze(one.content)[1])
    due_at = factory.LazyFunction(lambda: timezone.now() - timedelta(seconds=1))
    scheduled_by = factory.SubFactory(PersonFactory, unit=factory.SelfAttribute("..unit"))


def queued(account: Account, draft: Draft) -> Delivery:
    """`draft` as the delivery of an approved post, due now. Its files may lie anywhere where MEDIA_ROOT is "/"."""
    media = [
        {
            "path": str(one.path).lstrip("/"),
            "mime": one.mime,
            "alt": one.alt,
            "decorative": one.decorative,
            "captions": [
                {"path": str(words.path).lstrip("/"), "mime": words.mime, "language": words.language}
                for words in one.captions
            ],
        }
        for one in draft.media
    ]
    said = {"text": draft.text, "language": draft.language, "title": draft.title, "media": media}
    content, digest = freeze(said)
    return DeliveryFactory.create(account=account, content=content, content_hash=digest)


def claim_next(*, passing_over: set[int]) -> Delivery | None:
    """The first in line, claimed."""
    return next(iter(claim(most=1, passing_over=passing_over)), None)


def is_approved(delivery: Delivery) -> bool:
    """What the claim asks of its content; inside an action."""
    return bool(approved_among([delivery]))


@dataclass
class FakeOrigin:
    """Speaks for deliveries as a room above would. `approved` may be a function of the delivery."""

    kind: MessageKind = field(default_factory=lambda: origins.kind_of(POST))
    approved: bool | Callable[[Any], bool] = True
    backs: bool = True
    told: list[tuple[int, str]] = field(default_factory=list)

    def matters(self, deliveries: Sequence[Any]) -> Mapping[int, Matter]:
        return {
            one.pk: Matter(self.kind.key, one.origin_id, one.content_hash, on_own_word=True)
            for one in deliveries
            if (self.approved(one) if callable(self.approved) else self.approved)
        }

    def lapsed(self, delivery: Any) -> str:
        return "not_approved"

    def backed(self, deliveries: Sequence[Any]) -> Collection[int]:
        return [one.pk for one in deliveries if self.backs]

    def title(self, delivery: Any) -> str:
        return f"Message {delivery.origin_id}"

    def url(self, delivery: Any, reader: Any) -> str:
        return "/posts/1/"

    def named(self, deliveries: Sequence[Any], reader: Any) -> Mapping[int, tuple[str, str]]:
        return {one.pk: (self.title(one), self.url(one, reader)) for one in deliveries}

    def look(self, delivery: Any, connector: Any) -> None: ...

    def settled(self, delivery: Any) -> None:
        self.told.append((delivery.pk, delivery.state))


def instead(origin: FakeOrigin) -> Callable[[], None]:
    """Registers `origin` in place of the real one; what it returns undoes that."""
    before = origins._ORIGINS[origin.kind.key]
    origins._ORIGINS[origin.kind.key] = origin

    def undo() -> None:
        origins._ORIGINS[origin.kind.key] = before

    return undo


_ids = count(1)


@dataclass
class FakeNetwork:
    """A network in memory. `answers` are taken one a call: an exception is raised, a function is called with the draft
    and the key, anything else is returned; without any, the message appears."""

    answers: list[Any] = field(default_factory=list)
    findings: list[Any] = field(default_factory=list)
    calls: list[tuple[Draft, AttemptKey]] = field(default_factory=list)
    looks: list[tuple[Draft, AttemptKey]] = field(default_factory=list)
    places: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    given: list[Any] = field(default_factory=list)
    account: AccountRef | None = None

    def acting_as(self, account: AccountRef) -> Self:
        self.account = account
        return self

    def publish(self, draft: Draft, attempt: AttemptKey) -> PostRef:
        """Asks before it writes, as every connector's egress does; a prepared function asks by itself."""
        if not (self.answers and callable(self.answers[0])) and not attempt.still_wanted():
            raise Withheld("stopped before it began")
        self.calls.append((draft, attempt))
        return self._answer(self.answers, draft, attempt) or self.appear()

    def reconcile(self, draft: Draft, attempt: AttemptKey) -> Finding:
        self.looks.append((draft, attempt))
        return self._answer(self.findings, draft, attempt) or Finding(Presence.UNCERTAIN)

    def fetch(self, ref: PostRef) -> Any:
        """`shown` holds messages by their ids; of another nothing is known."""
        if ref.id not in self.shown:
            raise Unavailable("not now")
        return self.shown[ref.id]

    def answers_to(self, ref: PostRef) -> Any:
        """`given` is what the account answered there."""
        return tuple(self.given)

    def locate(self, url: str) -> PostRef | None:
        """`places` holds what is found by address; an exception in it is raised."""
        found = self.places.get(url)
        if isinstance(found, BaseException):
            raise found
        return found

    def appear(self) -> PostRef:
        number = next(_ids)
        return PostRef(id=f"remote-{number}", url=f"https://mastodon.example/@fin/{number}", cid=f"cid-{number}")

    @staticmethod
    def _answer(prepared: list[Any], draft: Draft, attempt: AttemptKey) -> Any:
        answer = prepared.pop(0) if prepared else None
        if isinstance(answer, BaseException):
            raise answer
        return answer(draft, attempt) if callable(answer) else answer
