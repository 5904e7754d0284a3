"""The presence of a whole service in the demonstration, beside that of another service's agencies."""

from __future__ import annotations

import pytest

from accounts_registry.models import Account, AccountFigure
from governance.demonstration import model, service

pytestmark = [pytest.mark.django_db, pytest.mark.longer]


def test_the_agencies_accounts_have_their_kinds_audiences_and_dated_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "OWN", [])  # these need the training network: tests/launcher/test_whole_run.py
    made = model.build(service.build())
    found = {(one.unit.slug, one.network, one.kind) for one in made.values()}
    assert found == {
        ("selor", "facebook", "page"),
        ("selor", "x", "profile"),
        ("selor", "linkedin", "page"),
        ("selor", "youtube", "channel"),
        ("selor", "instagram", "profile"),
        ("ifa", "facebook", "page"),
        ("commnet", "linkedin", "group"),
    }
    assert Account.objects.get(handle="selor.jobs").audiences == ["jobseekers", "civil_servants", "hr_professionals"]
    group = AccountFigure.objects.filter(account__handle="commnet-kmnet").order_by("-on")
    assert [one.value for one in group] == [450, 446, 438]
    assert {one.on.day for one in group} == {1}


def test_the_service_itself_speaks_on_four_networks_in_both_languages() -> None:
    told = {(one.network, one.languages) for one in model.OWN}
    assert told == {
        ("facebook", ("fr",)),
        ("facebook", ("nl",)),
        ("x", ("nl",)),  # its twin stands with what networks charge (paid.py)
        ("linkedin", ("fr", "nl")),
        ("youtube", ("fr", "nl")),
    }
