from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.enums import OPEN_STATES, Category, ConversationState
from monitoring.models.item import for_few, is_untold
from organisation.choices import known, label_of
from organisation.enums import Language


class Conversation(models.Model):
    """What one citizen says to one account in one thread.

    Two citizens under the same post are two conversations: each is owed an answer of their own. Of the citizen only
    the public name and handle are kept, and the network's id that tells two messages of one citizen from two citizens'.
    `clock_started_at` is when the citizen wrote what is still unanswered, by the network's clock.
    """

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="conversations", verbose_name=_("unit"))
    account = models.ForeignKey(
        "accounts_registry.Account",
        models.PROTECT,
        related_name="conversations",
        verbose_name=_("account"),
        db_index=False,
    )
    root_id = models.CharField(max_length=300)
    author_id = models.CharField(max_length=300, blank=True)
    author_handle = models.CharField(max_length=200, blank=True, default="")
    author_name = models.CharField(max_length=200, blank=True, default="")
    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True, default="")
    state = models.CharField(_("state"), max_length=20, choices=ConversationState, default=ConversationState.NEW)
    category = models.CharField(_("category"), max_length=20, choices=Category, blank=True, default="")
    assigned_to = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("assigned to")
    )
    clock_started_at = models.DateTimeField(_("written"))
    deadline = models.DateTimeField(_("answer before"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    last_mention_at = models.DateTimeField(_("last message"))
    received_at = models.DateTimeField(_("received"), db_default=Now())
    mentions = models.ManyToManyField(
        "monitoring.Mention", through="conversations.InboundMessage", related_name="conversations"
    )
    purged_at = models.DateTimeField(null=True)
    get_state_display = label_of("state", ConversationState)
    get_category_display = label_of("category", Category)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-last_mention_at", "-pk"]
        constraints = [
            known("language", Language, blank=True),
            known("state", ConversationState),
            known("category", Category, blank=True),
            models.UniqueConstraint(
                fields=["account", "root_id", "author_id"],
                condition=Q(purged_at__isnull=True),
                name="one_conversation_a_citizen_and_thread",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConversationState.ASSIGNED) | Q(assigned_to__isnull=False),
                name="assigned_conversation_has_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConversationState.ANSWERED) | Q(answered_at__isnull=False),
                name="answered_conversation_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-last_mention_at", "-id"], name="conversation_inbox"),
            models.Index(
                fields=["unit", "-last_mention_at", "-id"], condition=Q(state__in=OPEN_STATES), name="conversation_open"
            ),
            models.Index(fields=["unit", "state", "-last_mention_at", "-id"], name="conversation_by_state"),
            models.Index(fields=["unit", "category", "-last_mention_at", "-id"], name="conversation_by_category"),
            models.Index(fields=["unit", "deadline"], condition=Q(state__in=OPEN_STATES), name="conversation_overdue"),
            models.Index(fields=["account", "unit"], name="conversation_units"),
            models.Index(
                fields=["assigned_to", "deadline"], condition=Q(state__in=OPEN_STATES), name="conversation_of_person"
            ),
        ]

    def __str__(self) -> str:
        """Never the citizen's name: this is what logs and the audit trail may show."""
        return f"{_('Conversation')} {self.pk}"

    @property
    def author(self) -> str:
        """The public name, else the handle; a sentence when both are gone, or were never told."""
        known = self.author_name or (f"@{self.author_handle}" if self.author_handle else "")
        return known or str(_("Unknown author") if is_untold(self.author_id) else _("Erased author"))

    @property
    def for_few(self) -> str:
        """Who sees the latest message, in words, where that is not everybody; of a row of the inbox alone."""
        return for_few(getattr(self, "latest_audience", None) or "", self.account.network) if self.has_latest else ""

    @property
    def has_latest(self) -> bool:
        """Whether the row came with what its latest message says, and that message still stands."""
        return getattr(self, "latest_audience", None) is not None and getattr(self, "gone_at", None) is None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_late(self) -> bool:
        """The deadline passed without an answer, or the answer came after it."""
        return self.deadline is not None and (self.answered_at or self._stopped_at) > self.deadline

    @property
    def _stopped_at(self) -> datetime:
        return timezone.now() if self.is_open else (self.deadline or timezone.now())
