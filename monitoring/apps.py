from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    name = "monitoring"
    verbose_name = _("Inbox")

    def ready(self) -> None:
        from delivery.origins import register  # reason: apps must be loaded
        from monitoring import policy  # noqa: F401  reason: registers the guards
        from monitoring.actions import AnswerOrigin  # reason: apps must be loaded

        register(AnswerOrigin())
