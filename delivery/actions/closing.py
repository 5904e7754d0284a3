"""What waits to go out from an account that begins to close: named to whoever closes it, ended if they choose so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts_registry.in_line import Waiting
from delivery.enums import DELIVERY_LIFECYCLE, DeliveryState, Trouble
from delivery.models import Delivery
from delivery.origins import by_origin
from organisation.actions import perform


class AccountLine:
    """The line of the registry's accounts (`accounts_registry.in_line.Line`)."""

    def standing(self, account: int, reader: Any) -> Sequence[Waiting]:
        due = list(_due(account).order_by("due_at", "pk"))
        told = {pk: words for origin, own in by_origin(due) for pk, words in origin.named(own, reader).items()}
        return [Waiting(one.pk, *told.get(one.pk, ("", "")), due_at=one.due_at) for one in due]

    def keys(self, account: int) -> Sequence[int]:
        return list(_due(account).order_by("pk").values_list("pk", flat=True))

    def end(self, account: int) -> None:
        why = Trouble.ACCOUNT_CLOSING
        changes = {"problem_code": why, "problem_detail": ""}
        for one in _due(account).order_by("pk"):
            perform(DELIVERY_LIFECYCLE, "void", one, by=None, changes=changes, details={"reason": why})


def _due(account: int) -> Any:
    return Delivery.objects.filter(account=account, state=DeliveryState.DUE).select_related("account")
