"""Walks the audit trail from its first link and says whether it is whole."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from organisation import audit
from organisation.models import AuditEvent


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        previous, expected = audit.GENESIS, 1
        for event in AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000):
            if event.sequence != expected or event.previous_hash != previous:
                raise CommandError(f"The chain breaks at {event.sequence}: {expected} was to follow.")
            found = audit.digest(
                event.as_event(), sequence=event.sequence, occurred_at=event.occurred_at, previous=previous
            )
            if found != event.hash:
                raise CommandError(f"Event {event.sequence} is not what was written.")
            previous, expected = event.hash, expected + 1
        self.stdout.write(self.style.SUCCESS(f"{expected - 1} events, unbroken."))
