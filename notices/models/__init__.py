"""Nouns of what somebody has to know."""

from notices.models.choices import NoticeChoices
from notices.models.letter import Letter
from notices.models.look import Look
from notices.models.notice import Addressee, Notice

__all__ = ["Addressee", "Letter", "Look", "Notice", "NoticeChoices"]
