from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from networks.types import Kind
from organisation.models import Unit


class MentionKind(models.TextChoices):
    """The port's kinds, with their words."""

    MENTION = Kind.MENTION.value, _("Mention")
    REPLY = Kind.REPLY.value, _("Reply")
    QUOTE = Kind.QUOTE.value, _("Quote")
    SEARCH_HIT = Kind.SEARCH_HIT.value, _("Found by a watch")


class Mention(models.Model):
    """One public message of a citizen, as the network showed it. Purged at `purge_after`.

    The same message stands once an account: two accounts that it names may belong to two units.
    """

    conversation = models.ForeignKey("monitoring.Conversation", models.CASCADE, related_name="mentions")
    account = models.ForeignKey("accounts_registry.Account", models.PROTECT, related_name="+")
    watch = models.ForeignKey(
        "monitoring.Watch", models.SET_NULL, null=True, related_name="mentions", verbose_name=_("watch")
    )
    remote_id = models.CharField(max_length=300)
    cid = models.CharField(max_length=200, blank=True, default="")
    url = models.URLField(_("public address"), max_length=500, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=20, choices=MentionKind)
    text = models.TextField(_("text"), blank=True)
    language = models.CharField(max_length=10, blank=True, default="")
    parent_id = models.CharField(max_length=300, blank=True, default="")
    root_id = models.CharField(max_length=300, blank=True, default="")
    root_url = models.CharField(max_length=500, blank=True, default="")
    root_cid = models.CharField(max_length=200, blank=True, default="")
    sent_at = models.DateTimeField(_("written"))
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    edited_at = models.DateTimeField(_("change seen"), null=True)
    gone_at = models.DateTimeField(_("found deleted"), null=True)
    check_at = models.DateTimeField(null=True)
    purge_after = models.DateField(_("kept until"))

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "remote_id"], name="one_mention_an_account"),
            models.CheckConstraint(
                condition=models.Q(gone_at__isnull=True) | models.Q(text=""), name="gone_mention_keeps_no_text"
            ),
        ]
        indexes = [
            models.Index(fields=["purge_after"], name="mention_purge"),
            models.Index(
                fields=["account", "check_at"], condition=models.Q(gone_at__isnull=True), name="mention_check"
            ),
            models.Index(fields=["conversation", "sent_at"], name="mention_thread"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def unit(self) -> Unit:
        return self.conversation.unit
