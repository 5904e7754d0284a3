from __future__ import annotations

import uuid
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.choices import known
from organisation.enums import Language
from organisation.models import Claimable


class WebhookTarget(models.Model):
    """An address that is called with what stands in a unit and below it: a chat, a pager, a control room.

    `kinds` names the notices that it is called with; empty: all, where no `events` are chosen. The secret with which
    calls are signed is derived from the master key `key_id` and `salt` (notices/signing.py), and stands nowhere.
    """

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    address = models.CharField(_("address"), max_length=500)
    kinds = ArrayField(models.CharField(max_length=40), verbose_name=_("what"), default=list, blank=True)
    # What happens to accounts, posts, conversations, crises (`kinds.happenings`); told up to this place of the trail.
    events = ArrayField(models.CharField(max_length=40), verbose_name=_("what happens"), db_default=[], blank=True)
    heard_to = models.BigIntegerField(db_default=0, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    key_id = models.CharField(max_length=40)
    salt = models.UUIDField(default=uuid.uuid4, editable=False)
    made_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("set by"))
    made_at = models.DateTimeField(_("set at"), db_default=Now())
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            known("language", Language),
            models.UniqueConstraint(
                fields=["unit", "address"], condition=Q(ended_at__isnull=True), name="one_webhook_per_unit_and_address"
            ),
        ]

    # How the latest call went, where `queries.visible_targets` brought it to hand.
    failure: str | None = None

    def __str__(self) -> str:
        """The host and the end: whoever has the whole of a chat's address writes into that chat."""
        host, end = urlsplit(self.address).hostname or "", self.address[-4:]
        return f"{host}/…{end}"

    @property
    def failure_told(self) -> str:
        """What went wrong with it, in the reader's language; empty where nothing did."""
        return failure_sentence(self.failure or "")


def failure_sentence(failure: str) -> str:
    """What went wrong with a call, in the reader's language; empty where nothing did."""
    if not failure:
        return ""
    if failure.startswith("unexpected"):
        return f"{_('Parvis itself failed; its log says why.')} ({failure})"
    refused = failure.startswith("egress_refused")
    said = _("Parvis may not call this address.") if refused else _("It cannot be reached, or takes no calls.")
    return f"{said} ({failure})"


class WebhookCall(Claimable):
    """One notice, or one event of the trail, told to one address: at least once, each time under the same id.

    `told` is all that is said of an event: verb, noun, key, unit, moment; of a trial call, that it is one.
    """

    target = models.ForeignKey(WebhookTarget, models.CASCADE, related_name="calls", verbose_name=_("webhook"))
    notice = models.ForeignKey("notices.Notice", models.CASCADE, null=True, related_name="+", verbose_name=_("notice"))
    event = models.BigIntegerField(null=True, editable=False)
    told = models.JSONField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    next_at = models.DateTimeField(_("next try"), db_default=Now())
    failures = models.PositiveIntegerField(_("failed tries"), default=0)
    failure = models.CharField(_("what went wrong"), max_length=100, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    was_taken = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("webhook call")
        verbose_name_plural = _("webhook calls")
        constraints = [
            models.UniqueConstraint(fields=["target", "notice"], name="one_call_a_notice"),
            models.UniqueConstraint(fields=["target", "event"], name="one_call_an_event"),
            models.CheckConstraint(
                condition=Q(notice__isnull=True, told__isnull=False) | Q(notice__isnull=False, told__isnull=True),
                name="call_tells_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["next_at", "id"], condition=Q(ended_at__isnull=True), name="webhook_call_due")]

    def __str__(self) -> str:
        return f"{self.target_id}: {self.notice_id or self.event}"

    @property
    def is_test(self) -> bool:
        return self.told is not None and self.event is None

    @property
    def what(self) -> str:
        """In a reader's words: the kind of notice, or what happened."""
        if self.is_test:
            return str(_("A trial call"))
        if self.told is not None:
            return f"{self.told['event']}, {self.told['noun']} {self.told['key']}"
        kind = self.notice.as_kind if self.notice else None
        return str(kind.label) if kind else str(_("A notice"))

    @property
    def failure_told(self) -> str:
        return failure_sentence(self.failure)
