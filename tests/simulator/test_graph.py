"""The Graph API of the square, asked as any client would: what it shows, to whom, and how it says no."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.simulator.fixture import Control
from tests.simulator.test_statuses import png

READ = "pages_show_list pages_read_engagement"


def call(simulator: Control, method: str, path: str, token: str, **more: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    files = more.pop("files", None)
    where = {"params": more} if method in ("GET", "DELETE") else {"data": more, "files": files}
    answer = requests.request(method, f"{simulator.url}/v26.0/{path}", headers=headers, timeout=10, **where)
    return answer.status_code, answer.json()


def error(told: tuple[int, Any]) -> tuple[int, int, int | None]:
    status, payload = told
    return status, payload["error"]["code"], payload["error"].get("error_subcode")


@pytest.fixture
def page(simulator: Control) -> str:
    return simulator.person("finances", "SPF Finances", kind="organisation")


@pytest.mark.parametrize(
    "fields",
    [
        "id,",
        "id name",
        "comments{id",
        "comments.limit(1",
        "comments.limit{id}",
        "{}",
        "from}",
        "a{" * 20 + "id" + "}" * 20,
    ],
)
def test_fields_that_make_no_sense(simulator: Control, page: str, fields: str) -> None:
    assert error(call(simulator, "GET", "me", page, fields=fields))[:2] == (400, 100)


def test_a_token_among_the_parameters_and_none(simulator: Control, page: str) -> None:
    assert call(simulator, "GET", "me", "", access_token=page)[1]["name"] == "SPF Finances"
    assert error(call(simulator, "GET", "me", "no-such-token")) == (401, 190, None)
    assert error(call(simulator, "GET", "me", ""))[:2] == (401, 190)
    given = simulator.token("finances", READ)["token"]
    simulator.revoke("finances")
    assert error(call(simulator, "GET", "me", given)) == (401, 190, 458)


def test_what_a_token_does_not_allow(simulator: Control, page: str) -> None:
    reading = simulator.token("finances", READ)["token"]
    assert call(simulator, "GET", "me/feed", reading)[0] == 200
    for method, path, more in (
        ("POST", "me/feed", {"message": "Bonjour"}),
        ("POST", "me/photos", {"files": {"source": ("p.png", png(), "image/png")}}),
        ("POST", "me/videos", {"upload_phase": "start", "file_size": "9"}),
        ("GET", "me/insights", {"metric": "page_media_view"}),
    ):
        assert error(call(simulator, method, path, reading, **more))[:2] == (403, 200)
    assert simulator.posts(network="facebook") == []


def test_only_the_page_itself_writes_on_it(simulator: Control, page: str) -> None:
    other = simulator.person("anna")
    mine = call(simulator, "GET", "me", page)[1]["id"]
    assert error(call(simulator, "POST", f"{mine}/feed", other, message="Bonjour"))[:2] == (403, 200)
    account = call(simulator, "GET", "me", page, fields="instagram_business_account")[1]["instagram_business_account"]
    assert error(call(simulator, "GET", f"{account['id']}/media", other)) == (400, 100, 33)
    assert error(call(simulator, "POST", f"{account['id']}/media", other, image_url="http://127.0.0.1:9/"))[1] == 100


@pytest.mark.parametrize(
    "identifier", ["0", "1_2", "17841", "178410000000000000000", "x", "99999999999999999999", "1_2_3"]
)
def test_what_is_not_there(simulator: Control, page: str, identifier: str) -> None:
    assert error(call(simulator, "GET", identifier, page)) == (400, 100, 33)


def test_a_path_that_nobody_answers(simulator: Control, page: str) -> None:
    assert error(call(simulator, "GET", "me/feed/nothing/here", page))[1] == 2500


def test_a_picture_may_be_published_at_once(simulator: Control, page: str) -> None:
    files = {"source": ("p.png", png(), "image/png")}
    made = call(simulator, "POST", "me/photos", page, files=files, message="Voyez", alt_text_custom="Un point")[1]
    (post,) = simulator.posts(by="finances", network="facebook")
    assert made["post_id"].endswith(post["id"])
    assert post["media"][0]["alt"] == "Un point"
    shown = call(simulator, "GET", made["id"], page, fields="alt_text_custom,link")[1]
    assert shown["alt_text_custom"] == "Un point"
    assert requests.get(shown["link"], timeout=5).content == png()
    used = {"attached_media[0]": f'{{"media_fbid": {made["id"]}}}'}
    assert error(call(simulator, "POST", "me/feed", page, message="Encore", **used))[1] == 100
    assert error(call(simulator, "POST", "me/photos", page, files={"source": ("p.png", b"no", "image/png")}))[1] == 324


def test_a_page_moderates_what_stands_below_its_posts(simulator: Control, page: str) -> None:
    post = call(simulator, "POST", "me/feed", page, message="Le guichet ouvre")[1]["id"]
    number = post.rpartition("_")[2]
    rude = simulator.speak("anna", "…!", reply_to=number)
    assert error(call(simulator, "DELETE", post, simulator.person("anna")))[:2] == (403, 200)
    assert call(simulator, "DELETE", f"{number}_{rude['id']}", page) == (200, {"success": True})
    assert call(simulator, "GET", f"{post}/comments", page)[1]["data"] == []
    assert call(simulator, "POST", post, page, message="Le guichet ferme") == (200, {"success": True})
    assert call(simulator, "GET", post, page, fields="message")[1]["message"] == "Le guichet ferme"
    theirs = simulator.speak("anna", "à moi", network="facebook")
    owner = call(simulator, "GET", "me", simulator.person("anna"))[1]["id"]
    assert error(call(simulator, "DELETE", f"{owner}_{theirs['id']}", page))[:2] == (403, 200)


def test_a_network_shows_its_own_alone(simulator: Control, page: str) -> None:
    for network in ("facebook", "instagram", "mastodon"):
        simulator.speak("finances", f"sur {network}", network=network)
    account = call(simulator, "GET", "me", page, fields="instagram_business_account")[1]["instagram_business_account"]
    feed = call(simulator, "GET", "me/feed", page, fields="message")[1]["data"]
    media = call(simulator, "GET", f"{account['id']}/media", page, fields="caption")[1]["data"]
    assert [one["message"] for one in feed] == ["sur facebook"]
    assert [one["caption"] for one in media] == ["sur instagram"]


def test_a_list_that_lags(simulator: Control, page: str) -> None:
    simulator.speak("finances", "À l'instant", network="facebook")
    simulator.fault("list_lag", "GET .*/feed", seconds=60)
    assert call(simulator, "GET", "me/feed", page)[1]["data"] == []
    simulator.heal()
    assert len(call(simulator, "GET", "me/feed", page)[1]["data"]) == 1


def test_films_out_of_step_are_refused(simulator: Control, page: str) -> None:
    begun = call(simulator, "POST", "me/videos", page, upload_phase="start", file_size="20")[1]
    session = {"upload_session_id": begun["upload_session_id"]}
    piece = {"video_file_chunk": ("f.mp4", b"x" * 10, "video/mp4")}
    wrong = call(
        simulator, "POST", "me/videos", page, files=piece, upload_phase="transfer", start_offset="5", **session
    )
    assert error(wrong) == (400, 6000, 1363037)
    early = call(simulator, "POST", "me/videos", page, upload_phase="finish", **session)
    assert error(early)[1] == 6000
    assert error(call(simulator, "POST", begun["video_id"], page, published="true"))[1] == 100
    assert error(call(simulator, "POST", f"{begun['video_id']}/captions", page))[1] == 385
    assert error(call(simulator, "POST", "me/videos", page, upload_phase="start", file_size="0"))[1] == 352


def test_who_agreed_to_what(simulator: Control, page: str) -> None:
    reading = simulator.token("finances", READ)["token"]
    told = call(simulator, "GET", "me/permissions", reading)[1]["data"]
    assert told == [{"permission": name, "status": "granted"} for name in READ.split()]
    assert error(call(simulator, "DELETE", "17/permissions", reading))[1] == 100
    assert call(simulator, "DELETE", "me/permissions", reading)[1] == {"success": True}
    assert error(call(simulator, "GET", "me", reading))[1] == 190
