"""Bluesky where a script plays the server: an AppView, a stream with bad company, sessions that end."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import libipld
import pytest
from websockets.sync.server import ServerConnection
from websockets.sync.server import serve as serve_websocket

from networks.bluesky import firehose
from networks.bluesky.connector import BlueskyConnector
from networks.bluesky.sessions import SessionStore
from networks.egress import Egress
from networks.errors import AuthExpired, EgressRefused, NotApplied, Unavailable, Unsupported
from networks.port import Connector
from networks.types import AccountRef, Draft, Kind
from tests.networks.loopback import Asked, Loopback, Reply, answer, html, serve
from tests.networks.subjects import DRAFT, attempt
from tests.networks.subjects.bluesky import CID, DID, session, token
from tests.networks.subjects.bluesky import SUBJECT as BLUESKY

CITIZEN = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb"
NOTIFICATIONS = ("GET", "/xrpc/app.bsky.notification.listNotifications")
POSTS = ("GET", "/xrpc/app.bsky.feed.searchPosts")
SIGN_IN = ("POST", "/xrpc/com.atproto.server.createSession")
REFRESH = ("POST", "/xrpc/com.atproto.server.refreshSession")


def note(number: int, reason: str = "mention", **more: Any) -> dict[str, Any]:
    """A notification as an AppView shows it; a higher number is newer."""
    return {
        "uri": f"at://{CITIZEN}/app.bsky.feed.post/p{number:04}",
        "cid": CID,
        "author": {"did": CITIZEN, "handle": "citizen.test", "displayName": "Une citoyenne"},
        "reason": reason,
        "record": {
            "$type": "app.bsky.feed.post",
            "text": f"@fin.test {number}",
            "createdAt": "2001-01-01T00:00:00.000Z",
            "langs": ["fr"],
        },
        "isRead": False,
        "indexedAt": f"2026-11-22T09:{number // 60:02}:{number % 60:02}.000Z",
        **more,
    }


def listing(notes: list[dict[str, Any]], size: int = 3) -> Any:
    """An AppView's list, newest first, `size` at a time, its cursor the place in it."""

    def reply(asked: Asked) -> Reply:
        ordered = sorted(notes, key=lambda each: each["indexedAt"], reverse=True)
        begin = int(asked.query.get("cursor", ["0"])[0])
        page: dict[str, Any] = {"notifications": ordered[begin : begin + size]}
        if begin + size < len(ordered):
            page["cursor"] = str(begin + size)
        return answer(page)

    return reply


@contextmanager
def appview(notes: list[dict[str, Any]]) -> Iterator[Connector]:
    def script(asked: Asked) -> Reply:
        where = (asked.method, asked.path)
        return listing(notes)(asked) if where == NOTIFICATIONS else BLUESKY.good.get(where, answer({}, 404))

    with serve(script) as server:
        yield BLUESKY.connector(server)


def walk(connector: Connector, since: str = "") -> tuple[list[str], str]:
    page = connector.inbox(since=since)
    texts, newest = [item.text for item in page.items], page.newest
    while page.older:
        page = connector.inbox(older=page.older)
        texts += [item.text for item in page.items]
        assert page.newest == newest
    return texts, newest


def test_an_appviews_notifications() -> None:
    notes = [note(number) for number in range(1, 8)]
    with appview(notes) as connector:
        texts, newest = walk(connector)
        assert texts == [f"@fin.test {number}" for number in range(7, 0, -1)]
        assert walk(connector, newest)[0] == []
        notes += [note(8, "reply"), note(9, "quote")]
        (quote, reply) = connector.inbox(since=newest).items
        assert (quote.kind, reply.kind) == (Kind.QUOTE, Kind.REPLY)
        assert quote.created_at == datetime(2026, 11, 22, 9, 0, 9, tzinfo=UTC), "the network's time, not the claim"
        assert (quote.author.handle, quote.author.name, quote.language) == ("citizen.test", "Une citoyenne", "fr")


def test_an_answer_that_names_us_is_an_answer() -> None:
    """The AppView tells of it once, as a mention."""
    above = {"uri": f"at://{DID}/app.bsky.feed.post/3ours", "cid": CID}
    record = {**note(1)["record"], "reply": {"parent": above, "root": above}}
    with appview([note(1, record=record), note(2)]) as connector:
        assert [item.kind for item in connector.inbox().items] == [Kind.MENTION, Kind.REPLY]


def test_two_in_one_instant_are_not_lost() -> None:
    notes = [note(1)]
    with appview(notes) as connector:
        _, newest = walk(connector)
        notes.append({**note(2), "indexedAt": notes[0]["indexedAt"]})
        texts, newest = walk(connector, newest)
        assert texts == ["@fin.test 2"]
        assert walk(connector, newest)[0] == []


