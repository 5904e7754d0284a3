from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.models import Claimable


class Pulled(Claimable):
    """What workers read again and again, one at a time: when next, and what was wrong last. `newest` is the high-water
    mark."""

    newest = models.TextField(blank=True, default="")
    next_pull_at = models.DateTimeField(db_default=Now())
    last_pulled_at = models.DateTimeField(_("last pulled"), null=True)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    failures = models.PositiveIntegerField(default=0)
    problem_code = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        abstract = True
