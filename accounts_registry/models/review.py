"""What the life of an account leaves behind: its reviews, its handovers, and how it was to end."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AccountReview(models.Model):
    """Somebody looked at whether an account still makes sense, and it goes on until `next_on`; never changed after."""

    account = models.ForeignKey("accounts_registry.Account", models.PROTECT, related_name="reviews")
    evaluation = models.TextField(_("what worked, and what did not"))
    figures = models.TextField(_("figures"), blank=True, default="")
    next_on = models.DateField(_("next review"))
    reviewed_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed"), db_default=Now())

    class Meta:
        verbose_name = _("account review")
        verbose_name_plural = _("account reviews")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~models.Q(evaluation=""), name="review_says_something")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.next_on}"


class Handover(models.Model):
    """An account came into other hands. `taken_at` is when one of those who are new said that they answer for it."""

    account = models.ForeignKey("accounts_registry.Account", models.PROTECT, related_name="handovers")
    owner_before = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    backup_before = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    owner = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("owner"))
    backup_holder = models.ForeignKey(
        "organisation.Person", models.PROTECT, related_name="+", verbose_name=_("backup holder")
    )
    reason = models.TextField(_("reason"))
    made_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), db_default=Now())
    taken_at = models.DateTimeField(_("taken over"), null=True, blank=True)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.made_at:%Y-%m-%d}"

    @property
    def newcomers(self) -> set[int]:
        """Who holds it since, and did not before."""
        return {self.owner_id, self.backup_holder_id} - {self.owner_before_id, self.backup_before_id}


class ExitPlan(models.Model):
    """What happens to the people, the words and the name of an account that is closed."""

    account = models.OneToOneField("accounts_registry.Account", models.PROTECT, related_name="exit_plan")
    followers = models.TextField(_("what happens to its followers"))
    archive = models.TextField(_("where what it said is kept"))
    name = models.TextField(_("what happens to its name"))
    made_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), db_default=Now())

    class Meta:
        verbose_name = _("exit plan")
        verbose_name_plural = _("exit plans")

    def __str__(self) -> str:
        return str(self.account)
