from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from monitoring.actions import purge_expired


class Command(BaseCommand):
    help = "Erases the messages of citizens whose last day is over."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{purge_expired()} messages erased.")
