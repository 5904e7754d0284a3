"""Our answers beside recorded ones of the real YouTube: the same fields, each of the same type."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.networks.subjects.youtube import MP4
from tests.simulator.fixture import Control
from tests.simulator.test_recordings import differences

# What a channel may fill in or leave out, and what only the middle of a list has.
OPTIONAL = ("prevPageToken", "nextPageToken", "snippet.country")


@pytest.fixture(scope="module")
def recorded(recorded_data: Path) -> Callable[[str], Any]:
    return lambda name: json.loads((recorded_data / "recorded" / "youtube" / f"{name}.json").read_text())


class Api:
    """The raw JSON of calls as one person."""

    def __init__(self, simulator: Control, handle: str) -> None:
        self.url = simulator.url
        self.headers = {"Authorization": f"Bearer {simulator.person(handle)}"}

    def get(self, path: str, **query: Any) -> Any:
        answer = requests.get(f"{self.url}/youtube/v3/{path}", params=query, headers=self.headers, timeout=5)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any) -> Any:
        answer = requests.post(f"{self.url}/youtube/v3/{path}?part=snippet", json=body, headers=self.headers, timeout=5)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def film(self, title: str, description: str) -> Any:
        told = {"title": title, "description": description, "defaultLanguage": "fr"}
        where = f"{self.url}/upload/youtube/v3/videos?uploadType=resumable&part=snippet,player"
        opened = requests.post(where, json={"snippet": told}, headers=self.headers, timeout=5)
        place = f"{opened.headers['Location']}&part=snippet,player"
        return requests.put(place, data=MP4, headers=self.headers, timeout=5).json()

    def comment(self, video: str, text: str) -> Any:
        snippet = {"videoId": video, "topLevelComment": {"snippet": {"textOriginal": text}}}
        return self.post("commentThreads", {"snippet": snippet})


@pytest.fixture
def finances(simulator: Control) -> Api:
    return Api(simulator, "finances")


@pytest.fixture
def citizen(simulator: Control) -> Api:
    return Api(simulator, "citizen")


def unlike(ours: Any, theirs: Any) -> list[str]:
    return [line for line in differences(ours, theirs, "") if not line.endswith(OPTIONAL)]


def test_a_channel(finances: Api, recorded: Callable[[str], Any]) -> None:
    assert (
        unlike(finances.get("channels", part="snippet,statistics", mine="true"), recorded("channel_info_single")) == []
    )


def test_a_video_as_it_is_made_and_read(finances: Api, recorded: Callable[[str], Any]) -> None:
    made = finances.film("Impôts", "Le guichet #impôts")
    assert unlike(made, recorded("videos/insert_response")) == []
    read = finances.get("videos", part="snippet,player", id=made["id"])
    assert unlike(read, recorded("videos/videos_info_single")) == []


def test_threads_and_comments(finances: Api, citizen: Api, recorded: Callable[[str], Any]) -> None:
    video = finances.film("Impôts", "Le guichet")["id"]
    thread = citizen.comment(video, "À quelle heure ?")
    theirs = recorded("comment_threads/insert_response")
    assert unlike(thread, theirs) == []
    top = thread["id"]
    for number in range(3):
        said = citizen.post("comments", {"snippet": {"parentId": top, "textOriginal": f"{number}"}})
    assert unlike(said, recorded("comments/insert_response")) == []
    assert said["id"].startswith(f"{top}.")
    below = citizen.get("comments", part="snippet", parentId=top, maxResults=2)
    assert unlike(below, recorded("comments/comments_by_parent_paged_1")) == []
    behind = citizen.get("comments", part="snippet", parentId=top, maxResults=2, pageToken=below["nextPageToken"])
    assert unlike(behind, recorded("comments/comments_by_parent_paged_2")) == []
    one = citizen.get("comments", part="snippet", id=top)
    assert unlike(one, recorded("comments/comments_single")) == []
    channel = finances.get("channels", part="snippet", mine="true")["items"][0]["id"]
    related = citizen.get("commentThreads", part="snippet", allThreadsRelatedToChannelId=channel)
    assert unlike(related, recorded("comment_threads/comment_threads_all_to_me")) == []


def test_search(finances: Api, recorded: Callable[[str], Any]) -> None:
    for number in range(3):
        finances.film(f"Impôts {number}", "Le guichet")
    first = finances.get("search", part="snippet", q="guichet", type="video", order="date", maxResults=2)
    assert unlike(first, recorded("search/search_by_keywords_p1")) == []
    assert [hit["snippet"]["title"] for hit in first["items"]] == ["Impôts 2", "Impôts 1"]


def test_a_refusal(finances: Api, recorded: Callable[[str], Any]) -> None:
    answer = requests.get(
        f"{finances.url}/youtube/v3/playlistItems?playlistId=UU1", headers=finances.headers, timeout=5
    )
    assert answer.status_code == 404
    assert unlike(answer.json(), recorded("error_permission_resp")) == []
