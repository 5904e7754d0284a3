from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notices.kinds import KEY, Kind, kind_of
from organisation.choices import known
from organisation.enums import Permission
from organisation.sentences import Sentence


class Notice(models.Model):
    """Something that stands, and that somebody has to know. `settled_at` is since when it no longer does.

    `words` is a kept sentence without any citizen's data, `url` a path of ours, `sees` what it takes in its unit to be
    told; where it `reaches_down`, in any unit below as well. What stands again after it was settled
    is a new notice.
    """

    kind = models.CharField(_("kind"), max_length=40, validators=[RegexValidator(KEY)])
    key = models.CharField(max_length=120)
    subject_id = models.BigIntegerField()
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    sees = models.CharField(max_length=40, choices=Permission)
    reaches_down = models.BooleanField(default=False)
    words = models.JSONField()
    url = models.CharField(max_length=300)
    due_at = models.DateTimeField(_("due"), null=True)
    happened_at = models.DateTimeField(_("since"), db_default=Now())
    asked_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(condition=Q(kind__regex=KEY), name="notice_kind_is_a_key"),
            known("sees", Permission),
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(settled_at__isnull=True), name="one_standing_notice"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(settled_at__isnull=True), name="notice_to_ask_again"),
            models.Index(fields=["settled_at"], name="notice_settled"),
        ]

    def __str__(self) -> str:
        return self.told

    def get_absolute_url(self) -> str:
        return reverse("notices:open", args=[self.pk])

    @property
    def told(self) -> str:
        """In the reader's language."""
        return str(Sentence.of(self.words))

    @property
    def as_kind(self) -> Kind | None:
        return kind_of(self.kind)


class Addressee(models.Model):
    """Somebody who is told a notice, once. `seen_at` is when they opened it or said so; `mail_at` when it may be mailed
    to them, None where it is not; `letter` the one that it went into."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="addressees", verbose_name=_("notice"))
    person = models.ForeignKey("organisation.Person", models.CASCADE, related_name="+", verbose_name=_("person"))
    told_at = models.DateTimeField(_("told"), db_default=Now())
    seen_at = models.DateTimeField(_("seen"), null=True)
    mail_at = models.DateTimeField(_("to be mailed"), null=True)
    letter = models.ForeignKey(
        "notices.Letter", models.SET_NULL, null=True, related_name="addressees", verbose_name=_("letter")
    )

    class Meta:
        verbose_name = _("addressee")
        verbose_name_plural = _("addressees")
        constraints = [models.UniqueConstraint(fields=["notice", "person"], name="told_once")]
        indexes = [
            models.Index(fields=["person", "-told_at", "-id"], name="addressee_list"),
            models.Index(fields=["person"], condition=Q(seen_at__isnull=True), name="addressee_unseen"),
            models.Index(
                fields=["mail_at"], condition=Q(letter__isnull=True, seen_at__isnull=True), name="addressee_to_mail"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.notice_id}"
