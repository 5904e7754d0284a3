"""Servers that speak Mastodon's API and are not Mastodon, or are it otherwise than most: each manner by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitoring.schedule import RETENTION
from networks import catalogue, threads
from networks.egress import Egress
from networks.errors import AuthExpired, Gone, OutcomeUnknown, TooWide
from networks.kinds import Counting
from networks.mastodon.reading import read_audience
from networks.threads import THREADS_A_PAGE
from networks.types import Attachment, Audience, Draft, Incoming, Kind, Poll, PostRef, Presence
from tests.networks.squares.mastodon import square as mastodon_square
from tests.networks.squares.square import Square, all_of, attempt, picture
from tests.simulator.fixture import Control

SOFTWARE = ["mastodon", "gotosocial", "takahe"]


def asked(square: Square, simulator: Control, visibility: str, text: str = "Mon dossier ?") -> Incoming:
    simulator.speak("citizen", text, mention="finances", visibility=visibility)
    return all_of(square.service)[0][0]


@pytest.mark.parametrize("software", SOFTWARE)
def test_its_name_and_its_way_of_counting_are_read_from_itself(simulator: Control, software: str) -> None:
    simulator.ways(software=software)
    facts = catalogue.server_facts("mastodon", simulator.url, Egress(allow=frozenset({simulator.host})))
    counting = catalogue.network("mastodon").capabilities.at(facts.limits).counting
    assert facts.software == software
    assert counting is (Counting.MASTODON if software == "mastodon" else Counting.CHARACTERS)


@pytest.mark.parametrize("software", SOFTWARE)
def test_an_announcement_is_public_whatever_the_account_does_by_itself(simulator: Control, software: str) -> None:
    square = mastodon_square(simulator, software=software, visibility="private")
    square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    assert [post["visibility"] for post in simulator.posts("Le guichet ouvre")] == ["public"]


@pytest.mark.parametrize("software", SOFTWARE)
@pytest.mark.parametrize(
    ("said", "seen", "answered"),
    [
        ("public", Audience.PUBLIC, "public"),
        ("unlisted", Audience.UNLISTED, "unlisted"),
        ("private", Audience.FOLLOWERS, "direct"),
        ("direct", Audience.DIRECT, "direct"),
    ],
)
def test_an_answer_is_for_nobody_who_does_not_see_its_question(
    simulator: Control, software: str, said: str, seen: Audience, answered: str
) -> None:
    square = mastodon_square(simulator, software=software)
    question = asked(square, simulator, said)
    assert question.audience is seen
    draft = square.answer("@citizen Ici.", question)
    square.service.publish(draft, attempt())
    assert [post["visibility"] for post in simulator.posts("@citizen Ici.")] == [answered]
    if answered != "public":
        for wide in (Audience.PUBLIC, Audience.UNLISTED)[: 2 if answered == "direct" else 1]:
            with pytest.raises(TooWide):
                square.service.publish(replace(draft, audience=wide), attempt())
        assert len(simulator.posts("@citizen Ici.")) == 1


@pytest.mark.parametrize("word", ["limited", "mutuals_only", "local", "", None])
def test_a_word_that_we_do_not_know_says_nothing(word: str | None) -> None:
    assert read_audience({"visibility": word}) is None


@pytest.mark.parametrize("software", SOFTWARE)
def test_an_answer_to_what_is_gone_becomes_no_message_of_its_own(simulator: Control, software: str) -> None:
    square = mastodon_square(simulator, software=software)
    question = asked(square, simulator, "public")
    simulator.take_away(question.ref.id)
    with pytest.raises(Gone):
        square.service.publish(square.answer("@citizen Trop tard", question), attempt())
    assert simulator.posts("@citizen Trop tard") == []


@pytest.mark.parametrize("software", SOFTWARE)
def test_a_lost_answer_for_few_is_found_again(simulator: Control, software: str) -> None:
    """Where a server leaves it out of our own list, it stands below its question."""
    square = mastodon_square(simulator, software=software)
    draft, key = square.answer("@citizen Ici.", asked(square, simulator, "direct")), attempt()
    simulator.fault("lost_answer", square.writes, times=1)
    with pytest.raises(OutcomeUnknown):
        square.service.publish(draft, key)
    assert square.service.reconcile(draft, key).presence is Presence.PRESENT


@pytest.mark.parametrize("software", ["gotosocial", "takahe"])
def test_a_server_without_keys_is_never_sent_to_again_unasked(simulator: Control, software: str) -> None:
    square = mastodon_square(simulator, software=software)
    draft, key = Draft("Le guichet ouvre", "fr"), attempt()
    assert square.service.reconcile(draft, key).presence is Presence.UNCERTAIN
    square.service.publish(draft, key)
    square.service.publish(draft, key)
    assert square.count("Le guichet ouvre") == 2  # which is why


def test_whoever_asked_nobody_yet_asks_the_server(simulator: Control) -> None:
    for software, presence in (("mastodon", Presence.ABSENT), ("takahe", Presence.UNCERTAIN)):
        square = mastodon_square(simulator, software=software)
        square.service.account = replace(square.service.account, software="")
        assert square.service.reconcile(Draft("Nulle part", "fr"), attempt()).presence is presence


@pytest.mark.parametrize("software", ["gotosocial", "takahe"])
def test_where_every_sign_counts_an_address_counts_whole(simulator: Control, software: str) -> None:
    square = mastodon_square(simulator, software=software)
    address = "https://fin.example/" + "a" * 480
    draft = Draft(f"Voir {address}", "fr")
    (problem,) = square.service.validate(draft)
    assert (problem.code, problem.actual, problem.limit) == ("text_too_long", len(draft.text), 500)
    fits = Draft(f"Voir {address}"[:500], "fr")
    assert square.service.validate(fits) == ()
    assert square.service.publish(fits, attempt())
    square = mastodon_square(simulator, software="mastodon")
    assert square.service.validate(draft) == ()
    assert square.service.publish(draft, attempt())


@pytest.mark.parametrize("software", SOFTWARE)
def test_a_sign_written_as_an_entity_is_found_again(simulator: Control, software: str) -> None:
    square = mastodon_square(simulator, software=software)
    draft, key = Draft("Écrivez &amp; pour &", "fr"), attempt()
    ref = square.service.publish(draft, key)
    assert square.service.reconcile(draft, key).ref == ref


@pytest.mark.parametrize("software", SOFTWARE)
def test_a_message_is_found_under_the_servers_other_name(simulator: Control, software: str) -> None:
    square = mastodon_square(simulator, software=software, public_url="https://social.fin.example")
    ref = square.service.publish(Draft("Où est-ce ?", "fr"), attempt())
    assert ref.url.startswith("https://social.fin.example/@finances/")
    found = square.service.locate(ref.url)
    assert found
    assert (found.id, found.url) == (ref.id, ref.url)
    theirs = asked(square, simulator, "public")
    assert square.service.locate(theirs.ref.url) is None
    assert square.service.locate(ref.url.replace("social.", "other.")) is None


@pytest.mark.parametrize("software", SOFTWARE)
def test_a_bad_token_is_an_expired_sign_in_and_anothers_status_is_not_ours(simulator: Control, software: str) -> None:
    square = mastodon_square(simulator, software=software)
    theirs = asked(square, simulator, "public")
    with pytest.raises(Gone):
        square.service.delete(theirs.ref)
    assert simulator.posts(by="citizen")
    with pytest.raises(AuthExpired):
        square.signed_off.delete(theirs.ref)


def test_an_answer_below_ours_that_names_nobody_is_heard(square: Square, simulator: Control) -> None:
    ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    _known, mark = all_of(square.service)
    said = square.say("à quelle heure ?", ours)
    assert [one["reply_to"] for one in simulator.posts("à quelle heure ?")] == [ours.id]
    items, mark = all_of(square.service, mark)
    assert [(item.ref.id, item.kind) for item in items] == [(said, Kind.REPLY)]
    assert square.service.account.remote_id in items[0].told
    before = len(simulator.journal("GET", f"/api/v1/statuses/{ours.id}/context"))
    assert all_of(square.service, mark)[0] == []
    assert len(simulator.journal("GET", f"/api/v1/statuses/{ours.id}/context")) == before


def test_what_citizens_say_to_each_other_below_ours_is_not_for_us(square: Square, simulator: Control) -> None:
    ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    first = square.say("à quelle heure ?", ours)
    simulator.person("an")
    simulator.speak("an", "à neuf heures", reply_to=first)
    assert [item.ref.id for item in all_of(square.service)[0]] == [first]


@pytest.mark.longer
def test_threads_are_read_a_few_at_a_time_and_none_is_left(square: Square, simulator: Control) -> None:
    many = THREADS_A_PAGE * 2 + 1
    ours = [square.service.publish(Draft(f"Annonce {n}", "fr"), attempt()) for n in range(many)]
    said = {square.say("merci", ref) for ref in ours}
    page = square.service.inbox()
    contexts = [call for call in simulator.journal("GET") if call["path"].endswith("/context")]
    assert len(contexts) == THREADS_A_PAGE
    assert page.older
    assert {item.ref.id for item in all_of(square.service)[0]} == said


@pytest.mark.longer
def test_an_answer_that_came_as_another_went_is_found_below_an_old_status(square: Square, simulator: Control) -> None:
    """As many as before: the count tells nothing. A look back over days reads below all that is ours."""
    with simulator.late(5 * 86_400):
        ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    first = square.say("à quelle heure ?", ours)
    items, mark = all_of(square.service)
    assert [item.ref.id for item in items] == [first]
    square.unsay(first)
    second = square.say("à quelle adresse ?", ours)
    assert all_of(square.service, mark)[0] == []
    back = datetime.now(UTC) - timedelta(days=2)
    assert [item.ref.id for item in all_of(square.service, back.isoformat())[0]] == [second]


@pytest.mark.longer
def test_what_was_said_below_ours_longer_ago_than_it_is_kept_is_not_heard_anew(
    square: Square, simulator: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timedelta(days=30) == threads.SAID_WITHIN == RETENTION
    monkeypatch.setattr(threads, "SAID_WITHIN", timedelta(days=1))
    with simulator.late(3 * 86_400):
        ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    with simulator.late(2 * 86_400):
        square.say("avant-hier", ours)
    said = square.say("aujourd’hui", ours)
    assert [item.ref.id for item in all_of(square.service)[0]] == [said]


def test_a_token_for_notifications_alone_still_hears(square: Square, simulator: Control) -> None:
    token = simulator.token("finances", "read:notifications")["token"]
    account = replace(square.service.account, credentials={"access_token": token})
    listener = catalogue.connector(account, Egress(allow=frozenset({simulator.host})))
    said = square.say("@finances un")
    assert [item.ref.id for item in listener.inbox().items] == [said]


def test_what_is_shown_late_comes_to_a_look_back_and_reading_on_reads_nothing_twice(
    square: Square, simulator: Control
) -> None:
    """Ten minutes of a flood, read over again at each reading, would never be walked to their end."""
    before = datetime.now(UTC) - timedelta(seconds=5)
    first = square.say("@finances un")
    _items, mark = all_of(square.service)
    assert all_of(square.service, mark)[0] == []
    assert first in {item.ref.id for item in all_of(square.service, before.isoformat())[0]}


def test_a_mark_of_an_older_release_still_works(square: Square, simulator: Control) -> None:
    square.say("@finances un")
    second = square.say("@finances deux")
    known = json.loads(all_of(square.service)[1])["note"]
    older = str(int(known) - 1)
    assert [item.ref.id for item in square.service.inbox(since=older).items] == [second]


def test_what_the_server_filters_is_read_and_said_to_be(simulator: Control) -> None:
    square = mastodon_square(simulator, filters=True)
    private = asked(square, simulator, "direct")
    assert (private.text, private.filtered) == ("@finances Mon dossier ?", True)
    assert not asked(square, simulator, "public", "Tout haut").filtered


@pytest.mark.longer
def test_what_hangs_at_a_message_is_read(square: Square, simulator: Control, tmp_path: Path) -> None:
    poll = {"choices": ["Rouge", "Bleu"], "votes": ["3", "0"]}
    simulator.speak("citizen", "lequel ?", mention="finances", warning="Dettes", **poll)
    warned = all_of(square.service)[0][0]
    assert (warned.warning, warned.poll) == ("Dettes", Poll(("Rouge", "Bleu"), (3, 0)))
    ours = square.service.publish(Draft("Montrez", "fr"), attempt())
    citizen = mastodon_square(simulator)
    token = simulator.person("citizen")
    account = replace(citizen.service.account, remote_id=square.citizen_id, credentials={"access_token": token})
    speaker = catalogue.connector(account, Egress(allow=frozenset({simulator.host})))
    said = speaker.publish(Draft("", "fr", media=(picture(tmp_path, "Un carré"),), reply_to=ours), attempt())
    shown = next(item for item in all_of(square.service)[0] if item.ref.id == said.id)
    (part,) = shown.attachments
    assert (shown.text, part.kind, part.alt) == ("", "picture", "Un carré")
    assert part == Attachment("picture", part.url, "Un carré", width=part.width, height=part.height)
    assert (part.width or 0) > 0
    assert part.url.startswith(simulator.url)


def test_the_warning_goes_along(square: Square, simulator: Control) -> None:
    ref = square.service.publish(Draft("Voici", "fr", warning="re: Dettes"), attempt())
    seen = square.service.fetch(PostRef(ref.id))
    assert seen
    assert seen.warning == "re: Dettes"
    long = Draft("a" * 480, "fr", warning="b" * 21)
    assert [problem.code for problem in square.service.validate(long)] == ["text_too_long"]


@pytest.fixture
def square(simulator: Control) -> Square:
    return mastodon_square(simulator)
