from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class OrganisationConfig(AppConfig):
    name = "organisation"
    verbose_name = _("Organisation")

    def ready(self) -> None:
        from allauth.mfa import signals

        from organisation import checks, database_roles, open_work, sign_in_events  # noqa: F401  registers the checks
        from organisation.actions.leaving_training import WORK
        from organisation.adapter import made_and_used

        open_work.register(*WORK)
        for signal in (signals.authenticator_added, signals.authenticator_reset):
            signal.connect(made_and_used, dispatch_uid="organisation.made_and_used")
        sign_in_events.connect()
        post_migrate.connect(database_roles.grant_after_migration, sender=self)
