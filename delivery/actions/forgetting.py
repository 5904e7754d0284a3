"""What was sent stays; to whom, and what was not sent, ends with the time for which that may be kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from delivery.enums import DELIVERY_LIFECYCLE, DeliveryState, Outcome, Trouble
from delivery.models import Attempt, Delivery
from networks.folding import folded, places
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_now

FORGOTTEN, UNNAMED = "@…", "…"
# Not what stands behind the @ of a mail address.
# The signs of a name are all but white space and punctuation: a mark on a letter is a sign of its own.
_SIGN = r"[^\s!-/:-@\[-^`{-~\u00a1-\u00bf\u2010-\u206f\u3000-\u303f\uff20\ufe6b]"
HANDLE = re.compile(rf"(?<!\w)[@＠﹫]{_SIGN}(?:(?:{_SIGN}|[.-])*{_SIGN})?(?:@[\w-]+(?:\.[\w-]+)*(?::\d+)?)?")
# So long an uncertain send is still looked for, by Parvis and then by a person; only then it is given up.
LOOKED_FOR = timedelta(days=1)


def without(text: str, names: Iterable[str]) -> str:
    """`text` with every "@handle" in it made unreadable, and with each of `names`, however they are written: accents,
    capitals, white space and the form that Unicode gives a sign make no difference.

    Every handle: a citizen may have borne another when the answer was written, and nobody kept it.
    """
    text = HANDLE.sub(FORGOTTEN, text)
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = _without(text, name)
    return text


def _without(text: str, name: str) -> str:
    if not folded(name):
        return text.replace(name, UNNAMED)
    kept, before = [], 0
    for start, end in places(text, name):
        kept.append(text[before:start])
        before = end
    return UNNAMED.join([*kept, text[before:]])


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
def forget_recipients(*, origin_kind: str, origin_ids: Iterable[int], names: Iterable[str]) -> int:
    """Erases whom these origins' deliveries answered, and `names` from their text; how many deliveries.

    Only what nothing can send any more: published, or ended. With them goes what stood before the question and so
    before the answer, and what the network said of it in its own words. The hash stays that of what was approved and
    sent, as evidence. The caller records the erasure of its own noun.
    """
    rows = Delivery.objects.filter(
        origin_kind=origin_kind, origin_id__in=list(origin_ids), state__in=DELIVERY_LIFECYCLE.finals
    )
    settled = list(rows.select_for_update(of=("self",)).order_by("pk"))
    told = list(names)
    for delivery in settled:
        kept = {name: value for name, value in delivery.content.items() if name != "warning"}
        nobody = {"text": without(delivery.text, told), "reply_to": None, "reply_root": None}
        delivery.content, delivery.problem_detail = kept | nobody, ""
        delivery.save(update_fields=["content", "problem_detail"])
    Attempt.objects.filter(delivery__in=settled).exclude(outcome=Outcome.PUBLISHED).update(detail="")
    return len(settled)
