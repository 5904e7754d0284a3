from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organisation import audit


@dataclass(frozen=True)
class Fact:
    """One thing that an event's details say, in a reader's words. `was` is None where they say no old value."""

    label: str
    was: str | None
    now: str


class AuditEvent(models.Model):
    """One thing that happened. No foreign keys: history neither blocks nor follows a deletion. Triggers refuse change.

    The database gives number and time, whatever the one who writes says; numbers have gaps. What makes the trail hard
    to forge are its leaves and checkpoints (docs/adr/0008-sealed-audit.md).
    """

    sequence = models.BigAutoField(primary_key=True)
    occurred_at = models.DateTimeField(_("when"), db_default=Now())
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("who"), max_length=150, blank=True)
    verb = models.CharField(_("what"), max_length=80)
    noun = models.CharField(max_length=80)
    object_id = models.CharField(max_length=40)
    unit_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    append_only = True
    # For one reader: `organisation.queries.names.explained` finds them.
    thing_name: str = ""
    thing_is_gone: bool = False
    facts: Sequence[Fact] = ()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit trail")
        ordering = ["-sequence"]
        indexes = [
            models.Index(fields=["noun", "object_id", "sequence"], name="audit_story"),
            models.Index(fields=["unit_id", "-sequence"], name="audit_by_unit"),
            models.Index(fields=["actor_id", "-sequence"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb}"

    @property
    def told(self) -> str:
        """The event as a sentence in the reader's language."""
        sentence = audit.sentence(self.verb)
        actor = self.actor_name or str(_("Parvis"))
        return str(sentence) % {"actor": actor} if sentence else f"{actor}: {self.verb}"

    @property
    def reason(self) -> str:
        """Why, in the reader's words where Parvis itself had a reason; empty where none was given."""
        return str(audit.reason(self.noun, str(self.details.get("reason") or "")))

    @property
    def thing(self) -> str:
        """What it happened to, as the trail's filter writes it: "app.model:id"."""
        return f"{self.noun}:{self.object_id}"

    @property
    def thing_label(self) -> str:
        """What it happened to, by its number, in the reader's language; the thing itself may be gone."""
        try:
            noun = str(apps.get_model(audit.called(self.noun))._meta.verbose_name)
        except (LookupError, ValueError):
            noun = self.noun
        return f"{noun} {self.object_id}"

    @property
    def thing_told(self) -> str:
        """By its name too, where the reader was found one."""
        if self.thing_is_gone:
            return gettext("%(thing)s, no longer there") % {"thing": self.thing_label}
        return f"{self.thing_label}: {self.thing_name}" if self.thing_name else self.thing_label
