from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ProviderIdentity(models.Model):
    """Who a person is at the administration's provider: an issuer's name for them, which it never gives to another. An
    e-mail address is none: it passes from one person to the next."""

    person = models.ForeignKey("organisation.Person", models.PROTECT, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField(db_default=Now())
    last_used = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("identity at a provider")
        verbose_name_plural = _("identities at a provider")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_person_per_identity"),
            models.UniqueConstraint(fields=["issuer", "person"], name="one_identity_per_issuer"),
        ]

    def __str__(self) -> str:
        return self.issuer
