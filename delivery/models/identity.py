from __future__ import annotations

from django.db import models


class Identity(models.Model):
    """The one database that may send: a copy or a restored backup stands in another and sees that it is not this one.

    `system` is the cluster's identifier (pg_control_system), `database` the object id of the database in it.
    """

    only = models.BooleanField(primary_key=True, default=True)
    system = models.CharField(max_length=30)
    database = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="one_identity")]

    def __str__(self) -> str:
        return f"{self.system}/{self.database}"
