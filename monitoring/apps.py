from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    name = "monitoring"
    verbose_name = _("Watches")

    def ready(self) -> None:
        from monitoring import policy  # noqa: F401  reason: registers the guards
        from monitoring.actions.leaving import WORK
        from monitoring.queries.sources import visible_sources  # reason: apps must be loaded
        from monitoring.queries.watches import visible_watches
        from organisation import open_work
        from organisation.queries import named_by

        open_work.register(*WORK)

        named_by("monitoring.source", visible_sources)
        named_by("monitoring.watch", visible_watches)
