"""What was sent stays; to whom it was sent ends with the time for which that may be kept."""

from __future__ import annotations

from collections.abc import Iterable

from delivery.enums import DeliveryState
from delivery.models import Delivery
from organisation.audit import action

SETTLED = (DeliveryState.PUBLISHED, DeliveryState.CANCELLED, DeliveryState.FAILED, DeliveryState.EXPIRED)
FORGOTTEN = "@…"


def without(text: str, handle: str) -> str:
    """`text` with every "@handle" in it made unreadable."""
    return text.replace(f"@{handle}", FORGOTTEN) if handle else text


@action
def forget_recipients(*, origin_kind: str, origin_ids: Iterable[int], handle: str) -> int:
    """Erases whom these origins' settled deliveries answered, and `handle` from their text; how many deliveries.

    The hash stays that of what was approved and sent, as evidence. The caller records the erasure of its own noun.
    """
    rows = Delivery.objects.filter(origin_kind=origin_kind, origin_id__in=list(origin_ids), state__in=SETTLED)
    settled = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for delivery in settled:
        text = without(delivery.text, handle)
        delivery.content = {**delivery.content, "text": text, "reply_to": None, "reply_root": None}
        delivery.save(update_fields=["content"])
    return len(settled)
