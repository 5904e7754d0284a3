"""A Celery worker as in production, with the clockwork's own pace, of which only the trail's tasks are called."""

from __future__ import annotations

from governance.celery import app

app.conf.beat_schedule = {
    name: entry for name, entry in app.conf.beat_schedule.items() if entry["task"].startswith("organisation.")
}
