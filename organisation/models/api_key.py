from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation.enums import Permission


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def standing(self) -> ApiKeyQuerySet:
        """Neither revoked nor over, whoever may be suspended."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=Now())

    def alive(self) -> ApiKeyQuerySet:
        """What lets a program in: its service account, the person who answers for it, and who has had the secret in
        hand, are active."""
        theirs = {"person__responsible__is_active": True, "made_by__is_active": True}
        return self.standing().filter(person__is_active=True, **theirs)


class ApiKey(models.Model):
    """With it a program calls the API as a service account. The secret is nowhere: only what it hashes to, and its end,
    by which people tell keys apart."""

    person = models.ForeignKey("organisation.Person", models.PROTECT, related_name="keys")
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("may at most"))
    made_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(_("last used"), null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("key")
        verbose_name_plural = _("keys")
        indexes = [
            models.Index(fields=["expires_at"], condition=models.Q(revoked_at__isnull=True), name="key_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.name} (…{self.ending})"

    @property
    def unit(self) -> object:
        return self.person.unit

    @property
    def scope_labels(self) -> list[str]:
        """In the reader's language; a permission that is gone is not named."""
        return [str(Permission(one).label) for one in self.scopes if one in Permission.values]
