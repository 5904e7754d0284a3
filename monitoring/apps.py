from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    name = "monitoring"
    verbose_name = _("Inbox")

    def ready(self) -> None:
        from delivery.origins import register  # reason: apps must be loaded
        from monitoring import policy  # noqa: F401  reason: registers the guards
        from monitoring.actions import AnswerOrigin  # reason: apps must be loaded
        from monitoring.queries.sources import visible_sources
        from monitoring.queries.watches import visible_watches
        from organisation.queries import named_by

        named_by("monitoring.source", visible_sources)
        named_by("monitoring.watch", visible_watches)
        register(AnswerOrigin())
