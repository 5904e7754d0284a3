"""How an account ends: what is done before it is archived, and what becomes of what is still to go out."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExitStep(models.TextChoices):
    """What is done, in this order where it can be, before a closing account is archived."""

    FOLLOWERS = "followers", _("Tell its followers where to go")
    LAST_POST = "last_post", _("Publish its last message, or see that there is none")
    ARCHIVE = "archive", _("Keep what it said in the archive")
    ACCESS = "access", _("Take back every access: people, apps, recovery")
    PAGE = "page", _("Close its page on the network")


class InLine(models.TextChoices):
    """What becomes of messages that wait to go out when their account begins to close."""

    END = "end", _("They do not go out, and each says why")
    GO_OUT = "go_out", _("They go out at their time; nothing new is scheduled")
