"""Says whether the audit trail is what its checkpoints signed. Who does not trust this machine exports, and verifies
elsewhere (`organisation/verifier.py`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from organisation.actions import verify_trail
from organisation.verifier import checkpoints_in


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        kept = [settings.AUDIT_CHECKPOINTS] if settings.AUDIT_CHECKPOINTS else []
        parser.add_argument(
            "--checkpoints", nargs="*", type=Path, default=kept, help="files or folders of checkpoints kept elsewhere"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        elsewhere = list(checkpoints_in([Path(one) for one in options["checkpoints"]], self.stderr.write))
        report = verify_trail(elsewhere)
        if report.problems:
            raise CommandError("\n".join(report.problems))
        said = f"{report.proven} events are as they were sealed, {report.unproven} are not sealed yet."
        self.stdout.write(self.style.SUCCESS(said))
