from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.session import MinutesState
from organisation.choices import known, label_of

if TYPE_CHECKING:
    from organisation.models import Unit


class Minutes(models.Model):
    """What a session decided, as somebody wrote it and another member approved it.

    A draft says what the session's rows say. With the approval `content` keeps the whole document in every language of
    the unit and `content_hash` its hash (SHA-256, hexadecimal); the database then changes the row no more.
    """

    session = models.OneToOneField("accounts_registry.CommitteeSession", models.PROTECT, related_name="minutes")
    remarks = models.TextField(_("remarks"), blank=True, default="")
    state = models.CharField(_("state"), max_length=20, choices=MinutesState, default=MinutesState.DRAFTED)
    edition = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written"), db_default=Now())
    approved_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True)
    content = models.JSONField(null=True)
    content_hash = models.CharField(max_length=64, blank=True, default="")
    get_state_display = label_of("state", MinutesState)

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        constraints = [
            known("state", MinutesState),
            models.CheckConstraint(
                condition=Q(state="drafted")
                | Q(approved_by__isnull=False, approved_at__isnull=False, content__isnull=False)
                & ~Q(content_hash="")
                & ~Q(approved_by=models.F("written_by")),
                name="minutes_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Minutes: %(session)s") % {"session": self.session})

    @property
    def unit(self) -> Unit:
        return self.session.unit

    @property
    def is_approved(self) -> bool:
        return self.state == MinutesState.APPROVED
