"""What Mastodon alone promises or lacks."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from networks import calls, catalogue
from networks.egress import Egress
from networks.errors import PermissionMissing, Unavailable
from networks.mastodon.connector import MastodonConnector
from networks.port import Connector
from networks.types import AccountRef, Draft, Media, PostRef, Presence
from tests.networks.loopback import Asked, Reply, answer, serve
from tests.networks.squares.mastodon import square as mastodon_square
from tests.networks.squares.square import Square, attempt
from tests.networks.subjects.mastodon import STATUS
from tests.simulator.fixture import Control


@pytest.fixture
def square(simulator: Control) -> Square:
    return mastodon_square(simulator)


def test_one_key_is_one_status(square: Square) -> None:
    key = attempt()
    refs = {square.service.publish(Draft("Une fois", "fr"), key) for _ in range(3)}
    assert len(refs) == 1
    assert square.count("Une fois") == 1
    assert square.service.publish(Draft("Une fois", "fr"), attempt()) not in refs


@pytest.mark.longer
def test_a_list_that_lags_is_not_proof_of_absence(square: Square, simulator: Control) -> None:
    """While the list may lag we say that we do not know; sending again with the same key makes no second message."""
    simulator.fault("list_lag", "GET ", seconds=2)
    draft, key = Draft("En retard", "fr"), attempt()
    ref = square.service.publish(draft, key)
    square.service._settle = timedelta(seconds=3)
    assert square.service.reconcile(draft, key).presence is Presence.UNCERTAIN
    assert square.service.publish(draft, key) == ref
    time.sleep(2.2)
    assert square.service.reconcile(draft, key).presence is Presence.PRESENT
    assert square.count("En retard") == 1


def test_a_film_goes_along_with_words_once_it_is_ready(square: Square, simulator: Control, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
    medium = Media(film, "video/mp4", "Le guichet, sans paroles")
    assert square.service.validate(Draft("Film", "fr", media=(medium,))) == ()
    (problem,) = square.service.validate(Draft("Film", "fr", media=(replace(medium, alt=""),)))
    assert problem.code == "alt_missing"
    square.service.publish(Draft("Film", "fr", media=(medium,)), attempt())
    (sent,) = simulator.posts(by="finances")
    assert [(one["mime"], one["alt"]) for one in sent["media"]] == [("video/mp4", "Le guichet, sans paroles")]
    looks = [call for call in simulator.journal("GET") if call["path"].startswith("/api/v1/media/")]
    assert len(looks) == 1


@pytest.mark.longer
def test_a_film_may_take_the_server_as_long_as_it_is_given(tmp_path: Path) -> None:
    """Whoever gave up sooner would send the whole film again, and again."""
    film = tmp_path / "film.mp4"
    film.write_bytes(b"film")
    waited = [0.0]

    def server(asked: Asked) -> Reply:
        if asked.path == "/api/v1/statuses":
            return answer(STATUS)
        ready = waited[0] > 0.9 * calls.PROCESSING
        return answer({"id": "33", "type": "video", "url": "https://masto.example/33.mp4" if ready else None})

    def pause(seconds: float) -> None:
        waited[0] += seconds

    with serve(server) as served:
        account = AccountRef("mastodon", served.url, "7", "fin", {"access_token": "t-1234"})
        connector = MastodonConnector(account, Egress(allow=served.allow), pause=pause)
        draft = Draft("Film", "fr", media=(Media(film, "video/mp4", "Le guichet"),))
        assert connector.publish(draft, attempt()).id == STATUS["id"]
        assert served.count("POST", "/api/v2/media") == 1
    assert waited[0] < calls.PROCESSING


def test_an_edit_is_seen(square: Square, simulator: Control) -> None:
    said = square.say("@finances où ?")
    simulator.edit(said, "@finances quand ?")
    seen = square.service.fetch(PostRef(said))
    assert seen
    assert seen.text == "@finances quand ?"


def test_what_a_server_allows_is_read_from_itself(simulator: Control, tmp_path: Path) -> None:
    facts = catalogue.server_facts("mastodon", simulator.url, Egress(allow=frozenset({simulator.host})))
    told = facts.limits
    assert facts.software == "mastodon"
    expected = {"text_limit": 500, "address_length": 23, "alt_limit": 10_000, "max_media": 4}
    assert told == {**expected, "media_bytes": 16_777_216, "video_bytes": 103_809_024}
    picture = tmp_path / "p.png"
    picture.write_bytes(b"\x89PNG")
    draft = Draft("Une image", "fr", media=(Media(picture, "image/png", "a" * 2_000),))
    codes = []
    for limits in ({}, told):
        account = AccountRef("mastodon", simulator.url, "7", limits=limits)
        codes.append([problem.code for problem in catalogue.connector(account, Egress()).validate(draft)])
    assert codes == [["alt_too_long"], []]
    assert [call["person"] for call in simulator.journal("GET", "/api/v2/instance")] == [None]


def test_a_server_without_limits_of_its_own_keeps_the_defaults() -> None:
    def asked(reply: Reply) -> Mapping[str, int]:
        with serve(lambda _asked: reply) as server:
            return catalogue.server_facts("mastodon", server.url, Egress(allow=server.allow)).limits

    assert asked(answer({"error": "Not Found"}, 404)) == {}
    assert asked(answer({"configuration": {"statuses": {"max_characters": "many"}}})) == {}
    assert asked(answer({"configuration": {"statuses": {"max_characters": 0}, "media_attachments": []}})) == {}
    for broken in (answer({}, 503), answer("{oops"), answer(["nothing"])):
        with pytest.raises(Unavailable):
            asked(broken)


@pytest.mark.slow
def test_old_hits_do_not_starve_new_ones(square: Square) -> None:
    """Three pages of hits since the last look: the first page brings the newest, the walk ends at what is known."""
    first = square.say("guichet 0")
    page = square.service.search("guichet")
    assert [item.ref.id for item in page.items] == [first]
    said = [square.say(f"guichet {n}") for n in range(1, 101)]
    fresh = square.service.search("guichet", since=page.newest)
    assert fresh.items[0].ref.id == said[-1]
    found = [item.ref.id for item in fresh.items]
    newest = fresh.newest
    while fresh.older:
        fresh = square.service.search("guichet", since=page.newest, older=fresh.older)
        found += [item.ref.id for item in fresh.items]
        assert fresh.newest == newest
    assert found == said[::-1]
    assert square.service.search("guichet", since=newest).items == ()


def test_reading_uses_the_token_for_reading_where_there_is_one(square: Square, simulator: Control) -> None:
    reading = simulator.token("finances", "read")["token"]
    writing = simulator.token("finances", "write:statuses")["token"]
    account = square.service.account

    def acting(**credentials: str) -> Connector:
        ref = replace(account, credentials=credentials)
        return catalogue.connector(ref, Egress(allow=frozenset({simulator.host})))

    both = acting(access_token=writing, read_access_token=reading)
    ref = both.publish(Draft("Bonjour", "fr"), attempt())
    assert both.identify().handle == "finances"
    assert both.fetch(ref)
    assert both.metrics([ref])
    both.delete(ref)
    with pytest.raises(PermissionMissing):
        acting(access_token=writing).inbox()
    with pytest.raises(PermissionMissing):
        acting(read_access_token=reading).publish(Draft("Bonjour", "fr"), attempt())


def test_the_language_comes_back(square: Square) -> None:
    seen = square.service.fetch(square.service.publish(Draft("Goedendag", "nl"), attempt()))
    assert seen
    assert seen.language == "nl"
