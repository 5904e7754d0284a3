"""Nouns of the crisis room."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crisis.enums import CrisisState, Level, Phase, Severity
from organisation.choices import known
from organisation.models import Unit


class Playbook(models.Model):
    """What is done when something happens, step by step; ready before it does."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="playbooks", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=150)
    summary = models.TextField(_("when to use it"), max_length=1000)
    edition = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(_("changed"), db_default=Now())

    class Meta:
        verbose_name = _("playbook")
        verbose_name_plural = _("playbooks")
        ordering = ["title", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="playbook_has_a_title")]

    def __str__(self) -> str:
        return self.title


class ChecklistItem(models.Model):
    """One step of a playbook. `position` orders the steps within their phase, from 1."""

    playbook = models.ForeignKey("crisis.Playbook", models.CASCADE, related_name="items")
    phase = models.CharField(_("phase"), max_length=10, choices=Phase)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("step"), max_length=500)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["playbook_id", "phase", "position"]
        constraints = [
            known("phase", Phase),
            models.UniqueConstraint(fields=["playbook", "phase", "position"], name="one_item_a_place"),
            models.CheckConstraint(condition=~Q(text=""), name="item_has_a_text"),
        ]

    def __str__(self) -> str:
        return self.text


class Crisis(models.Model):
    """Something that happens, or the exercise of it. An exercise never stops or sends anything: it has no freeze."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="crises", verbose_name=_("unit"))
    playbook = models.ForeignKey("crisis.Playbook", models.PROTECT, related_name="crises", verbose_name=_("playbook"))
    playbook_edition = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=150)
    reason = models.TextField(_("what happened"), max_length=2000)
    level = models.CharField(_("level"), max_length=20, choices=Level)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity)
    is_exercise = models.BooleanField(_("exercise"), default=False)
    state = models.CharField(_("state"), max_length=20, choices=CrisisState, default=CrisisState.DECLARED)
    declared_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("by"))
    # Where the right of who declared it reached from: it is ended, and its freeze lifted, from there or above.
    declared_from = models.ForeignKey("organisation.Unit", models.PROTECT, null=True, editable=False, related_name="+")
    declared_at = models.DateTimeField(_("since"), db_default=Now())
    ended_at = models.DateTimeField(_("over since"), null=True)
    hold = models.ForeignKey("delivery.Hold", models.PROTECT, null=True, related_name="+", verbose_name=_("freeze"))

    class Meta:
        verbose_name = _("crisis")
        verbose_name_plural = _("crises")
        ordering = ["-declared_at", "-pk"]
        constraints = [
            known("level", Level),
            known("severity", Severity),
            known("state", CrisisState),
            models.CheckConstraint(
                condition=Q(is_exercise=False) | Q(hold__isnull=True), name="exercise_freezes_nothing"
            ),
            models.CheckConstraint(
                condition=~Q(state=CrisisState.ENDED) | Q(ended_at__isnull=False), name="ended_crisis_says_when"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        return str(_("Exercise")) if self.is_exercise else str(_("Crisis"))

    @property
    def is_running(self) -> bool:
        return self.state == CrisisState.DECLARED


class CrisisStep(models.Model):
    """A step as the playbook had it when the crisis was declared; a later change of the playbook leaves it alone."""

    crisis = models.ForeignKey("crisis.Crisis", models.CASCADE, related_name="steps")
    phase = models.CharField(_("phase"), max_length=10, choices=Phase)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("step"), max_length=500)
    done_by = models.ForeignKey("organisation.Person", models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["crisis_id", "phase", "position"]
        constraints = [
            known("phase", Phase),
            models.UniqueConstraint(fields=["crisis", "phase", "position"], name="one_step_a_place"),
            models.CheckConstraint(
                condition=Q(done_by__isnull=True, done_at__isnull=True)
                | Q(done_by__isnull=False, done_at__isnull=False),
                name="done_step_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def unit(self) -> Unit:
        return self.crisis.unit


class LogEntry(models.Model):
    """What somebody noted during a crisis; never changed."""

    crisis = models.ForeignKey("crisis.Crisis", models.CASCADE, related_name="log")
    text = models.TextField(_("note"), max_length=2000)
    by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="log_entry_has_a_text")]

    def __str__(self) -> str:
        return f"{self.crisis_id}: {self.text[:40]}"

    @property
    def unit(self) -> Unit:
        return self.crisis.unit
