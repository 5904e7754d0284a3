from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsRegistryConfig(AppConfig):
    name = "accounts_registry"
    verbose_name = _("Registry")

    def ready(self) -> None:
        from accounts_registry import policy  # noqa: F401  registers guards and conditions
