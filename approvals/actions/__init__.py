"""Verbs of approvals. The rooms above call them with a thing of theirs that the act holds under lock."""

from approvals.actions.deciding import approve, refuse, send_back
from approvals.actions.requesting import ask
from approvals.actions.routing import NewStep, end_route, set_route
from approvals.actions.voiding import know_time, recount, reopen, void

__all__ = [
    "NewStep",
    "approve",
    "ask",
    "end_route",
    "know_time",
    "recount",
    "refuse",
    "reopen",
    "send_back",
    "set_route",
    "void",
]
