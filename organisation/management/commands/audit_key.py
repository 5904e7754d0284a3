"""Prints a new key for the audit trail (PARVIS_AUDIT_KEY), or the public half of the one in use, for the auditors."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management.base import BaseCommand, CommandParser

from organisation.actions.sealing import signing_key


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new", action="store_true", help="a new private key, for the worker's environment")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new"]:
            told = Ed25519PrivateKey.generate().private_bytes_raw()
        else:
            told = signing_key().public_key().public_bytes_raw()
        self.stdout.write(base64.b64encode(told).decode())
