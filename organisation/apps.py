from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "organisation"

    def ready(self) -> None:
        from organisation import checks  # noqa: F401  registers the system checks
