from __future__ import annotations

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from organisation.choices import known
from organisation.house_policy import OPEN, USUAL_GRACE, AnswerKind, Point, PolicyState
from organisation.models.unit import Unit

LONGEST_GRACE = 366


class PolicyVersion(models.Model):
    """One version of the house policy of a unit: its text in the unit's languages, and how it fulfils each of the nine
    points. It binds the unit and all below that have none of their own in force."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="policies", verbose_name=_("unit"))
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=20, choices=PolicyState, default=PolicyState.DRAFT)
    texts = models.JSONField(_("texts"), default=dict)  # by language
    checklist = models.JSONField(_("checklist"), default=dict, blank=True)  # remarks of the points that are ticked
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace"), default=USUAL_GRACE, validators=[MaxValueValidator(LONGEST_GRACE)]
    )
    # Each change counts it up; a form says which one it began with.
    edition = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    # Of the text and the grace, in every language: what units approve and people attest.
    content_hash = models.CharField(max_length=64, editable=False)
    editors = models.ManyToManyField("organisation.Person", related_name="+", editable=False)
    started_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("by"))
    started_at = models.DateTimeField(_("since"), db_default=Now())
    published_at = models.DateTimeField(_("in force since"), null=True)

    class Meta:
        verbose_name = _("house policy")
        verbose_name_plural = _("house policies")
        constraints = [
            known("state", PolicyState),
            models.UniqueConstraint(fields=["unit", "number"], name="one_policy_version_a_number"),
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(state="published"), name="one_policy_in_force_a_unit"
            ),
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(state__in=list(OPEN)), name="one_policy_in_the_making_a_unit"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["published", "superseded"]) | models.Q(published_at__isnull=False),
                name="policy_in_force_has_a_date",
            ),
            models.CheckConstraint(
                condition=models.Q(grace_days__lte=LONGEST_GRACE), name="policy_grace_is_a_year_at_most"
            ),
        ]

    def __str__(self) -> str:
        return gettext("House policy of %(unit)s, version %(number)s") % {"unit": self.unit, "number": self.number}

    def get_absolute_url(self) -> str:
        return reverse("organisation:policy_detail", args=[self.pk])

    @property
    def text(self) -> str:
        """In the reader's language where there is one, else in the unit's first."""
        order = [(get_language() or "")[:2], *self.unit.languages, *self.texts]
        return next((self.texts[code] for code in order if self.texts.get(code)), "")

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def in_force(self) -> bool:
        return self.state == PolicyState.PUBLISHED

    @property
    def grace_ends(self) -> datetime | None:
        """Until then nothing stops whoever has not attested it; None while it is not in force."""
        return self.published_at + timedelta(days=self.grace_days) if self.published_at else None

    @property
    def unticked(self) -> list[Point]:
        return [point for point in Point if not self.checklist.get(point)]

    @property
    def points(self) -> list[tuple[Point, str]]:
        """Each with its remark, empty where it is not ticked."""
        return [(point, self.checklist.get(point, "")) for point in Point]

    @property
    def without_text(self) -> list[str]:
        """Languages of the unit in which nothing is written."""
        return [code for code in self.unit.languages if not self.texts.get(code, "").strip()]


def hash_of(texts: dict[str, Any], grace_days: int) -> str:
    """Stands for exactly this text in all languages, and this grace."""
    told = json.dumps([texts, grace_days], sort_keys=True, ensure_ascii=False)
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


class PolicyAnswer(models.Model):
    """What somebody said of a version while units were asked. A yes holds for the text that it was given to."""

    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="answers", verbose_name=_("house policy"))
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("answer"), max_length=20, choices=AnswerKind)
    text = models.CharField(_("reason"), max_length=2000, blank=True)
    content_hash = models.CharField(max_length=64)
    by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("answer about a house policy")
        verbose_name_plural = _("answers about house policies")
        constraints = [
            known("kind", AnswerKind),
            models.CheckConstraint(
                condition=models.Q(kind="yes") | ~models.Q(text=""), name="policy_answer_but_a_yes_says_why"
            ),
        ]
        indexes = [models.Index(fields=["version", "unit", "-id"], name="policy_answers")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.unit}"


class PolicyAttestation(models.Model):
    """Somebody said that they have read a version, in one act."""

    version = models.ForeignKey(
        PolicyVersion, models.PROTECT, related_name="attestations", verbose_name=_("house policy")
    )
    person = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    content_hash = models.CharField(max_length=64)
    attested_at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="one_attestation_a_person")]
        indexes = [models.Index(fields=["person", "version"], name="attestations_of_a_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.version}"

    @property
    def unit(self) -> Unit:
        """Of the version: whose trail tells of it."""
        return self.version.unit
