"""YouTube's real answers, as recorded, read by the connector."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from networks.egress import Egress
from networks.errors import PermissionMissing
from networks.types import AccountRef, AttemptKey, Draft, Kind, Metric, PostRef, Presence
from networks.youtube.connector import YoutubeConnector
from tests.networks.loopback import Asked, Loopback, Reply, answer, serve
from tests.networks.subjects.youtube import UPLOAD, filmed

CHANNEL = "UCa-vrCLQHviTOVnEKDOdetQ"
CITIZEN = "UCNvMBmCASzTNNX8lW3JRMbw"
THREAD = "Ugw5zYU6n9pmIgAZWvN4AaABAg"
API = "/youtube/v3/"
LISTS_OF_THREADS = (
    "comment_thread_single",
    "comment_threads_all_to_me",
    "comment_threads_by_channel",
    "comment_threads_by_video_paged_1",
    "comment_threads_by_video_paged_2",
    "comment_threads_multi",
    "comment_threads_with_search",
)
LISTS_OF_HITS = (
    "search_by_developer",
    "search_by_event",
    "search_by_keywords_p1",
    "search_by_keywords_p2",
    "search_by_location",
    "search_by_mine",
    "search_by_related_video",
    "search_videos_by_channel",
)
LISTS_OF_VIDEOS = ("chart_paged_1", "chart_paged_2", "info_multi", "info_single", "myrating_paged_1")

Tape = Callable[[str], Any]


@pytest.fixture
def tape(recorded_data: Path) -> Tape:
    """`tape("comments/comments_single")`: what the network answered."""
    return lambda name: json.loads((recorded_data / "recorded" / "youtube" / f"{name}.json").read_text())


def connector(server: Loopback, channel: str = CHANNEL) -> YoutubeConnector:
    account = AccountRef("youtube", server.url, channel, "fin", {"access_token": "token"})
    return YoutubeConnector(account, Egress(allow=server.allow), settle=timedelta(days=36_500))


def play(**answers: Any) -> Callable[[Asked], Reply]:
    """Each call of the API, by its last word, answered with what was recorded; later pages by `<word>_<token>`."""

    def script(asked: Asked) -> Reply:
        word = asked.path.removeprefix(API)
        token = asked.query.get("pageToken", [""])[0]
        return answer(answers["page_2" if token else word])

    return script


def test_identify_and_the_channels_figures(tape: Tape) -> None:
    with serve(play(channels=tape("channel_info_single"))) as server:
        youtube = connector(server)
        identity = youtube.identify()
        figures = {measure.metric: (measure.value, measure.source) for measure in youtube.metrics([])}
        assert server.asked[0].query["mine"] == ["true"]
        assert server.asked[0].headers["authorization"] == "Bearer token"
    assert identity.remote_id == "UC_x5XG1OV2P6uZZ5FSM9Ttw"
    assert (identity.handle, identity.name) == ("googledevelopers", "Google Developers")
    assert figures == {
        Metric.FOLLOWERS: (1927873, "youtube:channels.subscriberCount"),
        Metric.POSTS: (5026, "youtube:channels.videoCount"),
        Metric.VIEWS: (160361638, "youtube:channels.viewCount"),
    }


def test_publish(tape: Tape, tmp_path: Path) -> None:
    def script(asked: Asked) -> Reply:
        if asked.method == "POST":
            return answer("", headers={"Location": f"https://www.googleapis.com{UPLOAD}?upload_id=1"})
        return answer(tape("videos/insert_response"))

    with serve(script) as server:
        draft = filmed(tmp_path)
        ref = connector(server).publish(draft, AttemptKey("key", datetime.now(UTC)))
        opened, sent = server.asked[:2]
    assert (ref.id, ref.url) == ("D-lhorsDlUQ", f"{server.url}/watch?v=D-lhorsDlUQ")
    assert opened.query["part"] == ["snippet,status"]
    assert opened.json["snippet"]["title"] == "Bonjour"
    assert opened.headers["x-upload-content-length"] == str(len(sent.body))
    assert sent.body == draft.media[0].path.read_bytes()


@pytest.mark.parametrize("name", LISTS_OF_VIDEOS)
def test_videos(tape: Tape, name: str) -> None:
    told = tape(f"videos/videos_{name}")
    snippet = told["items"][0]["snippet"]
    with serve(play(videos=told)) as server:
        seen = connector(server).fetch(PostRef(told["items"][0]["id"]))
    assert seen
    assert (seen.text, seen.author.id, seen.author.name) == (
        snippet["description"],
        snippet["channelId"],
        snippet["channelTitle"],
    )
    assert seen.created_at == datetime.fromisoformat(snippet["publishedAt"])


@pytest.mark.parametrize("name", LISTS_OF_THREADS)
def test_threads_are_the_inbox(tape: Tape, name: str) -> None:
    told = tape(f"comment_threads/{name}")
    others = [t for t in told["items"] if _author(t["snippet"]["topLevelComment"]) != CHANNEL]
    with serve(play(commentThreads=told)) as server:
        page = connector(server).inbox()
        assert server.asked[0].query["allThreadsRelatedToChannelId"] == [CHANNEL]
    assert {item.ref.id for item in page.items} == {thread["id"] for thread in others}
    for item in page.items:
        thread = next(t for t in others if t["id"] == item.ref.id)
        video = thread["snippet"].get("videoId")
        assert item.kind is (Kind.REPLY if video else Kind.MENTION)
        assert (item.parent.id if item.parent else None) == video
        assert item.text == thread["snippet"]["topLevelComment"]["snippet"]["textOriginal"]
        assert item.told == (CHANNEL,)
        assert item.created_at.tzinfo is UTC
    assert bool(page.older) is ("nextPageToken" in told or any(t["snippet"]["totalReplyCount"] for t in told["items"]))


def _author(comment: Any) -> str:
    return str(comment["snippet"]["authorChannelId"]["value"])


def test_a_long_thread_is_read_to_its_end(tape: Tape) -> None:
    """A thread whose answers were kept back opens a lane; that one goes on by pages."""
    threads = tape("comment_threads/comment_threads_all_to_me")
    first, second = tape("comments/comments_by_parent_paged_1"), tape("comments/comments_by_parent_paged_2")
    with serve(play(commentThreads=threads, comments=first, page_2=second)) as server:
        youtube = connector(server)
        page = youtube.inbox()
        items = list(page.items)
        while page.older:
            page = youtube.inbox(older=page.older)
            items += page.items
    found = {item.ref.id: item for item in items}
    assert set(found) >= {item["id"] for item in [*first["items"], *second["items"]]}
    told = found[first["items"][0]["id"]]
    assert told.parent
    assert (told.parent.id, told.kind, told.author.id) == (THREAD, Kind.REPLY, CITIZEN)


def test_an_answer_is_found_on_the_second_page(tape: Tape) -> None:
    first, second = tape("comments/comments_by_parent_paged_1"), tape("comments/comments_by_parent_paged_2")
    with serve(play(comments=first, page_2=second)) as server:
        youtube = connector(server, CITIZEN)
        draft = Draft("hey, this is the replay", "en", reply_to=PostRef(THREAD))
        attempt = AttemptKey("key", datetime(2019, 12, 1, 4, 45, tzinfo=UTC))
        found = youtube.reconcile(draft, attempt)
        assert server.asked[-1].query["pageToken"] == [first["nextPageToken"]]
        later = AttemptKey("key", datetime(2019, 12, 1, 5, 45, tzinfo=UTC))
        assert youtube.reconcile(draft, later).presence is Presence.UNCERTAIN
    assert found.presence is Presence.PRESENT
    assert found.ref
    assert found.ref.id == second["items"][0]["id"]


def test_answers_and_their_figures(tape: Tape) -> None:
    made, begun = tape("comments/insert_response"), tape("comment_threads/insert_response")
    with serve(play(comments=made, commentThreads=begun)) as server:
        youtube = connector(server)
        key = AttemptKey("key", datetime.now(UTC))
        question = PostRef("Ugy_CAftKrIUCyPr9GR4AaABAg.9old", f"{server.url}/watch?v=JE8xdDp5B8Q&lc=x")
        ref = youtube.publish(Draft("wow", "en", reply_to=question), key)
        assert server.asked[-1].json == {"snippet": {"parentId": "Ugy_CAftKrIUCyPr9GR4AaABAg", "textOriginal": "wow"}}
        below = youtube.publish(Draft("Sun", "en", reply_to=PostRef("JE8xdDp5B8Q")), key)
    assert ref == PostRef(made["id"], f"{server.url}/watch?v=JE8xdDp5B8Q&lc={made['id']}")
    assert below.id == begun["id"]
    for name in ("comments_single", "comments_multi"):
        told = tape(f"comments/{name}")
        with serve(play(channels=tape("channel_info_single"), comments=told)) as server:
            found = connector(server).metrics([PostRef(one["id"]) for one in told["items"]])
        likes = [measure for measure in found if measure.subject]
        assert [measure.subject for measure in likes] == [one["id"] for one in told["items"]]
        assert {measure.source for measure in likes} == {"youtube:comments.likeCount"}


@pytest.mark.parametrize("name", LISTS_OF_HITS)
def test_search(tape: Tape, name: str) -> None:
    told = tape(f"search/{name}")
    with serve(play(search=told)) as server:
        page = connector(server).search("x")
        assert server.asked[0].query["type"] == ["video"]
    assert {item.ref.id for item in page.items} == {hit["id"]["videoId"] for hit in told["items"]}
    assert all(item.kind is Kind.SEARCH_HIT and item.text and "&#39;" not in item.text for item in page.items)
    assert page.newest == max(item.created_at for item in page.items).isoformat()


def test_a_refusal_is_told_in_the_networks_words(tape: Tape) -> None:
    refused = answer(tape("error_permission_resp"), 403)
    with serve(lambda _asked: refused) as server, pytest.raises(PermissionMissing) as caught:
        connector(server).identify()
    assert caught.value.detail == "The caller does not have permission"
