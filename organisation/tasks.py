"""What workers do for the audit trail. No task carries anything: each finds its work in the database."""

from __future__ import annotations

import time
from datetime import timedelta

from celery import shared_task
from django.db import close_old_connections

from organisation import actions

LONGEST_RUN = 60.0


@shared_task(name="organisation.tasks.seal_trail")
def seal_trail() -> None:
    """Seals what was committed, and carries the checkpoints into the folder."""
    close_old_connections()
    end = time.monotonic() + LONGEST_RUN
    while actions.seal() and time.monotonic() < end:
        pass
    actions.keep_checkpoints(every=timedelta(seconds=1))


@shared_task(name="organisation.tasks.send_checkpoints")
def send_checkpoints() -> None:
    """Carries the newest checkpoint to the places that are further away."""
    close_old_connections()
    actions.keep_checkpoints(every=timedelta(days=1))


@shared_task(name="organisation.tasks.forget_form_pages")
def forget_form_pages() -> None:
    """Forgets what nobody saved in time."""
    close_old_connections()
    actions.forget_form_pages()


@shared_task(name="organisation.tasks.forget_sessions")
def forget_sessions() -> None:
    """Forgets which sessions there were."""
    close_old_connections()
    actions.forget_sessions()


@shared_task(name="organisation.tasks.forget_training")
def forget_training() -> None:
    """Forgets certificates and attestations that prove what is long over."""
    close_old_connections()
    actions.forget_training()


@shared_task(name="organisation.tasks.send_passwords")
def send_passwords() -> None:
    """Sends the links that were asked for."""
    close_old_connections()
    actions.send_passwords(seconds=LONGEST_RUN)


@shared_task(name="organisation.tasks.tell_failed_sign_ins")
def tell_failed_sign_ins() -> None:
    """Writes the events of failed sign-ins, a minute each."""
    close_old_connections()
    actions.tell_failed_sign_ins()


@shared_task(name="organisation.tasks.end_reviews")
def end_reviews() -> None:
    """Lets lapse what nobody confirmed in an access review."""
    close_old_connections()
    actions.end_reviews(seconds=LONGEST_RUN)
