from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ThirdPartyApp(models.Model):
    """An app of somebody else that may act on an account: what a person found in the network's own settings."""

    account = models.ForeignKey("accounts_registry.Account", models.CASCADE, related_name="third_party_apps")
    name = models.CharField(_("name of the app"), max_length=120)
    purpose = models.CharField(_("what it is for"), max_length=300)
    noted_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(db_default=Now())
    last_seen_on = models.DateField(_("last seen on"))

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint("account", models.functions.Lower("name"), name="third_party_app_listed_once")
        ]

    def __str__(self) -> str:
        return self.name
