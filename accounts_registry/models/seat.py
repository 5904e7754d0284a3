from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CommitteeSeat(models.Model):
    """Somebody who sat on the committee when a dossier passed to it, in one round; never changed afterwards."""

    dossier = models.ForeignKey("accounts_registry.JustificationDossier", models.PROTECT, related_name="seats")
    round = models.PositiveSmallIntegerField()
    member = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("member"))
    is_chair = models.BooleanField(_("chair"), default=False)
    stands_aside = models.BooleanField(_("stands aside"), default=False)

    class Meta:
        verbose_name = _("seat on the committee")
        verbose_name_plural = _("seats on the committee")
        constraints = [models.UniqueConstraint(fields=["dossier", "round", "member"], name="one_seat_a_member")]

    def __str__(self) -> str:
        return str(self.member)
