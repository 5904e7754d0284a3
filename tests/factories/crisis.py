"""Playbooks and crises, made directly: no audit events, no freeze."""

from __future__ import annotations

from typing import Any

import factory

from crisis.enums import Level
from crisis.models import ChecklistItem, Crisis, CrisisStep, Playbook
from tests.factories.organisation import PersonFactory, UnitFactory

STEPS = (
    ("before", 1, "Know who is on call"),
    ("during", 1, "Freeze what is due"),
    ("during", 2, "Publish the holding statement"),
    ("after", 1, "Write down what we learned"),
)


class PlaybookFactory(factory.django.DjangoModelFactory[Playbook]):
    """With one step before, two during and one after."""

    class Meta:
        model = Playbook
        skip_postgeneration_save = True

    unit = factory.SubFactory(UnitFactory)
    title = factory.Sequence(lambda n: f"Playbook {n}")
    summary = "When the tax portal is down"

    @factory.post_generation
    def steps(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        ChecklistItem.objects.bulk_create(
            ChecklistItem(playbook=self, phase=phase, position=place, text=text) for phase, place, text in STEPS
        )


class CrisisFactory(factory.django.DjangoModelFactory[Crisis]):
    """Running, with the steps of its playbook."""

    class Meta:
        model = Crisis
        skip_postgeneration_save = True

    playbook = factory.SubFactory(PlaybookFactory)
    unit = factory.SelfAttribute("playbook.unit")
    playbook_edition = 1
    title = factory.Sequence(lambda n: f"Portal down {n}")
    reason = "The portal answers nobody"
    level = Level.FEDERAL
    severity = 2
    declared_by = factory.SubFactory(PersonFactory, unit=factory.SelfAttribute("..unit"))

    @factory.post_generation
    def steps(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        CrisisStep.objects.bulk_create(
            CrisisStep(crisis=self, phase=phase, position=place, text=text) for phase, place, text in STEPS
        )
