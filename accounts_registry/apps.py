from django.apps import AppConfig


class AccountsRegistryConfig(AppConfig):
    name = "accounts_registry"

    def ready(self) -> None:
        from accounts_registry import policy  # noqa: F401  registers guards and conditions
