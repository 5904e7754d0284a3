"""What the acts of the table happen to, and how they are entered there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts_registry.models import Account
from conversations.models import Answer, Conversation
from delivery.enums import DeliveryState
from delivery.models import Delivery
from monitoring.models import Mention
from organisation.models import Person, Unit
from publishing.models import Post
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.conversations import AnswerFactory, ConversationFactory, MentionFactory
from tests.factories.delivery import ANSWER, DeliveryFactory, FakeNetwork
from tests.factories.organisation import GrantFactory, UnitFactory, person_with
from tests.factories.publishing import scheduled

ROLES = ("administrator", "account_manager", "communication_cell", "conversation_manager", "crisis_cell")
AN, BRAM, NOBODY = "An", "Bram", ""
Told = tuple[str, str, dict[str, Any]]  # verb, who, details


class World:
    """One unit in which An and Bram may everything that is not their own words; a network in memory."""

    def __init__(self, network: FakeNetwork) -> None:
        self.network = network
        self.unit: Unit = UnitFactory.create()
        self.an, self.bram = self._everything(AN), self._everything(BRAM)
        self.account: Account = ConnectedAccountFactory.create(unit=self.unit, languages=["fr"])

    def _everything(self, name: str) -> Person:
        person = person_with(ROLES[0], self.unit, name=name)
        for role in ROLES[1:]:
            GrantFactory.create(person=person, role=role, unit=self.unit)
        return person

    def delivery(self, state: str = DeliveryState.DUE, **facts: Any) -> Delivery:
        """Of a post that nobody knows, and so nobody approved."""
        return DeliveryFactory.create(account=self.account, state=state, **facts)

    def scheduled(self) -> Post:
        """By Bram, who approved it; An wrote it."""
        return scheduled(self.an, self.bram, self.account)

    def mention(self, **facts: Any) -> Mention:
        return MentionFactory.create(conversation=ConversationFactory.create(account=self.account, **facts))

    def conversation(self, **facts: Any) -> Conversation:
        return self.mention(**facts).conversation

    def answer(self, state: str) -> Answer:
        answer = AnswerFactory.create(conversation=self.conversation())
        DeliveryFactory.create(account=self.account, state=state, origin_kind=ANSWER, origin_id=answer.pk)
        return answer


Act = Callable[[World], Callable[[], object]]
TABLE: list[tuple[Act, list[Told]]] = []


def leaves(*told: Told) -> Callable[[Act], Act]:
    """Enters the act below: it prepares, and returns what is done then, which leaves exactly `told`."""

    def enter(act: Act) -> Act:
        TABLE.append((act, list(told)))
        return act

    return enter
