"""Verbs of approvals. The rooms above call them with a thing of theirs that the act holds under lock."""

from approvals.actions.deciding import approve, refuse, send_back
from approvals.actions.requesting import ask
from approvals.actions.voiding import know_time, reopen, void

__all__ = ["approve", "ask", "know_time", "refuse", "reopen", "send_back", "void"]
