"""R4: whatever a network answers, one of our errors comes out, the right one, and nothing is sent twice."""

from __future__ import annotations

import logging
import socket
import threading
import time
import traceback
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from networks import calls
from networks.answers import judge
from networks.egress import Egress, Terms
from networks.egress.exchange import PinnedBackend
from networks.errors import (
    AuthExpired,
    Gone,
    Invalid,
    NetworkError,
    NotApplied,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from tests.networks import loopback
from tests.networks.loopback import Reply, answer, html, serve
from tests.networks.subjects import CANARY, DRAFT, SUBJECTS, Subject, attempt
from tests.networks.subjects.bluesky import SUBJECT as BLUESKY
from tests.networks.subjects.bluesky import token
from tests.networks.subjects.mastodon import STATUS
from tests.networks.subjects.mastodon import SUBJECT as MASTODON
from tests.thorough import thorough_pairs

WORDS = {"error": "NetworkWords", "message": "in its own words"}

LOST: dict[str, Reply] = {
    "timeout": loopback.silent,
    "reset": loopback.reset,
    "hang up": loopback.hang_up,
    "truncated": loopback.truncated,
    "drip": loopback.drip,
    "drip head": loopback.drip_head,
    "garbage": loopback.garbage,
    "flood": loopback.flood,
    "html 200": html(),
    "not json": answer("{oops"),
    "json of another shape": answer(["nothing"]),
    "500": answer(WORDS, 500),
    "502 html": html(502),
    "503": answer(WORDS, 503),
    "504": answer("", 504),
    "302": answer("", 302, {"Location": "https://elsewhere.example/"}),
}

REFUSED: dict[str, tuple[Reply, type[NetworkError]]] = {
    "400": (answer(WORDS, 400), Invalid),
    "401": (answer(WORDS, 401), AuthExpired),
    "403": (answer(WORDS, 403), PermissionMissing),
    "404": (answer(WORDS, 404), Gone),
    "410": (answer(WORDS, 410), Gone),
    "413": (html(413), Invalid),
    "418": (answer(WORDS, 418), Rejected),
    "422": (answer(WORDS, 422), Invalid),
    "429": (answer(WORDS, 429), RateLimited),
    "501": (answer(WORDS, 501), Unsupported),
    "301": (answer("", 301, {"Location": "https://elsewhere.example/"}), Rejected),
    "307": (answer("", 307, {"Location": "https://elsewhere.example/"}), Rejected),
    "401 html": (html(401), AuthExpired),
}

every_network = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.network)


def named(one: object) -> str | None:
    return getattr(one, "network", None)


@pytest.mark.slow
@every_network
@pytest.mark.parametrize("fault", LOST)
def test_a_write_whose_answer_is_lost_is_unknown_and_sent_once(subject: Subject, fault: str, tmp_path: Path) -> None:
    with serve(subject.script({subject.write: LOST[fault]})) as server:
        connector = subject.connector(server, timeout=0.6)
        begun = time.monotonic()
        with pytest.raises(OutcomeUnknown) as caught:
            connector.publish(subject.draft(tmp_path), attempt())
        assert type(caught.value) is OutcomeUnknown
        assert time.monotonic() - begun < 4
        assert subject.writes(server) == 1


@pytest.mark.slow
@every_network
@pytest.mark.parametrize("fault", LOST)
def test_a_read_whose_answer_is_lost_is_unavailable(subject: Subject, fault: str) -> None:
    with (
        serve(subject.script({subject.read: LOST[fault]})) as server,
        pytest.raises(Unavailable),
    ):
        subject.connector(server, timeout=0.6).identify()


@pytest.mark.parametrize(("subject", "status"), thorough_pairs(SUBJECTS, REFUSED), ids=named)
def test_a_refused_write_was_not_applied_and_is_sent_once(subject: Subject, status: str, tmp_path: Path) -> None:
    reply, expected = REFUSED[status]
    with serve(subject.script({subject.write: reply})) as server:
        with pytest.raises(NotApplied) as caught:
            subject.connector(server).publish(subject.draft(tmp_path), attempt())
        assert type(caught.value) is expected
        assert subject.writes(server) == 1


@pytest.mark.slow
@every_network
@pytest.mark.parametrize("fault", [*LOST, "429", "403", "413"])
def test_a_failed_upload_has_no_public_effect(subject: Subject, fault: str, tmp_path: Path) -> None:
    if subject.upload is None:
        pytest.skip("the network fetches files itself")
    draft = subject.picture(tmp_path)
    reply = LOST.get(fault) or REFUSED[fault][0]
    with serve(subject.script({subject.upload: reply})) as server:
        with pytest.raises(NotApplied):
            subject.connector(server, timeout=0.6).publish(draft, attempt())
        assert subject.writes(server) == 0


