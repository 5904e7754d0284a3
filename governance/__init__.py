"""The Django project: settings, addresses, workers. Knows everyone; nobody imports it."""

from governance.celery import app as celery_app

__all__ = ["celery_app"]
