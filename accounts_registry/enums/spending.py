"""What money is spent on where a network charges for its calls."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

BUDGET_MISSING = "budget_missing"
BUDGET_USED_UP = "budget_used_up"


class Spent(models.TextChoices):
    POST = "post", _("Posts")
    ANSWER = "answer", _("Answers")
    READING = "reading", _("Reading")
