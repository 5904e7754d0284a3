"""What a citizen says to few is answered to few: through the whole product, over real sockets."""

from __future__ import annotations

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts_registry.models import Account
from accounts_registry.queries import connector_for
from conversations.actions import answer_conversation
from conversations.models import Conversation
from conversations.queries import audience_of_answer
from delivery.actions import Line, send_next
from delivery.content import content_hash
from delivery.models import Delivery
from monitoring.actions import pull_what_is_due
from monitoring.models import Item, Mention, Stream
from networks import catalogue
from networks.types import Audience, Draft
from organisation.lifecycle import Refused
from organisation.models import Person, Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.conversations import ConversationFactory, MentionFactory, asked_now
from tests.factories.delivery import thaw
from tests.networks.squares.square import attempt
from tests.simulator.fixture import Control, simulator, simulator_server
from tests.thorough import thorough_but

__all__ = ["simulator", "simulator_server"]

SEEN = [("public", "public"), ("unlisted", "unlisted"), ("private", "direct"), ("direct", "direct")]


@pytest.fixture
def account(unit: Unit, simulator: Control, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Account:
    thaw()
    settings.EGRESS_ALLOW = frozenset({simulator.host})
    monkeypatch.setattr("delivery.actions.waking.current_app.send_task", lambda name, **options: None)
    simulator.person("lucas", "Lucas Maes")
    token = simulator.person("fin_fr", "SPF Finances", kind="account")
    made = ConnectedAccountFactory.create(
        unit=unit, handle="fin_fr", base_url=simulator.url, credentials={"access_token": token}
    )
    made.remote_id = connector_for(made).identify().remote_id
    made.save()
    return made


def asked(simulator: Control, visibility: str, text: str = "Mon dossier ?", **more: str) -> Conversation:
    """The conversation that a message for these eyes begins, or goes on with."""
    simulator.speak("lucas", text, mention="fin_fr", visibility=visibility, **more)
    Stream.objects.update(next_pull_at=Now())
    pull_what_is_due(seconds=20)
    return Conversation.objects.latest("last_mention_at")


def send() -> Delivery:
    while send_next(Line()):
        pass
    return Delivery.objects.latest("pk")


@pytest.mark.longer
@pytest.mark.parametrize("software", thorough_but(["mastodon", "gotosocial", "takahe"], "mastodon"))
@pytest.mark.parametrize(("question", "answer"), SEEN)
def test_an_answer_is_never_wider_than_its_question(
    account: Account, manager: Person, simulator: Control, question: str, answer: str, software: str
) -> None:
    simulator.ways(software=software)
    conversation = asked(simulator, question)
    answer_conversation(conversation=conversation, text="@lucas Voici.", by=manager, seen=0)
    delivery = send()
    assert delivery.state == "published", delivery.problem_detail
    (ours,) = simulator.posts("@lucas Voici.")
    assert ours["visibility"] == answer
    assert delivery.content["audience"] == Audience(answer).value
    assert delivery.content_hash == content_hash(delivery.content)
    assert content_hash({**delivery.content, "audience": "public"}) != delivery.content_hash or answer == "public"


@pytest.mark.longer
@pytest.mark.parametrize("question", ["private", "direct"])
def test_what_nobody_ever_recorded_is_taken_for_narrow(
    account: Account, manager: Person, simulator: Control, question: str
) -> None:
    conversation = asked(simulator, question)
    Item.objects.update(audience="")
    answer_conversation(conversation=conversation, text="@lucas Voici.", by=manager, seen=0)
    assert send().state == "published"
    assert [one["visibility"] for one in simulator.posts("@lucas Voici.")] == ["direct"]


@pytest.mark.longer
def test_it_is_looked_up_again_before_long(account: Account, simulator: Control) -> None:
    asked(simulator, "direct")
    Item.objects.update(audience="")
    Mention.objects.update(check_at=Now())
    Stream.objects.update(next_pull_at=Now(), newest="")
    pull_what_is_due(seconds=20)
    assert Item.objects.get().audience == "direct"


@pytest.fixture
def not_looked_at_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the look before the write failed, or cost money."""
    monkeypatch.setattr("conversations.actions.answering.look_now", lambda **_told: None)


@pytest.mark.longer
def test_what_became_one_for_few_ends_the_answer_before_its_write(
    account: Account, manager: Person, simulator: Control
) -> None:
    conversation = asked(simulator, "direct")
    Item.objects.update(audience="public")
    answer_conversation(conversation=conversation, text="@lucas Voici.", by=manager, seen=0)
    delivery = send()
    assert (delivery.state, delivery.problem_code) == ("cancelled", "asked_otherwise")
    assert simulator.posts("@lucas Voici.") == []
    assert Item.objects.get().audience == "direct"


@pytest.mark.longer
@pytest.mark.usefixtures("not_looked_at_before")
def test_the_server_has_the_last_word(account: Account, manager: Person, simulator: Control) -> None:
    """Whatever stands in our tables: the message is looked at once more when the answer is written."""
    conversation = asked(simulator, "direct")
    Item.objects.update(audience="public")
    answer_conversation(conversation=conversation, text="@lucas Voici.", by=manager, seen=0)
    delivery = send()
    assert (delivery.state, delivery.problem_code) == ("failed", "too_wide")
    assert simulator.posts("@lucas Voici.") == []
    pull_what_is_due(seconds=20)
    Stream.objects.update(next_pull_at=Now())
    pull_what_is_due(seconds=20)
    assert Item.objects.get().audience == "direct"


@pytest.mark.longer
def test_a_later_public_word_does_not_open_what_was_said_to_us_alone(
    account: Account, manager: Person, simulator: Control
) -> None:
    first = asked(simulator, "direct", "Mon numéro national ?")
    root = simulator.posts()[0]["id"]
    conversation = asked(simulator, "public", "Personne ?", reply_to=root)
    assert (conversation.pk, conversation.mentions.count()) == (first.pk, 2)
    answer_conversation(conversation=conversation, text="@lucas Voici.", by=manager, seen=0)
    assert send().state == "published"
    assert [one["visibility"] for one in simulator.posts("@lucas Voici.")] == ["direct"]


@pytest.mark.longer
def test_an_answer_for_few_names_whom_it_is_for(account: Account, manager: Person, simulator: Control) -> None:
    conversation = asked(simulator, "direct")
    with pytest.raises(Refused, match="@lucas"):
        answer_conversation(conversation=conversation, text="Voici.", by=manager, seen=0)
    simulator.person("press", "Press")
    answer_conversation(conversation=conversation, text="@lucas Voyez @press.", by=manager, seen=0)
    delivery = send()
    assert (delivery.state, delivery.problem_code) == ("failed", "too_wide")
    assert simulator.posts("@lucas Voyez @press.") == []


@pytest.mark.longer
def test_nobody_gets_more_than_the_page_said(account: Account, manager: Person, simulator: Control) -> None:
    conversation = asked(simulator, "public")
    text = "@lucas Voici."
    answer_conversation(conversation=conversation, text=text, by=manager, seen=0, audience="direct")
    assert send().state == "published"
    assert [one["visibility"] for one in simulator.posts(text)] == ["direct"]


def test_an_announcement_says_that_it_is_public(account: Account, simulator: Control) -> None:

    simulator.ways(visibility="private")
    connector_for(account).publish(Draft("Le guichet ouvre", "fr"), attempt())
    (call,) = simulator.posts("Le guichet ouvre")
    assert call["visibility"] == "public"


@pytest.mark.longer
def test_an_answer_to_what_is_gone_goes_nowhere(account: Account, manager: Person, simulator: Control) -> None:
    conversation = asked(simulator, "public")
    answer_conversation(conversation=conversation, text="@lucas Voici.", by=manager, seen=0)
    simulator.take_away(simulator.posts(by="lucas")[0]["id"])
    delivery = send()
    assert (delivery.state, delivery.problem_code) == ("cancelled", "gone")
    assert simulator.posts("@lucas Voici.") == []


@pytest.mark.longer
@pytest.mark.usefixtures("not_looked_at_before")
def test_the_server_refuses_an_answer_to_what_is_gone(account: Account, manager: Person, simulator: Control) -> None:
    conversation = asked(simulator, "public")
    answer_conversation(conversation=conversation, text="@lucas Voici.", by=manager, seen=0)
    simulator.take_away(simulator.posts(by="lucas")[0]["id"])
    delivery = send()
    assert (delivery.state, delivery.problem_code) == ("failed", "gone")
    assert simulator.posts("@lucas Voici.") == []


@pytest.mark.parametrize("key", [key for key, one in catalogue.NETWORKS.items() if one.capabilities.replies])
@pytest.mark.parametrize("audience", thorough_but(["followers", "direct"], "direct"))
def test_where_no_answer_is_narrow_enough_none_is_given(
    unit: Unit, manager: Person, client: Client, key: str, audience: str
) -> None:
    """On every network: for few, or not from here."""
    account = ConnectedAccountFactory.create(unit=unit, network=key)
    conversation = ConversationFactory.create(account=account)
    MentionFactory.create(conversation=conversation, audience=audience)
    text = f"@{conversation.author_handle} Voici."
    if Audience.DIRECT in catalogue.network(key).capabilities.audiences:
        answer_conversation(conversation=conversation, text=text, by=manager, seen=0)
        assert Delivery.objects.get().content["audience"] == "direct"
        return
    with pytest.raises(Refused, match="not for everybody"):
        answer_conversation(conversation=conversation, text=text, by=manager, seen=0)
    assert not Delivery.objects.exists()
    client.force_login(manager)
    page = client.get(reverse("conversations:conversation", args=[conversation.pk])).content.decode()
    assert "Answer on the network itself" in page
    assert "Send this answer" not in page


@pytest.mark.longer
def test_who_sees_it_is_said_in_the_inbox_and_at_the_answer(
    account: Account, manager: Person, simulator: Control, client: Client
) -> None:
    client.force_login(manager)
    conversation = asked(simulator, "direct")
    assert "For the people named" in client.get(reverse("conversations:inbox")).content.decode()
    page = client.get(reverse("conversations:conversation", args=[conversation.pk])).content.decode()
    assert "For the people named" in page
    assert "Only you and the people named see this answer." in page
    given = {"text": "@lucas Voici.", "seen": 0, "audience": "direct"}
    assert client.post(reverse("conversations:answer", args=[conversation.pk]), given).status_code == 422
    given["question"] = asked_now(conversation)
    client.post(reverse("conversations:answer", args=[conversation.pk]), given)
    send()
    page = client.get(reverse("conversations:conversation", args=[conversation.pk])).content.decode()
    assert page.count("For the people named") >= 2
    given["audience"] = "everybody"
    assert client.post(reverse("conversations:answer", args=[conversation.pk]), given).status_code == 422


@pytest.mark.parametrize(
    ("audiences", "answered"),
    [
        (["public", "public"], Audience.PUBLIC),
        (["", "public"], Audience.PUBLIC),
        (["direct", ""], None),
        (["", "direct"], None),
        (["followers", "public"], None),
    ],
)
def test_where_a_network_makes_only_public_answers_a_hidden_comment_gets_none_whatever_stands_beside_it(
    db: None, audiences: list[str], answered: Audience | None
) -> None:
    """Also beside a message of which nobody recorded who sees it."""
    account = ConnectedAccountFactory.create(network="facebook")
    conversation = ConversationFactory.create(account=account, unit=account.unit)
    for audience in audiences:
        MentionFactory.create(conversation=conversation, account=account, audience=audience)
    assert audience_of_answer(conversation) is answered
