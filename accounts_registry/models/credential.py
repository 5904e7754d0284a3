from __future__ import annotations

import uuid

from django.db import models

from accounts_registry.vault import Box


class Credential(models.Model):
    """One sealed secret of an account. Only `queries.account_ref` opens it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("accounts_registry.Account", models.CASCADE, related_name="credentials")
    name = models.CharField(max_length=40)
    ciphertext = models.BinaryField()
    nonce = models.BinaryField()
    key_id = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="one_credential_a_name")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.name}"

    @property
    def row(self) -> bytes:
        """What the box is bound to."""
        return b"credential:%d:%s:%s" % (self.account_id, self.name.encode(), str(self.id).encode())

    @property
    def box(self) -> Box:
        return Box(bytes(self.ciphertext), bytes(self.nonce), self.key_id)
