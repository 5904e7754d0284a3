from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from approvals.enums import Outcome, RequestState, VoidReason
from organisation.choices import known

STANDING = (RequestState.OPEN, RequestState.CLEARED)


class Request(models.Model):
    """The exact content of a subject that was put before approvers: one row each time it is submitted.

    `content` is what they read, in the subject's own shape; `remark` is what a no said. Without a `route` one person of
    the unit approves; else `asked` is the step that waits, and the last one once it is cleared.
    """

    kind = models.CharField(_("kind"), max_length=30)
    subject_id = models.BigIntegerField()
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    state = models.CharField(_("state"), max_length=20, choices=RequestState, default=RequestState.OPEN)
    route = models.ForeignKey(
        "approvals.Route", models.PROTECT, null=True, related_name="+", verbose_name=_("route of approval")
    )
    asked = models.ForeignKey(
        "approvals.Step", models.PROTECT, null=True, related_name="+", verbose_name=_("step that waits")
    )
    by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("submitted by"))
    at = models.DateTimeField(_("submitted at"), db_default=Now())
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    remark = models.TextField(_("what to change"), blank=True)

    class Meta:
        verbose_name = _("request for approval")
        verbose_name_plural = _("requests for approval")
        ordering = ["-id"]
        constraints = [
            known("state", RequestState),
            models.CheckConstraint(
                condition=models.Q(route__isnull=True, asked__isnull=True)
                | models.Q(route__isnull=False, asked__isnull=False),
                name="request_on_a_route_has_its_step",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_id", "content_hash"],
                condition=models.Q(state__in=STANDING),
                name="one_standing_request_per_content",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "subject_id", "-id"], name="request_of_subject"),
            models.Index(fields=["unit", "kind"], condition=models.Q(state=RequestState.OPEN), name="request_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.content_hash[:12]}"


class Decision(models.Model):
    """Somebody's word about one request, at one step of it. What no longer counts is void, and stays for the record.

    `planned_for` is the time that its giver knows: where the subject has another one by now, they are told.
    """

    request = models.ForeignKey(
        Request, models.CASCADE, related_name="decisions", verbose_name=_("request for approval")
    )
    step = models.ForeignKey(
        "approvals.Step", models.PROTECT, null=True, related_name="+", verbose_name=_("step of approval")
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("decided by"))
    at = models.DateTimeField(_("decided at"), db_default=Now())
    planned_for = models.DateTimeField(_("planned for, as the approver knows"), null=True)
    void_at = models.DateTimeField(_("void since"), null=True)
    void_reason = models.CharField(_("why it is void"), max_length=20, choices=VoidReason, blank=True)

    class Meta:
        verbose_name = _("decision on approval")
        verbose_name_plural = _("decisions on approval")
        ordering = ["-id"]
        constraints = [
            # A committee's decision has an outcome too, and constraints share one room of names.
            models.CheckConstraint(
                condition=models.Q(outcome__in=Outcome.values), name="approval_decision_outcome_is_known"
            ),
            known("void_reason", VoidReason, blank=True),
            # Stronger than one a step: whoever took a step takes no other of the same request.
            models.UniqueConstraint(
                fields=["request", "by"], condition=models.Q(void_at__isnull=True), name="one_decision_per_person"
            ),
        ]
        indexes = [
            models.Index(
                fields=["by", "-id"],
                condition=models.Q(void_at__isnull=True, outcome=Outcome.APPROVED),
                name="decision_of_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.outcome}"

    @property
    def content_hash(self) -> str:
        """What it was about."""
        return self.request.content_hash