def test_other_reasons_and_misshapen_records_are_left_out() -> None:
    notes = [note(1), note(2, "like"), note(3, record={"$type": "app.bsky.feed.post", "text": "x", "langs": 7})]
    notes.append(note(4, indexedAt="2026-11-22T09:00:04.000Z"))
    with appview(notes) as connector:
        assert "@fin.test 4" in walk(connector)[0]
        assert "@fin.test 1" in walk(connector)[0]


def test_an_appview_that_is_down_does_not_switch_to_the_stream() -> None:
    with serve(BLUESKY.script({NOTIFICATIONS: html(502)})) as server, pytest.raises(Unavailable):
        BLUESKY.connector(server).inbox()


def test_search() -> None:
    view = {key: value for key, value in note(1).items() if key not in ("reason", "isRead")}
    with serve(BLUESKY.script({POSTS: answer({"posts": [view]})})) as server:
        connector = BLUESKY.connector(server)
        page = connector.search("guichet")
        assert [(item.kind, item.text) for item in page.items] == [(Kind.SEARCH_HIT, "@fin.test 1")]
        assert connector.search("guichet", since=page.newest).items == ()
    refusal = answer({"error": "MethodNotImplemented", "message": "Method Not Implemented"}, 501)
    with serve(BLUESKY.script({POSTS: refusal})) as server, pytest.raises(Unsupported):
        BLUESKY.connector(server).search("guichet")


# --- the stream


def frame(header: dict[str, Any], body: dict[str, Any]) -> bytes:
    return libipld.encode_dag_cbor(header) + libipld.encode_dag_cbor(body)


def noise(seq: int) -> bytes:
    return frame({"op": 1, "t": "#identity"}, {"seq": seq, "did": CITIZEN, "time": "2026-11-22T09:00:00Z"})


def bad_commit(seq: int) -> bytes:
    op = {"action": "create", "path": "app.bsky.feed.post/3bad", "cid": b"not a cid"}
    body = {"seq": seq, "repo": CITIZEN, "time": "2026-11-22T09:00:00Z", "ops": [op], "blocks": b"not a car"}
    return frame({"op": 1, "t": "#commit"}, body)


@contextmanager
def stream(frames: list[bytes], *, pace: float = 0.0, ahead: bool = False) -> Iterator[tuple[Egress, str, list[str]]]:
    asked: list[str] = []

    def speak(connection: ServerConnection) -> None:
        path = connection.request.path
        asked.append(path)
        if ahead and not path.endswith("cursor=0"):
            connection.send(frame({"op": -1}, {"error": "FutureCursor", "message": "Cursor in the future."}))
            return
        for each in frames:
            connection.send(each)
            time.sleep(pace)
        connection.recv()

    with serve_websocket(speak, "127.0.0.1", 0) as server:
        port = server.socket.getsockname()[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Egress(allow=frozenset({f"127.0.0.1:{port}"}), timeout=3), f"http://127.0.0.1:{port}", asked
        finally:
            server.shutdown()
            thread.join(5)


def test_bad_company_in_the_stream_is_passed_by() -> None:
    frames = [noise(1), b"\xff\x00garbage", bad_commit(2), frame({"op": 1, "t": "#info"}, {"name": "x"}), noise(3)]
    with stream(frames) as (egress, url, _):
        catch = firehose.listen(egress, url, DID, 0)
    assert (catch.heard, catch.cursor) == ((), 3)


def test_a_stream_without_end_is_read_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firehose, "MOST_EVENTS", 5)
    with stream([noise(number) for number in range(1, 50)]) as (egress, url, _):
        assert firehose.listen(egress, url, DID, 0).cursor == 5


def test_a_stream_that_never_rests_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firehose, "LONGEST", 0.5)
    with stream([noise(number) for number in range(1, 200)], pace=0.02) as (egress, url, _):
        begun = time.monotonic()
        catch = firehose.listen(egress, url, DID, 0)
        assert time.monotonic() - begun < 3
        assert 0 < catch.cursor < 199


def test_a_cursor_ahead_of_the_server_starts_over() -> None:
    with stream([noise(4)], ahead=True) as (egress, url, asked):
        assert firehose.listen(egress, url, DID, 9000).cursor == 4
        assert [path.rpartition("=")[2] for path in asked] == ["9000", "0"]


def test_the_stream_obeys_the_guard() -> None:
    with stream([]) as (_, url, asked):
        with pytest.raises(EgressRefused):
            firehose.listen(Egress(), url, DID, 0)
        assert asked == []


