from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsRegistryConfig(AppConfig):
    name = "accounts_registry"
    verbose_name = _("Registry")

    def ready(self) -> None:
        from accounts_registry import policy  # noqa: F401  registers guards and conditions
        from accounts_registry.actions.leaving import WORK
        from accounts_registry.policy import sessions  # noqa: F401  the guards of sessions
        from accounts_registry.queries import found_otherwise  # noqa: F401  enters its finders
        from accounts_registry.queries.abuse_notices import ABUSE_KINDS
        from accounts_registry.queries.accounts import visible_accounts
        from accounts_registry.queries.advice_notices import ADVICE_KINDS
        from accounts_registry.queries.comment_notices import COMMENT_KINDS
        from accounts_registry.queries.dossiers import visible_dossiers
        from accounts_registry.queries.imitations import visible_searches
        from accounts_registry.queries.notices import KINDS
        from accounts_registry.queries.security import visible_exceptions, visible_records
        from accounts_registry.queries.security_notices import SECURITY_KINDS
        from accounts_registry.queries.session_notices import SESSION_KINDS
        from accounts_registry.queries.sessions import visible_minutes, visible_sessions
        from accounts_registry.queries.sightings import visible_cases, visible_nil_returns, visible_sightings
        from notices import kinds
        from organisation import open_work
        from organisation.queries import named_by

        kinds.register(*KINDS)
        kinds.tell_of(
            kinds.Happening("account", _("Accounts"), "accounts_registry.account", "accounts_registry:account_detail")
        )
        open_work.register(*WORK)
        named_by("accounts_registry.account", visible_accounts)
        named_by("accounts_registry.justificationdossier", visible_dossiers)
        named_by("accounts_registry.sighting", visible_sightings)
        named_by("accounts_registry.abusecase", visible_cases)
        named_by("accounts_registry.nilreturn", visible_nil_returns)
        named_by("accounts_registry.imitationsearch", visible_searches)
        named_by("accounts_registry.securityrecord", visible_records)
        named_by("accounts_registry.securityexception", visible_exceptions)
        kinds.register(*ABUSE_KINDS, *ADVICE_KINDS, *COMMENT_KINDS, *SECURITY_KINDS, *SESSION_KINDS)
        named_by("accounts_registry.committeesession", visible_sessions)
        named_by("accounts_registry.minutes", visible_minutes)
