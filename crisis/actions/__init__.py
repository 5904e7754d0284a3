"""Verbs of the crisis room."""

from crisis.actions.leading import add_note, declare_crisis, end_crisis, freeze, thaw, tick_step, untick_step
from crisis.actions.preparing import create_playbook, update_playbook

__all__ = [
    "add_note",
    "create_playbook",
    "declare_crisis",
    "end_crisis",
    "freeze",
    "thaw",
    "tick_step",
    "untick_step",
    "update_playbook",
]
