"""A message that is out without its captions: kept, told wherever it is shown, and seen to by a person."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from delivery.actions import Line, complete_delivery, look_for_next, resolve_unknown, send_next
from delivery.content import freeze
from delivery.enums import DeliveryState, Verdict
from delivery.models import Delivery
from delivery.queries import incomplete, standing_of, waiting_for
from networks.errors import Duplicate, OutcomeUnknown
from networks.types import Finding, Lack, Part, PostRef, Presence
from organisation.lifecycle import Conflict
from organisation.models import AuditEvent, Person
from organisation.queries import story
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import DeliveryFactory, FakeNetwork
from tests.factories.organisation import UnitFactory, person_with

pytestmark = pytest.mark.usefixtures("thawed", "origin")

LACKS = (Lack(Part.CAPTIONS, "fr"), Lack(Part.CAPTIONS, "nl"))
KEPT = [{"part": "captions", "language": "fr"}, {"part": "captions", "language": "nl"}]
THERE = PostRef("42", "https://youtube.example/watch?v=42", lacks=LACKS)


def sent() -> Delivery:
    delivery = DeliveryFactory.create()
    assert send_next(Line())
    delivery.refresh_from_db()
    return delivery


def lost(network: FakeNetwork) -> Delivery:
    network.answers = [OutcomeUnknown("timeout")]
    delivery = sent()
    assert delivery.state == DeliveryState.UNKNOWN
    return delivery


@pytest.fixture
def lacking() -> Delivery:
    return DeliveryFactory.create(incomplete=True)


@pytest.fixture
def sender(lacking: Delivery) -> Person:
    return person_with("communication_cell", lacking.unit)


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def events(delivery: Delivery) -> list[AuditEvent]:
    return list(story(delivery))


def test_what_a_send_could_not_add_is_kept_with_its_one_event(network: FakeNetwork) -> None:
    network.answers = [THERE]
    delivery = sent()
    assert (delivery.state, delivery.lacks, delivery.problem_code) == (DeliveryState.PUBLISHED, KEPT, "")
    assert delivery.problem == (
        "The video is out, but Parvis could not make sure that it has its captions (Français, Nederlands). "
        "Look on the network, and add there what is missing."
    )
    published = events(delivery)[0]
    assert (published.verb, published.details["lacks"]) == ("delivery.publish", KEPT)


def test_a_complete_message_says_nothing_of_it(network: FakeNetwork) -> None:
    delivery = sent()
    assert (delivery.lacks, delivery.problem) == ([], "")
    assert "lacks" not in events(delivery)[0].details


def test_a_message_found_after_a_lost_answer_says_what_it_lacks(network: FakeNetwork) -> None:
    delivery = lost(network)
    network.findings = [Finding(Presence.PRESENT, THERE)]
    assert look_for_next()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.lacks) == (DeliveryState.PUBLISHED, KEPT)
    found = events(delivery)[0]
    assert (found.verb, found.details["lacks"]) == ("delivery.find", KEPT)


def test_a_duplicate_that_is_ours_says_what_it_lacks(network: FakeNetwork) -> None:
    network.answers, network.findings = [Duplicate(THERE)], [Finding(Presence.PRESENT, THERE)]
    assert sent().lacks == KEPT


@pytest.mark.parametrize(("key", "expected"), [("youtube", KEPT[:1]), ("x", [])])
def test_of_what_a_person_found_captions_that_were_to_follow_are_in_doubt(
    network: FakeNetwork, key: str, expected: object
) -> None:
    """Where captions went ahead of the message, it cannot be there without them."""
    delivery = lost(network)
    captions = [{"path": "a.vtt", "mime": "text/vtt", "language": "fr"}]
    film = {"path": "a.mp4", "mime": "video/mp4", "captions": captions}
    content, content_hash = freeze({"text": "Bonjour", "language": "fr", "media": [film]})
    account = ConnectedAccountFactory.create(unit=delivery.unit, network=key)
    Delivery.objects.filter(pk=delivery.pk).update(account=account, content=content, content_hash=content_hash)
    delivery.refresh_from_db()
    network.places[THERE.url] = PostRef("42", THERE.url)
    decider = person_with("communication_cell", delivery.unit)
    resolve_unknown(delivery=delivery, by=decider, verdict=Verdict.THERE, reason="I saw it", published_url=THERE.url)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.lacks) == (DeliveryState.PUBLISHED, expected)
    assert events(delivery)[0].details.get("lacks", []) == expected


def test_somebody_says_that_it_is_there_now(lacking: Delivery, sender: Person) -> None:
    kept = lacking.lacks
    complete_delivery(delivery=lacking, by=sender)
    lacking.refresh_from_db()
    assert (lacking.state, lacking.lacks, lacking.problem) == (DeliveryState.PUBLISHED, [], "")
    [told] = events(lacking)
    assert (told.verb, told.actor_id, told.details["added"]) == ("delivery.completed", sender.pk, kept)
    with pytest.raises(Conflict):
        complete_delivery(delivery=lacking, by=sender)
    assert len(events(lacking)) == 1


def test_saying_so_takes_the_permission_to_send(lacking: Delivery) -> None:
    for person in (person_with("newcomer", lacking.unit), person_with("communication_cell", UnitFactory.create())):
        with pytest.raises(PermissionDenied):
            complete_delivery(delivery=lacking, by=person)
    lacking.refresh_from_db()
    assert lacking.lacks
    assert not events(lacking)


def test_it_waits_for_whoever_may_send(lacking: Delivery, sender: Person) -> None:
    [waiting] = waiting_for(sender)
    assert (waiting.url, waiting.act) == (lacking.get_absolute_url(), "Add what is missing")
    assert "captions (Français)" in str(waiting.detail)
    newcomer = person_with("newcomer", lacking.unit)
    assert waiting_for(newcomer) == []
    assert list(incomplete(newcomer)) == [lacking]
    assert not incomplete(person_with("communication_cell", UnitFactory.create())).exists()
    complete_delivery(delivery=lacking, by=sender)
    assert waiting_for(sender) == []


def test_its_stand_is_a_word_of_its_own(lacking: Delivery) -> None:
    assert standing_of([lacking]).states == {lacking.origin_id: "incomplete"}


@pytest.mark.longer
def test_the_page_says_what_is_missing_and_takes_the_word_of_who_may_send(lacking: Delivery, sender: Person) -> None:
    url = reverse("delivery:delivery_complete", args=[lacking.pk])
    seen = as_(person_with("newcomer", lacking.unit))
    page = seen.get(lacking.get_absolute_url()).content.decode()
    assert "captions (Français)" in page
    assert url not in page
    assert seen.post(url).status_code == 403
    client = as_(sender)
    page = client.get(lacking.get_absolute_url()).content.decode()
    assert url in page
    assert lacking.remote_url in page
    assert client.get(reverse("delivery:unresolved")).content.decode().count(lacking.get_absolute_url()) == 2
    assert client.post(url).status_code == 302
    page = client.get(lacking.get_absolute_url()).content.decode()
    assert url not in page
    assert "added on the network what was missing" in page
    assert client.post(url).status_code == 409


def test_the_story_names_what_was_missing(network: FakeNetwork) -> None:
    network.answers = [THERE]
    delivery = sent()
    page = as_(person_with("communication_cell", delivery.unit)).get(delivery.get_absolute_url()).content.decode()
    assert "Captions not certain: FR, NL" in " ".join(page.split())


def test_the_reader_reads_it_in_the_own_language(lacking: Delivery) -> None:
    reader = person_with("communication_cell", lacking.unit)
    Person.objects.filter(pk=reader.pk).update(language="fr")
    page = as_(Person.objects.get(pk=reader.pk)).get(lacking.get_absolute_url()).content.decode()
    assert "sous-titres (Français)" in page
