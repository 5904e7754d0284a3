"""The square's X beside recorded answers of the real one: the same fields, each of the same type."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.networks.test_x_recorded import Turn, tape
from tests.simulator.fixture import Control
from tests.simulator.test_recordings import differences
from tests.simulator.test_statuses import png

__all__ = ["tape"]


@pytest.fixture
def ask(simulator: Control) -> Callable[..., Any]:
    """The raw JSON of one call as `finances`, which is somebody whom people name and answer."""
    token = simulator.person("finances", "Tweepy Testing")
    for number in range(11):
        simulator.speak("amelie", f"@finances tweepy {number}", network="x")

    def call(method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        told = requests.request(method, simulator.url + path, headers=headers, timeout=10, **more)
        assert told.status_code in (200, 201), told.text
        assert {"x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"} <= set(told.headers)
        return told.json()

    return call


def recorded(turn: Turn) -> Any:
    return json.loads(turn[4])


def test_the_square_answers_in_the_recorded_shapes(ask: Callable[..., Any], tape: Callable[[str], list[Turn]]) -> None:
    made, gone = tape("test_client_create_and_delete_tweet")
    mine = ask("POST", "/2/tweets", json={"text": "Test Tweet"})
    assert differences(mine, recorded(made), "made") == []
    assert differences(ask("DELETE", f"/2/tweets/{mine['data']['id']}"), recorded(gone), "gone") == []
    me = ask("GET", "/2/users/me")
    assert differences(me, recorded(tape("test_client_get_me")[0]), "me") == []
    mentions = ask("GET", f"/2/users/{me['data']['id']}/mentions")
    assert differences(mentions, recorded(tape("test_client_get_users_mentions")[0]), "mentions") == []
    found = ask("GET", "/2/tweets/search/recent?query=Tweepy")
    assert differences(found, recorded(tape("test_client_search_recent_tweets")[0]), "search") == []
    ids = ",".join(one["id"] for one in found["data"][:2])
    assert differences(ask("GET", f"/2/tweets?ids={ids}"), recorded(tape("test_client_get_tweets")[0]), "tweets") == []


def test_an_upload_is_the_recorded_one_in_the_clothes_of_version_2(
    ask: Callable[..., Any], tape: Callable[[str], list[Turn]]
) -> None:
    """Recorded was version 1.1, which X has closed: the same facts, the id under its new name, the whole in `data`."""
    old = recorded(tape("testmediauploadpng")[0])
    told = ask("POST", "/2/media/upload", files={"media": ("a.png", png(), "image/png")})
    new = {"id": old.pop("media_id_string"), "media_key": "3_1", **old}
    del new["media_id"]
    assert differences(told["data"], new, "media") == []


def test_what_is_missing_or_wrong_is_told_in_the_networks_shape(ask: Callable[..., Any]) -> None:
    lost = ask("GET", "/2/tweets/1456012973835788293")
    assert lost.keys() == {"errors"}
    assert lost["errors"][0]["type"].endswith("/resource-not-found")
    both = ask("GET", f"/2/tweets?ids=1,{ask('GET', '/2/tweets/search/recent?query=tweepy')['data'][0]['id']}")
    assert (len(both["data"]), len(both["errors"])) == (1, 1)


def test_more_is_told_to_who_asks_for_it_by_name(ask: Callable[..., Any]) -> None:
    query = "expansions=author_id&tweet.fields=created_at,author_id,entities,lang&user.fields=public_metrics"
    told = ask("GET", f"/2/tweets/search/recent?query=tweepy&{query}")
    first = told["data"][0]
    assert first.keys() == {"edit_history_tweet_ids", "id", "text", "created_at", "author_id", "entities", "lang"}
    (author,) = told["includes"]["users"]
    assert author["id"] == first["author_id"]
    assert author["public_metrics"]["tweet_count"] == 11


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/2/users/me", 401),
        ("GET", "/2/nothing", 404),
        ("GET", "/2/tweets/search/recent?query=x&start_time=2020-01-01T00:00:00Z", 400),
        ("GET", "/2/tweets/search/recent?query=x&max_results=5", 400),
        ("GET", "/2/tweets/search/recent?query=x&next_token=zz", 400),
        ("GET", "/2/tweets/search/recent?query=", 400),
        ("GET", "/2/tweets/abc", 400),
        ("GET", "/2/tweets?ids=", 400),
        ("GET", "/2/users/nobody/mentions", 400),
        ("POST", "/2/tweets", 400),
        ("DELETE", "/2/tweets/1", 404),
        ("POST", "/2/media/upload", 400),
        ("POST", "/2/media/upload/1/append", 400),
    ],
)
def test_a_refusal_has_a_title_and_a_type(simulator: Control, method: str, path: str, status: int) -> None:
    token = "wrong" if status == 401 else simulator.person("finances")
    told = requests.request(
        method, simulator.url + path, headers={"Authorization": f"Bearer {token}"}, json={}, timeout=10
    )
    assert told.status_code == status
    assert {"title", "detail", "type"} <= told.json().keys()


def test_an_address_leads_to_the_message(simulator: Control) -> None:
    said = simulator.speak("amelie", "Bonjour à tous", network="x")["id"]
    page = requests.get(f"{simulator.url}/i/status/{said}", timeout=10)
    assert page.status_code == 200
    assert "Bonjour à tous" in page.text
    assert requests.get(f"{simulator.url}/i/status/1", timeout=10).status_code == 404
