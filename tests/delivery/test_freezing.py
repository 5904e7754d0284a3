"""What a freeze stops, who may place and lift one, and that a new, copied or restored system starts frozen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from delivery.actions import Line, claim, lift_hold, place_hold, send_next, send_what_is_due
from delivery.enums import DeliveryState, HoldCause, HoldScope, Outcome
from delivery.models import Delivery, Hold, Identity
from delivery.queries import active_holds, frozen_among, holds_over, waiting_behind
from networks.errors import Unavailable, Withheld
from networks.types import AttemptKey, Draft, PostRef
from organisation.lifecycle import Conflict, Refused
from organisation.models import AuditEvent, Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import DeliveryFactory, FakeNetwork, FakeOrigin, thaw
from tests.factories.organisation import UnitFactory, person_with
from tests.locking import locks_taken
from tests.thorough import thorough_after

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(db: None) -> dict[str, Unit]:
    root = UnitFactory.create(slug="root")
    left = UnitFactory.create(slug="left", parent=root)
    return {
        "root": Unit.objects.get(pk=root.pk),
        "left": left,
        "below": UnitFactory.create(slug="below", parent=left),
        "right": UnitFactory.create(slug="right", parent=root),
        "other": UnitFactory.create(slug="zz-other"),
    }


@pytest.fixture
def head(tree: dict[str, Unit]) -> Person:
    return person_with("crisis_cell", tree["root"])


def sent(delivery: Delivery) -> bool:
    send_what_is_due(seconds=5)
    delivery.refresh_from_db()
    return delivery.state == DeliveryState.PUBLISHED


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize(
    ("scope", "where", "stopped"),
    thorough_after(
        3,
        [
            (HoldScope.ORGANISATION, "root", {"root", "left", "below", "right"}),
            (HoldScope.ORGANISATION, "below", {"root", "left", "below", "right"}),
            (HoldScope.UNIT, "left", {"left", "below"}),
            (HoldScope.UNIT, "below", {"below"}),
            (HoldScope.ACCOUNT, "left", {"left"}),
        ],
        names=3,
    ),
)
def test_a_freeze_stops_its_scope_and_nothing_else(
    tree: dict[str, Unit], head: Person, origin: FakeOrigin, network: FakeNetwork, scope: str, where: str, stopped: set
) -> None:
    accounts = {name: ConnectedAccountFactory.create(unit=unit) for name, unit in tree.items()}
    deliveries = {name: DeliveryFactory.create(account=account) for name, account in accounts.items()}
    hold = place_hold(
        scope=scope,
        unit=tree[where] if scope != HoldScope.ACCOUNT else None,
        account=accounts[where] if scope == HoldScope.ACCOUNT else None,
        reason="Fire",
        by=head,
    )
    send_what_is_due(seconds=5)
    still_due = {name for name, one in deliveries.items() if Delivery.objects.get(pk=one.pk).state == DeliveryState.DUE}
    assert still_due == stopped
    assert {name for name, account in accounts.items() if holds_over([account], message_unit=None)} == stopped
    lift_hold(hold=hold, by=head, reason="Over")
    assert all(sent(one) for one in deliveries.values())


@pytest.mark.usefixtures("thawed")
@pytest.mark.parametrize(
    ("where", "scope", "stopped"),
    [
        ("below", HoldScope.UNIT, True),  # whose word it is
        ("left", HoldScope.UNIT, True),
        ("root", HoldScope.ORGANISATION, True),
        ("right", HoldScope.UNIT, True),  # whose account it is
        ("other", HoldScope.ORGANISATION, False),
    ],
)
def test_a_freeze_over_the_account_or_over_the_message_stops_it(
    tree: dict[str, Unit], origin: FakeOrigin, network: FakeNetwork, where: str, scope: str, stopped: bool
) -> None:
    account = ConnectedAccountFactory.create(unit=tree["right"])
    delivery = DeliveryFactory.create(account=account, message_unit=tree["below"])
    hold = place_hold(scope=scope, unit=tree[where], reason="Fire", by=person_with("crisis_cell", tree[where]))
    assert waiting_behind([hold]) == [int(stopped)]
    assert holds_over([account], message_unit=tree["below"]) == [hold] * stopped
    assert frozen_among([delivery]) == ({delivery.pk} if stopped else set())
    assert sent(delivery) is not stopped
    assert len(network.calls) == int(not stopped)


@pytest.mark.usefixtures("thawed")
def test_a_freeze_of_the_message_during_an_upload_stops_its_write(
    tree: dict[str, Unit], head: Person, origin: FakeOrigin, network: FakeNetwork
) -> None:
    account = ConnectedAccountFactory.create(unit=tree["root"])
    delivery = DeliveryFactory.create(account=account, message_unit=tree["below"])

    def carry_over(_draft: Draft, key: AttemptKey) -> PostRef:
        place_hold(scope=HoldScope.UNIT, unit=tree["below"], reason="Fire", by=head)
        assert not key.still_wanted()
        raise Withheld

    network.answers = [carry_over]
    assert not sent(delivery)
    assert [one.outcome for one in delivery.attempts.all()] == [Outcome.HELD]


@pytest.mark.usefixtures("thawed")
def test_a_freeze_ends_by_the_databases_clock(
    tree: dict[str, Unit], head: Person, origin: FakeOrigin, network: FakeNetwork
) -> None:
    delivery = DeliveryFactory.create(account=ConnectedAccountFactory.create(unit=tree["left"]))
    until = timezone.now() + timedelta(hours=1)
    hold = place_hold(scope=HoldScope.UNIT, unit=tree["left"], reason="Fire", by=head, until=until)
    assert not sent(delivery)
    assert list(active_holds(head)) == [hold]
    Hold.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert not active_holds(head).exists()
    assert sent(delivery)
    with pytest.raises(Conflict):
        lift_hold(hold=hold, by=head)


@pytest.mark.usefixtures("thawed")
def test_a_freeze_while_a_film_is_carried_over_stops_its_write(
    tree: dict[str, Unit], head: Person, origin: FakeOrigin, network: FakeNetwork
) -> None:
    """The connector asks when the write begins. What it withholds goes out once the freeze is over."""
    delivery = DeliveryFactory.create(account=ConnectedAccountFactory.create(unit=tree["left"]))

    def carry_over(_draft: Draft, key: AttemptKey) -> PostRef:
        assert key.still_wanted()
        place_hold(scope=HoldScope.ORGANISATION, reason="Fire", by=head)
        assert not key.still_wanted()
        raise Withheld

    network.answers = [carry_over]
    assert not sent(delivery)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DUE
    assert [one.outcome for one in delivery.attempts.all()] == [Outcome.HELD]
    thaw()
    assert sent(delivery)


@pytest.mark.usefixtures("thawed")
def test_a_freeze_between_claim_and_call_keeps_the_network_uncalled(
    tree: dict[str, Unit], head: Person, origin: FakeOrigin, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = DeliveryFactory.create(account=ConnectedAccountFactory.create(unit=tree["left"]))

    def claim_then_freeze(**asked: Any) -> list[Delivery]:
        claimed = claim(**asked)
        if claimed:
            place_hold(scope=HoldScope.ORGANISATION, reason="Fire", by=head)
        return claimed

    monkeypatch.setattr("delivery.actions.sending.claim", claim_then_freeze)
    assert send_next(Line())
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DUE
    assert network.calls == []
    assert delivery.attempts.get().outcome == Outcome.HELD
    assert delivery.tries == 0


@pytest.mark.usefixtures("thawed")
def test_what_waited_too_long_behind_a_freeze_asks_for_a_new_time(
    tree: dict[str, Unit], head: Person, origin: FakeOrigin, network: FakeNetwork
) -> None:
    delivery = DeliveryFactory.create(account=ConnectedAccountFactory.create(unit=tree["left"]))
    place_hold(scope=HoldScope.ORGANISATION, reason="Fire", by=head)
    Delivery.objects.update(due_at=timezone.now() - timedelta(hours=3))
    assert not sent(delivery)
    assert delivery.state == DeliveryState.EXPIRED


@pytest.mark.usefixtures("thawed")
def test_a_person_freezes_only_what_they_reach_and_says_why(tree: dict[str, Unit], head: Person) -> None:
    leader = person_with("crisis_cell", tree["left"])
    account = ConnectedAccountFactory.create(unit=tree["right"])
    for facts in (
        {"scope": HoldScope.ORGANISATION},
        {"scope": HoldScope.UNIT, "unit": tree["right"]},
        {"scope": HoldScope.ACCOUNT, "account": account},
    ):
        with pytest.raises(PermissionDenied):
            place_hold(reason="Fire", by=leader, **facts)
    hold = place_hold(scope=HoldScope.UNIT, unit=tree["below"], reason="Fire", by=leader)
    assert place_hold(scope=HoldScope.UNIT, unit=tree["left"], reason="Fire", by=leader).scope_label
    above = place_hold(scope=HoldScope.ORGANISATION, reason="Fire", by=head)
    with pytest.raises(PermissionDenied):
        lift_hold(hold=above, by=leader)
    lift_hold(hold=hold, by=leader, reason="Over")
    for facts, field in (
        ({"scope": HoldScope.UNIT, "unit": tree["left"], "reason": " "}, "reason"),
        ({"scope": HoldScope.UNIT, "reason": "Fire"}, "unit"),
        ({"scope": HoldScope.ACCOUNT, "reason": "Fire"}, "account"),
        ({"scope": HoldScope.ORGANISATION, "reason": "Fire", "until": timezone.now() - timedelta(1)}, "until"),
    ):
        with pytest.raises(Refused) as refused:
            place_hold(by=head, **facts)
        assert refused.value.field == field


@pytest.mark.usefixtures("thawed")
def test_who_only_looks_on_freezes_nothing_and_an_account_is_frozen_alone(tree: dict[str, Unit], head: Person) -> None:
    with pytest.raises(PermissionDenied):
        place_hold(scope=HoldScope.ORGANISATION, reason="Fire", by=person_with("newcomer", tree["root"]))
    account = ConnectedAccountFactory.create(unit=tree["left"])
    for scope in (HoldScope.ORGANISATION, HoldScope.UNIT):
        with pytest.raises(Refused, match="only to freeze one account") as refused:
            place_hold(scope=scope, unit=tree["left"], account=account, reason="Fire", by=head)
        assert refused.value.field == "account"
    with pytest.raises(PermissionDenied):  # not their own organisation instead
        place_hold(scope=HoldScope.ORGANISATION, unit=tree["other"], reason="Fire", by=head)
    assert not Hold.objects.in_force().exists()


@pytest.mark.usefixtures("thawed")
def test_of_two_freezes_one_is_lifted_and_once(tree: dict[str, Unit], head: Person) -> None:
    one, two = (place_hold(scope=HoldScope.UNIT, unit=tree[name], reason="Fire", by=head) for name in ("left", "right"))
    assert one.placed_at <= two.placed_at
    with locks_taken() as locked:
        lift_hold(hold=one, by=head)
    assert locked == ["delivery_hold"]
    assert list(Hold.objects.in_force()) == [two]
    with pytest.raises(Conflict):
        lift_hold(hold=one, by=head)
    assert one.lifted_by == head


@pytest.mark.usefixtures("thawed")
def test_freezing_and_lifting_leave_one_event_each(tree: dict[str, Unit], head: Person) -> None:
    hold = place_hold(scope=HoldScope.UNIT, unit=tree["left"], reason="Fire", by=head)
    lift_hold(hold=hold, by=head, reason="Over")
    events = AuditEvent.objects.order_by("sequence").values_list("verb", "actor_id", "unit_id")
    assert list(events) == [(verb, head.pk, tree["left"].pk) for verb in ("hold.placed", "hold.lifted")]
    account = ConnectedAccountFactory.create(unit=tree["left"])
    place_hold(scope=HoldScope.ACCOUNT, account=account, reason="Fire", by=head)
    assert AuditEvent.objects.latest("sequence").details["account"] == account.pk


@pytest.mark.usefixtures("thawed")
def test_nobody_lifts_what_parvis_lifts_itself(tree: dict[str, Unit]) -> None:
    hold = Hold.objects.create(scope=HoldScope.ORGANISATION, cause=HoldCause.AWAY)
    tree["other"].delete()
    with pytest.raises(Refused, match="goes on by itself"):
        lift_hold(hold=hold, by=person_with("administrator", tree["root"]))
    assert Hold.objects.in_force().get() == hold


def test_a_new_system_starts_frozen(tree: dict[str, Unit], origin: FakeOrigin, network: FakeNetwork) -> None:
    Hold.objects.all().delete()
    Hold.objects.create(scope=HoldScope.ORGANISATION, cause=HoldCause.NEW_SYSTEM)  # as the migration does
    Identity.objects.all().delete()
    hold = Hold.objects.get()
    assert hold.why
    assert hold.who == "Parvis"
    delivery = DeliveryFactory.create(account=ConnectedAccountFactory.create(unit=tree["left"]))
    assert not sent(delivery)
    everywhere = person_with("administrator", tree["root"])
    with pytest.raises(PermissionDenied):  # there is another organisation
        lift_hold(hold=hold, by=everywhere)
    tree["other"].delete()
    for own in Hold.objects.in_force():
        lift_hold(hold=own, by=everywhere, reason="Go")
    assert sent(delivery)


@pytest.mark.usefixtures("thawed")
def test_a_blip_does_not_outlive_a_freeze(
    tree: dict[str, Unit], head: Person, origin: FakeOrigin, network: FakeNetwork
) -> None:
    delivery = DeliveryFactory.create(account=ConnectedAccountFactory.create(unit=tree["left"]))
    network.answers = [Unavailable()]
    assert not sent(delivery)
    hold = place_hold(scope=HoldScope.ACCOUNT, account=delivery.account, reason="Fire", by=head)
    Delivery.objects.update(not_before=None)
    assert not sent(delivery)
    lift_hold(hold=hold, by=head)
    assert sent(delivery)
