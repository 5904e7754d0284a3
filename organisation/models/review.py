from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisation.access_review import LineState, ReviewState
from organisation.choices import known
from organisation.models.claimable import Claimable
from organisation.models.person import Person
from organisation.models.unit import Unit


class AccessReview(Claimable):
    """Every role held in a unit and below when it was started, each to be confirmed by `due_at`; what nobody confirms
    lapses then. Grants given later are none of its business."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    state = models.CharField(_("state"), max_length=20, choices=ReviewState, default=ReviewState.RUNNING)
    reason = models.CharField(_("reason"), max_length=500)
    started_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("by"))
    started_at = models.DateTimeField(_("since"), db_default=Now())
    due_at = models.DateTimeField(_("due"))

    class Meta:
        verbose_name = _("access review")
        verbose_name_plural = _("access reviews")
        constraints = [
            known("state", ReviewState),
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(state="running"), name="one_running_review_a_unit"
            ),
            models.CheckConstraint(
                condition=models.Q(due_at__gt=models.F("started_at")), name="review_is_due_after_it_began"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="running"), name="review_due"),
            models.Index(fields=["-started_at", "-id"], name="review_list"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.started_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("organisation:review_detail", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.state == ReviewState.RUNNING


class ReviewLine(models.Model):
    """One grant in an access review, and who said what of it."""

    review = models.ForeignKey(AccessReview, models.PROTECT, related_name="lines", verbose_name=_("access review"))
    grant = models.ForeignKey("organisation.Grant", models.PROTECT, related_name="+", verbose_name=_("grant"))
    state = models.CharField(_("state"), max_length=20, choices=LineState, default=LineState.OPEN)
    answered_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True)
    reason = models.CharField(_("reason"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("line of an access review")
        verbose_name_plural = _("lines of access reviews")
        constraints = [
            known("state", LineState),
            models.UniqueConstraint(fields=["review", "grant"], name="one_line_a_grant"),
            models.CheckConstraint(
                condition=~models.Q(state="struck") | ~models.Q(reason=""), name="struck_line_says_why"
            ),
        ]
        indexes = [models.Index(fields=["review", "state", "id"], name="review_lines")]

    def __str__(self) -> str:
        return str(self.grant)

    @property
    def unit(self) -> Unit:
        """Where the role is held."""
        return self.grant.unit

    @property
    def person(self) -> Person:
        """Whose role it is."""
        return self.grant.person

    @property
    def is_open(self) -> bool:
        return self.state == LineState.OPEN and self.review.is_running
