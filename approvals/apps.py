from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "approvals"
    verbose_name = _("Approvals")

    def ready(self) -> None:
        from approvals import policy  # noqa: F401  reason: registers the guards
        from approvals.enums import VoidReason
        from approvals.queries.notices import DECIDED_ON, WAITING
        from notices import kinds
        from organisation import audit

        kinds.register(WAITING, DECIDED_ON)
        audit.reasons("approvals.request", {one.value: one.label for one in VoidReason})
