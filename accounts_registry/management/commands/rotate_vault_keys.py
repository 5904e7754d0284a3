"""Seals every credential anew with the first key of PARVIS_VAULT_KEYS. Afterwards the older keys may go.

Row by row, each in its own transaction: workers go on opening what they need, under the old key or the new one.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts_registry import vault
from accounts_registry.actions import reseal
from accounts_registry.models import Credential


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        key, done, broken = vault.current_key(), 0, []
        for pk in Credential.objects.exclude(key_id=key).values_list("pk", flat=True):
            try:
                done += reseal(credential_id=pk)
            except vault.Broken as problem:
                broken.append(f"{pk}: {problem}")
        self.stdout.write(f"{done} credentials sealed with the key “{key}”.")
        if broken:
            raise CommandError("These do not open; connect their accounts again: " + "; ".join(broken))
