"""Notices made directly, and a kind that stands as a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import factory

from notices.enums import Urgency
from notices.kinds import About, Kind
from notices.models import Notice, WebhookTarget
from notices.signing import new_key
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.sentences import Sentence
from tests.factories.organisation import PersonFactory, UnitFactory


class NoticeFactory(factory.django.DjangoModelFactory[Notice]):
    """Of a kind that no room tells; addressed to nobody."""

    class Meta:
        model = Notice

    kind = "trial"
    key = factory.Sequence(str)
    subject_id = factory.Sequence(lambda n: n)
    unit = factory.SubFactory(UnitFactory)
    sees = Permission.ACCOUNT_VIEW
    words = factory.LazyAttribute(lambda one: Sentence("Trial %(key)s", key=one.key).stored())
    url = "/organisation/people/"


class WebhookTargetFactory(factory.django.DjangoModelFactory[WebhookTarget]):
    class Meta:
        model = WebhookTarget

    unit = factory.SubFactory(UnitFactory)
    address = factory.Sequence(lambda n: f"https://hooks.example/{n}")
    language = "en"
    key_id = factory.LazyFunction(new_key)
    made_by = factory.SubFactory(PersonFactory, unit=factory.SelfAttribute("..unit"))


@dataclass
class Trial:
    """What stands of the kind `trial`: keys, each with whom it concerns. A test changes it at will."""

    unit: Unit
    people: Iterable[Person] = ()
    urgency: Urgency = Urgency.SOON
    key: str = "trial"
    needed_by: frozenset[Permission] = frozenset()
    sees: Permission = Permission.ACCOUNT_VIEW
    standing: dict[int, str] = field(default_factory=dict)
    before: Callable[[], object] = lambda: None

    def about(self, subject: int) -> About | None:
        self.before()
        if subject not in self.standing:
            return None
        key = self.standing[subject]
        words = Sentence("Trial %(key)s", key=key)
        return About(key, words, "/organisation/people/", self.unit, self.sees, self.people)

    def kind(self) -> Kind:
        return Kind(self.key, "Trials", self.urgency, self.stand, self.about, self.needed_by)

    def stand(self) -> list[tuple[str, int]]:
        return [(key, subject) for subject, key in self.standing.items()]
