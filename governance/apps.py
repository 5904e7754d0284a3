from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"

    def ready(self) -> None:
        from governance import checkpoint_store, checks, provider_checks  # noqa: F401  registers the system checks

        checkpoint_store.register()
