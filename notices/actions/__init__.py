"""Verbs of telling people."""

from notices.actions.calling import call_webhook
from notices.actions.choosing import choose
from notices.actions.feeding import feed_webhooks
from notices.actions.looking import look_around
from notices.actions.purging import purge
from notices.actions.seeing import see, see_all
from notices.actions.targets import call_for_trial, end_target, set_target
from notices.actions.trying import try_again
from notices.actions.unsubscribing import read_token, switch_off
from notices.actions.writing import send_letters

__all__ = [
    "call_for_trial",
    "call_webhook",
    "choose",
    "end_target",
    "feed_webhooks",
    "look_around",
    "purge",
    "read_token",
    "see",
    "see_all",
    "send_letters",
    "set_target",
    "switch_off",
    "try_again",
]
