from django.apps import AppConfig


class CrisisConfig(AppConfig):
    name = "crisis"

    def ready(self) -> None:
        from crisis import policy  # noqa: F401  reason: registers the guards
