"""Messages become mentions and conversations, once each."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts_registry.models import Account
from conversations.models import Answer, Conversation
from delivery.enums import DeliveryState
from delivery.models import Delivery
from monitoring.actions.receiving import receive
from monitoring.models import Item, Mention
from networks.types import Author, Kind, PostRef
from organisation.models import AuditEvent, Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.conversations import AnswerFactory, ConversationFactory, MentionFactory
from tests.factories.delivery import DeliveryFactory
from tests.factories.monitoring import WatchFactory, incoming
from tests.factories.organisation import person_with

MORNING = datetime(2026, 11, 3, 9, tzinfo=UTC)


def test_a_message_told_twice_stands_once(account: Account) -> None:
    assert receive(account=account, items=[incoming(1), incoming(1), incoming(2)]) == 2
    assert receive(account=account, items=[incoming(2), incoming(1)]) == 0
    assert Mention.objects.count() == 2
    assert AuditEvent.objects.filter(verb="conversation.received").count() == 2


def test_the_deadline_runs_from_the_networks_time(account: Account) -> None:
    receive(account=account, items=[incoming(0, created_at=datetime(2026, 4, 3, 14, tzinfo=UTC))])
    assert Conversation.objects.get().deadline == datetime(2026, 4, 7, 14, tzinfo=UTC)


def test_a_time_to_come_is_taken_for_now(account: Account) -> None:
    receive(account=account, items=[incoming(0, created_at=datetime.now(UTC) + timedelta(days=300))])
    assert Mention.objects.get().sent_at <= datetime.now(UTC)


@pytest.mark.parametrize("zone", ["Europe/Brussels", "America/New_York", "Pacific/Kiritimati"])
def test_a_time_before_all_calendars_keeps_nobody_out(account: Account, zone: str) -> None:
    """In some zones the first hours of time belong to no year: no deadline follows from them."""
    Unit.objects.filter(pk=account.unit_id).update(time_zone=zone)
    account = Account.objects.get(pk=account.pk)
    assert receive(account=account, items=[incoming(0, created_at=datetime(1, 1, 1, tzinfo=UTC)), incoming(1)]) == 2
    assert Mention.objects.order_by("sent_at")[0].sent_at == datetime(1900, 1, 1, tzinfo=UTC)


def test_an_edit_keeps_the_fact_and_changes_the_text(account: Account) -> None:
    receive(account=account, items=[incoming(1)])
    receive(account=account, items=[incoming(1, text="Corrected")])
    mention = Mention.objects.get()
    assert mention.text == "Corrected"
    assert mention.item.edited_at is not None


def test_words_in_a_message_that_had_none_are_an_edit_too(account: Account) -> None:
    """A picture of which a network tells nothing: whoever answers it has not read what it says since."""
    receive(account=account, items=[incoming(1, text="")])
    receive(account=account, items=[incoming(1, text="Where do I pay?")])
    assert Mention.objects.get().item.edited_at is not None


def test_a_hit_that_addresses_us_becomes_a_mention(account: Account) -> None:
    receive(account=account, items=[incoming(1, kind=Kind.SEARCH_HIT)])
    receive(account=account, items=[incoming(1)])
    assert Mention.objects.get().kind == "mention"


@pytest.mark.parametrize(
    "hostile",
    [
        {"id": "x" * 301},
        {"id": "nul\x00"},
        {"author": "half\ud800"},
        {"author": "x" * 301},
        {"root": PostRef("at://" + "r" * 400)},
        {"parent": PostRef("p\x00")},
    ],
    ids=str,
)
def test_a_message_that_cannot_be_kept_keeps_no_other_out(account: Account, hostile: dict[str, Any]) -> None:
    assert receive(account=account, items=[incoming(1), incoming(2, **hostile), incoming(3)]) == 2
    assert set(Item.objects.values_list("text", flat=True)) == {"Question 1", "Question 3"}


def test_who_is_not_told_is_owed_an_answer_and_taken_for_nobody_else(account: Account) -> None:
    """Facebook hides some of those who comment. What we sent ourselves, it tells as little of."""
    root = PostRef("post")
    out = {"state": DeliveryState.PUBLISHED, "published_at": MORNING, "remote_id": "status-000003"}
    DeliveryFactory.create(account=account, **out)
    told = [replace(incoming(number, root=root), author=Author("", "", "")) for number in (1, 2, 3)]
    assert out["remote_id"] == told[2].ref.id
    assert receive(account=account, items=told) == 2
    assert receive(account=account, items=told) == 0
    first, second = Conversation.objects.order_by("clock_started_at")
    assert (first.author, second.author) == ("Unknown author", "Unknown author")
    assert (first.state, first.mentions.count(), second.mentions.count()) == ("new", 1, 1)


def test_a_page_that_lacks_a_known_citizens_name_takes_it_from_nobody(account: Account) -> None:
    """Their name and handle are what a purge looks for in our answers."""
    root = PostRef("status-000001")
    receive(account=account, items=[incoming(1, author="an", name="An Peeters")])
    bare = [
        replace(incoming(number, author="an", parent=root, root=root), author=Author("an", handle, name))
        for number, handle, name in ((2, "", ""), (3, "an.p", ""), (4, "", "An P."))
    ]
    seen = []
    for one in bare:
        receive(account=account, items=[one])
        now = Conversation.objects.get()
        seen.append((now.author_handle, now.author_name))
    assert seen == [("an", "An Peeters"), ("an.p", "An Peeters"), ("an.p", "An P.")]


@pytest.mark.parametrize("state", [DeliveryState.SENDING, DeliveryState.UNKNOWN])
def test_what_we_are_just_sending_is_no_citizens(account: Account, state: str) -> None:
    """The network tells of it before it has answered us, and not who wrote it."""
    lease = MORNING if state == DeliveryState.SENDING else None
    out = {"state": state, "epoch": 1, "lease_until": lease, "text": "Ouvert dès  lundi."}
    delivery = DeliveryFactory.create(account=account, **out)
    told = [replace(incoming(number, root=PostRef("post")), author=Author("", "", "")) for number in (1, 2)]
    told[0] = replace(told[0], text="Ouvert dès lundi.")
    assert receive(account=account, items=told) == 1
    assert Mention.objects.get().item.remote_id == told[1].ref.id
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.FAILED, lease_until=None)
    assert receive(account=account, items=told) == 1


def test_what_a_citizens_server_adds_is_kept_only_where_it_fits(account: Account) -> None:
    """An address that cannot be followed is no address; half a character is none either."""
    receive(
        account=account,
        items=[
            incoming(1, url="javascript:alert(1)", text="a\x00b\ud800"),
            incoming(2, url="https://long.example/" + "u" * 500, language="\x00" * 40),
        ],
    )
    assert set(Item.objects.values_list("url", flat=True)) == {""}
    assert Item.objects.filter(text="ab?").exists()


def test_our_own_accounts_are_no_citizens(account: Account) -> None:
    sister = ConnectedAccountFactory.create(unit=account.unit)
    items = [incoming(1, author=account.remote_id), incoming(2, author=sister.remote_id)]
    assert receive(account=account, items=items) == 0


def test_two_accounts_in_two_units_both_hear_what_names_both(account: Account) -> None:
    other = ConnectedAccountFactory.create()
    receive(account=account, items=[incoming(1)])
    receive(account=other, items=[incoming(1)])
    assert set(Conversation.objects.values_list("unit_id", flat=True)) == {account.unit_id, other.unit_id}


@pytest.mark.parametrize("hit_first", [True, False])
def test_a_message_to_one_account_found_for_another_is_one_conversation(account: Account, hit_first: bool) -> None:
    watching = ConnectedAccountFactory.create(unit=account.unit)
    watch = WatchFactory.create(account=watching)
    told = (account.remote_id,)

    def find() -> None:
        hit = incoming(1, kind=Kind.SEARCH_HIT, text="@fin tax return?", told=told)
        assert receive(account=watching, items=[hit], watch=watch) == 0

    if hit_first:
        find()
    assert receive(account=account, items=[incoming(1, text="@fin tax return?", told=told)]) == 1
    if not hit_first:
        find()
    assert Conversation.objects.get().account == account


def test_what_two_watches_find_is_one_conversation(account: Account) -> None:
    first = WatchFactory.create(account=account)
    second = WatchFactory.create(account=ConnectedAccountFactory.create(unit=account.unit))
    hit = incoming(1, kind=Kind.SEARCH_HIT)
    assert receive(account=first.account, items=[hit], watch=first) == 1
    assert receive(account=second.account, items=[hit], watch=second) == 0
    assert receive(account=first.account, items=[incoming(1, kind=Kind.SEARCH_HIT, text="New")], watch=first) == 0
    assert Mention.objects.get().text == "New"


def test_a_hit_is_kept_where_nobody_else_gets_it(account: Account) -> None:
    """Another house, another server, an account that nobody reads, and a name that the network made nothing of."""
    other_house = ConnectedAccountFactory.create()
    other_server = ConnectedAccountFactory.create(unit=account.unit, base_url="https://elsewhere.example")
    unread = ConnectedAccountFactory.create(unit=account.unit, connection_state="broken")
    watch = WatchFactory.create(account=account)
    MentionFactory.create(conversation__account=other_server, remote_id="status-000009")
    MentionFactory.create(conversation__account=other_house, remote_id="status-000008")
    hits = [incoming(9), incoming(8), incoming(7, text="@fin, which nobody is told of")]
    hits += [incoming(n, told=(one.remote_id,)) for n, one in enumerate((other_house, other_server, unread))]
    hits.append(incoming(6, told=(account.remote_id, ConnectedAccountFactory.create(unit=account.unit).remote_id)))
    hits = [replace(hit, kind=Kind.SEARCH_HIT) for hit in hits]
    assert receive(account=account, items=hits, watch=watch) == len(hits)


def test_two_citizens_under_one_post_are_two_conversations(account: Account) -> None:
    root = PostRef("our-post")
    receive(account=account, items=[incoming(1, root=root, parent=root), incoming(2, root=root, parent=root)])
    assert Conversation.objects.count() == 2


def test_a_thread_is_found_by_its_parents_where_the_network_names_no_root(account: Account) -> None:
    receive(account=account, items=[incoming(1, author="an")])
    parent = PostRef("status-000001")
    receive(account=account, items=[incoming(2, author="an", parent=parent)])
    receive(account=account, items=[incoming(3, author="an", parent=PostRef("status-000002"))])
    assert Conversation.objects.get().mentions.count() == 3


@pytest.mark.parametrize("left", ["", "suspended", "without the role"])
def test_the_citizen_who_writes_again_waits_again(account: Account, left: str) -> None:
    """For whoever had it; for everybody, where that one is gone: nobody looks at what lies with who cannot answer."""
    person = person_with("conversation_manager", account.unit)
    if left == "suspended":
        Person.objects.filter(pk=person.pk).update(is_active=False)
    elif left:
        person.grants.update(revoked_at=datetime.now(UTC))
    asked = datetime(2026, 11, 2, 9, tzinfo=UTC)
    conversation = ConversationFactory.create(
        account=account, root_id="r", author_id="an", state="answered", answered_at=asked, clock_started_at=asked
    )
    conversation.assigned_to = person
    conversation.save()
    MentionFactory.create(conversation=conversation, remote_id="r")
    later = datetime(2026, 11, 4, 10, tzinfo=UTC)
    receive(account=account, items=[incoming(5, author="an", parent=PostRef("r"), created_at=later)])
    conversation.refresh_from_db()
    stands = ("new", None, None) if left else ("assigned", person, None)
    assert (conversation.state, conversation.assigned_to, conversation.answered_at) == stands
    assert conversation.deadline == datetime(2026, 11, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answered", "is_owed"),
    [
        ({"remote_id": "there", "written_at": MORNING + timedelta(minutes=20)}, False),
        ({"remote_id": "there", "written_at": MORNING + timedelta(minutes=5)}, True),
        ({"written_at": MORNING + timedelta(minutes=5)}, True),
        ({"written_at": MORNING + timedelta(minutes=20)}, True),
        ({}, True),
    ],
    ids=["was there to read", "written since", "written after our answer", "told after our answer", "closed"],
)
@pytest.mark.parametrize("state", ["answered", "closed"])
def test_a_message_behind_the_newest_that_is_told_late_is_owed_an_answer(
    account: Account, state: str, answered: dict[str, Any], is_owed: bool
) -> None:
    """But for what stood on the network when somebody answered there."""
    late, newest = MORNING + timedelta(minutes=10), MORNING + timedelta(minutes=30)
    conversation = ConversationFactory.create(
        account=account, root_id="r", author_id="an", state=state, answered_at=MORNING, clock_started_at=MORNING
    )
    Conversation.objects.update(last_mention_at=newest)
    if answered:
        answer = AnswerFactory.create(conversation=conversation, published_at=MORNING)
        Answer.objects.filter(pk=answer.pk).update(**answered)
    receive(account=account, items=[incoming(1, author="an", parent=PostRef("r"), created_at=late)])
    conversation.refresh_from_db()
    stands = ("new", late, None) if is_owed else (state, MORNING, MORNING)
    assert (conversation.state, conversation.clock_started_at, conversation.answered_at) == stands
    assert (conversation.last_mention_at, conversation.mentions.count()) == (newest, 1)


def test_two_messages_of_one_second_are_both_owed_an_answer(account: Account) -> None:
    """Networks tell some moments in whole seconds."""
    conversation = ConversationFactory.create(
        account=account, root_id="r", author_id="an", state="answered", answered_at=MORNING, clock_started_at=MORNING
    )
    Conversation.objects.update(last_mention_at=MORNING)
    AnswerFactory.create(conversation=conversation, published_at=MORNING)
    receive(account=account, items=[incoming(1, author="an", parent=PostRef("r"), created_at=MORNING)])
    conversation.refresh_from_db()
    assert conversation.state == "new"


def test_characters_that_the_database_cannot_keep_are_dropped(account: Account) -> None:
    receive(account=account, items=[incoming(1, text="a\x00b")])
    assert Mention.objects.get().text == "ab"


def test_the_audit_trail_holds_nothing_of_the_citizen(account: Account) -> None:
    receive(account=account, items=[incoming(1, author="secret-handle", name="Secret Name", text="Secret text")])
    told = str(list(AuditEvent.objects.values()))
    assert "secret" not in told.lower()


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_store_the_same_page_store_it_once() -> None:
    account = ConnectedAccountFactory.create()
    items = [incoming(number, author="an", parent=PostRef("root")) for number in range(40)]
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        receive(account=account, items=items)
        connection.close()

    workers = [threading.Thread(target=work) for _each in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Mention.objects.count() == 40
    assert Conversation.objects.count() == 1


def test_two_people_whose_ids_begin_alike_stay_two(account: Account) -> None:
    """At any length that is kept at all: cut off, one would be answered what the other asked."""
    root = PostRef("post-1")
    told = [incoming(number, author="p" * 299 + str(number), parent=root, root=root) for number in (1, 2)]
    receive(account=account, items=told)
    assert Conversation.objects.count() == 2
    assert {one.author_id for one in Conversation.objects.all()} == {one.author.id for one in told}
