from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.sentences import told
from organisation.verifier import Checkpoint, Tree


class AuditLeaf(models.Model):
    """The place of an event in the Merkle tree. Written by the sealer, never changed: triggers refuse it."""

    position = models.BigIntegerField(primary_key=True)
    sequence = models.BigIntegerField(unique=True)
    hash = models.BinaryField()

    append_only = True

    class Meta:
        verbose_name = _("sealed event")
        verbose_name_plural = _("sealed events")
        ordering = ["position"]
        # Whoever works as the application may insert: what is not at the tree's end, the sealer would not miss.
        constraints = [models.CheckConstraint(condition=models.Q(position__gte=0), name="leaf_has_a_place")]

    def __str__(self) -> str:
        return f"{self.position}: {self.sequence}"


class AuditCheckpoint(models.Model):
    """What the sealer signed about the tree of `size` events, and the frontier by which it grows on from there."""

    size = models.BigIntegerField(primary_key=True)
    document = models.JSONField()
    frontier = models.JSONField()

    append_only = True

    class Meta:
        verbose_name = _("signed checkpoint")
        verbose_name_plural = _("signed checkpoints")
        ordering = ["-size"]

    def __str__(self) -> str:
        return f"{self.size} events, {self.document.get('taken_at', '')}"

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint(self.document)

    @property
    def taken_at(self) -> datetime:
        return self.checkpoint.taken_at

    def tree(self) -> Tree:
        """Refuses (ValueError) a frontier that does not make the root that was signed."""
        found: Any = Tree(self.size, [bytes.fromhex(one) for one in self.frontier])
        if found.root().hex() != self.checkpoint.root:
            raise ValueError(f"the frontier of {self.checkpoint.name} is not what was signed")
        return found


class CheckpointPlace(models.Model):
    """A place outside the database where checkpoints are kept, and how far it has got. An ordinary, changing row."""

    name = models.CharField(max_length=20, primary_key=True)
    size = models.BigIntegerField(default=0)
    kept_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    reasons = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("place of checkpoints")
        verbose_name_plural = _("places of checkpoints")

    def __str__(self) -> str:
        return self.name

    @property
    def failure(self) -> str:
        """Why the latest try failed, in the reader's language; empty where it did not."""
        return told(self.reasons)
