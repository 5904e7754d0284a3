"""Verbs of telling people."""

from notices.actions.choosing import choose
from notices.actions.looking import look_around
from notices.actions.purging import purge
from notices.actions.seeing import see, see_all
from notices.actions.trying import try_again
from notices.actions.writing import send_letters

__all__ = ["choose", "look_around", "purge", "see", "see_all", "send_letters", "try_again"]
