from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.spending import Spent
from organisation.choices import known


class Budget(models.Model):
    """What an account may spend in a month on a network that charges for its calls, in millionths of a US dollar.

    Posts and reading stop when only `kept_for_answers` is left; answers go on until `limit`. Without a budget nothing
    is read or sent that costs. Its row is the lock under which spending is counted.

    `owns_app`: the account manager has said that this very account owns the app with which Parvis reads there; some
    networks take less for what is theirs. Until somebody says so, the dearer price counts.
    """

    account = models.OneToOneField("accounts_registry.Account", models.CASCADE, related_name="budget")
    limit = models.BigIntegerField(_("most in a month"))
    kept_for_answers = models.BigIntegerField(_("kept for answers"))
    owns_app = models.BooleanField(_("the account owns the app"), default=False, db_default=False)
    set_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set"), db_default=Now())

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints = [
            models.CheckConstraint(
                condition=Q(limit__gte=0, kept_for_answers__gte=0, kept_for_answers__lte=F("limit")),
                name="budget_keeps_no_more_than_it_has",
            )
        ]

    def __str__(self) -> str:
        return str(self.account)


class Spending(models.Model):
    """What an account has spent on one thing in one month of its unit's own calendar."""

    account = models.ForeignKey("accounts_registry.Account", models.CASCADE, related_name="spendings")
    month = models.DateField(_("month"))  # its first day
    what = models.CharField(_("on what"), max_length=10, choices=Spent)
    amount = models.BigIntegerField(_("amount"), default=0)
    count = models.PositiveIntegerField(_("how many"), default=0)

    class Meta:
        verbose_name = _("spending")
        verbose_name_plural = _("spendings")
        ordering = ["-month", "what"]
        constraints = [
            known("what", Spent),
            models.UniqueConstraint(fields=["account", "month", "what"], name="one_spending_a_month_and_thing"),
            models.CheckConstraint(condition=Q(month__day=1), name="spending_stands_on_the_first_of_its_month"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.month:%Y-%m} {self.what}"
