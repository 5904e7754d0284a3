"""How the API reads, answers and describes itself: settings of the Django REST framework and its schema."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "organisation.authentication.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["governance.parsing.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "governance.schema.KeyedSchema",
    "EXCEPTION_HANDLER": "governance.api.explain",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Parvis",
    "DESCRIPTION": "Registry, posts and mentions; the same actions and the same policy as the pages.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "SightingKindEnum": "accounts_registry.enums.SightingKind",
        "NetworkEnum": "accounts_registry.serializers.ACCOUNT_NETWORKS",
        "AccountKindEnum": "accounts_registry.enums.AccountKind",
        "AccountStateEnum": "accounts_registry.enums.AccountState",
        "DossierStateEnum": "accounts_registry.enums.DossierState",
        "PostStateEnum": "publishing.enums.PostState",
        "DeliveryStateEnum": "delivery.enums.DeliveryState",
        "ConversationStateEnum": "conversations.enums.ConversationState",
        "LanguageEnum": "organisation.enums.Language",
        "GovernanceModelEnum": "organisation.enums.GovernanceModel",
        "HoldScopeEnum": "delivery.enums.HoldScope",
        "FreezeEnum": "crisis.enums.Freeze",
        "FreezeScopeEnum": "crisis.serializers.FREEZES",
        "CrisisStateEnum": "crisis.enums.CrisisState",
        "LineOutcomeEnum": "accounts_registry.enums.audit.LineOutcome",
        "OutcomeEnum": "accounts_registry.enums.Outcome",
        "WatchStateEnum": "monitoring.enums.WatchState",
        "SourceStateEnum": "monitoring.enums.SourceState",
        "LineStateEnum": "organisation.access_review.LineState",
        "ReviewStateEnum": "organisation.access_review.ReviewState",
    },
}
