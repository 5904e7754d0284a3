from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import network_sentence
from delivery.content import as_draft, content_hash
from delivery.enums import (
    INCOMPLETE,
    INCOMPLETE_LABEL,
    LACKING,
    LIVE,
    PAUSES,
    DeliveryState,
    Outcome,
    Trouble,
)
from delivery.origins import KEY, kind_choices
from delivery.witness import Counted
from networks.composition import Composed, compose
from networks.types import Part
from organisation.choices import known
from organisation.enums import Language
from organisation.models import Claimable


def new_key() -> str:
    """The identity of one send for a network: 32 characters of [0-9a-f]."""
    return uuid.uuid4().hex


class Delivery(Claimable):
    """One message to one account: what exactly is sent, when, and what became of it. The due row is the queue.

    `epoch` counts the claims: only the claim that holds the current one may write a result, and only until
    `lease_until`. `first_attempt_at` is frozen with `key`, so that a repeated call describes the same record.
    `not_before` is when the next act of the machinery may come: the next try while due, the next look while unknown.
    `unit` is where it is decided over the delivery: the account's, unless its kind says otherwise; `message_unit` the
    unit in whose name it speaks, which may be another: a freeze over either stops it. Only what was scheduled before
    the column came has none. `is_reply`: it never goes out but under the message that it answers.
    `likeness` is the same for all that say the same on its account (`delivery.content`); empty for a reply, since many
    who ask the same are answered the same, and for what was scheduled long before the column came.
    `lacks` is what it is out without, a list of `part` and `language` as in `networks.types.Lack`, until somebody says
    that it is there.
    """

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    message_unit = models.ForeignKey("organisation.Unit", models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(
        "accounts_registry.Account", models.PROTECT, related_name="deliveries", verbose_name=_("account")
    )
    origin_kind = models.CharField(max_length=20, choices=kind_choices)
    origin_id = models.BigIntegerField()
    is_reply = models.BooleanField(default=False, db_default=False)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    likeness = models.CharField(max_length=64, blank=True, default="", db_default="")
    state = models.CharField(_("state"), max_length=12, choices=DeliveryState, default=DeliveryState.DUE)
    due_at = models.DateTimeField(_("due"))
    not_before = models.DateTimeField(null=True)
    scheduled_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, related_name="+", verbose_name=_("scheduled by")
    )
    created_at = models.DateTimeField(db_default=Now())

    key = models.CharField(max_length=64, unique=True, default=new_key)
    first_attempt_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    unknown_at = models.DateTimeField(_("uncertain since"), null=True)
    problem_code = models.CharField(max_length=30, blank=True, default="")
    problem_detail = models.CharField(max_length=500, blank=True, default="")

    # What the witness is to show before the network is called: set by the claim, for who holds the row.
    counted: Counted | None = None
    # What somebody says it is meant to be said beside: set by who puts it in line.
    beside: Sequence[str] = ()

    remote_id = models.CharField(max_length=300, blank=True, default="")
    remote_url = models.URLField(max_length=500, blank=True, default="")
    remote_cid = models.CharField(max_length=120, blank=True, default="")
    published_at = models.DateTimeField(_("published"), null=True)
    lacks = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.CheckConstraint(condition=Q(origin_kind__regex=KEY), name="delivery_origin_kind_is_a_key"),
            known("state", DeliveryState),
            models.UniqueConstraint(
                fields=["account", "remote_id"], condition=~Q(remote_id=""), name="one_delivery_per_remote_message"
            ),
            models.UniqueConstraint(
                fields=["origin_kind", "origin_id"], condition=Q(state__in=LIVE), name="one_live_delivery_per_origin"
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.PUBLISHED) | (~Q(remote_id="") & Q(published_at__isnull=False)),
                name="published_delivery_names_its_message",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENDING) | (Q(lease_until__isnull=False) & Q(epoch__gt=0)),
                name="sending_delivery_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(is_reply=True, state__in=(DeliveryState.DUE, DeliveryState.SENDING))
                | Q(content__reply_to__id__isnull=False),
                name="reply_knows_its_parent",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state=DeliveryState.DUE), name="delivery_due"),
            models.Index(fields=["lease_until"], condition=Q(state=DeliveryState.SENDING), name="delivery_sending"),
            models.Index(fields=["not_before"], condition=Q(state=DeliveryState.UNKNOWN), name="delivery_unknown"),
            models.Index(
                fields=["account", "not_before"],
                condition=Q(state=DeliveryState.DUE, problem_code__in=PAUSES),
                name="delivery_paused_account",
            ),
            models.Index(fields=["unit"], condition=~Q(lacks=[]), name="delivery_incomplete"),
            models.Index(fields=["account", "likeness", "due_at"], condition=~Q(likeness=""), name="delivery_alike"),
            models.Index(fields=["origin_kind", "origin_id"], name="delivery_by_origin"),
            models.Index(fields=["unit", "state", "-due_at"], name="delivery_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.get_origin_kind_display()} {self.origin_id} · {self.stand_label}"

    def get_absolute_url(self) -> str:
        return reverse("delivery:delivery_detail", args=[self.pk])

    @property
    def knows_its_parent(self) -> bool:
        """False for a reply that has lost what it answers: it would appear as a message of our own."""
        parent = self.content.get("reply_to") or {}
        return not self.is_reply or bool(parent.get("id"))

    @property
    def is_as_approved(self) -> bool:
        """True while the content, hashed anew, bears the hash under which it was approved; else it is never sent."""
        return self.knows_its_parent and content_hash(self.content) == self.content_hash

    @property
    def was_given_up(self) -> bool:
        """True where it was ended while nobody knew whether it is on the network."""
        return self.state == DeliveryState.CANCELLED and self.unknown_at is not None

    @property
    def sent(self) -> Composed:
        """Its text and card as the network gets them."""
        return compose(as_draft(self.content), self.account.network)

    @property
    def text(self) -> str:
        return str(self.content.get("text", ""))

    @property
    def stand(self) -> str:
        """Its state, or `INCOMPLETE` where it is out without something that belongs to it."""
        return INCOMPLETE if self.lacks else str(self.state)

    @property
    def stand_label(self) -> str:
        return str(INCOMPLETE_LABEL) if self.lacks else self.get_state_display()

    @property
    def problem(self) -> str:
        """What went wrong, as a sentence in the reader's language; empty where nothing did."""
        if self.lacks:
            return self._lacking()
        if self.problem_code in Trouble.values:
            return str(Trouble(self.problem_code).label)
        return network_sentence(self.problem_code)

    def _lacking(self) -> str:
        names = dict(Language.choices)
        languages = {part: [one["language"] for one in self.lacks if one["part"] == part] for part in Part}
        told = {
            part: ", ".join(str(names.get(one, one)) for one in found) for part, found in languages.items() if found
        }
        return " ".join(str(LACKING[part]) % {"languages": found} for part, found in told.items())


class Attempt(models.Model):
    """One try to send, written before the network is called. Without an outcome its worker is calling, or died."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    epoch = models.PositiveIntegerField()
    started_at = models.DateTimeField(_("began"), db_default=Now())
    finished_at = models.DateTimeField(_("ended"), null=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True, default="")
    detail = models.CharField(max_length=500, blank=True, default="")
    # What it is counted as in the month's spending, in millionths of a US dollar.
    cost = models.BigIntegerField(default=0, db_default=0)
    # Which of all claims of this database it is, as the witness counts them.
    claim = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-epoch"]
        constraints = [
            known("outcome", Outcome, blank=True),
            models.UniqueConstraint(fields=["delivery", "epoch"], name="one_attempt_per_epoch"),
            models.UniqueConstraint(fields=["claim"], name="one_attempt_a_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}/{self.epoch} {self.outcome}"
