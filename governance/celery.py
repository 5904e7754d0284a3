"""The workers. The broker only wakes them: every task finds its work in PostgreSQL (docs/adr/0003)."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init
from django.conf import settings

from accounts_registry import vault

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")

app = Celery("parvis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@worker_process_init.connect
def _opens_credentials(**_told: Any) -> None:
    """This is a worker: the one kind of process that may. A web process knows this module too, but is sent no such
    word."""
    if not settings.AUDIT_KEY:
        raise SystemExit("PARVIS_AUDIT_KEY is not set, and this worker seals the audit trail. See docs/production.md.")
    vault.open_in_this_process()
