"""What the life of an account leaves behind: its reviews, its handovers, and how it was to end."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.closing import ExitStep
from organisation.choices import known


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
    """What happens to the people, the words and the name of an account that closes. One that was closed before there
    was a time of closing has neither steps nor a beginning."""

    account = models.OneToOneField("accounts_registry.Account", models.PROTECT, related_name="exit_plan")
    followers = models.TextField(_("what happens to its followers"))
    archive = models.TextField(_("where what it said is kept"))
    name = models.TextField(_("what happens to its name"))
    # Of a merger: the account that goes on with its work, and what happens to addresses that led to this one.
    successor = models.ForeignKey(
        "accounts_registry.Account",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("goes on as"),
    )
    links = models.TextField(_("what happens to links that lead to it"), blank=True, default="", db_default="")
    # The request that the committee approved; none where its manager closes it.
    request = models.ForeignKey(
        "accounts_registry.JustificationDossier", models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), db_default=Now())

    class Meta:
        verbose_name = _("exit plan")
        verbose_name_plural = _("exit plans")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(successor__isnull=True) | ~models.Q(successor=models.F("account")),
                name="exit_plan_leads_elsewhere",
            ),
        ]

    def __str__(self) -> str:
        return str(self.account)


class ExitStepDone(models.Model):
    """A step of an exit plan that somebody saw done. Whoever finds that it is not takes it back."""

    plan = models.ForeignKey(ExitPlan, models.CASCADE, related_name="done")
    step = models.CharField(_("step"), max_length=20, choices=ExitStep)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    done_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("done by"))
    done_at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("step of an exit plan")
        verbose_name_plural = _("steps of exit plans")
        constraints = [
            known("step", ExitStep),
            models.UniqueConstraint(fields=["plan", "step"], name="exit_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.step}"
