from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.models import Claimable

if TYPE_CHECKING:
    from organisation.models import Unit


class ImitationSearch(Claimable):
    """That a network is looked through, as `account`, for accounts that bear a name of its unit. `begun_by` wanted it,
    and counts as who reported what it finds: somebody else confirms.

    `place` is where in the names the next look begins, `calls` how many it made on `calls_on`: what networks allow in a
    day is kept in the database. Of the last look `seen` are the accounts it was shown, `made` those it reported.
    """

    account = models.OneToOneField("accounts_registry.Account", models.CASCADE, related_name="imitation_search")
    begun_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(_("begun"), db_default=Now())
    next_at = models.DateTimeField(_("next look"), db_default=Now())
    looked_at = models.DateTimeField(_("last look"), null=True)
    problem = models.CharField(max_length=40, blank=True, default="")
    failures = models.PositiveSmallIntegerField(default=0)
    place = models.PositiveIntegerField(default=0)
    calls = models.PositiveSmallIntegerField(default=0)
    calls_on = models.DateField(null=True)
    seen = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("search for imitations")
        verbose_name_plural = _("searches for imitations")
        ordering = ["pk"]
        indexes = [models.Index(fields=["next_at"], name="imitation_search_due")]

    def __str__(self) -> str:
        return f"{_('Search for imitations')} {self.account_id}"

    @property
    def unit(self) -> Unit:
        return self.account.unit
