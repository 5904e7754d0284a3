from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.models.claimable import Claimable


class ForgottenPassword(Claimable):
    """An address whose password somebody says they forgot, until a worker has looked whether anybody here has it.

    So whoever asks waits for the same work either way, and learns nothing from how long it takes.
    """

    email = models.EmailField(_("e-mail address"), max_length=320, unique=True)
    asked_at = models.DateTimeField(db_default=Now())
    next_at = models.DateTimeField(db_default=Now())
    failures = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("forgotten password")
        verbose_name_plural = _("forgotten passwords")

    def __str__(self) -> str:
        return self.email
