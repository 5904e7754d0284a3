"""What YouTube alone promises, lacks or says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from networks.egress import Egress
from networks.errors import (
    AuthExpired,
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
from networks.types import AccountRef, AttemptKey, Draft, Kind, Lack, Media, Metric, Part, PostRef, Presence
from networks.youtube.addresses import place
from networks.youtube.answers import next_quota
from networks.youtube.connector import YoutubeConnector
from networks.youtube.reading import captions_language
from networks.youtube.uploads import PIECE
from tests.networks.loopback import Asked, Reply, answer, serve
from tests.networks.squares.square import Square, all_of, attempt
from tests.networks.squares.youtube import connector
from tests.networks.squares.youtube import square as youtube_square
from tests.networks.subjects.youtube import MP4, SUBJECT, UPLOAD, film, filmed, words
from tests.simulator.fixture import Control

PUT = f"PUT {UPLOAD}"


@pytest.fixture
def square(simulator: Control) -> Square:
    return youtube_square(simulator)


def big(folder: Path) -> Media:
    """A video of three pieces, the last one short."""
    return film(folder, MP4 + b"\x01" * (2 * PIECE + 5))


@pytest.mark.longer
def test_a_large_video_goes_in_pieces_and_is_one_message(square: Square, simulator: Control, tmp_path: Path) -> None:
    draft = Draft("Grand", "fr", (big(tmp_path),), title="Grand")
    square.service.publish(draft, attempt())
    (post,) = simulator.posts("Grand")
    assert post["extra"]["bytes"] == draft.media[0].path.stat().st_size
    assert [call["status"] for call in simulator.journal("PUT", UPLOAD)] == [308, 308, 200]


def test_a_piece_that_is_lost_on_the_way_shows_nobody_anything(
    square: Square, simulator: Control, tmp_path: Path
) -> None:
    """Nothing is public before the last piece, so losing the answer to an earlier one is certain to have no effect."""
    simulator.fault("lost_answer", PUT, times=1)
    draft = Draft("Perdu", "fr", (big(tmp_path),), title="Perdu")
    with pytest.raises(Unavailable):
        square.service.publish(draft, attempt())
    assert simulator.posts("Perdu") == []


@pytest.mark.longer
def test_a_network_that_keeps_losing_pieces_is_not_asked_for_ever(tmp_path: Path) -> None:
    script = SUBJECT.script({("PUT", UPLOAD): answer("", 308, {"Range": "bytes=0-262143"})})
    with serve(script) as server:
        draft = Draft("Perdu", "fr", (big(tmp_path),), title="Perdu")
        with pytest.raises(Unavailable):
            SUBJECT.connector(server).publish(draft, attempt())
        assert SUBJECT.writes(server) == 3


def test_captions_reach_the_video(square: Square, simulator: Control, tmp_path: Path) -> None:
    ref = square.service.publish(filmed(tmp_path), attempt())
    headers = {"Authorization": f"Bearer {simulator.person('finances')}"}
    told = requests.get(f"{simulator.url}/youtube/v3/captions?videoId={ref.id}", headers=headers, timeout=5).json()
    assert [track["snippet"]["language"] for track in told["items"]] == ["fr"]


CAPTIONS = "/upload/youtube/v3/captions"
FRENCH = (Lack(Part.CAPTIONS, "fr"),)


def bilingual(folder: Path) -> Draft:
    """A video with captions in French and in Dutch."""
    draft = filmed(folder)
    (medium,) = draft.media
    (french,) = medium.captions
    return replace(draft, media=(replace(medium, captions=(french, replace(french, language="nl"))),))


@pytest.mark.longer
@pytest.mark.parametrize(
    "fault", [{"kind": "reset"}, {"kind": "status", "status": 503}, {"kind": "status", "status": 403}]
)
def test_captions_that_fail_leave_the_video_published_and_are_told(
    square: Square, simulator: Control, fault: dict[str, Any], tmp_path: Path
) -> None:
    simulator.fault(match=f"POST {CAPTIONS}", **fault)
    ref = square.service.publish(filmed(tmp_path), attempt())
    assert square.service.fetch(ref)
    assert square.count("Bonjour") == 1
    assert ref.lacks == FRENCH


def test_captions_of_which_the_answer_is_lost_are_looked_for(
    square: Square, simulator: Control, tmp_path: Path
) -> None:
    simulator.fault("lost_answer", f"POST {CAPTIONS}")
    assert square.service.publish(filmed(tmp_path), attempt()).lacks == ()


def test_captions_fail_one_language_at_a_time(square: Square, simulator: Control, tmp_path: Path) -> None:
    simulator.fault("status", f"POST {CAPTIONS}", status=503, times=1)
    draft, key = bilingual(tmp_path), attempt()
    assert square.service.publish(draft, key).lacks == FRENCH
    found = square.service.reconcile(draft, key).ref
    assert found
    assert found.lacks == FRENCH


def test_a_video_whose_answer_was_lost_is_found_and_its_captions_are_told_missing(
    square: Square, simulator: Control, tmp_path: Path
) -> None:
    simulator.fault("lost_answer", PUT)
    draft, key = filmed(tmp_path), attempt()
    with pytest.raises(OutcomeUnknown):
        square.service.publish(draft, key)
    finding = square.service.reconcile(draft, key)
    assert finding.presence is Presence.PRESENT
    assert finding.ref
    assert finding.ref.lacks == FRENCH


def test_a_video_that_was_captioned_lacks_nothing(square: Square, tmp_path: Path) -> None:
    """A worker may die after the last captions, before it has told anybody."""
    draft, key = bilingual(tmp_path), attempt()
    assert square.service.publish(draft, key).lacks == ()
    found = square.service.reconcile(draft, key).ref
    assert found
    assert found.lacks == ()


def test_where_the_network_does_not_tell_its_captions_somebody_has_to_look(
    square: Square, simulator: Control, tmp_path: Path
) -> None:
    draft, key = filmed(tmp_path), attempt()
    square.service.publish(draft, key)
    simulator.fault("status", "GET /youtube/v3/captions", status=403)
    finding = square.service.reconcile(draft, key)
    assert (finding.presence, finding.ref and finding.ref.lacks) == (Presence.PRESENT, FRENCH)


@pytest.mark.parametrize(
    ("snippet", "shown"),
    [
        ({}, "fr"),
        ({"language": "FR"}, "fr"),
        ({"trackKind": "asr"}, ""),
        ({"trackKind": "ASR"}, ""),
        ({"isDraft": True}, ""),
        ({"status": "failed", "failureReason": "unknownFormat"}, ""),
        ({"status": "syncing"}, "fr"),
    ],
)
def test_only_captions_that_somebody_wrote_and_people_can_choose_count(snippet: dict[str, Any], shown: str) -> None:
    usual = {"language": "fr", "trackKind": "standard", "isDraft": False, "status": "serving"}
    assert captions_language({"snippet": usual | snippet}) == shown


def test_the_captions_of_a_video_are_listed_for_its_owner_alone(
    square: Square, simulator: Control, tmp_path: Path
) -> None:
    ref = square.service.publish(filmed(tmp_path), attempt())

    def told(name: str, video: str) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {simulator.person(name)}"}
        url = f"{simulator.url}/youtube/v3/captions?part=snippet&videoId={video}"
        answered = requests.get(url, headers=headers, timeout=5)
        return answered.status_code, answered.json()["error"]["errors"][0]["reason"]

    assert told("jan", ref.id) == (403, "forbidden")
    assert told("finances", "abcdefghijk") == (404, "videoNotFound")


def test_a_message_without_a_video_is_refused_before_anything_is_sent(square: Square, simulator: Control) -> None:
    before = len(simulator.journal())
    with pytest.raises(Invalid):
        square.service.publish(Draft("Bonjour", "fr", title="Bonjour"), attempt())
    assert len(simulator.journal()) == before
    codes = {problem.code for problem in square.service.validate(Draft("Bonjour", "fr", title="Bonjour"))}
    assert codes == {"media_missing"}


def test_counting_is_in_bytes_and_angle_brackets_are_refused(square: Square) -> None:
    assert square.service.length("é€🇧🇪") == 2 + 3 + 8
    exact = square.draft("é" * 2500)
    assert square.service.validate(exact) == ()
    (found,) = square.service.validate(square.draft("é" * 2501))
    assert (found.code, found.limit, found.actual) == ("text_too_long", 5000, 5002)
    bad = square.draft("2 < 3")
    assert {(found.field, found.code) for found in square.service.validate(bad)} == {
        ("text", "text_forbidden"),
        ("title", "text_forbidden"),
    }
    with pytest.raises(Invalid):
        square.service.publish(bad, attempt())
    reply = Draft("2 < 3", "fr", reply_to=PostRef("abcdefghijk"))
    assert square.service.validate(reply) == ()


def test_an_answer_to_an_answer_stands_in_the_same_thread(square: Square) -> None:
    ours = square.service.publish(square.draft("Le guichet ouvre"), attempt())
    top = square.say("À quelle heure ?", ours)
    url = f"{ours.url}&lc={top}"
    first = square.service.publish(Draft("À midi.", "fr", reply_to=PostRef(top, url)), attempt())
    citizen = square.say("Et demain ?", PostRef(first.id, first.url))
    (heard,) = [item for item in all_of(square.service)[0] if item.ref.id == citizen]
    assert heard.kind is Kind.REPLY
    assert heard.root
    assert heard.root.id == ours.id
    draft, key = square.answer("Demain aussi.", heard), attempt()
    ref = square.service.publish(draft, key)
    seen = square.service.fetch(ref)
    assert seen
    assert seen.parent
    assert seen.parent.id == top
    found = square.service.reconcile(draft, key)
    assert found.ref
    assert (found.ref.id, found.ref.url) == (ref.id, ref.url)


def test_edits_and_deletions_show(square: Square, simulator: Control) -> None:
    ours = square.service.publish(square.draft("Le guichet ouvre"), attempt())
    number = simulator.posts(by="finances", network="youtube")[0]["id"]
    said = simulator.speak("jan", "Vraag", reply_to=number)
    (item,) = all_of(square.service)[0]
    simulator.edit(said["id"], "Andere vraag")
    seen = square.service.fetch(item.ref)
    assert seen
    assert seen.text == "Andere vraag"
    square.service.delete(ours)
    assert square.service.fetch(item.ref) is None
    assert all_of(square.service)[0] == []


@pytest.mark.longer
def test_what_is_not_listed_is_absent_only_after_a_while(square: Square, simulator: Control) -> None:
    patient = connector(simulator, "finances")
    patient._settle = timedelta(minutes=15)
    draft = square.draft("Où ?")
    assert patient.reconcile(draft, attempt()).presence is Presence.UNCERTAIN
    long_ago = datetime.now(UTC) - timedelta(minutes=20)
    assert patient.reconcile(draft, AttemptKey("key", long_ago)).presence is Presence.ABSENT
    again = AttemptKey("key", long_ago, sent_at=datetime.now(UTC))
    assert patient.reconcile(draft, again).presence is Presence.UNCERTAIN


REASONS: dict[tuple[int, str], type[NetworkError]] = {
    (400, "invalidTitle"): Invalid,
    (400, "uploadLimitExceeded"): QuotaExhausted,
    (401, "authError"): AuthExpired,
    (401, "youtubeSignupRequired"): PermissionMissing,
    (403, "commentsDisabled"): Rejected,
    (403, "dailyLimitExceeded"): QuotaExhausted,
    (403, "forbidden"): PermissionMissing,
    (403, "insufficientPermissions"): PermissionMissing,
    (403, "quotaExceeded"): QuotaExhausted,
    (403, "rateLimitExceeded"): RateLimited,
    (403, "userRateLimitExceeded"): RateLimited,
    (404, "parentCommentNotFound"): Gone,
    (404, "videoNotFound"): Gone,
}


@pytest.mark.parametrize(("status", "reason"), REASONS)
def test_the_reason_says_more_than_the_status(status: int, reason: str, tmp_path: Path) -> None:
    refusal = answer(words("Google's words", status, reason), status)
    with serve(SUBJECT.script({("POST", UPLOAD): refusal})) as server, pytest.raises(NetworkError) as caught:
        SUBJECT.connector(server).publish(filmed(tmp_path), attempt())
    assert type(caught.value) is REASONS[status, reason]
    assert caught.value.detail == "Google's words"
    if isinstance(caught.value, QuotaExhausted):
        assert timedelta(0) < caught.value.retry_at - datetime.now(UTC) <= timedelta(hours=25)


def test_the_quotas_day_begins_at_midnight_in_california() -> None:
    assert next_quota(datetime(2026, 7, 1, 6, 59, tzinfo=UTC)) == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert next_quota(datetime(2026, 7, 1, 7, 0, tzinfo=UTC)) == datetime(2026, 7, 2, 7, tzinfo=UTC)
    assert next_quota(datetime(2026, 12, 1, 12, tzinfo=UTC)) == datetime(2026, 12, 2, 8, tzinfo=UTC)


def test_a_used_up_quota_of_the_square_is_told_as_googles(square: Square, simulator: Control) -> None:
    simulator.limits(**{"youtube:searches": 0})
    with pytest.raises(QuotaExhausted):
        square.service.search("guichet")
    assert square.service.identify()


def test_an_address_that_leads_elsewhere_gets_no_token(tmp_path: Path) -> None:
    elsewhere = answer("", headers={"Location": "https://elsewhere.example/upload/youtube/v3/videos?upload_id=1"})
    with (
        serve(SUBJECT.script({("POST", UPLOAD): elsewhere})) as server,
        pytest.raises(NetworkError, match="another host"),
    ):
        SUBJECT.connector(server).publish(filmed(tmp_path), attempt())


def test_a_video_that_only_its_owner_sees_is_not_there() -> None:
    hidden = {"kind": "youtube#video", "id": "abcdefghijk", "status": {"privacyStatus": "private"}}

    def script(_asked: Asked) -> Reply:
        return answer({"kind": "youtube#videoListResponse", "items": [hidden]})

    with serve(script) as server:
        assert SUBJECT.connector(server).fetch(PostRef("abcdefghijk")) is None


def test_reads_carry_the_token_for_reading_and_writes_the_other(simulator: Control, tmp_path: Path) -> None:
    held = {"access_token": "no-such-token", "read_access_token": simulator.person("finances")}
    account = AccountRef("youtube", simulator.url, "", "finances", held)
    service = YoutubeConnector(account, Egress(allow=frozenset({simulator.host})))
    assert service.identify().handle == "finances"
    with pytest.raises(AuthExpired):
        service.publish(filmed(tmp_path), attempt())


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://youtu.be/abcdefghijk", ("abcdefghijk", "")),
        (
            "https://m.youtube.com/watch?v=abcdefghijk&lc=Ugw5zYU6n9pmIgAZWvN4AaABAg",
            ("abcdefghijk", "Ugw5zYU6n9pmIgAZWvN4AaABAg"),
        ),
        ("https://www.youtube.com/@finances", ("", "")),
        ("https://www.youtube.com/watch?v=tooshort", ("", "")),
        ("https://youtube.com.evil.example/watch?v=abcdefghijk", ("", "")),
        ("javascript://www.youtube.com/watch?v=abcdefghijk", ("", "")),
    ],
)
def test_addresses(url: str, expected: tuple[str, str]) -> None:
    assert place(url, "https://www.youtube.com") == expected


def test_figures_are_asked_for_fifty_at_a_time_and_without_what_google_forbids(
    square: Square, simulator: Control
) -> None:
    """Ids and `maxResults` do not go together at the real network."""
    refs = [PostRef(f"abcdefgh{number:03}") for number in range(51)]
    ours = square.service.publish(square.draft("Combien ?"), attempt())
    square.say("Beaucoup", ours)
    found = square.service.metrics([ours, *refs])
    assert {(one.metric, one.value) for one in found if one.subject} == {
        (Metric.VIEWS, 0),
        (Metric.LIKES, 0),
        (Metric.REPLIES, 1),
    }
    calls = [call["query"] for call in simulator.journal("GET", "/youtube/v3/videos")]
    assert len(calls) == 2
    assert not any("maxResults" in query for query in calls)


def test_figures_of_many_answers_are_read_and_never_posted() -> None:
    refs = [PostRef(f"{'U' * 26}.{number:022}") for number in range(60)]
    with serve(SUBJECT.script({})) as server:
        with pytest.raises(NetworkError):
            SUBJECT.connector(server).metrics(refs)
        assert {one.method for one in server.asked if one.path.endswith("/comments")} == {"GET"}
