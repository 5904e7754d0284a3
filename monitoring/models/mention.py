from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from networks.catalogue import NETWORKS
from networks.types import Audience, Kind
from organisation.choices import known
from organisation.models import Unit


class MentionKind(models.TextChoices):
    """The port's kinds, with their words."""

    MENTION = Kind.MENTION.value, _("Mention")
    REPLY = Kind.REPLY.value, _("Reply")
    QUOTE = Kind.QUOTE.value, _("Quote")
    SEARCH_HIT = Kind.SEARCH_HIT.value, _("Found by a watch")


class MentionAudience(models.TextChoices):
    """The port's audiences, with their words; nothing where nobody could say who sees a message."""

    PUBLIC = Audience.PUBLIC.value, _("Public")
    UNLISTED = Audience.UNLISTED.value, _("Public, in no list")
    FOLLOWERS = Audience.FOLLOWERS.value, _("For the author’s followers")
    DIRECT = Audience.DIRECT.value, _("For the people named")


def for_few(audience: str, network: str) -> str:
    """Who sees a message, in words; empty where everybody does."""
    if audience:
        return "" if audience == MentionAudience.PUBLIC else str(MentionAudience(audience).label)
    known = NETWORKS.get(network)
    narrows = known is not None and len(known.capabilities.audiences) > 1
    return str(_("Nobody knows yet who sees this")) if narrows else ""


class Mention(models.Model):
    """One message of a citizen, as the network showed it to our account. Purged at `purge_after`.

    The same message stands once an account: two accounts that it names may belong to two units. `audience` is who sees
    it; an answer is for no more people than that. `attachments` are mappings with `kind`, `url` and `alt`, `choices`
    what a poll lets people choose from; `filtered` that the network kept it out of the account's ordinary list.
    """

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
    # With defaults of the database's own: an older release goes on storing while the new one starts.
    audience = models.CharField(
        _("who sees it"), max_length=20, choices=MentionAudience, blank=True, default="", db_default=""
    )
    warning = models.TextField(_("content warning"), blank=True, default="", db_default="")
    attachments = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    choices = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    filtered = models.BooleanField(default=False, db_default=False)
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
            known("kind", MentionKind),
            known("audience", MentionAudience, blank=True),
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
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def for_few(self) -> str:
        return for_few(self.audience, self.account.network)

    @property
    def seen_by(self) -> Audience | None:
        """Who sees it on the network; None where that was never told."""
        return Audience(self.audience) if self.audience else None

    @property
    def unit(self) -> Unit:
        return self.account.unit
