from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FailedSignIn(models.Model):
    """How often in one minute somebody failed to sign in as one person, until the minute's one event is written.

    `who` is the person's number, or a keyed hash of an address that nobody here has; "" where there were too many.
    """

    minute = models.DateTimeField()
    who = models.CharField(max_length=40, blank=True)
    step = models.CharField(max_length=10)
    person_id = models.BigIntegerField(null=True)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")
        constraints = [models.UniqueConstraint("minute", "who", "step", name="one_count_a_minute")]

    def __str__(self) -> str:
        return f"{self.minute:%H:%M} {self.who} {self.count}"