@pytest.mark.parametrize("reply", [html(), html(500), answer("", 301, {"Location": "http://127.0.0.1:1/"})])
def test_a_server_without_a_stream_is_unavailable(reply: Reply) -> None:
    with serve(lambda _asked: reply) as server, pytest.raises(Unavailable):
        firehose.listen(Egress(allow=server.allow, timeout=2), server.url, DID, 0)


# --- sessions


def connector(server: Loopback, store: SessionStore, **credentials: str) -> BlueskyConnector:
    given = {"identifier": "fin.test", "app_password": "word-of-the-service", **credentials}
    return BlueskyConnector(
        AccountRef("bluesky", server.url, DID, "fin.test", given), Egress(allow=server.allow), sessions=store
    )


def test_ten_tasks_sign_in_once_and_renew_once() -> None:
    store = SessionStore()
    short = answer({**session(), "accessJwt": token(exp=int(time.time()) + 60)})
    script = BLUESKY.script({SIGN_IN: short, REFRESH: answer(session())})
    with serve(script) as server:
        # The first session is about to end; the ten that follow renew it before they go on.
        connector(server, store).identify()
        renewed = server.count(*REFRESH)
        store.keep(next(iter(store._kept)), _short_session(server.url))
        threads = [threading.Thread(target=connector(server, store).identify) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert server.count(*SIGN_IN) == 1
        assert server.count(*REFRESH) == renewed + 1


def _short_session(url: str) -> str:
    return ":::".join(("fin.test", DID, token(exp=int(time.time()) + 60), token(), url))


def test_another_password_is_another_session() -> None:
    store = SessionStore()
    with serve(BLUESKY.script({})) as server:
        connector(server, store).identify()
        connector(server, store, app_password="a-new-word").identify()
        assert server.count(*SIGN_IN) == 2


def test_no_credentials_are_an_expired_sign_in() -> None:
    with serve(BLUESKY.script({})) as server:
        with pytest.raises(AuthExpired):
            connector(server, SessionStore(), app_password="").publish(DRAFT, attempt())
        assert server.asked == []


def test_a_blip_while_renewing_is_not_a_dead_sign_in() -> None:
    """R8: the network stumbles, the session stays kept, and nothing was sent."""
    store = SessionStore()
    with serve(BLUESKY.script({REFRESH: html(502)})) as server:
        connector(server, store).identify()
        (key,) = store._kept
        store.keep(key, _short_session(server.url))
        with pytest.raises(Unavailable):
            connector(server, store).publish(DRAFT, attempt())
        assert store.get(key)
        assert BLUESKY.writes(server) == 0


def test_a_session_may_live_on_another_server_only_within_the_guard() -> None:
    """The account's document names the server of its data; the guard decides whether we go there."""
    document = {
        "id": DID,
        "service": [
            {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": "http://127.0.0.1:9"}
        ],
    }
    signed_in = answer({**session(), "didDoc": document})
    with serve(BLUESKY.script({SIGN_IN: signed_in, ("GET", f"/{DID}"): answer(document)})) as server:
        account = AccountRef("bluesky", server.url, DID, "fin.test", {"identifier": "fin.test", "app_password": "x"})
        made = BlueskyConnector(account, Egress(allow=server.allow), sessions=SessionStore(), directory=server.url)
        with pytest.raises(NotApplied) as caught:
            made.publish(DRAFT, attempt())
        assert type(caught.value) is EgressRefused
        assert BLUESKY.writes(server) == 0


def test_an_unknown_handle_stays_text_and_a_lookup_that_fails_sends_nothing() -> None:
    resolve = ("GET", "/xrpc/com.atproto.identity.resolveHandle")
    draft = Draft("Merci @ann.test", "fr")
    refusal = answer({"error": "InvalidRequest", "message": "Unable to resolve handle"}, 400)
    with serve(BLUESKY.script({resolve: refusal})) as server:
        BLUESKY.connector(server).publish(draft, attempt())
        (sent,) = [asked.json for asked in server.asked if (asked.method, asked.path) == BLUESKY.write]
        assert not sent["record"].get("facets")
        assert sent["record"]["createdAt"] == "2026-11-20T09:00:00.000Z"
    with serve(BLUESKY.script({resolve: html(502)})) as server:
        with pytest.raises(Unavailable):
            BLUESKY.connector(server).publish(draft, attempt())
        assert BLUESKY.writes(server) == 0


def test_the_same_attempt_is_the_same_call_byte_for_byte() -> None:
    with serve(BLUESKY.script({})) as server:
        for _ in range(2):
            BLUESKY.connector(server).publish(DRAFT, attempt())
        first, second = (asked.body for asked in server.asked if (asked.method, asked.path) == BLUESKY.write)
        assert first == second
        assert json.loads(first)["rkey"]
