from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import network_sentence
from monitoring.enums import StreamKind
from monitoring.models.pulled import Pulled
from networks.catalogue import NETWORKS
from organisation.choices import known

# Where the registry's sentence speaks of something that was to be sent.
_OF_READING = {
    "unavailable": _("The network cannot be reached just now. Parvis tries again by itself."),
    "rate_limited": _("The network asks us to slow down. Parvis waits and tries again."),
    "quota_exhausted": _("What the network allows for this period is used up. Parvis reads on in the next one."),
    "outcome_unknown": _("The network did not answer. Parvis tries again by itself."),
    "not_applied": _("The network did not answer as expected. Parvis tries again by itself."),
}


class Stream(Pulled):
    """Where the pulling of one account's inbox, or of one watch, stands.

    `newest` is the high-water mark: everything older is stored or lies in one of the `gaps`. A gap is a mapping with
    `older` (where the walk towards the past continues; empty: from the top) and `since` (where it ends), newest first;
    one with `look` reads again what was read lately, for what the network told late.
    """

    kind = models.CharField(max_length=10, choices=StreamKind)
    account = models.ForeignKey("accounts_registry.Account", models.CASCADE, related_name="streams")
    watch = models.OneToOneField("monitoring.Watch", models.CASCADE, null=True, related_name="stream")
    gaps = models.JSONField(default=list)
    hinted_at = models.DateTimeField(null=True)  # the network itself told us last to look here

    class Meta:
        verbose_name = _("stream")
        verbose_name_plural = _("streams")
        ordering = ["account_id", "kind", "pk"]
        constraints = [
            known("kind", StreamKind),
            models.UniqueConstraint(fields=["account"], condition=Q(watch__isnull=True), name="one_inbox_stream"),
            models.CheckConstraint(
                condition=Q(kind=StreamKind.INBOX, watch__isnull=True) | Q(kind=StreamKind.WATCH, watch__isnull=False),
                name="stream_of_a_watch_names_it",
            ),
        ]
        indexes = [models.Index(fields=["next_pull_at"], name="stream_due")]

    def __str__(self) -> str:
        return str(self.watch) if self.watch is not None else str(self.account)

    @property
    def cadence(self) -> timedelta:
        """How often the network leaves room to read it."""
        can = NETWORKS[self.account.network].capabilities
        return timedelta(seconds=can.inbox_seconds if self.watch_id is None else can.search_seconds)

    @property
    def problem(self) -> str:
        """What is wrong, as a sentence that says what to do; empty when nothing is."""
        if not self.problem_code:
            return ""
        return str(_OF_READING.get(self.problem_code, "")) or network_sentence(self.problem_code)
