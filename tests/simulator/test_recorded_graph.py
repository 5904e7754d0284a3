"""Our answers beside recorded ones of the real Graph API: the same fields, each of the same type."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from tests.simulator.fixture import Control
from tests.simulator.test_recordings import differences

Tape = Callable[[str], Any]
Ask = Callable[..., Any]

# What a recording holds and the square does not, each for its reason.
UNSPOKEN = (
    "paging",  # where a list goes on depends on how long it is; compared by itself below
    "description_tags",  # nobody is tagged in a description here
    "message_tags",
    "message_tag",
    "icon",  # decoration
    "picture",
    "cover",
    "engagement",
    "global_brand_",
    "checkins",  # of places
    "can_checkin",
    "were_here_count",
    "general_info",  # what a page may say of itself in many fields; `about` is the one that stands for them
    "display_subtext",
    "talking_about_count",
    "start_info",
    "founded",
    "website",
    "full_picture",
    "breakdowns",  # figures are told whole
)


@pytest.fixture(scope="module")
def tape(recorded_data: Path) -> Tape:
    folder = recorded_data / "recorded" / "facebook"
    return lambda name: json.loads((folder / f"{name}.json").read_text())


@pytest.fixture
def ask(simulator: Control) -> Ask:
    """The raw JSON of one call as the page of `finances`; the token goes among the parameters, as most clients do."""
    token = simulator.person("finances", "SPF Finances", kind="organisation")

    def call(method: str, path: str, *, status: int = 200, files: Any = None, **params: Any) -> Any:
        told = {**params, "access_token": token}
        where = {"data": told, "files": files} if method == "POST" else {"params": told}
        answer = requests.request(method, f"{simulator.url}/v26.0/{path}", timeout=10, **where)
        assert answer.status_code == status, answer.text
        return answer.json()

    return call


def wrong(ours: Any, theirs: Any) -> list[str]:
    """The differences, without those that are written down above."""
    found = differences(ours, theirs, "x")
    return [one for one in found if not any(f".{name}" in one for name in UNSPOKEN)]


def fields_of(told: Any) -> str:
    return ",".join(told)


def jpeg() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (32, 32), "teal").save(data, "JPEG")
    return data.getvalue()


def write(simulator: Control, ask: Ask, text: str = "Le guichet ouvre") -> str:
    """A post with a picture, a comment below it, and a like."""
    made = ask("POST", "me/photos", files={"source": ("a.jpg", jpeg(), "image/jpeg")}, published="false")
    shown = {"attached_media[0]": json.dumps({"media_fbid": made["id"]})}
    post = str(ask("POST", "me/feed", message=text, **shown)["id"])
    simulator.speak("anna", "où ?", reply_to=post.rpartition("_")[2])
    return post


def publish(simulator: Control, ask: Ask, count: int = 1) -> tuple[str, str]:
    """An Instagram account, and something on it with a comment below; an album where `count` is more than one."""
    account = ask("GET", "me", fields="instagram_business_account")["instagram_business_account"]["id"]
    picture = {"Authorization": f"Bearer {simulator.person('archive')}"}
    stored = requests.post(
        f"{simulator.url}/api/v2/media", files={"file": ("a.jpg", jpeg(), "image/jpeg")}, headers=picture, timeout=10
    ).json()["url"]
    parts = [ask("POST", f"{account}/media", image_url=stored)["id"] for _ in range(count)]
    album = {"media_type": "CAROUSEL", "children": ",".join(parts), "caption": "ALBUM"}
    container = ask("POST", f"{account}/media", **album)["id"] if count > 1 else parts[0]
    for _ in range(2):
        ready = ask("GET", container, fields="status_code,status")
    assert ready["status_code"] == "FINISHED"
    media = ask("POST", f"{account}/media_publish", creation_id=container)["id"]
    simulator.speak("anna", "où ?", reply_to=media)
    return str(account), str(media)


def test_an_error(ask: Ask, tape: Tape) -> None:
    ours = ask("GET", "me", status=400, fields="nonsense")
    assert wrong(ours, tape("error")) == []
    assert ours["error"]["code"] == tape("error")["error"]["code"]


@pytest.mark.parametrize("name", ["pages/pages/single_default_page", "pages/pages/single_fields_page"])
def test_a_page(ask: Ask, tape: Tape, name: str) -> None:
    theirs = tape(name)
    spoken = [one for one in theirs if not one.startswith((*UNSPOKEN, "about"))]  # an empty `about` is left out
    ours = ask("GET", "me", fields=",".join(spoken))
    assert wrong(ours, {one: theirs[one] for one in spoken}) == []


@pytest.mark.parametrize("name", ["pages/posts/feed_fields_p1", "pages/posts/feed_fields_p2"])
def test_a_feed(simulator: Control, ask: Ask, tape: Tape, name: str) -> None:
    write(simulator, ask)
    assert wrong(ask("GET", "me/posts", fields="id,message,created_time"), tape(name)) == []


@pytest.mark.parametrize("name", ["pages/posts/feeds_default_fields_p1", "pages/posts/feeds_default_fields_p2"])
def test_a_feed_with_all_that_hangs_there(simulator: Control, ask: Ask, tape: Tape, name: str) -> None:
    theirs = tape(name)
    # The first of each list is compared: one with a picture, and without what nobody does here.
    first = next(one for one in theirs["data"] if "message" in one)
    kinds = "reactions.summary(total_count).limit(0)," + ",".join(
        f"reactions.type({kind.upper()}).limit(0).summary(total_count).as({kind})"
        for kind in ("like", "love", "wow", "haha", "sad", "angry")
    )
    fields = f"attachments,created_time,message,permalink_url,status_type,updated_time,{kinds}"
    write(simulator, ask)
    ours = ask("GET", "me/feed", fields=f"{fields},comments.summary(true).limit(0)")["data"][0]
    shown = {one: told for one, told in first.items() if not one.startswith(UNSPOKEN) and one != "shares"}
    shared = {"shares"} & first.keys()
    assert not shared or isinstance(first["shares"]["count"], int)
    for one in (ours, shown):
        one.pop("attachments")  # a shared link and a picture differ; compared below
    assert wrong(ours, shown) == []


def test_what_is_attached(simulator: Control, ask: Ask, tape: Tape) -> None:
    theirs = next(
        one["attachments"] for one in tape("pages/posts/feeds_default_fields_p1")["data"] if "attachments" in one
    )
    post = write(simulator, ask)
    assert wrong(ask("GET", post, fields="attachments")["attachments"], theirs) == []


@pytest.mark.parametrize("name", ["pages/posts/single_post_data", "pages/posts/single_post_data_fields"])
def test_one_post(simulator: Control, ask: Ask, tape: Tape, name: str) -> None:
    theirs = tape(name)
    modifiers = {"comments": "comments.summary(true).limit(0)"}
    fields = ",".join(modifiers.get(one, one) for one in theirs)
    assert wrong(ask("GET", write(simulator, ask), fields=fields), theirs) == []


def test_one_comment_and_a_list(simulator: Control, ask: Ask, tape: Tape) -> None:
    post = write(simulator, ask)
    theirs = tape("pages/comments/comment_info")
    (listed,) = ask("GET", f"{post}/comments", fields="id")["data"]
    assert wrong(ask("GET", listed["id"], fields=fields_of(theirs)), theirs) == []
    for name in ("pages/comments/comments_p1", "pages/comments/comments_p2"):
        fields = fields_of(tape(name)["data"][0])
        ours = ask("GET", f"{post}/comments", fields=fields, filter="stream", summary="true")
        ours["data"][0].pop("id")  # which the recording's caller did not ask for, and the real one then left out
        assert wrong(ours, tape(name)) == []


def test_a_comment_that_is_made(simulator: Control, ask: Ask, tape: Tape) -> None:
    theirs = tape("pages/comments/create_resp")
    ours = ask("POST", f"{write(simulator, ask)}/comments", message="Ici", fields=fields_of(theirs))
    assert wrong(ours, theirs) == []


def test_a_persons_pages(simulator: Control, ask: Ask, tape: Tape) -> None:
    for handle in ("douanes", "budget"):
        simulator.person(handle, kind="organisation")
    first = ask("GET", "me/accounts", summary="true", limit=2)
    assert differences(first, tape("pages/users/user_accounts_p1"), "x") == []
    after = first["paging"]["cursors"]["after"]
    second = ask("GET", "me/accounts", summary="true", limit=2, after=after)
    assert differences(second, tape("pages/users/user_accounts_p2"), "x") == []


def test_what_an_account_published(simulator: Control, ask: Ask, tape: Tape) -> None:
    for name, count in (("instagram/users/medias_p1", 1), ("instagram/users/medias_p2", 2)):
        account, _ = publish(simulator, ask, count)
        first = tape(name)["data"][0]
        inner = {"children": "children{id,media_type,media_url,permalink,shortcode,timestamp}"}
        fields = ",".join(inner.get(one, one) for one in first)
        assert wrong(ask("GET", f"{account}/media", fields=fields, limit=1)["data"][0], first) == []


def test_lists_go_on_the_same_way(simulator: Control, ask: Ask, tape: Tape) -> None:
    for _ in range(2):
        account, _ = publish(simulator, ask)
    first = ask("GET", f"{account}/media", limit=1)
    assert differences(first["paging"], tape("instagram/users/medias_p1")["paging"], "x") == []
    last = ask("GET", f"{account}/media", limit=1, after=first["paging"]["cursors"]["after"])
    assert differences(last["paging"], tape("instagram/users/medias_p2")["paging"], "x") == []


def test_one_publication_and_its_comments(simulator: Control, ask: Ask, tape: Tape) -> None:
    _, media = publish(simulator, ask, 2)
    theirs = tape("instagram/medias/media_default")
    inner = {"children": "children{id,media_type,media_url,permalink,shortcode,timestamp}"}
    fields = ",".join(inner.get(one, one) for one in theirs)
    assert wrong(ask("GET", media, fields=fields), theirs) == []
    for name in ("instagram/medias/comments_p1", "instagram/medias/comments_p2"):
        assert wrong(ask("GET", f"{media}/comments"), tape(name)) in ([], ["ours alone x.paging"])
    comment = ask("GET", f"{media}/comments")["data"][0]["id"]
    theirs = tape("instagram/comments/comment_fields")
    assert wrong(ask("GET", comment, fields=fields_of(theirs)), theirs) == []
    simulator.speak("bert", "là", reply_to=comment)
    assert wrong(ask("GET", f"{comment}/replies"), tape("instagram/comments/replies")) == []


def test_where_the_account_is_shown(simulator: Control, ask: Ask, tape: Tape) -> None:
    account, _ = publish(simulator, ask)
    theirs = tape("instagram/users/tagged_medias")
    said = simulator.speak("anna", "Chez @finances", network="instagram")
    assert wrong(ask("GET", f"{account}/tags", fields=fields_of(theirs["data"][0])), theirs) == []
    theirs = tape("instagram/users/mentioned_media")
    inner = fields_of(theirs["mentioned_media"])
    ours = ask("GET", account, fields=f"mentioned_media.media_id({said['id']}){{{inner}}}")
    assert wrong(ours, theirs) == []
    below = simulator.speak("bert", "comme @finances", reply_to=said["id"])
    theirs = tape("instagram/users/mentioned_comment")
    inner = fields_of(theirs["mentioned_comment"])
    ours = ask("GET", account, fields=f"mentioned_comment.comment_id({below['id']}){{{inner}}}")
    assert wrong(ours, theirs) == []


def test_the_account_and_its_allowance(simulator: Control, ask: Ask, tape: Tape) -> None:
    account, _ = publish(simulator, ask)
    theirs = tape("instagram/users/user_fields")
    ours = ask("GET", account, fields=fields_of(theirs))
    assert wrong(ours | {"biography": ""}, theirs) == [], "an empty biography is left out"
    ours = ask("GET", f"{account}/content_publishing_limit", fields="config,quota_usage")
    for name in ("instagram/users/content_publish_limit", "instagram/publish/publish_limit_resp"):
        assert wrong(ours, tape(name)) == []


def test_figures(simulator: Control, ask: Ask, tape: Tape) -> None:
    account, media = publish(simulator, ask)
    ours = ask("GET", f"{media}/insights", metric="reach,saved")
    assert wrong(ours, tape("instagram/medias/insights")) == []
    day = {"metric": "reach", "period": "day"}
    ours = ask("GET", f"{account}/insights", **day, metric_type="total_value")
    assert wrong(ours, tape("instagram/users/user_insights_new")) == []
    ours = ask("GET", f"{account}/insights", **day)
    unsaid = ["missing x.data[].values[].end_time"]  # the square counts no days
    assert wrong(ours, tape("instagram/users/user_insights")) == unsaid


def test_publishing(simulator: Control, ask: Ask, tape: Tape) -> None:
    account, media = publish(simulator, ask)
    assert wrong({"id": media}, tape("instagram/publish/publish_container")) == []
    stored = simulator.journal("POST", f"/v26.0/{account}/media")
    assert len(stored) == 1
    made = {"id": stored[0]["created"]}
    for name in ("instagram/publish/create_photo", "instagram/publish/create_video"):
        assert wrong(made, tape(name)) == []
    theirs = tape("instagram/publish/container_info")
    ours = ask("GET", made["id"], fields=fields_of(theirs))
    assert wrong(ours, theirs) == []
    assert ours["status_code"] == "PUBLISHED"
