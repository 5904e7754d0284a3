from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = _("Sending")

    def ready(self) -> None:
        from accounts_registry import in_line
        from accounts_registry.queries.effectiveness import Figure, figures_from
        from delivery import policy  # noqa: F401  registers guards
        from delivery.actions import agrees, count_act, is_copy
        from delivery.actions.closing import AccountLine
        from delivery.enums import Trouble
        from delivery.queries import hold_notices, holds, notices
        from delivery.queries.rhythm import cadence
        from notices import kinds
        from organisation import audit, moves, outward

        kinds.register(*notices.KINDS, *hold_notices.KINDS)
        figures_from(Figure.CADENCE, cadence)
        audit.reasons("delivery.delivery", {one.value: one.label for one in Trouble})
        in_line.register(AccountLine())
        moves.objects(holds.left_behind)
        outward.register(outward.Judge(may_act=agrees, count_act=count_act, is_copy=is_copy))
