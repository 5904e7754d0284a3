"""What only Facebook does: its codes, its duplicates, its several places where citizens write, its films in pieces."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from networks.egress import Egress
from networks.errors import (
    AuthExpired,
    Duplicate,
    Gone,
    Invalid,
    NetworkError,
    OutcomeUnknown,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Rejected,
    Unavailable,
)
from networks.facebook.connector import FacebookConnector
from networks.graph.client import Graph
from networks.types import AccountRef, AttemptKey, Captions, Draft, Finding, Kind, Media, PostRef, Presence
from tests.networks.loopback import Asked, Reply, answer, serve
from tests.networks.squares.facebook import connector
from tests.networks.squares.square import all_of, attempt, picture
from tests.networks.subjects.facebook import SUBJECT, refused
from tests.simulator.fixture import Control

SENT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DRAFT = Draft("Le guichet ouvre", "fr")


@pytest.fixture
def page(simulator: Control) -> FacebookConnector:
    return connector(simulator, "finances")


CODES: list[tuple[dict[str, Any], type[NetworkError], type[NetworkError]]] = [
    # the error, what it is on a write, and on a read
    (refused("x", 1), OutcomeUnknown, Unavailable),
    (refused("x", 2, is_transient=True), OutcomeUnknown, Unavailable),
    (refused("x", -2, error_subcode=2207003), OutcomeUnknown, Unavailable),
    *((refused("x", code), RateLimited, RateLimited) for code in (4, 17, 32, 341, 613, 80001, 80006)),
    (refused("x", 9, error_subcode=2207042), QuotaExhausted, QuotaExhausted),
    *((refused("x", code), AuthExpired, AuthExpired) for code in (102, 190)),
    *((refused("x", code), PermissionMissing, PermissionMissing) for code in (3, 10, 200, 210, 299)),
    (refused("x", 506), Duplicate, Duplicate),
    (refused("x", 368), Rejected, Rejected),
    (refused("x", 100, error_subcode=33), Gone, Gone),
    (refused("x", 803), Gone, Gone),
    (refused("x", 100), Invalid, Invalid),
    (refused("x", 324), Invalid, Invalid),
    (refused("x", 9007, error_subcode=2207027), Unavailable, Unavailable),
    (refused("x", 123456), Invalid, Invalid),
]


@pytest.mark.parametrize(("told", "on_write", "on_read"), CODES, ids=lambda one: str(one)[:60])
def test_the_code_says_more_than_the_status(
    told: dict[str, Any], on_write: type[NetworkError], on_read: type[NetworkError]
) -> None:
    reply = answer(told, 400)
    with serve(SUBJECT.script({SUBJECT.write: reply, SUBJECT.read: reply})) as server:
        with pytest.raises(NetworkError) as caught:
            SUBJECT.connector(server).publish(DRAFT, attempt())
        assert (type(caught.value), caught.value.detail) == (on_write, "x")
        with pytest.raises(NetworkError) as caught:
            SUBJECT.connector(server).identify()
        assert type(caught.value) is on_read
        assert SUBJECT.writes(server) == 1


@pytest.mark.parametrize("code", [100, 190, 123456])
def test_an_error_in_a_200_is_one(code: int) -> None:
    with serve(SUBJECT.script({SUBJECT.write: answer(refused("x", code))})) as server:
        expected = {100: Invalid, 190: AuthExpired, 123456: OutcomeUnknown}[code]
        with pytest.raises(expected):
            SUBJECT.connector(server).publish(DRAFT, attempt())


def test_a_5xx_on_a_write_stays_unknown_whatever_code_it_carries() -> None:
    with (
        serve(SUBJECT.script({SUBJECT.write: answer(refused("x", 190), 500)})) as server,
        pytest.raises(OutcomeUnknown),
    ):
        SUBJECT.connector(server).publish(DRAFT, attempt())


def usage(name: str, wait: int) -> dict[str, str]:
    one = {"call_count": 100, "total_cputime": 25, "total_time": 30, "estimated_time_to_regain_access": wait}
    return {"X-Business-Use-Case-Usage": json.dumps({"178": [{"type": name, **one}]})}


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        (usage("pages", 19), 19),
        ({"X-App-Usage": json.dumps({"call_count": 101, "total_time": 5, "total_cputime": 5})}, 1),
        ({"X-Business-Use-Case-Usage": "{oops"}, 1),
        ({"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": "soon", "call_count": true}]}'}, 1),
    ],
)
def test_a_limit_says_when_it_is_over(headers: dict[str, str], minutes: int) -> None:
    script = SUBJECT.script({SUBJECT.write: answer(refused("x", 32), 403, headers)})
    with serve(script) as server, pytest.raises(RateLimited) as caught:
        SUBJECT.connector(server).publish(DRAFT, attempt())
    wait = caught.value.retry_at - datetime.now(UTC)
    assert abs(wait - timedelta(minutes=minutes)) < timedelta(seconds=30)


def test_what_is_used_up_is_captured() -> None:
    told = {"X-App-Usage": json.dumps({"call_count": 28, "total_time": 25, "total_cputime": 61.2})}
    with serve(SUBJECT.script({SUBJECT.read: answer({"id": "7", "name": "Fin"}, headers=told)})) as server:
        egress = Egress(allow=server.allow)
        SUBJECT.make(server.url, egress).identify()
        rate = egress.rates[f"http://127.0.0.1:{server.port}"]
    assert (rate.limit, rate.remaining, rate.reset_at) == (100, 38, None)


def test_the_square_counts_and_refuses_like_it(simulator: Control, page: FacebookConnector) -> None:
    simulator.limits(**{"facebook:calls": 2})
    page.identify()
    page.identify()
    with pytest.raises(RateLimited) as caught:
        page.identify()
    assert caught.value.retry_at > datetime.now(UTC) + timedelta(seconds=30)


def test_the_same_words_twice_in_a_row_are_refused(simulator: Control, page: FacebookConnector) -> None:
    page.publish(DRAFT, attempt())
    with pytest.raises(Duplicate):
        page.publish(DRAFT, attempt())
    page.publish(Draft("Autre chose", "fr"), attempt())
    page.publish(DRAFT, attempt())
    assert len(simulator.posts("Le guichet ouvre")) == 2


def test_a_link_stands_below_the_text(simulator: Control, page: FacebookConnector) -> None:
    page.publish(Draft("Lisez", "fr", link="https://fin.example/a"), attempt())
    (post,) = simulator.posts(by="finances")
    assert (post["text"], post["extra"]["link"]) == ("Lisez", "https://fin.example/a")


def test_several_pictures_are_one_post_each_with_its_words(
    simulator: Control, page: FacebookConnector, tmp_path: Path
) -> None:
    media = tuple(picture(tmp_path, f"Carré {number}") for number in range(3))
    page.publish(Draft("Trois", "fr", media=media, link="https://fin.example/b"), attempt())
    (post,) = simulator.posts(by="finances")
    assert [one["alt"] for one in post["media"]] == ["Carré 0", "Carré 1", "Carré 2"]
    assert post["text"].endswith("https://fin.example/b")


def film(folder: Path, size: int = 2_500_000) -> Media:
    path = folder / "film.mp4"
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42" + b"\x01" * (size - 12))
    words = folder / "mots.srt"
    words.write_text("1\n00:00:00,000 --> 00:00:01,000\nBonjour\n")
    return Media(path, "video/mp4", captions=(Captions(words, "application/x-subrip", "nl"),))


def test_a_film_goes_up_in_pieces_and_is_seen_only_when_it_is_whole_and_captioned(
    simulator: Control, page: FacebookConnector, tmp_path: Path
) -> None:
    draft = Draft("Regardez", "nl", media=(film(tmp_path),), title="Un film")
    assert page.validate(draft) == ()
    key = attempt()
    ref = page.publish(draft, key)
    seen = page.fetch(ref)
    assert seen
    assert seen.text == "Regardez"
    calls = [(call["method"], call["path"].rpartition("/")[2]) for call in simulator.journal() if call["status"] == 200]
    assert calls.count(("POST", "videos")) == 5, "begin, three pieces, end"
    assert ("POST", "captions") in calls
    assert page.reconcile(draft, key) == Finding(Presence.PRESENT, ref)
    assert len(simulator.posts(by="finances")) == 1


@pytest.mark.longer
def test_a_film_that_fails_on_its_way_was_not_seen(simulator: Control, page: FacebookConnector, tmp_path: Path) -> None:
    draft = Draft("Regardez", "nl", media=(film(tmp_path),))
    for fault in ("reset", "truncated", "html"):
        for place in (r"POST .*/videos$", r"POST .*/captions$"):
            simulator.fault(fault, place, times=1)
            with pytest.raises(Unavailable):
                page.publish(draft, attempt())
    simulator.fault("lost_answer", r"POST /v26\.0/\d+$", times=1)
    key = attempt()
    with pytest.raises(OutcomeUnknown):
        page.publish(draft, key)
    assert page.reconcile(draft, key).presence is Presence.PRESENT
    assert len(simulator.posts(by="finances")) == 1


def test_all_the_places_where_citizens_write(simulator: Control, page: FacebookConnector) -> None:
    ours = page.publish(DRAFT, attempt())
    number = ours.id.rpartition("_")[2]
    comment = simulator.speak("anna", "où ?", reply_to=number)
    nested = simulator.speak("bert", "moi aussi", reply_to=comment["id"])
    deeper = simulator.speak("anna", "oui", reply_to=nested["id"])
    visit = simulator.speak("carl", "@finances bonjour", network="facebook")
    tag = simulator.speak("dora", "chez les @finances", network="facebook")
    simulator.speak("dora", "ailleurs @finances", network="mastodon")
    items = {item.ref.id.rpartition("_")[2]: item for item in all_of(page)[0]}
    assert set(items) == {one["id"] for one in (comment, nested, deeper, visit, tag)}
    kinds = {name: items[one["id"]].kind for name, one in {"c": comment, "v": visit, "t": tag}.items()}
    assert kinds == {"c": Kind.REPLY, "v": Kind.MENTION, "t": Kind.MENTION}
    first = f"{number}_{comment['id']}"
    for below in (nested, deeper):
        parent, root = items[below["id"]].parent, items[below["id"]].root
        assert parent
        assert parent.id == first, "two levels are all that is shown"
        assert root
        assert root.id == ours.id
        again = page.fetch(items[below["id"]].ref)
        assert again
        assert again.parent == parent
    assert page.fetch(items[tag["id"]].ref)


def test_a_new_comment_below_an_old_post_is_seen(simulator: Control, page: FacebookConnector) -> None:
    now = datetime.now(UTC)
    old = simulator.speak("finances", "Ancien", network="facebook", at=(now - timedelta(days=20)).isoformat())
    older = simulator.speak("finances", "Très ancien", network="facebook", at=(now - timedelta(days=40)).isoformat())
    simulator.speak("anna", "d'alors", reply_to=old["id"], at=(now - timedelta(days=19)).isoformat())
    items, newest = all_of(page)
    assert [item.text for item in items] == ["@finances d'alors"]
    simulator.speak("anna", "maintenant", reply_to=old["id"])
    simulator.speak("anna", "trop tard", reply_to=older["id"])
    fresh = [item.text for item in all_of(page, since=datetime.now(UTC).isoformat())[0]]
    assert "@finances maintenant" in fresh
    assert "@finances d'alors" not in fresh
    assert newest < datetime.now(UTC).isoformat()


def test_what_a_citizen_changes_is_read_anew(simulator: Control, page: FacebookConnector) -> None:
    ours = page.publish(DRAFT, attempt())
    said = simulator.speak("anna", "ou ?", reply_to=ours.id.rpartition("_")[2])
    (item,) = all_of(page)[0]
    simulator.edit(said["id"], "où ?")
    again = page.fetch(item.ref)
    assert again
    assert again.text == "où ?"


def test_what_stands_below_a_deleted_comment_goes_with_it(simulator: Control, page: FacebookConnector) -> None:
    ours = page.publish(DRAFT, attempt())
    said = simulator.speak("anna", "où ?", reply_to=ours.id.rpartition("_")[2])
    simulator.speak("bert", "moi aussi", reply_to=said["id"])
    below = {item.text: item.ref for item in all_of(page)[0]}
    simulator.take_away(said["id"])
    assert [page.fetch(ref) for ref in below.values()] == [None, None]


def post(number: int, *, at: datetime = SENT, text: str = "Le guichet ouvre", by: str = "7") -> dict[str, Any]:
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {"id": f"7_{number}", "message": text, "created_time": stamp, "from": {"id": by, "name": "Fin"}}


@pytest.mark.parametrize(
    ("posts", "age", "presence"),
    [
        ([post(2), post(1)], 10, Presence.PRESENT),
        ([post(2, by="8")], 10, Presence.ABSENT),
        ([post(2, text="Autre")], 10, Presence.ABSENT),
        ([post(2, at=SENT - timedelta(minutes=5))], 10, Presence.ABSENT),
        ([], 10, Presence.ABSENT),
        ([], 1, Presence.UNCERTAIN),
        ([], 60 * 13, Presence.UNCERTAIN),
        ([], -10, Presence.UNCERTAIN),
    ],
)
def test_what_the_pages_own_list_can_tell(posts: list[dict[str, Any]], age: int, presence: Presence) -> None:
    def script(asked: Asked) -> Reply:
        assert asked.method == "GET"
        return answer({"data": posts})

    with serve(script) as server:
        account = AccountRef("facebook", server.url, "7", "fin", {"access_token": "token"})
        now = SENT + timedelta(minutes=age)
        made = FacebookConnector(account, Egress(allow=server.allow), now=lambda: now)
        found = made.reconcile(DRAFT, AttemptKey("key", SENT))
    assert found.presence is presence
    if found.ref:
        assert found.ref.id == "7_1", "the oldest is the first send's"


def test_without_words_nothing_can_be_told() -> None:
    with serve(lambda _asked: answer({"data": [post(1, text="")]})) as server:
        account = AccountRef("facebook", server.url, "7", "fin", {"access_token": "token"})
        made = FacebookConnector(account, Egress(allow=server.allow), now=lambda: SENT + timedelta(minutes=10))
        assert made.reconcile(Draft("", "fr"), AttemptKey("key", SENT)).presence is Presence.UNCERTAIN


def test_a_list_by_time_goes_on_too() -> None:
    """Older lists have no cursors; the parameters of `next` lead on, its host does not."""
    elsewhere = "https://elsewhere.example/v26.0/7/feed?access_token=X&until=5&__paging_token=abc&limit=9"
    pages = iter([{"data": [post(9, text="a")], "paging": {"next": elsewhere}}, {"data": [post(1)]}])
    with serve(lambda _asked: answer(next(pages))) as server:
        account = AccountRef("facebook", server.url, "7", "fin", {"access_token": "token"})
        made = FacebookConnector(account, Egress(allow=server.allow), now=lambda: SENT + timedelta(minutes=10))
        assert made.reconcile(DRAFT, AttemptKey("key", SENT)).ref == PostRef("7_1", f"{server.url}/7/posts/1")
        second = server.asked[1].query
    assert (second["until"], second["__paging_token"]) == (["5"], ["abc"])
    assert "access_token" not in second


def test_a_page_that_is_too_much_is_asked_for_in_a_smaller_one() -> None:
    words = "Please reduce the amount of data you're asking for, then retry your request"

    def script(asked: Asked) -> Reply:
        if asked.path.endswith("/feed") and int(asked.query["limit"][0]) > 5:
            return answer(refused(words, 1), 500)
        return answer({"data": [post(1, by="8")] if asked.path.endswith("/feed") else []})

    with serve(script) as server:
        assert [item.ref.id for item in SUBJECT.connector(server).inbox().items] == ["7_1"]
    with serve(lambda _asked: answer(refused(words, 1), 500)) as server:
        with pytest.raises(Unavailable):
            SUBJECT.connector(server).inbox()
        assert len(server.asked) < 5


@pytest.mark.parametrize("bearer", [True, False])
def test_the_token_travels_where_the_switch_says(simulator: Control, bearer: bool) -> None:
    token = simulator.person("finances")
    terms_of = SUBJECT.make(simulator.url, Egress(allow=frozenset({simulator.host})))
    session = terms_of._acting._api.session  # the connector's own guarded session
    graph = Graph(session, simulator.url, token=token, bearer=bearer)
    assert graph.get_object("me", fields="username")["username"] == "finances"
    assert "x-app-usage" in {name.lower() for name in graph.headers}
    query = simulator.journal("GET", "/v26.0/me")[-1]["query"]
    assert (token in query) is not bearer


@pytest.mark.longer
def test_the_library_is_imported_without_a_word() -> None:
    """Compiled anew each time, with every warning an error."""
    code = "import networks.graph.client"
    command = [sys.executable, "-W", "error", "-B", "-X", "pycache_prefix=/nonexistent", "-c", code]
    assert subprocess.run(command, check=False, capture_output=True).stderr == b""
