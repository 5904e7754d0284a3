from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.choices import known
from organisation.models import Claimable


class PictureProblem(models.TextChoices):
    """Why a picture of a citizen's is not shown."""

    GONE = "gone", _("It is no longer there.")
    UNREADABLE = "unreadable", _("It is none that Parvis can show.")
    AWAY = "away", _("Its server could not be reached.")


class Picture(Claimable):
    """A picture at somebody's message, or the still one of a film, as somebody who opened the message sees it: fetched
    by a worker, decoded and written anew, never the stranger's bytes.

    `place` is which of the item's attachments it is, `url` where it was then. It goes with its item, and with its words
    when their author takes them away: a row of its own, and no file that a row would have to be kept in step with.
    """

    item = models.ForeignKey("monitoring.Item", models.CASCADE, related_name="pictures")
    place = models.PositiveSmallIntegerField()
    url = models.CharField(max_length=500)
    content = models.BinaryField(null=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=20, choices=PictureProblem, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            known("problem", PictureProblem, blank=True),
            models.UniqueConstraint(fields=["item", "place", "url"], name="one_picture_a_place"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(content__isnull=True, problem=""), name="picture_due"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_ready(self) -> bool:
        return self.width > 0
