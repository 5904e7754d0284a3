"""Wraps every data key anew with the first key of PARVIS_VAULT_KEYS. Afterwards the older keys may go.

Batch by batch, each in its own transaction: workers go on opening and sealing what they need. It may be stopped and
started again. First give every process both keys, the new one first.
"""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts_registry.actions import rotate
from organisation.actions import reseal_factors
from organisation.factor_secrets import current_key

PAUSE = 0.05  # seconds, before rows that somebody held are tried again


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        total, broken = 0, []
        for done, shut in rotate():
            total += done
            broken += shut
            if done:
                self.stdout.write(f"{total} wrapped…")
            elif not shut:
                time.sleep(PAUSE)
        self.stdout.write(f"{total} secrets are under the key “{current_key()}”.")
        sealed, lost = reseal_factors()
        self.stdout.write(f"{sealed} secrets of second factors are sealed anew.")
        if lost:
            raise CommandError("These do not open; reset them on the pages of their people: " + "; ".join(lost))
        if broken:
            raise CommandError("These do not open; connect their accounts again: " + "; ".join(broken))
