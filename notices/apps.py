from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        from notices import kinds
        from notices.queries import ending, ground, keys, learning

        kinds.register(*ground.KINDS, *ending.KINDS, *keys.KINDS, *learning.KINDS)
