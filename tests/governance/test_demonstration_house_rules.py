"""In the demonstration most attested the policy; one certificate has expired, which warns somebody, or stops them."""

from __future__ import annotations

import pytest

from governance.demonstration import house_rules, service
from organisation.models import Certificate, PolicyVersion, TrainingModule, TrainingSeat
from organisation.queries import waiting_for
from organisation.queries.gates import lacks
from organisation.queries.house_policy import asked_people, has_attested
from organisation.training import TrainingKind

pytestmark = [pytest.mark.django_db, pytest.mark.longer]


def test_most_have_attested_and_one_certificate_has_expired() -> None:
    made = service.build()
    house_rules.build(made)
    version = PolicyVersion.objects.get()
    people = asked_people(version).annotate(has=has_attested(version))
    assert [one.name for one in people.filter(has=False).order_by("name")] == ["Inès Lambert", "Sofie Maes"]
    introduction = TrainingModule.objects.get(kind=TrainingKind.ON_DEMAND)
    assert set(introduction.questions) == set(introduction.texts) == {"fr", "nl", "de", "en"}
    (told,) = lacks(made.people["writer_nl"], made.units["fin"])
    assert (told.code, told.is_required) == ("training_not_valid", False)
    assert introduction.get_absolute_url() in {line.url for line in waiting_for(made.people["writer_nl"])}
    (stops,) = lacks(made.people["writer_nl"], made.units["douane"])
    assert (stops.code, stops.is_required) == ("training_not_valid", True)
    assert lacks(made.people["writer_fr"], made.units["douane"]) == []
    assert Certificate.objects.count() == 6
    assert TrainingSeat.objects.count() == 3
