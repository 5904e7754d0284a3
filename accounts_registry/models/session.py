"""The committee's sessions: when and where it sits, what stands on the agenda, who came."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Deferrable, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.session import HERE, ItemResult, Presence, SessionState, WrittenState
from organisation.choices import known, label_of
from organisation.dates import dated
from organisation.fields import WallTimeField
from organisation.wall_clock import known_zone

if TYPE_CHECKING:
    from organisation.models import Unit


class CommitteeSession(models.Model):
    """The committee of `unit`, the root of an organisation, sits at `starts_at`; planned by its wall clock there."""

    unit = models.ForeignKey(
        "organisation.Unit", models.PROTECT, related_name="committee_sessions", verbose_name=_("unit")
    )
    wall_time = WallTimeField(_("day and hour"))
    zone = models.CharField(_("time zone"), max_length=50)
    fold = models.PositiveSmallIntegerField(default=0)
    starts_at = models.DateTimeField(_("starts"))
    place = models.CharField(_("place"), max_length=200, blank=True, default="")
    link = models.URLField(_("link"), max_length=500, blank=True, default="")
    # Whether the minutes say who voted how, or the figures alone.
    names_votes = models.BooleanField(_("the minutes name who voted how"), default=True)
    state = models.CharField(_("state"), max_length=20, choices=SessionState, default=SessionState.PLANNED)
    edition = models.PositiveIntegerField(default=1)
    planned_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("chair")
    )
    opened_at = models.DateTimeField(_("opened"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    get_state_display = label_of("state", SessionState)

    class Meta:
        verbose_name = _("session of the committee")
        verbose_name_plural = _("sessions of the committee")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            known("state", SessionState),
            models.CheckConstraint(condition=~Q(place="", link=""), name="session_is_somewhere"),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "closed"]) | Q(opened_by__isnull=False, opened_at__isnull=False),
                name="session_opened_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["unit", "starts_at", "id"], name="session_by_hour")]

    def __str__(self) -> str:
        return str(_("Session of %(day)s") % {"day": dated(self.local_start.date(), "j F Y")})

    def get_absolute_url(self) -> str:
        return reverse("accounts_registry:session_detail", args=[self.pk])

    @property
    def local_start(self) -> datetime:
        """On the clock by which it was planned; aware."""
        return self.starts_at.astimezone(known_zone(self.zone))

    @property
    def day(self) -> date:
        return self.local_start.date()

    @property
    def where(self) -> str:
        return " · ".join(one for one in (self.place, self.link) if one)

    @property
    def is_planned(self) -> bool:
        return self.state == SessionState.PLANNED

    @property
    def is_open(self) -> bool:
        return self.state == SessionState.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == SessionState.CLOSED


class AgendaItem(models.Model):
    """A point of an agenda: a dossier, or whatever else is talked about. `note` is what the minutes say of it."""

    session = models.ForeignKey(CommitteeSession, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    dossier = models.ForeignKey(
        "accounts_registry.JustificationDossier", models.PROTECT, null=True, related_name="agenda_items"
    )
    title = models.CharField(_("title"), max_length=200, blank=True, default="")
    result = models.CharField(_("result"), max_length=20, choices=ItemResult, default=ItemResult.PENDING)
    deferred_to = models.ForeignKey(CommitteeSession, models.PROTECT, null=True, related_name="+")
    note = models.TextField(_("note"), blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    get_result_display = label_of("result", ItemResult)

    class Meta:
        verbose_name = _("point of the agenda")
        verbose_name_plural = _("points of the agenda")
        ordering = ["position", "pk"]
        constraints = [
            known("result", ItemResult),
            models.CheckConstraint(
                condition=Q(dossier__isnull=False, title="") | Q(dossier__isnull=True) & ~Q(title=""),
                name="item_is_a_dossier_or_has_a_title",
            ),
            models.UniqueConstraint(
                fields=["session", "position"], name="one_point_a_place", deferrable=Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["session", "dossier"], name="one_point_a_dossier"),
            # A dossier waits for one session at a time.
            models.UniqueConstraint(fields=["dossier"], condition=Q(result="pending"), name="one_agenda_at_a_time"),
            models.CheckConstraint(
                condition=Q(deferred_to__isnull=True) | Q(result="deferred"), name="item_deferred_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.dossier)

    @property
    def is_pending(self) -> bool:
        return self.result == ItemResult.PENDING


class Attendance(models.Model):
    """Whether a member is there, as it stands at this moment of the session; each decision keeps who was there then."""

    session = models.ForeignKey(CommitteeSession, models.PROTECT, related_name="attendances")
    member = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("member"))
    presence = models.CharField(_("presence"), max_length=10, choices=Presence)
    get_presence_display = label_of("presence", Presence)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            known("presence", Presence),
            models.UniqueConstraint(fields=["session", "member"], name="one_attendance_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.presence}"

    @property
    def is_here(self) -> bool:
        return self.presence in HERE


class WrittenProcedure(models.Model):
    """A dossier is voted on in writing until `ends_on`, a day of its unit, or until all have voted."""

    dossier = models.ForeignKey(
        "accounts_registry.JustificationDossier", models.PROTECT, related_name="written_procedures"
    )
    round = models.PositiveSmallIntegerField()
    ends_on = models.DateField(_("last day for votes"))
    state = models.CharField(_("state"), max_length=20, choices=WrittenState, default=WrittenState.RUNNING)
    begun_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(_("begun"), db_default=Now())
    halted_by = models.ForeignKey("organisation.Person", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True, default="")
    get_state_display = label_of("state", WrittenState)

    class Meta:
        verbose_name = _("written procedure")
        verbose_name_plural = _("written procedures")
        ordering = ["-pk"]
        constraints = [
            known("state", WrittenState),
            models.UniqueConstraint(fields=["dossier"], condition=Q(state="running"), name="one_written_procedure"),
            models.CheckConstraint(
                condition=~Q(state="halted") | Q(halted_by__isnull=False) & ~Q(reason=""),
                name="written_procedure_halted_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], condition=Q(state="running"), name="written_procedure_by_day")]

    def __str__(self) -> str:
        return f"{self.dossier}: {self.ends_on}"

    @property
    def unit(self) -> Unit:
        return self.dossier.unit

    @property
    def is_running(self) -> bool:
        return self.state == WrittenState.RUNNING
