"""The workers. The broker only wakes them: every task finds its work in PostgreSQL (docs/adr/0003)."""

import os
from threading import BoundedSemaphore, Thread
from typing import Any

from celery import Celery, Task
from celery.signals import worker_init, worker_process_init, worker_shutting_down
from django.conf import settings

from accounts_registry import vault
from organisation import due

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")


class WakeUp(Task):
    """Wakes nobody where as many as its queue has threads are awake already: they find what there is to do, and the
    clockwork comes again. So no queue ever takes the threads of another, in however few processes."""

    abstract = True

    def __call__(self, *told: Any, **facts: Any) -> Any:
        threads = _threads[self.app.amqp.router.route({}, self.name)["queue"].name]
        if not threads.acquire(blocking=False):
            return None
        try:
            return super().__call__(*told, **facts)
        finally:
            threads.release()


_threads = {name: BoundedSemaphore(number) for name, number in settings.QUEUE_THREADS.items()}

app = Celery("parvis", task_cls=WakeUp)
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


@worker_shutting_down.connect
def _hands_back(**_told: Any) -> None:
    """In a thread, since this is a signal's handler; the process waits for it, as for the tasks that are at work."""
    Thread(target=due.end, name="hands-back").start()
