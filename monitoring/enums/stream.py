from django.db import models
from django.utils.translation import gettext_lazy as _


class StreamKind(models.TextChoices):
    """What a worker pulls from a network."""

    INBOX = "inbox", _("Own mentions and replies")
    WATCH = "watch", _("Watch")
