from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.figure import Measure
from organisation.choices import known, label_of


class AccountFigure(models.Model):
    """How many there were of what `measure` counts, on one day, and from where somebody knows it."""

    account = models.ForeignKey("accounts_registry.Account", models.CASCADE, related_name="figures")
    measure = models.CharField(_("what is counted"), max_length=20, choices=Measure)
    value = models.PositiveBigIntegerField(_("how many"))
    on = models.DateField(_("day"))
    source = models.CharField(_("source"), max_length=200)
    noted_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(db_default=Now())

    get_measure_display = label_of("measure", Measure)

    class Meta:
        verbose_name = _("figure of an account")
        verbose_name_plural = _("figures of accounts")
        constraints = [
            known("measure", Measure),
            models.UniqueConstraint("account", "measure", "on", name="one_figure_a_day"),
            models.CheckConstraint(condition=~models.Q(source=""), name="figure_says_from_where"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.value} {self.measure}, {self.on}"