@every_network
def test_a_write_that_comes_too_late_is_not_begun(
    subject: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow upload, or a process that was stopped and woken: the lease may be over, so nothing goes out."""
    monkeypatch.setattr(calls, "PUBLISH_WITHIN", 0.2)
    monkeypatch.setattr(calls, "PROCESSING", 0.0)  # where every message is a film
    if subject.upload is None:
        pytest.skip("the network fetches files itself")
    good = subject.good[subject.upload]
    crawling = [True]  # the first time; where every message has an upload, the second one is no slower than others

    def slow(connection: socket.socket, over: threading.Event) -> None:
        over.wait(0.4 if crawling else 0)
        crawling.clear()
        good(connection, over)

    draft = subject.picture(tmp_path)
    with serve(subject.script({subject.upload: slow})) as server:
        connector = subject.connector(server)
        with pytest.raises(Unavailable, match="too late"):
            connector.publish(draft, attempt())
        assert subject.writes(server) == 0
        connector.publish(subject.draft(tmp_path), attempt())
        assert subject.writes(server) == 1


@every_network
def test_a_write_whose_claim_is_over_is_not_begun(subject: Subject, tmp_path: Path) -> None:
    """Stopped before its first call and woken after its lease."""
    with serve(subject.script({})) as server:
        with pytest.raises(Unavailable, match="too late"):
            subject.connector(server).publish(
                subject.draft(tmp_path), replace(attempt(), begin_before=time.monotonic())
            )
        assert subject.writes(server) == 0


def test_what_prepares_a_write_ends_with_the_time_for_it_and_what_follows_one_does_not() -> None:
    """Nobody asks for minutes whether a picture is ready that could not be shown any more."""
    terms = Terms(lambda method, _path: method != "GET", judge)
    with serve(lambda _asked: answer({})) as server:
        egress = Egress(allow=server.allow)
        with terms.starting_within(0.1):
            egress.call(terms, "GET", server.url, [], b"")
            time.sleep(0.15)
            with pytest.raises(Unavailable, match="too late"):
                egress.call(terms, "GET", server.url, [], b"")
        with terms.starting_within(0.1):
            egress.call(terms, "POST", server.url, [], b"")
            time.sleep(0.15)
            egress.call(terms, "GET", server.url, [], b"")
            with pytest.raises(Unavailable, match="too late"):
                egress.call(terms, "POST", server.url, [], b"")
        assert [asked.method for asked in server.asked] == ["GET", "POST", "GET"]


def test_a_write_does_not_leave_after_its_claim_however_long_it_was_asked_for_or_connected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A process is stopped anywhere: while the database says that it is still wanted, or while it connects."""
    terms = Terms(lambda method, _path: method != "GET", judge)
    now = [time.monotonic()]
    with serve(lambda _asked: answer({})) as server:
        egress, before = Egress(allow=server.allow), now[0] + 10

        def stopped(*_: Any) -> Any:
            now[0] += 20
            return True

        monkeypatch.setattr("networks.egress.terms.time.monotonic", lambda: now[0])
        with terms.starting_within(600, before=before, wanted=stopped), pytest.raises(Unavailable, match="too late"):
            egress.call(terms, "POST", server.url, [], b"")
        assert terms.writes == 0
        now[0] -= 20
        connect = PinnedBackend.connect_tcp
        monkeypatch.setattr(PinnedBackend, "connect_tcp", lambda *a, **k: (stopped(), connect(*a, **k))[1])
        with terms.starting_within(600, before=before), pytest.raises(Unavailable, match="too late"):
            egress.call(terms, "POST", server.url, [], b"")
        now[0] -= 20
        with terms.starting_within(600, before=before):
            egress.call(terms, "GET", server.url, [], b"")
        assert [asked.method for asked in server.asked] == ["GET"]


@every_network
def test_a_write_of_which_nobody_can_say_whether_it_is_wanted_is_not_begun(subject: Subject, tmp_path: Path) -> None:
    """The database is away for a moment: that is no fault of the message, and it is tried again."""

    def away() -> bool:
        raise RuntimeError("the database is away")

    with serve(subject.script({})) as server:
        with pytest.raises(Unavailable, match="still wanted"):
            subject.connector(server).publish(subject.draft(tmp_path), replace(attempt(), still_wanted=away))
        assert subject.writes(server) == 0


@every_network
def test_no_connection_is_unavailable(subject: Subject, tmp_path: Path) -> None:
    with serve(subject.script({})) as server:
        pass
    with pytest.raises(Unavailable):
        subject.connector(server).publish(subject.draft(tmp_path), attempt())


@every_network
def test_a_good_answer_is_a_reference(subject: Subject, tmp_path: Path) -> None:
    with serve(subject.script({})) as server:
        ref = subject.connector(server).publish(subject.draft(tmp_path), attempt())
        assert ref.id
        assert ref.url
        assert subject.writes(server) == 1


LATER = datetime.now(UTC) + timedelta(hours=7)  # far enough that a long run of tests does not reach it
A_LONG_RUN = 3_600


@pytest.mark.parametrize(
    ("subject", "told"),
    thorough_pairs(
        SUBJECTS,
        [
            ({"Retry-After": "120"}, 115, 125),
            ({"Retry-After": format_datetime(LATER, usegmt=True)}, 25_200 - A_LONG_RUN, 25_210),
            ({"X-RateLimit-Reset": LATER.isoformat()}, 25_200 - A_LONG_RUN, 25_210),
            ({"RateLimit-Reset": str(int(LATER.timestamp()))}, 25_200 - A_LONG_RUN, 25_210),
            ({}, 50, 70),
            ({"Retry-After": "nonsense"}, 50, 70),
            ({"Retry-After": "-5"}, 50, 70),
            ({"Retry-After": "nan"}, 50, 70),
            ({"Retry-After": "999999999"}, 86_000, 86_500),
            ({"X-RateLimit-Reset": "1999-01-01T00:00:00Z"}, 50, 70),
        ],
    ),
    ids=named,
)
def test_429_says_when(subject: Subject, told: tuple[dict[str, str], int, int], tmp_path: Path) -> None:
    headers, least, most = told
    script = subject.script({subject.write: answer(WORDS, 429, headers)})
    with serve(script) as server, pytest.raises(RateLimited) as caught:
        subject.connector(server).publish(subject.draft(tmp_path), attempt())
    assert caught.value.retry_at.tzinfo is UTC
    wait = (caught.value.retry_at - datetime.now(UTC)).total_seconds()
    assert least - 60 <= wait <= most


@every_network
def test_the_networks_words_come_along(subject: Subject, tmp_path: Path) -> None:
    with (
        serve(subject.script({subject.write: answer(subject.words("in its own words"), 422)})) as server,
        pytest.raises(Invalid) as caught,
    ):
        subject.connector(server).publish(subject.draft(tmp_path), attempt())
    assert "in its own words" in caught.value.detail


@pytest.mark.parametrize(
    ("subject", "fault"),
    thorough_pairs(SUBJECTS, ["echo 401", "echo 500", "echo 422", "reset", "json of another shape", "echo 200"]),
    ids=named,
)
def test_no_secret_in_errors_logs_or_reprs(
    subject: Subject, fault: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {"error": "Unauthorized", "message": f"Bearer {CANARY} and {token()} and {CANARY}", "id": CANARY}
    replies = {"echo 401": 401, "echo 500": 500, "echo 422": 422, "echo 200": 200}
    reply = answer(echo, replies[fault]) if fault in replies else LOST[fault]
    special = {subject.write: reply, subject.read: reply}
    seen: list[str] = []
    chained: list[BaseException | None] = []
    with serve(subject.script(special)) as server:
        connector = subject.connector(server)
        for verb in (lambda: connector.publish(subject.draft(tmp_path), attempt()), connector.identify):
            try:
                verb()
            except NetworkError as error:
                seen += [repr(error), str(error), error.detail, "".join(traceback.format_exception(error))]
                chained += [error.__context__, error.__cause__]
        seen += [repr(connector), repr(connector.account), repr(vars(connector)), caplog.text]
    assert chained
    assert not any(chained)
    joined = "\n".join(seen)
    assert CANARY not in joined
    assert "eyJ" not in joined


def test_a_wrong_password_is_never_repeated() -> None:
    path = "/xrpc/com.atproto.server.createSession"
    reply = answer({"error": "AuthenticationRequired", "message": f"wrong: {CANARY}"}, 401)
    with serve(BLUESKY.script({("POST", path): reply})) as server:
        with pytest.raises(AuthExpired) as caught:
            BLUESKY.connector(server).identify()
        assert server.count("POST", path) == 1
    assert CANARY not in caught.value.detail


def test_the_idempotency_key_goes_out_and_rates_come_in() -> None:
    reply = answer(
        STATUS,
        headers={"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "299", "X-RateLimit-Reset": LATER.isoformat()},
    )
    with serve(MASTODON.script({MASTODON.write: reply})) as server:
        connector = MASTODON.connector(server)
        connector.publish(DRAFT, attempt("the-key"))
        sent = server.asked[0]
        assert sent.headers["idempotency-key"] == "the-key"
        assert sent.headers["authorization"] == f"Bearer {CANARY}"
        assert sent.form["status"] == ["Bonjour"]
        assert sent.form["language"] == ["fr"]
        session = connector._api.session
        rate = session.get_adapter("https://")._egress.rates[f"http://127.0.0.1:{server.port}"]
        assert (rate.limit, rate.remaining) == (300, 299)


def test_a_port_that_swallows_connections_is_bounded() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1) as deaf:
        server = loopback.Loopback(deaf.getsockname()[1], lambda _asked: loopback.silent)
        begun = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            MASTODON.connector(server, timeout=0.5).publish(DRAFT, attempt())
        assert time.monotonic() - begun < 3


def test_a_large_body_has_the_time_that_carrying_it_over_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A film in one call: half a second longer for each 500 bytes, at this rate."""
    monkeypatch.setattr("networks.egress.exchange.UPLOAD_RATE", 1_000)

    def late(connection: socket.socket, over: threading.Event) -> None:
        over.wait(0.5)
        answer({})(connection, over)

    with serve(lambda _asked: late) as server:
        session = Egress(allow=server.allow, timeout=0.3).session(Terms(lambda *_: False, lambda *_: None))
        assert session.put(server.url, data=b"x" * 1_000).status_code == 200
        with pytest.raises(Unavailable):
            session.put(server.url, data=b"x")
