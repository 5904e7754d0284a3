from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from organisation.choices import known
from organisation.models.unit import Unit, validate_names
from organisation.training import GateLevel, Pillar, Question, TrainingKind, read_questions


class TrainingModule(models.Model):
    """One training of a unit, for it and all below. On demand it is a text and questions in the unit's languages;
    else it is held in sessions. Who passes has a certificate for `valid_months`, for good where there are none."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=20, choices=TrainingKind)
    pillar = models.CharField(_("pillar"), max_length=20, choices=Pillar)
    names = models.JSONField(_("names"), validators=[validate_names])
    texts = models.JSONField(_("texts"), default=dict, blank=True)
    questions = models.JSONField(_("questions"), default=dict, blank=True)  # as they are written, by language
    pass_percent = models.PositiveSmallIntegerField(
        _("pass mark, in percent"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    valid_months = models.PositiveSmallIntegerField(
        _("valid for months"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    edition = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    made_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("since"), db_default=Now())
    ended_at = models.DateTimeField(_("no longer given since"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        constraints = [
            known("kind", TrainingKind),
            known("pillar", Pillar),
            models.CheckConstraint(condition=~models.Q(names={}), name="training_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(pass_percent__gte=1, pass_percent__lte=100),
                name="training_pass_mark_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="on_demand") | ~models.Q(questions={}),
                name="training_on_demand_asks_something",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation:training_detail", args=[self.pk])

    @property
    def name(self) -> str:
        return self._spoken(self.names)

    @property
    def text(self) -> str:
        return self._spoken(self.texts)

    @property
    def asked(self) -> list[Question]:
        """Its questions in the reader's language where there are such, else in the unit's first."""
        return read_questions(self._spoken(self.questions))

    @property
    def is_on_demand(self) -> bool:
        return self.kind == TrainingKind.ON_DEMAND

    @property
    def is_given(self) -> bool:
        return self.ended_at is None

    def _spoken(self, told: dict[str, Any]) -> str:
        order = [(get_language() or "")[:2], *self.unit.languages, *told]
        return next((told[code] for code in order if told.get(code)), "")


class TrainingSession(models.Model):
    """A training is given at a time and place; the trainer records who came."""

    module = models.ForeignKey(TrainingModule, models.PROTECT, related_name="sessions", verbose_name=_("training"))
    starts_at = models.DateTimeField(_("begins"))
    place = models.CharField(_("place"), max_length=200)
    places = models.PositiveSmallIntegerField(_("places"), validators=[MinValueValidator(1), MaxValueValidator(1000)])
    trainer = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("trainer"))
    called_off_at = models.DateTimeField(_("called off"), null=True, blank=True, editable=False)
    recorded_at = models.DateTimeField(_("attendance recorded"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        constraints = [
            models.CheckConstraint(condition=models.Q(places__gte=1), name="session_has_a_place"),
            models.CheckConstraint(
                condition=models.Q(called_off_at__isnull=True) | models.Q(recorded_at__isnull=True),
                name="session_is_held_or_called_off",
            ),
        ]
        indexes = [models.Index(fields=["module", "-starts_at", "-id"], name="sessions_of_a_training")]

    def __str__(self) -> str:
        return f"{self.module} · {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("organisation:session_detail", args=[self.pk])

    @property
    def unit(self) -> Unit:
        return self.module.unit

    @property
    def is_open(self) -> bool:
        return self.called_off_at is None and self.recorded_at is None


class TrainingSeat(models.Model):
    """Somebody's place in a session, and whether they came."""

    session = models.ForeignKey(
        TrainingSession, models.CASCADE, related_name="seats", verbose_name=_("training session")
    )
    person = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    taken_at = models.DateTimeField(_("since"), db_default=Now())
    came = models.BooleanField(_("came"), null=True)

    class Meta:
        verbose_name = _("place in a training session")
        verbose_name_plural = _("places in training sessions")
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="one_seat_a_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.session}"


class Certificate(models.Model):
    """Somebody passed a training. It is forgotten a year after it has expired."""

    module = models.ForeignKey(TrainingModule, models.PROTECT, related_name="+", verbose_name=_("training"))
    person = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    given_at = models.DateTimeField(_("given"), db_default=Now())
    expires_at = models.DateTimeField(_("expires"), null=True)
    percent = models.PositiveSmallIntegerField(_("right answers, in percent"), null=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=models.F("given_at")),
                name="certificate_expires_after_it_was_given",
            )
        ]
        indexes = [
            models.Index(fields=["person", "module", "expires_at"], name="certificates_of_a_person"),
            models.Index(fields=["module", "expires_at"], name="certificates_of_a_training"),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.module}"

    @property
    def number(self) -> str:
        """What stands on it, and finds it again."""
        return f"{self.given_at:%Y}-{self.pk:06d}"

    @property
    def unit(self) -> Unit:
        return self.module.unit

    def is_valid_at(self, moment: datetime) -> bool:
        return self.expires_at is None or self.expires_at > moment


class PublishingGate(models.Model):
    """What a unit asks of whoever publishes in its name; empty where it asks what the unit above asks."""

    unit = models.OneToOneField("organisation.Unit", models.CASCADE, related_name="gate", verbose_name=_("unit"))
    policy = models.CharField(_("house policy attested"), max_length=10, choices=GateLevel, blank=True, default="")
    training = models.CharField(_("training valid"), max_length=10, choices=GateLevel, blank=True, default="")
    module = models.ForeignKey(
        TrainingModule, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("training")
    )

    class Meta:
        verbose_name = _("gate on publishing")
        verbose_name_plural = _("gates on publishing")
        constraints = [
            known("policy", GateLevel, blank=True),
            known("training", GateLevel, blank=True),
            models.CheckConstraint(
                condition=models.Q(training__in=["", "off"], module__isnull=True)
                | models.Q(training__in=["warn", "require"], module__isnull=False),
                name="gate_names_its_training",
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)
