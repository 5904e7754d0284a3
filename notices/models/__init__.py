"""Nouns of what somebody has to know."""

from notices.models.choices import NoticeChoices
from notices.models.letter import Letter
from notices.models.look import Look
from notices.models.notice import Addressee, Notice
from notices.models.webhook import WebhookCall, WebhookTarget

__all__ = ["Addressee", "Letter", "Look", "Notice", "NoticeChoices", "WebhookCall", "WebhookTarget"]
