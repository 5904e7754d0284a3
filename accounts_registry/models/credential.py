from __future__ import annotations

import uuid

from django.db import models

from accounts_registry.enums import AccessPurpose
from accounts_registry.vault import Box
from organisation.choices import known
from organisation.models import Claimable


class Sealed(models.Model):
    """A row that holds one box of the vault. `row` names it: what lies in it opens for this row alone."""

    ciphertext = models.BinaryField()
    nonce = models.BinaryField()
    wrapped_key = models.BinaryField(default=b"")
    key_id = models.CharField(max_length=40)

    class Meta:
        abstract = True

    @property
    def row(self) -> bytes:
        """What the box is bound to. Each model provides its own; one that does not fails at its first use."""
        raise NotImplementedError

    @property
    def box(self) -> Box:
        return Box(bytes(self.ciphertext), bytes(self.nonce), bytes(self.wrapped_key), self.key_id)

    @box.setter
    def box(self, box: Box) -> None:
        self.ciphertext, self.nonce, self.wrapped_key, self.key_id = box.ciphertext, box.nonce, box.wrapped, box.key_id


class Credential(Sealed):
    """One sealed secret of an account, of the set for `purpose`. Only a worker opens it.

    With a `revocation` it is no longer the account's: it waits for the network to be told that it ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("accounts_registry.Account", models.CASCADE, related_name="credentials")
    purpose = models.CharField(max_length=10, choices=AccessPurpose, default=AccessPurpose.ALL)
    name = models.CharField(max_length=40)
    revocation = models.ForeignKey(
        "accounts_registry.PendingRevocation",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="credentials",
        db_column="farewell_id",  # as the table below
    )

    class Meta:
        constraints = [
            known("purpose", AccessPurpose),
            models.UniqueConstraint(
                fields=["account", "purpose", "name"],
                condition=models.Q(revocation__isnull=True),
                name="one_credential_a_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.purpose} {self.name}"

    @property
    def row(self) -> bytes:
        """What the box is bound to."""
        name = self.name.encode()
        return b"credential:%d:%s:%s:%s" % (self.account_id, self.purpose.encode(), name, str(self.id).encode())


class PendingRevocation(Claimable):
    """One set of credentials that an account gave up, until the network has forgotten it or we have to give up.

    `subscription` is the name of that by which the network still calls us about the account; empty where it does not.
    """

    account = models.ForeignKey("accounts_registry.Account", models.CASCADE, related_name="revocations")
    base_url = models.URLField(max_length=200)
    subscription = models.CharField(max_length=300, blank=True, default="", db_default="")
    since = models.DateTimeField(db_default=models.functions.Now())
    next_try_at = models.DateTimeField(db_default=models.functions.Now())
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering = ["next_try_at", "pk"]
        db_table = "accounts_registry_farewell"  # its first name: the program before this one runs on the same schema

    def __str__(self) -> str:
        return f"{self.account_id}: {self.since}"
