"""Registers the demonstration at the training network, so that its accounts can be connected on every network."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from governance.demonstration import apps
from governance.demonstration.keeping import keep


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demonstration does not belong into a production system.")
        known = apps.register()
        keep(settings.APPS_FILE, known)
        self.stdout.write(f"Registered for {', '.join(known)}.")
