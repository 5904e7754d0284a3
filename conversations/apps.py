from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConversationsConfig(AppConfig):
    name = "conversations"
    verbose_name = _("Inbox")

    def ready(self) -> None:
        from accounts_registry.queries.effectiveness import Figure, figures_from
        from conversations import policy  # noqa: F401  reason: registers the guards
        from conversations.actions import (  # reason: apps must be loaded
            AnswerOrigin,
            ConversationListener,
            ask_for_recount,
        )
        from conversations.actions.leaving import WORK
        from conversations.queries.effectiveness import response_rate
        from conversations.queries.notices import DEADLINE, STUCK
        from delivery.origins import register
        from monitoring.listeners import listen
        from notices import kinds
        from organisation import open_work, working_time
        from organisation.audit import renamed

        renamed("monitoring.conversation", "conversations.conversation")
        renamed("monitoring.answer", "conversations.answer")
        open_work.register(WORK)
        kinds.register(DEADLINE)
        kinds.register(STUCK)
        happens = kinds.Happening(
            "conversation", _("Conversations"), "conversations.conversation", "conversations:conversation"
        )
        kinds.tell_of(happens)
        register(AnswerOrigin())
        figures_from(Figure.RESPONSE, response_rate)
        listen(ConversationListener())
        working_time.listen(ask_for_recount)
