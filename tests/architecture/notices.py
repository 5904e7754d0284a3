"""A kind of message that nobody has ever heard of: a notice of the crisis cell, as one file of its room would bring it.

What is written is kept in memory; the cell that wrote it decides over it, on whosever account it goes out.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts_registry.enums.spending import Spent
from accounts_registry.models import Account
from approvals.subjects import Matter
from delivery.actions import Message, cancel_deliveries, schedule_deliveries
from delivery.content import freeze
from delivery.models import Delivery
from delivery.origins import DecidedIn, MessageKind, Permissions
from organisation.enums import Permission as P
from organisation.models import Person, Unit

numbers = itertools.count(1)


@dataclass
class Notice:
    pk: int
    text: str
    unit: Unit
    approved: bool = True


NOTICES: dict[int, Notice] = {}
TOLD: list[tuple[int, str]] = []


class NoticeOrigin:
    kind = MessageKind(
        key="public_notice",
        label="Notice",
        page_label="See the notice",
        page_icon="megaphone",
        permissions=Permissions(
            see=P.CRISIS_VIEW, schedule=P.CRISIS_LEAD, withdraw=P.HOLD_PLACE, reconfirm=P.PLAYBOOK_WRITE
        ),
        spends=Spent.ANSWER,
        decided_in=DecidedIn.MESSAGE,
    )

    def matters(self, deliveries: Sequence[Any]) -> Mapping[int, Matter]:
        return {
            one.pk: Matter(self.kind.key, one.origin_id, one.content_hash, on_own_word=True)
            for one in deliveries
            if NOTICES[one.origin_id].approved
        }

    def lapsed(self, delivery: Any) -> str:
        return "not_approved"

    def backed(self, deliveries: Sequence[Any]) -> Collection[int]:
        return [one.pk for one in deliveries]

    def title(self, delivery: Any) -> str:
        return f"Notice: {NOTICES[delivery.origin_id].text}"

    def url(self, delivery: Any, reader: Any) -> str:
        return f"/crisis/notices/{delivery.origin_id}/"

    def named(self, deliveries: Sequence[Any], reader: Any) -> Mapping[int, tuple[str, str]]:
        return {one.pk: (self.title(one), self.url(one, reader)) for one in deliveries}

    def look(self, delivery: Any, connector: Any) -> None: ...

    def settled(self, delivery: Any) -> None:
        TOLD.append((delivery.origin_id, delivery.state))


def publish_notice(*, text: str, unit: Unit, account: Account, by: Person, at: datetime) -> Delivery:
    """Puts a new notice in line."""
    notice = Notice(next(numbers), text, unit)
    NOTICES[notice.pk] = notice
    message = Message(account, notice.pk, freeze({"text": text, "language": "fr"})[0])
    made = schedule_deliveries(
        messages=[message], message_unit=unit, origin_kind=NoticeOrigin.kind.key, due_at=at, by=by
    )
    return made[0]


def withdraw_notice(*, number: int, by: Person) -> None:
    cancel_deliveries(origin_kind=NoticeOrigin.kind.key, origin_ids=[number], by=by, reason="All is well")
