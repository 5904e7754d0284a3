from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "publishing"

    def ready(self) -> None:
        from delivery.origins import register  # reason: apps are not loaded before
        from publishing.actions.origin import VariantOrigin

        register(VariantOrigin())
