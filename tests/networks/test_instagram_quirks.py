"""What only Instagram does: containers that it fills from our address, an allowance of the day, mentions elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from networks.egress import Egress
from networks.errors import (
    Gone,
    Invalid,
    NotApplied,
    OutcomeUnknown,
    PermissionMissing,
    QuotaExhausted,
    Unavailable,
    Unsupported,
)
from networks.instagram.connector import InstagramConnector
from networks.types import AccountRef, AttemptKey, Draft, Kind, Media, Metric, PostRef, Presence
from tests.networks.loopback import Asked, Loopback, Reply, answer, serve
from tests.networks.squares.instagram import connector, jpeg, public
from tests.networks.squares.square import all_of, attempt, picture
from tests.networks.subjects.facebook import refused
from tests.networks.subjects.instagram import SUBJECT
from tests.simulator.fixture import Control

SENT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def account(simulator: Control) -> InstagramConnector:
    return connector(simulator, "finances")


@pytest.fixture
def shown(simulator: Control, tmp_path: Path) -> Media:
    path = jpeg(tmp_path)
    return Media(path, "image/jpeg", "Un carré", url=public(simulator, path))


@pytest.fixture
def files() -> Iterator[Loopback]:
    """A server of ours that the square fetches from."""

    def script(asked: Asked) -> Reply:
        if asked.path == "/film.mp4":
            return answer(b"\x00\x00\x00\x18ftypmp42", headers={"Content-Type": "video/mp4"})
        if asked.path == "/moved.jpg":
            return answer("", 302, {"Location": "http://127.0.0.1:9/elsewhere.jpg"})
        return answer("nothing", 404)

    with serve(script) as server:
        yield server


def test_what_it_takes_is_said_before_sending(account: InstagramConnector, shown: Media, tmp_path: Path) -> None:
    def codes(draft: Draft) -> list[tuple[str, str]]:
        return [(problem.field, problem.code) for problem in account.validate(draft)]

    film = Media(shown.path, "video/mp4", "Un film", url="https://fin.example/f.mp4", seconds=30)
    assert codes(Draft("x" * 2200, "fr", (shown,) * 10)) == []
    assert codes(Draft("x" * 2201, "fr", (shown,))) == [("text", "text_too_long")]
    assert codes(Draft(" ".join(f"#impôts{n}" for n in range(30)), "fr", (shown,))) == []
    assert codes(Draft(" ".join(f"#impôts{n}" for n in range(31)), "fr", (shown,))) == [("text", "too_many_hashtags")]
    assert codes(Draft("fin@example.be #1 &#39; " + "@fin " * 20, "fr", (shown,))) == []
    assert codes(Draft("@fin " * 21, "fr", (shown,))) == [("text", "too_many_handles")]
    assert codes(Draft("Bonjour", "fr")) == [("media", "media_missing")]
    assert codes(Draft("x", "fr", (shown,) * 11)) == [("media", "too_many_media")]
    assert codes(Draft("x", "fr", (picture(tmp_path, "Un PNG"),))) == [("media.0", "media_type")]
    assert codes(Draft("x", "fr", (replace(shown, alt=""),))) == [("media.0", "alt_missing")]
    assert codes(Draft("x", "fr", (film,))) == []
    assert codes(Draft("x", "fr", (replace(film, alt=""),))) == [], "it would show neither captions nor a description"
    assert codes(Draft("x", "fr", (replace(film, seconds=901),))) == [("media.0", "media_too_long")]
    assert codes(Draft("x", "fr", (shown, replace(film, seconds=60)))) == []
    assert codes(Draft("x", "fr", (shown, replace(film, seconds=60.4)))) == [("media.1", "media_too_long_in_album")]
    assert codes(Draft("x", "fr", (replace(film, seconds=901), shown))) == [("media.0", "media_too_long")]
    assert codes(Draft("x", "fr", reply_to=PostRef("1"))) == []
    assert codes(Draft("x", "fr", (shown,), reply_to=PostRef("1"))) == [("media", "media_in_reply")]


def test_several_are_one_each_with_its_words(simulator: Control, account: InstagramConnector, shown: Media) -> None:
    media = tuple(replace(shown, alt=f"Carré {number}") for number in range(3))
    ref = account.publish(Draft("Trois", "fr", media), attempt())
    (post,) = simulator.posts(by="finances")
    assert [one["alt"] for one in post["media"]] == ["Carré 0", "Carré 1", "Carré 2"]
    assert account.locate(ref.url) == ref
    assert len([one for one in simulator.journal() if one["path"].endswith("/media_publish")]) == 1


def test_a_film_is_waited_for(simulator: Control, account: InstagramConnector, files: Loopback, tmp_path: Path) -> None:
    film = Media(tmp_path / "f.mp4", "video/mp4", "Un film", url=f"{files.url}/film.mp4")
    account.publish(Draft("Regardez", "fr", (film,)), attempt())
    (post,) = simulator.posts(by="finances")
    assert post["extra"] == {"video": True}
    assert files.count("GET", "/film.mp4") == 1


def test_a_film_and_a_picture_make_an_album(
    simulator: Control, account: InstagramConnector, shown: Media, files: Loopback, tmp_path: Path
) -> None:
    film = Media(tmp_path / "f.mp4", "video/mp4", "Un film", url=f"{files.url}/film.mp4")
    account.publish(Draft("Les deux", "fr", (film, shown)), attempt())
    (post,) = simulator.posts(by="finances")
    assert (post["extra"], len(post["media"])) == ({"video": True}, 1)


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/p.jpg",  # not on this machine: the square fetches from nowhere else
        "http://127.0.0.1:{port}/missing.jpg",
        "http://127.0.0.1:{port}/moved.jpg",
        "http://127.0.0.1:{port}/film.mp4",  # no picture
        "file:///etc/hostname",
        "http://10.0.0.1/p.jpg",
        "ftp://127.0.0.1/p.jpg",
    ],
)
def test_what_the_network_cannot_fetch_is_refused(
    simulator: Control, account: InstagramConnector, shown: Media, files: Loopback, address: str
) -> None:
    media = replace(shown, url=address.format(port=files.port))
    with pytest.raises(Invalid) as caught:
        account.publish(Draft("Bonjour", "fr", (media,)), attempt())
    assert caught.value.field == "media"
    assert simulator.posts(by="finances") == []


def test_a_picture_without_an_address_is_not_even_offered(account: InstagramConnector, shown: Media) -> None:
    with pytest.raises(Invalid):
        account.publish(Draft("Bonjour", "fr", (replace(shown, url=""),)), attempt())
    with pytest.raises(NotApplied):
        account.publish(Draft("Bonjour", "fr"), attempt())


def test_only_jpeg_is_a_picture(simulator: Control, account: InstagramConnector, tmp_path: Path) -> None:
    png = picture(tmp_path, "Un PNG")
    told = requests.post(
        f"{simulator.url}/api/v2/media",
        files={"file": ("p.png", png.path.read_bytes(), "image/png")},
        headers={"Authorization": f"Bearer {simulator.person('archive')}"},
        timeout=10,
    )
    with pytest.raises(Invalid):
        account.publish(Draft("Bonjour", "fr", (replace(png, url=told.json()["url"]),)), attempt())


def test_the_days_allowance_is_asked_for_first(simulator: Control, account: InstagramConnector, shown: Media) -> None:
    simulator.limits(**{"instagram:publish": 2})
    for number in range(2):
        account.publish(Draft(f"Numéro {number}", "fr", (shown,)), attempt())
    before = len(simulator.journal("POST"))
    with pytest.raises(QuotaExhausted) as caught:
        account.publish(Draft("Trop", "fr", (shown,)), attempt())
    assert caught.value.retry_at > datetime.now(UTC)
    assert len(simulator.journal("POST")) == before, "nothing was even prepared"


@pytest.mark.parametrize("fault", ["reset", "lost_answer", "truncated", "html"])
def test_a_container_that_is_lost_was_seen_by_nobody(
    simulator: Control, account: InstagramConnector, shown: Media, fault: str
) -> None:
    simulator.fault(fault, r"POST /v26\.0/\d+/media$", times=1)
    with pytest.raises(Unavailable):
        account.publish(Draft("Bonjour", "fr", (shown,)), attempt())
    assert simulator.posts(by="finances") == []
    account.publish(Draft("Bonjour", "fr", (shown,)), attempt())
    assert len(simulator.posts(by="finances")) == 1


def test_losing_the_address_does_not_lose_the_message(tmp_path: Path) -> None:
    script = SUBJECT.script({("GET", "/v26.0/44"): answer(refused("x", 2), 500)})
    with serve(script) as server:
        ref = SUBJECT.connector(server).publish(SUBJECT.draft(tmp_path), attempt())
    assert ref == PostRef("44", "")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"status_code": "ERROR", "status": "Error: Media download has failed"}, Invalid),
        ({"status_code": "EXPIRED"}, Unavailable),
        ({"status_code": "IN_PROGRESS"}, Unavailable),
        ({}, Unavailable),
    ],
)
def test_a_container_that_never_gets_ready(told: dict[str, Any], expected: type[Exception], tmp_path: Path) -> None:
    script = SUBJECT.script({("GET", "/v26.0/33"): answer({"id": "33", **told})})
    with serve(script) as server:
        with pytest.raises(expected):
            SUBJECT.connector(server).publish(SUBJECT.draft(tmp_path), attempt())
        assert SUBJECT.writes(server) == 0


def test_not_ready_is_not_published(tmp_path: Path) -> None:
    reply = answer(refused("Media ID is not available", 9007, error_subcode=2207027), 400)
    with serve(SUBJECT.script({SUBJECT.write: reply})) as server, pytest.raises(Unavailable):
        SUBJECT.connector(server).publish(SUBJECT.draft(tmp_path), attempt())


def test_a_lost_answer_below_a_comment_is_found_there(
    simulator: Control, account: InstagramConnector, shown: Media
) -> None:
    ours = account.publish(Draft("Le guichet ouvre", "fr", (shown,)), attempt())
    simulator.speak("anna", "où ?", reply_to=ours.id)
    (question,) = all_of(account)[0]
    draft, key = Draft("Ici.", "fr", reply_to=question.ref, reply_root=question.root), attempt()
    assert account.reconcile(draft, key).presence is Presence.ABSENT
    simulator.fault("lost_answer", "POST .*/replies", times=1)
    with pytest.raises(OutcomeUnknown):
        account.publish(draft, key)
    found = account.reconcile(draft, key)
    assert found.presence is Presence.PRESENT
    assert len(simulator.posts("Ici.", by="finances")) == 1
    told = [(item.text, item.kind) for item in all_of(account)[0]]
    assert told == [("Ici.", Kind.ANSWER), ("@finances où ?", Kind.REPLY)]


@pytest.mark.parametrize("told", [False, True], ids=["no thread", "a thread of its own"])
def test_who_shows_us_elsewhere_is_answered_there(simulator: Control, account: InstagramConnector, told: bool) -> None:
    simulator.speak("anna", "Devant chez @finances", network="instagram")
    (mention,) = all_of(account)[0]
    assert (mention.kind, mention.author.handle) == (Kind.MENTION, "anna")
    assert account.fetch(mention.ref)
    root = mention.ref if told else None
    ref = account.publish(Draft("Bienvenue !", "fr", reply_to=mention.ref, reply_root=root), attempt())
    (post,) = simulator.posts("Bienvenue !")
    assert (post["id"], post["reply_to"]) == (ref.id, mention.ref.id)
    draft = Draft("Bienvenue !", "fr", reply_to=mention.ref)
    assert account.reconcile(draft, attempt()).presence is Presence.UNCERTAIN, "below others' nothing is listed"


def test_a_comment_elsewhere_that_names_us_can_be_read(simulator: Control, account: InstagramConnector) -> None:
    theirs = simulator.speak("anna", "Bonjour", network="instagram")
    said = simulator.speak("bert", "n'est-ce pas @finances ?", reply_to=theirs["id"])
    other = simulator.speak("bert", "sans nom", reply_to=theirs["id"])
    seen = account.fetch(PostRef(said["id"]))
    assert seen
    assert "n'est-ce pas @finances ?" in seen.text
    assert account.fetch(PostRef(other["id"])) is None


def test_what_may_not_be_read_is_not_taken_for_gone() -> None:
    with serve(lambda _asked: answer(refused("no", 10), 403)) as server, pytest.raises(PermissionMissing):
        SUBJECT.connector(server).fetch(PostRef("18"))


@pytest.mark.longer
def test_answers_to_comments_are_in_the_inbox(simulator: Control, account: InstagramConnector, shown: Media) -> None:
    ours = account.publish(Draft("Le guichet ouvre", "fr", (shown,)), attempt())
    first = simulator.speak("anna", "où ?", reply_to=ours.id)
    many = [simulator.speak("bert", f"moi aussi {number}", reply_to=first["id"])["id"] for number in range(60)]
    found = {item.ref.id: item for item in all_of(account)[0]}
    assert set(found) == {first["id"], *many}
    assert {found[one].parent for one in many} == {PostRef(first["id"])}
    assert all(found[one].root == ours for one in many)
    simulator.edit(many[0], "moi non")
    again = account.fetch(found[many[0]].ref)
    assert again
    assert again.text == "moi non"


def test_nothing_is_deleted(account: InstagramConnector) -> None:
    with pytest.raises(Unsupported):
        account.delete(PostRef("1"))


def test_figures(simulator: Control, account: InstagramConnector, shown: Media) -> None:
    ours = account.publish(Draft("Combien ?", "fr", (shown,)), attempt())
    simulator.speak("anna", "deux", reply_to=ours.id)
    found = {(one.subject, one.metric): (one.value, one.source) for one in account.metrics([ours, PostRef("99")])}
    assert found["", Metric.POSTS] == (1, "instagram:user.media_count")
    assert found[ours.id, Metric.REPLIES] == (1, "instagram:insights.comments")
    assert {metric for subject, metric in found if subject} == {
        Metric.VIEWS,
        Metric.REACH,
        Metric.LIKES,
        Metric.REPLIES,
        Metric.SHARES,
        Metric.SAVES,
    }


def test_a_small_account_has_no_insights() -> None:
    def script(asked: Asked) -> Reply:
        if asked.path.endswith("/insights"):
            return answer(refused("(#10) Not enough viewers for the media to show insights", 10), 400)
        return answer({"id": "178417", "followers_count": 12, "media_count": 3})

    with serve(script) as server:
        found = SUBJECT.connector(server).metrics([PostRef("44")])
    assert [(one.metric, one.value) for one in found] == [(Metric.FOLLOWERS, 12), (Metric.POSTS, 3)]


def published(number: int, *, at: datetime = SENT, caption: str = "Le guichet ouvre") -> dict[str, Any]:
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S+0000")
    address = f"https://www.instagram.com/p/x{number}/"
    return {"id": str(number), "caption": caption, "timestamp": stamp, "username": "fin", "permalink": address}


@pytest.mark.parametrize(
    ("media", "age", "presence"),
    [
        ([published(2), published(1)], 10, Presence.PRESENT),
        ([published(2, caption="Autre")], 10, Presence.ABSENT),
        ([published(2, at=SENT - timedelta(minutes=5))], 10, Presence.ABSENT),
        ([], 1, Presence.UNCERTAIN),
        ([], 10, Presence.ABSENT),
        ([], 60 * 13, Presence.UNCERTAIN),
    ],
)
def test_what_the_accounts_own_list_can_tell(media: list[dict[str, Any]], age: int, presence: Presence) -> None:
    def script(asked: Asked) -> Reply:
        assert (asked.method, asked.path) == ("GET", "/v26.0/178417/media")
        return answer({"data": media})

    with serve(script) as server:
        ref = AccountRef("instagram", server.url, "178417", "fin", {"access_token": "token"})
        made = InstagramConnector(ref, Egress(allow=server.allow), now=lambda: SENT + timedelta(minutes=age))
        found = made.reconcile(Draft("Le guichet ouvre", "fr"), AttemptKey("key", SENT))
    assert found.presence is presence
    if found.ref:
        assert found.ref.id == "1", "the oldest is the first send's"


def test_an_account_that_is_not_there_says_nothing_of_what_is_on_it() -> None:
    with serve(lambda _asked: answer(refused("no such", 100, error_subcode=33), 400)) as server:
        with pytest.raises(Gone):
            SUBJECT.connector(server).inbox()
        with pytest.raises(PermissionMissing):  # its messages may well be there
            SUBJECT.connector(server).fetch(PostRef("1"))


@pytest.mark.parametrize(
    ("writer", "kind"),
    [({"id": "178417"}, Kind.ANSWER), ({"id": "99"}, Kind.REPLY), (None, Kind.ANSWER)],
    ids=["ours", "a stranger's", "not told"],
)
def test_who_bears_a_name_that_was_ours_once_is_not_us(writer: dict[str, str] | None, kind: Kind) -> None:
    """Whoever is renamed leaves a name that anybody may take."""
    comment = {"id": "7", "text": "Répondu.", "timestamp": "2026-11-18T12:00:00+0000", "username": "fin"}
    comment |= {"from": {**writer, "username": "fin"}} if writer else {}
    below = {**published(1), "comments": {"data": [{"id": "6", **comment}]}}

    def script(asked: Asked) -> Any:
        return answer({"data": [below] if asked.path.endswith("/media") else []})

    with serve(script) as server:
        found = SUBJECT.connector(server).inbox()
    assert [one.kind for one in found.items] == [kind]
