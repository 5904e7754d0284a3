from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class SignInLinkQuerySet(models.QuerySet["SignInLink"]):
    def alive(self) -> SignInLinkQuerySet:
        """What still opens: unused, not replaced, in time, of an active person whose sessions nobody ended since."""
        return self.filter(
            ended_at__isnull=True,
            until__gt=Now(),
            person__is_active=True,
            session_epoch=models.F("person__session_epoch"),
        )


class SignInLink(models.Model):
    """A link with which one person chooses a password, once. The link itself is nowhere: only what it hashes to."""

    person = models.ForeignKey("organisation.Person", models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    session_epoch = models.PositiveIntegerField()
    made_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SignInLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ended_at__isnull=True), name="one_open_link_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"link of {self.person}"
