"""Reads of the machinery that sends."""

from delivery.queries.claims import (
    in_line,
    is_anything_due,
    lease_of,
    of_idle_accounts,
    sending_may_go_on,
    to_claim,
    too_late,
)
from delivery.queries.deliveries import (
    UNRESOLVED_AFTER,
    deliveries_of,
    incomplete,
    key_of,
    not_gone_out,
    stranded,
    to_look_for,
    uncertain,
    unresolved,
    visible_deliveries,
)
from delivery.queries.holds import active_holds, covering, holds_over, visible_holds, waiting_behind
from delivery.queries.prices import Price, months_of, price_told
from delivery.queries.repeats import Message, question, repeats_of
from delivery.queries.standing import FROZEN, Standing, frozen_among, next_look, standing_of
from delivery.queries.waiting import waiting_for

__all__ = [
    "FROZEN",
    "UNRESOLVED_AFTER",
    "Message",
    "Price",
    "Standing",
    "active_holds",
    "covering",
    "deliveries_of",
    "frozen_among",
    "holds_over",
    "in_line",
    "incomplete",
    "is_anything_due",
    "key_of",
    "lease_of",
    "months_of",
    "next_look",
    "not_gone_out",
    "of_idle_accounts",
    "price_told",
    "question",
    "repeats_of",
    "sending_may_go_on",
    "standing_of",
    "stranded",
    "to_claim",
    "to_look_for",
    "too_late",
    "uncertain",
    "unresolved",
    "visible_deliveries",
    "visible_holds",
    "waiting_behind",
    "waiting_for",
]
