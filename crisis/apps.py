from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrisisConfig(AppConfig):
    name = "crisis"
    verbose_name = _("Crisis")

    def ready(self) -> None:
        from crisis import policy  # noqa: F401  reason: registers the guards
        from crisis.queries import CRISIS, visible_crises, visible_playbooks
        from notices import kinds
        from organisation.queries import named_by

        kinds.register(CRISIS)
        kinds.tell_of(kinds.Happening("crisis", _("Crises"), "crisis.crisis", "crisis:crisis_detail"))
        named_by("crisis.crisis", visible_crises)
        named_by("crisis.playbook", visible_playbooks)
