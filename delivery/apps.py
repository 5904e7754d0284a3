from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = _("Sending")

    def ready(self) -> None:
        from delivery import policy  # noqa: F401  registers guards
