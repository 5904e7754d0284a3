"""A witness that cannot be asked, or takes no word: nothing is sent, it is told, and it lets go by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from delivery.actions import Line, agrees, claim, count_act, lift_hold, send_next
from delivery.enums import DeliveryState, HoldCause
from delivery.models import Attempt, Delivery, Hold
from delivery.witness import Away, FileWitness, Seen, Stand
from organisation.lifecycle import Refused
from organisation.models import AuditEvent
from tests.delivery.test_witness import another, file, own_holds, sent
from tests.factories.delivery import FakeNetwork
from tests.factories.organisation import person_with

__all__ = ["file"]

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("thawed", "origin")
def test_an_unreachable_witness_holds_everything_and_lets_go_by_itself(
    network: FakeNetwork, settings: Settings, file: Path
) -> None:
    mine, there = another(), settings.WITNESS
    settings.WITNESS = "redis://127.0.0.1:1/0"
    for _run in range(2):
        assert not sent(mine)
    hold = Hold.objects.in_force().get()
    assert hold.cause == HoldCause.AWAY
    assert network.calls == []
    administrator = person_with("administrator", mine.unit)
    client = Client(headers={"accept-language": "en"})
    client.force_login(administrator)
    page = client.get(reverse("delivery:hold_list")).content.decode()
    assert "The witness outside the database cannot be reached" in page
    assert "Lift this freeze" not in page
    with pytest.raises(Refused):
        lift_hold(hold=hold, by=administrator)
    settings.WITNESS = there
    assert sent(mine)
    assert own_holds() == []
    events = AuditEvent.objects.filter(noun="delivery.hold").order_by("sequence").values_list("verb", "actor_id")
    assert list(events) == [("hold.placed", None), ("hold.lifted", None)]


@pytest.mark.usefixtures("thawed", "origin")
def test_a_witness_that_goes_away_after_the_claim_keeps_the_network_uncalled(
    network: FakeNetwork, settings: Settings, monkeypatch: Any
) -> None:
    mine, there = another(), settings.WITNESS

    def claim_then_lose_sight(**asked: Any) -> list[Delivery]:
        settings.WITNESS = "redis://127.0.0.1:1/0"
        return claim(**asked)

    monkeypatch.setattr("delivery.actions.sending.claim", claim_then_lose_sight)
    assert not send_next(Line())
    mine.refresh_from_db()
    assert (mine.state, network.calls) == (DeliveryState.DUE, [])
    settings.WITNESS = there
    monkeypatch.undo()
    assert agrees()


@pytest.mark.usefixtures("thawed", "origin")
@pytest.mark.parametrize("answer", [OSError(28, "No space left on device"), False], ids=["full", "refuses"])
def test_a_witness_that_can_be_read_and_not_written_is_told_and_lets_go_by_itself(
    network: FakeNetwork, file: Path, monkeypatch: Any, answer: Any
) -> None:
    """A full disk, or a store that refuses every change: nothing went out, and nobody was told."""
    mine = another()

    def write(self: FileWitness, stand: Stand, *, over: Seen) -> bool:
        if answer is False:
            return False
        raise Away(str(answer)) from answer

    with monkeypatch.context() as patch:
        patch.setattr(FileWitness, "write", write)
        for _run in range(3):
            assert not sent(mine)
        assert own_holds() == [HoldCause.AWAY]
        assert (Attempt.objects.count(), network.calls) == (1, [])
        assert not count_act()
    assert sent(mine)
    assert own_holds() == []
    verbs = AuditEvent.objects.filter(noun="delivery.hold").order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["hold.placed", "hold.lifted"]
