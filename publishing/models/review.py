from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.choices import known


class Submission(models.Model):
    """The exact content that was put before an approver: one row each time a post is submitted.

    `content` maps "account id:language" to what the variant would send; `remark` is what the reviewer answered.
    """

    post = models.ForeignKey("publishing.Post", models.CASCADE, related_name="submissions")
    by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("submitted by"))
    at = models.DateTimeField(_("submitted at"), db_default=Now())
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    remark = models.TextField(_("what to change"), blank=True)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.post_id} {self.content_hash[:12]}"


class VoidReason(models.TextChoices):
    EDITED = "edited", _("The content was edited afterwards.")
    WITHDRAWN = "withdrawn", _("The post was withdrawn.")
    APPROVER_LEFT = "approver_left", _("Whoever approved it may no longer approve.")
    MOVED = "moved", _("The planned time was moved by somebody who may not schedule.")


class Approval(models.Model):
    """Somebody's yes to exactly one content. A later edit voids it; it stays for the record.

    `planned_for` is the time that its giver knows: where the post has another one by now, they are told.
    """

    post = models.ForeignKey("publishing.Post", models.CASCADE, related_name="approvals")
    by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("approved by"))
    at = models.DateTimeField(_("approved at"), db_default=Now())
    content_hash = models.CharField(max_length=64)
    planned_for = models.DateTimeField(_("planned for, as the approver knows"), null=True)
    void_at = models.DateTimeField(_("void since"), null=True)
    void_reason = models.CharField(_("why it is void"), max_length=20, choices=VoidReason, blank=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["-id"]
        constraints = [
            known("void_reason", VoidReason, blank=True),
            models.UniqueConstraint(
                fields=["post"], condition=models.Q(void_at__isnull=True), name="one_valid_approval_per_post"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.content_hash[:12]}"
