"""What was sent stays; to whom, and what was not sent, ends with the time for which that may be kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from delivery.enums import DELIVERY_LIFECYCLE, DeliveryState, Trouble
from delivery.models import Delivery
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_now

FORGOTTEN = "@…"
# So long an uncertain send is still looked for, by Parvis and then by a person; only then it is given up.
LOOKED_FOR = timedelta(days=1)


def without(text: str, handle: str) -> str:
    """`text` with every "@handle" in it made unreadable."""
    return text.replace(f"@{handle}", FORGOTTEN) if handle else text


@action
def end_deliveries(*, origin_kind: str, origin_ids: Iterable[int], trouble: Trouble) -> bool:
    """Ends for good what of these origins is not on the network: due, failed, late, or uncertain for longer than a day.

    False, and nothing is ended, while one is being sent, looked for, or in somebody else's hands: come again later.
    The caller has changed its own noun: the origin is not told.
    """
    rows = Delivery.objects.filter(origin_kind=origin_kind, origin_id__in=list(origin_ids)).order_by("pk")
    unsent = list(rows.exclude(state__in=DELIVERY_LIFECYCLE.finals).values_list("pk", flat=True))
    # Nobody is waited for: a sender holds its row while it tells the origin, whose rows the caller holds.
    held = rows.filter(pk__in=unsent, state__in=DELIVERY_LIFECYCLE["end"].sources)
    ended = list(held.select_for_update(skip_locked=True, of=("self",)))
    since = database_now() - LOOKED_FOR
    young = [one for one in ended if one.state == DeliveryState.UNKNOWN and one.unknown_at and one.unknown_at > since]
    if young or len(ended) < len(unsent):
        return False
    changes = {"problem_code": trouble, "problem_detail": "", "not_before": None}
    for delivery in ended:
        perform(DELIVERY_LIFECYCLE, "end", delivery, by=None, changes=changes, details={"reason": trouble})
    return True


@action
def forget_recipients(*, origin_kind: str, origin_ids: Iterable[int], handle: str) -> int:
    """Erases whom these origins' deliveries answered, and `handle` from their text; how many deliveries.

    Only what nothing can send any more: published, or ended. The hash stays that of what was approved and sent, as
    evidence. The caller records the erasure of its own noun.
    """
    rows = Delivery.objects.filter(
        origin_kind=origin_kind, origin_id__in=list(origin_ids), state__in=DELIVERY_LIFECYCLE.finals
    )
    settled = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for delivery in settled:
        text = without(delivery.text, handle)
        delivery.content = {**delivery.content, "text": text, "reply_to": None, "reply_root": None}
        delivery.save(update_fields=["content"])
    return len(settled)
