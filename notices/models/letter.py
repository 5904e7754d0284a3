from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.models import Claimable, Unit


class Letter(Claimable):
    """One mail to one person, with all that was due for them. What it says is put together as it leaves.

    `begun_at` is written before the mail server is asked: a letter that was begun and never ended may have arrived, is
    sent once more and says so. It ends as sent, given up after `failures`, or dropped since nothing was left to say.
    """

    person = models.ForeignKey("organisation.Person", models.CASCADE, related_name="+", verbose_name=_("person"))
    created_at = models.DateTimeField(_("written"), db_default=Now())
    next_at = models.DateTimeField(_("next try"), db_default=Now())
    begun_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(_("failed tries"), default=0)
    failure = models.CharField(_("what went wrong"), max_length=100, blank=True, default="")
    sent_at = models.DateTimeField(_("sent"), null=True)
    given_up_at = models.DateTimeField(_("given up"), null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True)
                | Q(sent_at__isnull=True, dropped_at__isnull=True)
                | Q(given_up_at__isnull=True, dropped_at__isnull=True),
                name="letter_ends_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True, dropped_at__isnull=True),
                name="letter_due",
            ),
            models.Index(fields=["person", "-created_at"], name="letter_of_person"),
            models.Index(
                fields=["created_at"], condition=Q(failures__gt=0, sent_at__isnull=True), name="letter_failing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def failure_told(self) -> str:
        """What went wrong with the latest try, in the reader's language, with the technical name."""
        if self.failure.startswith("unexpected"):
            return f"{_('Parvis itself failed; its log says why.')} ({self.failure})"
        refused = self.failure.startswith(("SMTPResponse", "SMTPRecipients", "SMTPSender", "SMTPData"))
        said = _("The mail server refused it.") if refused else _("The mail server could not be reached.")
        return f"{said} ({self.failure})" if self.failure else ""

    @property
    def unit(self) -> Unit:
        """Where its events stand: as the person's."""
        return self.person.unit
