"""Facebook's and Instagram's real answers, as recorded, read by the connectors."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from networks.catalogue import consent
from networks.consent import App
from networks.egress import Egress
from networks.errors import Invalid, QuotaExhausted
from networks.facebook.connector import FacebookConnector
from networks.instagram.connector import InstagramConnector
from networks.types import AccountRef, AttemptKey, Draft, Incoming, Metric, PostRef, Presence
from tests.networks.loopback import Asked, Loopback, Reply, answer, serve
from tests.networks.recorded_graph import REPLAYED, reason
from tests.networks.subjects.instagram import SUBJECT as INSTAGRAM

Tape = Callable[[str], Any]
DEVELOPERS = "19292868552"  # the page and the account whose answers most recordings are
OURS = "17841406338772941"


@pytest.fixture
def tape(recorded_data: Path) -> Tape:
    folder = recorded_data / "recorded" / "facebook"
    return lambda name: json.loads((folder / f"{name}.json").read_text())


def page(server: Loopback, remote_id: str = DEVELOPERS) -> FacebookConnector:
    account = AccountRef("facebook", server.url, remote_id, "FacebookforDevelopers", {"access_token": "token"})
    return FacebookConnector(account, Egress(allow=server.allow), now=lambda: datetime(2021, 7, 10, tzinfo=UTC))


def account(server: Loopback) -> InstagramConnector:
    ref = AccountRef("instagram", server.url, OURS, "ikroskun", {"access_token": "token"})
    now = datetime(2021, 8, 20, tzinfo=UTC)
    return InstagramConnector(ref, Egress(allow=server.allow), now=lambda: now, pause=lambda _seconds: None)


def by_path(replies: dict[str, Any]) -> Callable[[Asked], Reply]:
    """Answers by the end of the path; an empty list to what is not named."""

    def script(asked: Asked) -> Reply:
        return answer(next((told for end, told in replies.items() if asked.path.endswith(end)), {"data": []}))

    return script


def test_every_recording_is_replayed_or_left_for_a_reason(recorded_data: Path) -> None:
    folder = recorded_data / "recorded" / "facebook"
    found = {str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.json")}
    assert len(found) > 100
    assert found >= set(REPLAYED)
    assert [name for name in sorted(found - set(REPLAYED)) if not reason(name)] == []
    assert [name for name in REPLAYED if reason(name)] == []
    here = Path(__file__).read_text()
    assert [name for name in REPLAYED if f'"{name}"' not in here] == [], "each is named in a test below"


def test_an_error(tape: Tape) -> None:
    with serve(lambda _asked: answer(tape("error"), 400)) as server, pytest.raises(Invalid) as caught:
        page(server).identify()
    assert "app secret proof" in caught.value.detail


@pytest.mark.parametrize(
    ("name", "handle", "fans"),
    [
        ("pages/pages/single_default_page", "facebookapp", 214507731),
        ("pages/pages/single_fields_page", "facebookapp", 214507731),
    ],
)
def test_a_page(tape: Tape, name: str, handle: str, fans: int) -> None:
    with serve(lambda _asked: answer(tape(name))) as server:
        identity = page(server).identify()
        measures = page(server, "20531316728").metrics([])
    assert (identity.remote_id, identity.handle) == ("20531316728", handle)
    assert identity.url
    assert [(one.metric, one.value) for one in measures] == [(Metric.FOLLOWERS, fans)]


def everything(server: Loopback, *, instagram: bool = False) -> list[Incoming]:
    connector = account(server) if instagram else page(server)
    found = connector.inbox()
    items = list(found.items)
    while found.older:
        found = connector.inbox(older=found.older)
        items += found.items
    return items


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("pages/posts/feed_fields_p1", "pages/posts/feed_fields_p2"),
        ("pages/posts/feeds_default_fields_p1", "pages/posts/feeds_default_fields_p2"),
    ],
)
def test_a_feed_in_pages(tape: Tape, first: str, second: str) -> None:
    """Nobody's name was asked for, so that they count as visitors'. The first of the two lists has no cursors."""
    pages = [tape(first), tape(second)]

    def script(asked: Asked) -> Reply:
        if asked.path.endswith("/feed"):
            return answer(pages[1] if {"after", "until"} & set(asked.query) else pages[0])
        return answer({"data": []})

    with serve(script) as server:
        items = everything(server)
        asked = [one.query for one in server.asked if one.path.endswith("/feed")]
    assert len(asked) == 2
    assert not any("access_token" in one for one in asked)
    written = [one for told in pages for one in told["data"] if one.get("created_time")]
    assert {item.ref.id for item in items} == {one["id"] for one in written}
    assert all(item.created_at.tzinfo is UTC and item.ref.url for item in items)
    assert {item.text for item in items} == {one.get("message", "") for one in written}


@pytest.mark.parametrize("name", ["pages/posts/feeds_default_fields_p1", "pages/posts/feeds_default_fields_p2"])
def test_the_figures_of_posts(tape: Tape, name: str) -> None:
    told = {one["id"]: one for one in tape(name)["data"]}
    with serve(lambda asked: answer(told.get(asked.path.rpartition("/")[2], {"data": []}))) as server:
        measures = page(server).metrics([PostRef(identifier) for identifier in told])
    found = {(one.subject, one.metric): one.value for one in measures if one.subject}
    for identifier, post in told.items():
        assert found[identifier, Metric.LIKES] == post["reactions"]["summary"]["total_count"]
        assert found[identifier, Metric.REPLIES] == post["comments"]["summary"]["total_count"]
        assert found.get((identifier, Metric.SHARES)) == post.get("shares", {}).get("count")


@pytest.mark.parametrize("name", ["pages/posts/single_post_data", "pages/posts/single_post_data_fields"])
def test_one_post(tape: Tape, name: str) -> None:
    with serve(lambda _asked: answer(tape(name))) as server:
        seen = page(server, "175154750010052").fetch(PostRef("175154750010052_424924701699721"))
    assert seen
    assert (seen.text, seen.created_at) == ("我测试一下 MyLife", datetime(2019, 8, 12, 3, 45, 11, tzinfo=UTC))
    address = urlsplit(seen.ref.url).path
    assert address == "/175154750010052/posts/424924701699721", "told by the network, or the same made by us"
    assert seen.parent is None


def test_one_comment(tape: Tape) -> None:
    with serve(lambda _asked: answer(tape("pages/comments/comment_info"))) as server:
        seen = page(server).fetch(PostRef("10158371815748553_10158371930463553"))
    assert seen
    assert seen.text == "This is really nice"
    assert seen.parent == seen.root == PostRef(f"{DEVELOPERS}_10158371815748553")


def test_comments_in_pages(tape: Tape) -> None:
    """Their ids were not asked for when they were recorded: each address holds it."""
    pages = [tape("pages/comments/comments_p1"), tape("pages/comments/comments_p2")]
    for told in pages:
        for one in told["data"]:
            asked = parse_qs(urlsplit(one["permalink_url"]).query)
            number = (asked.get("reply_comment_id") or asked["comment_id"])[0]
            one["id"] = f"10158407654328553_{number}"
    post = {"id": f"{DEVELOPERS}_10158407654328553", "created_time": "2021-08-10T18:00:00+0000"}
    post |= {"from": {"id": DEVELOPERS}, "comments": pages[0]}

    def script(asked: Asked) -> Reply:
        if asked.path.endswith("/feed"):
            return answer({"data": [post]})
        return answer(pages[1] if asked.path.endswith("/comments") else {"data": []})

    with serve(script) as server:
        items = everything(server)
        assert [one.query["after"] for one in server.asked if one.path.endswith("/comments")]
    assert len(items) == sum(len(told["data"]) for told in pages)
    nested = [item for item in items if item.parent != item.root]
    assert nested
    assert all(item.parent and item.parent.id.startswith("10158407654328553_") for item in nested)


def test_a_comment_of_ours(tape: Tape) -> None:
    with serve(lambda _asked: answer(tape("pages/comments/create_resp"))) as server:
        draft = Draft("Message from api", "en", reply_to=PostRef("245628824887810_245778718206154"))
        ref = page(server).publish(draft, AttemptKey("key", datetime.now(UTC)))
        asked = [(one.method, one.path) for one in server.asked]
    question = "/v26.0/245628824887810_245778718206154"
    assert asked == [("GET", question), ("POST", f"{question}/comments")]
    address = "https://www.facebook.com/245628824887810/posts/245778718206154?comment_id=229887283291835"
    assert ref == PostRef("245778718206154_229887283291835", address)


def test_a_persons_pages(tape: Tape) -> None:
    pages = [tape("pages/users/user_accounts_p1"), tape("pages/users/user_accounts_p2")]

    def script(asked: Asked) -> Reply:
        if asked.path.endswith("/accounts"):
            return answer(pages["after" in asked.query])
        told = {"access_token": "t", "data": {"scopes": ["pages_show_list"], "data_access_expires_at": 1_800_000_000}}
        return answer(told)

    with serve(script) as server:
        made = consent("facebook", server.url, App("id", "secret"), Egress(allow=server.allow))
        granted = made.finish(code="c", kept={"verifier": "v"}, redirect_uri="https://parvis.example/")
    assert len(granted) == 6
    assert granted[0].identity.name == "AAAAAAAAA"
    assert granted[0].identity.handle == "123", "a page without a name of its own goes by its id"
    assert {one.renewed.credentials["access_token"] for one in granted} == {"access_token"}


def test_what_an_account_published(tape: Tape) -> None:
    pages = [tape("instagram/users/medias_p1"), tape("instagram/users/medias_p2")]

    def script(asked: Asked) -> Reply:
        return answer(pages["after" in asked.query] if asked.path.endswith("/media") else {"data": []})

    with serve(script) as server:
        made = account(server)
        wanted = pages[1]["data"][0]
        site = made._acting.site  # the recorded addresses are of the real site; ours is the test's
        url = wanted["permalink"].replace("https://www.instagram.com", site)
        for told in pages:
            for one in told["data"]:
                one["permalink"] = one["permalink"].replace("https://www.instagram.com", site)
        found = made.locate(url)
        assert everything(server, instagram=True) == []
    assert found == PostRef(wanted["id"], url)


def test_comments_on_media(tape: Tape) -> None:
    pages = [tape("instagram/medias/comments_p1"), tape("instagram/medias/comments_p2")]
    media = {"id": "17846368219941692", "timestamp": "2020-02-24T09:00:00+0000", "comments": pages[0]}

    def script(asked: Asked) -> Reply:
        if asked.path.endswith("/media"):
            return answer({"data": [media]})
        return answer(pages[1] if asked.path.endswith("/comments") else {"data": []})

    with serve(script) as server:
        items = everything(server, instagram=True)
    written = [one for told in pages for one in told["data"]]
    assert {item.ref.id for item in items} == {one["id"] for one in written}
    assert all(item.root and item.root.id == "17846368219941692" for item in items)


def test_answers_to_a_comment(tape: Tape) -> None:
    """Who wrote was not asked for, so that none can be ours."""
    told = tape("instagram/comments/replies")
    draft = Draft("@lixiangguodu123 nihao", "en", reply_to=PostRef("17858154961981086"))
    key = AttemptKey("key", datetime(2020, 8, 7, 3, 30, tzinfo=UTC))
    with serve(lambda _asked: answer(told)) as server:
        assert account(server).reconcile(draft, key).presence is not Presence.PRESENT
    told["data"][0]["username"] = "ikroskun"
    with serve(lambda _asked: answer(told)) as server:
        found = account(server).reconcile(draft, key)
    assert found.ref == PostRef("17847314687296283")


def test_one_comment_and_one_publication(tape: Tape) -> None:
    comment, media = tape("instagram/comments/comment_fields"), tape("instagram/medias/media_default")
    with serve(lambda _asked: answer(comment)) as server:
        seen = account(server).fetch(PostRef("17892250648466172"))
    assert seen
    assert (seen.text, seen.author.handle) == ("@ikroskun Hey, guys", "ikroskun")

    def script(asked: Asked) -> Reply:
        wrong = {"error": {"message": "(#100) Tried accessing nonexisting field (text)", "code": 100}}
        return answer(wrong, 400) if "text" in asked.query["fields"][0] else answer(media)

    with serve(script) as server:
        seen = account(server).fetch(PostRef("17896129349106152"))
    assert seen
    assert (seen.text, seen.created_at.date().isoformat()) == ("ALBUM", "2021-07-26")


def test_who_names_the_account(tape: Tape) -> None:
    gone = {"error": {"message": "no such object", "code": 100, "error_subcode": 33}}

    def script(asked: Asked) -> Reply:
        fields = asked.query["fields"][0]
        for name in ("mentioned_comment", "mentioned_media"):
            if fields.startswith(f"{name}.") and f"({asked_for[name]})" in fields:
                return answer(tape(f"instagram/users/{name}"))
        return answer(gone, 400)

    asked_for = {"mentioned_comment": "17967008497439572", "mentioned_media": "17889114512354744"}
    with serve(script) as server:
        comment, media = (account(server).fetch(PostRef(one)) for one in asked_for.values())
    assert comment
    assert comment.text == "@ikroskun good"
    assert media
    assert media.text == "@ikroskun hey"
    assert {"instagram/users/mentioned_comment", "instagram/users/mentioned_media"} <= set(REPLAYED)


def test_where_the_account_is_shown(tape: Tape) -> None:
    told = tape("instagram/users/tagged_medias")
    with serve(by_path({"/tags": told})) as server:
        items = everything(server, instagram=True)
    assert {item.ref.id for item in items} == {one["id"] for one in told["data"]}
    assert all(item.told == (OURS,) for item in items)


def test_the_figures_of_an_account(tape: Tape) -> None:
    for name, wanted in (("instagram/users/user_insights_new", 14516883), ("instagram/users/user_insights", 36)):
        with serve(by_path({"/insights": tape(name), f"/{OURS}": tape("instagram/users/user_fields")})) as server:
            found = {one.metric: one.value for one in account(server).metrics([])}
        assert found[Metric.FOLLOWERS] == 64363
        assert found[Metric.POSTS] == 427
        assert found[Metric.REACH] == wanted, "the latest of several days"


def test_the_figures_of_a_publication(tape: Tape) -> None:
    for name, wanted in (
        ("instagram/medias/insights", {Metric.REACH: 5, Metric.SAVES: 0}),
        ("instagram/medias/insights_new", {}),
    ):
        with serve(by_path({"/17846368219941692/insights": tape(name)})) as server:
            found = account(server).metrics([PostRef("17846368219941692")])
        assert {one.metric: one.value for one in found if one.subject} == wanted


@pytest.mark.parametrize("made", ["instagram/publish/create_photo", "instagram/publish/create_video"])
@pytest.mark.parametrize("limit", ["instagram/users/content_publish_limit", "instagram/publish/publish_limit_resp"])
def test_publishing(tape: Tape, tmp_path: Path, made: str, limit: str) -> None:
    container = tape(made)["id"]
    replies: dict[tuple[str, str], Any] = {
        ("GET", "/v26.0/178417/content_publishing_limit"): tape(limit),
        ("POST", "/v26.0/178417/media"): tape(made),
        ("GET", f"/v26.0/{container}"): tape("instagram/publish/container_info"),
        ("POST", "/v26.0/178417/media_publish"): tape("instagram/publish/publish_container"),
        ("GET", "/v26.0/17920238422030506"): {"id": "17920238422030506", "permalink": "https://www.instagram.com/p/x/"},
    }
    with serve(lambda asked: answer(replies[asked.method, asked.path])) as server:
        ref = INSTAGRAM.connector(server).publish(INSTAGRAM.draft(tmp_path), AttemptKey("k", datetime.now(UTC)))
        sent = next(one.form for one in server.asked if one.path.endswith("/media_publish"))
    assert ref.id == "17920238422030506"
    assert sent["creation_id"] == [container]

    full = tape(limit)
    full["data"][0]["quota_usage"] = full["data"][0]["config"]["quota_total"]
    with serve(lambda _asked: answer(full)) as server, pytest.raises(QuotaExhausted):
        INSTAGRAM.connector(server).publish(INSTAGRAM.draft(tmp_path), AttemptKey("k", datetime.now(UTC)))
