from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self) -> None:
        from delivery.origins import register  # reason: apps must be loaded
        from monitoring import policy  # noqa: F401  reason: registers the guards
        from monitoring.actions import AnswerOrigin  # reason: apps must be loaded

        register(AnswerOrigin())
