"""A worker that reads the inboxes, turn after turn, until somebody kills it. Nobody tells it when."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
django.setup()

from django.db.models.functions import Now  # noqa: E402

from accounts_registry import vault  # noqa: E402
from monitoring.actions import pull_what_is_due  # noqa: E402
from monitoring.models import Stream  # noqa: E402

vault.open_in_this_process()
while True:
    Stream.objects.filter(lease_until__isnull=True).update(next_pull_at=Now())
    pull_what_is_due(seconds=1)
