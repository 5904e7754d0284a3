"""Bluesky on the training network: what citizens do there, films, figures, sessions."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from PIL import Image

from networks.bluesky.connector import BlueskyConnector
from networks.bluesky.sessions import SessionStore
from networks.egress import Egress
from networks.errors import AuthExpired, Invalid, RateLimited
from networks.threads import THREADS_A_PAGE
from networks.types import AccountRef, Captions, Draft, Kind, LinkCard, Media, Metric, PostRef, Presence
from tests.factories.films import MP4
from tests.networks.squares.bluesky import training_square
from tests.networks.squares.square import Square, all_of, attempt, picture
from tests.networks.subjects.youtube import film
from tests.simulator.fixture import Control


@pytest.fixture
def square(simulator: Control) -> Square:
    return training_square(simulator)


def record_of(square: Square, ref: PostRef) -> dict:
    """As anybody may read it, without our connector."""
    return requests.get(ref.url, timeout=5).json()["value"]


def test_a_film_goes_with_its_words(square: Square, tmp_path: Path) -> None:
    media = film(tmp_path)
    words = Media(media.path, "video/mp4", "Le guichet", captions=media.captions)
    draft, key = Draft("Film", "fr", (words,)), attempt()
    assert square.service.validate(draft) == ()
    ref = square.service.publish(draft, key)
    embed = record_of(square, ref)["embed"]
    assert (embed["$type"], embed["alt"]) == ("app.bsky.embed.video", "Le guichet")
    assert (embed["video"]["mimeType"], embed["video"]["size"]) == ("video/mp4", media.path.stat().st_size)
    (caption,) = embed["captions"]
    assert (caption["lang"], caption["file"]["mimeType"]) == ("fr", "text/vtt")
    assert "aspectRatio" not in embed, "these bytes say no size"
    assert square.service.publish(draft, key) == ref, "the same attempt is the same record, blobs and all"
    assert square.count("Film") == 1


def test_a_card_shows_the_page_behind_the_link(square: Square, tmp_path: Path) -> None:
    card = LinkCard("Nieuwe aangifte", "Tot 30 juni.", picture(tmp_path, ""))
    draft, key = Draft("Nieuw", "nl", link="https://fin.example/nieuw", card=card), attempt()
    ref = square.service.publish(draft, key)
    shown = record_of(square, ref)["embed"]["external"]
    assert (shown["uri"], shown["title"]) == ("https://fin.example/nieuw", "Nieuwe aangifte")
    assert (shown["description"], shown["thumb"]["mimeType"]) == ("Tot 30 juni.", "image/png")
    assert shown["thumb"]["size"] == card.picture.path.stat().st_size
    assert square.service.publish(draft, key) == ref
    page = requests.get(f"{square.simulator.url}/@{square.service.account.handle}", timeout=5).text
    assert "Tot 30 juni." in page
    assert "https://fin.example/nieuw" in page
    bare = square.service.publish(Draft("Kaal", "nl", link="https://fin.example/nieuw"), attempt())
    shown = record_of(square, bare)["embed"]["external"]
    assert (shown["title"], shown["description"], "thumb" in shown) == ("fin.example", "", False)


def test_a_picture_of_a_card_that_is_too_large_is_refused(square: Square, tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(picture(tmp_path, "").path.read_bytes().ljust(1_000_001, b"\0"))
    card = LinkCard("Nieuw", "", Media(path, "image/png"))
    with pytest.raises(Invalid):
        square.service.publish(Draft("Nieuw", "nl", link="https://fin.example/nieuw", card=card), attempt())


def test_what_pictures_and_films_measure_goes_along(square: Square, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(MP4)
    moving = square.service.publish(Draft("Film", "fr", (Media(path, "video/mp4", "Un film"),)), attempt())
    shape = record_of(square, moving)["embed"]["aspectRatio"]
    assert (shape["width"], shape["height"]) == (320, 240)
    still = tmp_path / "still.jpg"
    Image.new("RGB", (300, 20), "teal").save(still)
    ref = square.service.publish(Draft("Image", "fr", (Media(still, "image/jpeg", "Un bandeau"),)), attempt())
    (shown,) = record_of(square, ref)["embed"]["images"]
    assert (shown["aspectRatio"]["width"], shown["aspectRatio"]["height"]) == (300, 20)


def test_captions_that_the_network_would_refuse_are_found_before(square: Square, tmp_path: Path) -> None:
    path = tmp_path / "long.vtt"
    path.write_bytes(b"WEBVTT\n\n" + b"a" * 20_000)
    long = Media(film(tmp_path).path, "video/mp4", "Le guichet", captions=(Captions(path, "text/vtt", "fr"),))
    (found,) = square.service.validate(Draft("Film", "fr", (long,)))
    assert (found.field, found.code, found.limit, found.actual) == ("media.0", "media_too_large", 20_000, 20_008)


@pytest.mark.longer
def test_figures_of_the_account_and_its_messages(square: Square, simulator: Control) -> None:
    refs = [square.service.publish(Draft(f"Combien {n} ?", "fr"), attempt()) for n in range(27)]
    square.say("Beaucoup", refs[26])
    gone = PostRef(refs[0].id.replace("/3", "/2"))
    measures = square.service.metrics([*refs, gone])
    account = {measure.metric: (measure.value, measure.source) for measure in measures if not measure.subject}
    assert account == {
        Metric.FOLLOWERS: (0, "bluesky:getProfile.followersCount"),
        Metric.POSTS: (27, "bluesky:getProfile.postsCount"),
    }
    replies = {measure.subject: measure.value for measure in measures if measure.metric is Metric.REPLIES}
    assert replies == {ref.id: int(ref is refs[26]) for ref in refs}


@pytest.mark.longer
def test_what_citizens_write_on_the_square_itself_is_heard(square: Square, simulator: Control) -> None:
    ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    number = simulator.posts(by="finances", network="bluesky")[0]["id"]
    simulator.speak("jan", "@finances quand ?", network="bluesky")
    simulator.speak("jan", "@finances ailleurs", network="mastodon")
    answered = simulator.speak("an", "Merci", reply_to=number)
    reply, mention = all_of(square.service)[0]
    assert (mention.text, mention.kind) == ("@finances quand ?", Kind.MENTION)
    assert (reply.text, reply.kind) == ("@finances Merci", Kind.REPLY)
    assert reply.parent
    assert (reply.parent.id, reply.parent.cid) == (ours.id, ours.cid)
    assert all(square.service.account.remote_id in item.told for item in (reply, mention))
    draft, key = square.answer("De rien", reply), attempt()
    assert square.service.publish(draft, key).id
    assert square.service.reconcile(draft, key).presence is Presence.PRESENT

    simulator.edit(answered["id"], "@finances Merci bien")
    seen = square.service.fetch(reply.ref)
    assert seen
    assert seen.text == "@finances Merci bien"
    assert seen.ref.cid != reply.ref.cid, "other words are another record under the same address"
    simulator.take_away(answered["id"])
    assert square.service.fetch(reply.ref) is None


def test_an_answer_that_nobody_was_told_of_is_heard_once(square: Square, simulator: Control) -> None:
    """As the AppView does that read it before what it answers."""
    ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    _items, mark = all_of(square.service)
    simulator.manners("bluesky:untold_answers")
    said = square.say("à quelle heure ?", ours)
    (item,), mark = all_of(square.service, mark)
    assert (item.ref.id, item.kind, item.text) == (said, Kind.REPLY, "à quelle heure ?")
    assert item.parent
    assert (item.parent.id, item.author.id) == (ours.id, square.citizen_id)
    assert square.service.account.remote_id in item.told
    read = len(simulator.journal("GET", "/xrpc/app.bsky.feed.getPostThread"))
    assert read == 1
    assert all_of(square.service, mark)[0] == []
    assert len(simulator.journal("GET", "/xrpc/app.bsky.feed.getPostThread")) == read, "nothing new stands below"


@pytest.mark.longer
def test_what_a_look_back_over_days_finds_below_ours(square: Square, simulator: Control) -> None:
    """One that came as another went, and one below what a citizen said: no count of ours tells of them."""
    with simulator.late(5 * 86_400):
        ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    simulator.manners("bluesky:untold_answers")
    first = square.say("à quelle heure ?", ours)
    items, mark = all_of(square.service)
    assert [item.ref.id for item in items] == [first]
    square.unsay(first)
    second = square.say("à quelle adresse ?", ours)
    nested = square.say("et quand ?", PostRef(second))
    assert all_of(square.service, mark)[0] == []
    back = datetime.now(UTC) - timedelta(days=2)
    assert [item.ref.id for item in all_of(square.service, back.isoformat())[0]] == [nested, second]
    lately = datetime.now(UTC) - timedelta(minutes=20)
    assert all_of(square.service, lately.isoformat())[0] == [], "that look is for what is as young itself"


@pytest.mark.longer
def test_threads_are_read_a_few_at_a_time_and_none_is_left(square: Square, simulator: Control) -> None:
    simulator.manners("bluesky:untold_answers")
    ours = [square.service.publish(Draft(f"Annonce {n}", "fr"), attempt()) for n in range(THREADS_A_PAGE * 2 + 1)]
    said = {square.say("merci", ref) for ref in ours}
    assert square.service.inbox().older
    assert len(simulator.journal("GET", "/xrpc/app.bsky.feed.getPostThread")) == THREADS_A_PAGE
    assert {item.ref.id for item in all_of(square.service)[0]} == said


def test_a_mark_of_an_older_release_still_works(square: Square, simulator: Control) -> None:
    square.say("@finances.test un")
    older = json.loads(all_of(square.service)[1])["note"]
    assert "|at://" in older
    second = square.say("@finances.test deux")
    assert [item.ref.id for item in square.service.inbox(since=older).items] == [second]


def test_a_record_put_anew_under_its_key_is_an_edit(square: Square, simulator: Control) -> None:
    key = attempt()
    first = square.service.publish(Draft("Un", "fr"), key)
    second = square.service.publish(Draft("Deux", "fr"), key)
    assert (first.id, first.cid != second.cid) == (second.id, True)
    assert [post["text"] for post in simulator.posts(by="finances", network="bluesky")] == ["Deux"]


def test_a_session_is_renewed_once_and_dies_with_the_password(square: Square, simulator: Control) -> None:
    base = f"{simulator.url}/xrpc/com.atproto.server."
    password = simulator.person("finances")
    told = {"identifier": "finances.test", "password": password}
    opened = requests.post(f"{base}createSession", json=told, timeout=5).json()
    renewing = {"Authorization": f"Bearer {opened['refreshJwt']}"}
    renewed = requests.post(f"{base}refreshSession", headers=renewing, timeout=5)
    assert renewed.status_code == 200
    again = requests.post(f"{base}refreshSession", headers=renewing, timeout=5)
    assert (again.status_code, again.json()["error"]) == (400, "ExpiredToken")
    old = {"Authorization": f"Bearer {opened['accessJwt']}"}
    assert requests.get(f"{base}getSession", headers=old, timeout=5).status_code == 400
    assert square.service.identify().handle == "finances.test"
    simulator.revoke("finances")
    with pytest.raises(AuthExpired):
        square.service.identify()


def test_a_session_that_the_network_ended_is_replaced(square: Square, simulator: Control) -> None:
    assert square.service.identify()
    token = square.service._signed_in()._session.access_jwt.rpartition(".")[2]
    credentials = square.service.account.credentials
    simulator.control("POST", "limits", {"bluesky:sessions": 1_000})
    base = f"{simulator.url}/xrpc/com.atproto.server."
    renewing = square.service._signed_in()._session.refresh_jwt
    headers = {"Authorization": f"Bearer {renewing}"}
    assert requests.post(f"{base}refreshSession", headers=headers, timeout=5).status_code == 200
    assert square.service.identify().handle == "finances.test"
    assert square.service._signed_in()._session.access_jwt.rpartition(".")[2] != token
    assert credentials == square.service.account.credentials


@pytest.mark.parametrize("wrong", ["password", "somebody else's", "nobody"])
def test_only_the_right_password_signs_in(simulator: Control, wrong: str) -> None:
    password = simulator.person("finances") if wrong == "nobody" else "x"
    if wrong == "somebody else's":
        password = simulator.person("citizen")
    handle = "nobody.test" if wrong == "nobody" else "finances.test"
    account = AccountRef("bluesky", simulator.url, "", handle, {"identifier": handle, "app_password": password})
    with pytest.raises(AuthExpired):
        BlueskyConnector(account, Egress(allow=frozenset({simulator.host})), sessions=SessionStore()).identify()


def test_signing_in_is_scarce(simulator: Control) -> None:
    simulator.limits(**{"bluesky:sessions": 1})
    square = training_square  # each of its connectors signs in by itself
    with pytest.raises(RateLimited):
        square(simulator)
