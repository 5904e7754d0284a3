from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts_registry.enums import AccessPurpose
from accounts_registry.models.credential import Sealed
from accounts_registry.vault import CONSENT
from networks.catalogue import NETWORKS
from networks.kinds import Need
from organisation.choices import known
from organisation.models import Claimable


class Access(Claimable):
    """What one consent allows Parvis on an account, and until when. Its secrets are credentials of the same purpose.

    `expires_at` is when the token stops working, `renew_at` when to ask for the next one (None: nothing to renew), and
    `ends_at` when a person has to agree again. `failing_since` and `problem` tell of renewals that do not come about;
    `ended` that the network no longer accepts the consent.
    """

    account = models.ForeignKey("accounts_registry.Account", models.CASCADE, related_name="accesses")
    purpose = models.CharField(max_length=10, choices=AccessPurpose)
    scopes = ArrayField(models.CharField(max_length=200), default=list)
    missing = ArrayField(models.CharField(max_length=200), default=list)
    granted_at = models.DateTimeField(db_default=models.functions.Now())
    expires_at = models.DateTimeField(null=True, blank=True)
    renew_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True, default="")
    ended = models.BooleanField(default=False)

    class Meta:
        ordering = ["account", "purpose"]
        constraints = [
            known("purpose", AccessPurpose),
            models.UniqueConstraint(fields=["account", "purpose"], name="one_access_a_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.purpose}"

    @property
    def missing_needs(self) -> list[Need]:
        """What the scopes that were not granted are for, each once, in the order of `Need`."""
        network = NETWORKS.get(self.account.network)
        lacking = {
            need for scope in (network.scopes if network else ()) if scope.name in self.missing for need in scope.needs
        }
        return [need for need in Need if need in lacking]

    @property
    def reads(self) -> bool:
        return self.purpose != AccessPurpose.WRITE and self._allows(Need.INBOX)

    @property
    def writes(self) -> bool:
        return self.purpose != AccessPurpose.READ and self._allows(Need.PUBLISH)

    def _allows(self, need: Need) -> bool:
        return not self.ended and not {need, Need.IDENTIFY} & set(self.missing_needs)


class PendingConsent(Sealed):
    """A person who was sent to a network, until they are back. Used once, within minutes, by the same person, in the
    same session, at the same host.

    `state_hash` and `session_hash` are SHA-256, in hexadecimal: what is in the database does not finish a consent.
    """

    state_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)
    person = models.ForeignKey("organisation.Person", models.CASCADE, related_name="+")
    account = models.ForeignKey("accounts_registry.Account", models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10, choices=AccessPurpose)
    base_url = models.URLField(max_length=200)
    host = models.CharField(max_length=255)
    redirect_uri = models.CharField(max_length=500)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [known("purpose", AccessPurpose)]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.purpose}"

    @property
    def row(self) -> bytes:
        return CONSENT + b"%d:%d:%s" % (self.account_id, self.person_id, self.state_hash.encode())
