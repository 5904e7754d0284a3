"""Nothing goes out twice by mistake: whoever puts in line what is said there already says first that they mean it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from delivery.origins import kind_of
from delivery.queries.repeats import Message, question, repeats_of
from organisation import audit
from organisation.models import Person

MEANT = audit.tell("delivery.meant", _("%(actor)s said that the same may go out twice"))


def require_meant(
    *, origin_kind: str, messages: Sequence[Message], due_at: datetime, by: Person, meant: str
) -> list[str]:
    """Raises Unconfirmed where the same is said on the same account at about `due_at` (aware), unless `meant` is what
    stands for exactly that. For an event: the keys of what it is said beside; empty where there is nothing.

    Inside the transaction that puts `messages` in line: who does so with the same words waits until it has ended.
    """
    if kind_of(origin_kind).is_reply:
        return []
    _one_after_the_other(messages)
    asked = question(repeats_of(origin_kind, messages, due_at), by)
    if asked and meant != asked.token:
        raise asked
    return asked.keys if asked else []


def _one_after_the_other(messages: Sequence[Message]) -> None:
    """Two who put the same in line do not overlook each other. Everybody takes the locks in the same order."""
    keys = sorted({int(one.likeness[:15], 16) ^ one.account.pk for one in messages})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])
