"""Verbs of the machinery that sends."""

from delivery.actions.claiming import claim, expire_late
from delivery.actions.completing import complete_delivery
from delivery.actions.deciding import resolve_unknown
from delivery.actions.forgetting import end_deliveries, forget_recipients, without
from delivery.actions.freezing import lift_hold, place_hold
from delivery.actions.looking import give_up_stranded, look_for_next, look_for_the_unknown
from delivery.actions.scheduling import (
    cancel_deliveries,
    reconfirm_delivery,
    schedule_deliveries,
    schedule_delivery,
)
from delivery.actions.sending import Line, send_next, send_what_is_due
from delivery.actions.witnessing import agrees, bind, count_act, is_copy
from delivery.queries import Message

__all__ = [
    "Line",
    "Message",
    "agrees",
    "bind",
    "cancel_deliveries",
    "claim",
    "complete_delivery",
    "count_act",
    "end_deliveries",
    "expire_late",
    "forget_recipients",
    "give_up_stranded",
    "is_copy",
    "lift_hold",
    "look_for_next",
    "look_for_the_unknown",
    "place_hold",
    "reconfirm_delivery",
    "resolve_unknown",
    "schedule_deliveries",
    "schedule_delivery",
    "send_next",
    "send_what_is_due",
    "without",
]
