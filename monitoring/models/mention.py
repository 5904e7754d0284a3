from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from monitoring.models.item import for_few
from networks.catalogue import network
from networks.types import Audience, Kind
from organisation.choices import known, label_of
from organisation.models import Unit


class MentionKind(models.TextChoices):
    """The port's kinds, with their words."""

    MENTION = Kind.MENTION.value, _("Mention")
    REPLY = Kind.REPLY.value, _("Reply")
    QUOTE = Kind.QUOTE.value, _("Quote")
    SEARCH_HIT = Kind.SEARCH_HIT.value, _("Found by a watch")


class Mention(models.Model):
    """That an account of ours heard a message of a citizen, by itself or through a watch. Purged at `purge_after`.

    The message is its `item`, which others may have heard too: they may belong to another unit, which keeps it for a
    time of its own. `kind` is what it is to this account, `filtered` that the network kept it out of the account's
    ordinary list, `gone_at` when this account found that it no longer stands there,
    `returned_at` when it last stood there again. `sent_at` is the item's own.
    """

    item = models.ForeignKey("monitoring.Item", models.PROTECT, related_name="mentions")
    account = models.ForeignKey("accounts_registry.Account", models.PROTECT, related_name="+", db_index=False)
    watch = models.ForeignKey(
        "monitoring.Watch", models.SET_NULL, null=True, related_name="mentions", verbose_name=_("watch")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=MentionKind)
    get_kind_display = label_of("kind", MentionKind)
    filtered = models.BooleanField(default=False, db_default=False)
    sent_at = models.DateTimeField(_("written"))
    received_at = models.DateTimeField(_("received"), db_default=Now())
    gone_at = models.DateTimeField(_("found deleted"), null=True)
    returned_at = models.DateTimeField(null=True, editable=False)
    check_at = models.DateTimeField(null=True)
    purge_after = models.DateField(_("kept until"))

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["sent_at", "pk"]
        constraints = [
            known("kind", MentionKind),
            models.UniqueConstraint(fields=["item", "account"], name="one_mention_an_account"),
        ]
        indexes = [
            models.Index(fields=["purge_after"], name="mention_purge"),
            models.Index(fields=["account", "-sent_at", "-id"], name="mention_newest"),
            models.Index(
                fields=["account", "check_at"], condition=models.Q(gone_at__isnull=True), name="mention_check"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def text(self) -> str:
        """What it says to this account: nothing once it is gone, whoever else may still see it."""
        return "" if self.gone_at else self.item.text

    @property
    def warning(self) -> str:
        return "" if self.gone_at else self.item.warning

    @property
    def attachments(self) -> list[dict[str, Any]]:
        return [] if self.gone_at else list(self.item.attachments)

    @property
    def choices(self) -> list[str]:
        return [] if self.gone_at else list(self.item.choices)

    @property
    def votes(self) -> list[int | None]:
        """For each of the `choices`, as far as the network tells."""
        told = [] if self.gone_at else list(self.item.votes)
        return told if len(told) == len(self.choices) else []

    @property
    def for_few(self) -> str:
        return for_few(self.item.audience, self.account.network)

    @property
    def looked_at(self) -> datetime | None:
        """When it was last seen on the network as it stands here, the moment it was heard included; None where it is
        gone, or where somebody is to look at it now."""
        if self.check_at is None or self.check_at <= timezone.now():
            return None
        every = timedelta(days=network(self.account.network).capabilities.recheck_days)
        return max(self.received_at, self.check_at - every)

    @property
    def seen_by(self) -> Audience | None:
        return self.item.seen_by

    @property
    def unit(self) -> Unit:
        return self.account.unit
