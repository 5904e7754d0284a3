"""Verbs of listening."""

from monitoring.actions.checking import check_mentions, check_soon, look_now, look_when_opened
from monitoring.actions.hearing import answer_challenge, forget_calls, hear
from monitoring.actions.picturing import ask_for_pictures, fetch_pictures, still_of
from monitoring.actions.pulling import pull_next, pull_what_is_due
from monitoring.actions.purging import purge_expired
from monitoring.actions.reading import read_next
from monitoring.actions.sources import (
    ReadOtherwise,
    add_source,
    end_source,
    expire_sources,
    pause_source,
    resume_source,
    update_source,
)
from monitoring.actions.watching import activate_watch, create_watch, end_watch, expire_watches, update_watch

__all__ = [
    "ReadOtherwise",
    "activate_watch",
    "add_source",
    "answer_challenge",
    "ask_for_pictures",
    "check_mentions",
    "check_soon",
    "create_watch",
    "end_source",
    "end_watch",
    "expire_sources",
    "expire_watches",
    "fetch_pictures",
    "forget_calls",
    "hear",
    "look_now",
    "look_when_opened",
    "pause_source",
    "pull_next",
    "pull_what_is_due",
    "purge_expired",
    "read_next",
    "resume_source",
    "still_of",
    "update_source",
    "update_watch",
]
