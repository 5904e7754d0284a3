from __future__ import annotations

from django.db import models


class Identity(models.Model):
    """How far this database has come, for the witness outside it: the number and the random token of its latest act,
    and the token of the act before. Without a token it has never met a witness."""

    only = models.BooleanField(primary_key=True, default=True)
    number = models.BigIntegerField(default=0, db_default=0)
    token = models.CharField(max_length=32, default="", db_default="")
    before = models.CharField(max_length=32, default="", db_default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="one_identity")]

    def __str__(self) -> str:
        return str(self.number)


class Mark(models.Model):
    """One act that this database has counted, and the token that the witness shows for it: no other database has it."""

    number = models.BigIntegerField(primary_key=True)
    token = models.CharField(max_length=32)

    def __str__(self) -> str:
        return str(self.number)
