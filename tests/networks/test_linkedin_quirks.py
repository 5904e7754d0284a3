"""What LinkedIn alone promises or lacks, against the training network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from networks.egress import Egress
from networks.errors import (
    Duplicate,
    Gone,
    Invalid,
    OutcomeUnknown,
    PermissionMissing,
    QuotaExhausted,
    RateLimited,
    Rejected,
)
from networks.linkedin.connector import LinkedInConnector
from networks.linkedin.inbox import Inbox
from networks.linkedin.reading import read_comment
from networks.linkedin.rest import VERSION
from networks.types import AccountRef, Attachment, Captions, Draft, Kind, LinkCard, Media, Metric, PostRef, Presence
from tests.networks.loopback import Asked, Reply, answer, serve
from tests.networks.squares.linkedin import number_of
from tests.networks.squares.linkedin import square as linkedin_square
from tests.networks.squares.square import Square, all_of, attempt, picture
from tests.networks.subjects.linkedin import SUBJECT
from tests.simulator.fixture import Control

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"


@pytest.fixture
def square(simulator: Control) -> Square:
    return linkedin_square(simulator)


def signed_in_with(square: Square, token: str) -> LinkedInConnector:
    """The same page, through another token."""
    assert square.simulator
    account = square.service.account
    ref = AccountRef("linkedin", account.base_url, account.remote_id, "finances", {"access_token": token})
    egress = Egress(allow=frozenset({square.simulator.host}))
    return LinkedInConnector(ref, egress, settle=timedelta(0), pause=lambda _seconds: None)


def raw(square: Square, commentary: str) -> str:
    """The text that is there after `commentary` was sent as it is, by a client that escapes nothing."""
    account = square.service.account
    body = {
        "author": account.remote_id,
        "commentary": commentary,
        "visibility": "PUBLIC",
        "lifecycleState": "PUBLISHED",
        "distribution": {"feedDistribution": "MAIN_FEED"},
    }
    headers = {"Authorization": f"Bearer {account.credentials['access_token']}", "LinkedIn-Version": VERSION}
    sent = requests.post(f"{account.base_url}/rest/posts", json=body, headers=headers, timeout=5)
    assert sent.status_code == 201
    seen = square.service.fetch(PostRef(sent.headers["x-restli-id"]))
    assert seen
    return seen.text


@pytest.mark.parametrize("sign", list(r"\|{}@[]()<>#*_~"))
def test_the_network_cuts_what_is_not_escaped_and_we_lose_nothing(square: Square, sign: str) -> None:
    text = f"Avant {sign} après"
    assert raw(square, text) == "Avant "
    ref = square.service.publish(Draft(text, "fr"), attempt())
    seen = square.service.fetch(ref)
    assert seen
    assert seen.text == text


def test_mentions_and_hashtags_of_others_read_as_words(square: Square) -> None:
    told = r"Bonjour @[SPF \(Finances\)](urn:li:organization:1), lisez {hashtag|\#|impôts_2026} et #budget !"
    assert raw(square, told) == "Bonjour @SPF (Finances), lisez #impôts_2026 et #budget !"


def test_the_same_text_twice_is_refused_and_the_first_is_named(square: Square) -> None:
    first = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    with pytest.raises(Duplicate) as caught:
        square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    assert caught.value.existing == PostRef(first.id)
    assert square.count("Le guichet ouvre") == 1
    other = square.service.publish(Draft("Le guichet ouvre", "fr", link="https://fin.example/a"), attempt())
    assert other.id != first.id


def test_a_link_is_a_card_and_several_pictures_stand_together(square: Square, tmp_path: Path) -> None:
    square.service.publish(Draft("Lien", "fr", link="https://fin.example/a", title="Le site"), attempt())
    pictures = tuple(picture(tmp_path, f"Carré {n}") for n in range(3))
    square.service.publish(Draft("Trois", "fr", media=pictures), attempt())
    assert square.simulator
    linked, three = square.simulator.posts(network="linkedin")
    assert linked["extra"]["content"] == {"article": {"source": "https://fin.example/a", "title": "Le site"}}
    assert linked["text"] == "Lien"
    assert [one["alt"] for one in three["media"]] == ["Carré 0", "Carré 1", "Carré 2"]
    card = LinkCard("La page", "Ce qu'elle dit", pictures[0])
    square.service.publish(Draft("Carte", "fr", link="https://fin.example/b", card=card), attempt())
    shown = square.simulator.posts(network="linkedin")[-1]["extra"]["content"]["article"]
    assert (shown["title"], shown["description"]) == ("La page", "Ce qu'elle dit")
    assert shown["thumbnail"].startswith("urn:li:image:")


@pytest.mark.longer
def test_a_video_goes_in_parts_with_its_captions(square: Square, tmp_path: Path) -> None:
    film, words = tmp_path / "film.mp4", tmp_path / "film.vtt"
    film.write_bytes(MP4 + bytes(range(256)) * 40_000)
    words.write_text("WEBVTT\n\n00:01.000 --> 00:02.500 line:0\n<v Anna>Bonjour\n", "utf-8")
    captions = (Captions(words, "text/vtt", "fr"),)
    draft = Draft("Un film", "fr", media=(Media(film, "video/mp4", captions=captions),), title="Le guichet")
    assert square.service.validate(draft) == ()
    ref = square.service.publish(draft, attempt())
    assert square.simulator
    (post,) = square.simulator.posts(network="linkedin")
    assert (post["media"][0]["mime"], post["media"][0]["bytes"]) == ("video/mp4", film.stat().st_size)
    assert post["extra"]["content"]["media"]["title"] == "Le guichet"
    puts = [call["path"] for call in square.simulator.journal("PUT")]
    assert sum("captions" in path for path in puts) == 1
    assert len(puts) == 4
    assert square.service.reconcile(draft, attempt()).ref == ref


def test_a_second_file_of_captions_is_refused_before_anything_is_sent(square: Square, tmp_path: Path) -> None:
    film, words = tmp_path / "film.mp4", tmp_path / "film.vtt"
    film.write_bytes(MP4)
    words.write_text("WEBVTT\n\n00:01.000 --> 00:02.500\nBonjour\n", "utf-8")
    both = (Captions(words, "text/vtt", "fr"), Captions(words, "text/vtt", "nl"))
    draft = Draft("Un film", "fr", media=(Media(film, "video/mp4", captions=both),), title="Le guichet")
    (found,) = square.service.validate(draft)
    assert (found.field, found.code, found.limit, found.actual) == ("media.0", "too_many_captions", 1, 2)
    assert square.simulator
    before = len(square.simulator.journal())
    with pytest.raises(Invalid):
        square.service.publish(draft, attempt())
    assert len(square.simulator.journal()) == before


def test_a_broken_video_is_refused_before_anything_is_public(square: Square, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"no film at all")
    with pytest.raises(Invalid):
        square.service.publish(Draft("Un film", "fr", media=(Media(film, "video/mp4"),)), attempt())
    assert square.count("Un film") == 0


def test_an_answer_to_a_nested_comment_hangs_below_the_first(square: Square) -> None:
    ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    top = square.say("où ?", ours)
    nested = square.say("et quand ?", PostRef(top))
    draft = Draft("Ici, à neuf heures.", "fr", reply_to=PostRef(nested))
    ref = square.service.publish(draft, attempt())
    seen = square.service.fetch(ref)
    assert seen
    assert seen.parent
    assert seen.parent.id == top
    assert square.service.reconcile(draft, attempt()).ref == ref
    square.service.delete(ref)
    assert square.service.reconcile(draft, attempt()).presence is Presence.ABSENT


def test_an_answer_may_be_shorter_than_a_post_only(square: Square) -> None:
    ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    long = Draft("a" * 1251, "fr", reply_to=ours)
    (problem,) = square.service.validate(long)
    assert (problem.code, problem.limit, problem.actual) == ("text_too_long", 1250, 1251)
    with pytest.raises(Invalid):
        square.service.publish(long, attempt())


def test_where_the_network_tells_nothing_comments_are_gathered_below_our_posts(square: Square) -> None:
    """A token that may read but not administer: no notifications, so each post is looked at."""
    ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    top = square.say("où ?", ours)
    nested = square.say("et quand ?", PostRef(top))
    given = square.service.publish(Draft("Ici", "fr", reply_to=PostRef(top)), attempt()).id
    assert square.simulator
    token = square.simulator.token("finances", "r_organization_social w_organization_social")["token"]
    poor = signed_in_with(square, token)
    with pytest.raises(PermissionMissing):
        poor.identify()
    items, newest = all_of(poor)
    heard = {(top, Kind.REPLY), (nested, Kind.REPLY), (given, Kind.ANSWER)}
    assert {(item.ref.id, item.kind) for item in items} == heard
    parents = {item.ref.id: item.parent.id for item in items if item.parent}
    assert parents == {top: ours.id, nested: top, given: top}
    assert {item.root.id for item in items if item.root} == {ours.id}
    third = square.say("encore", ours)
    assert third in {item.ref.id for item in all_of(poor, newest)[0]}


def test_no_name_of_a_citizen_is_taken(square: Square) -> None:
    """The network's terms let nobody keep one."""
    ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    square.say("où ?", ours)
    (item,) = all_of(square.service)[0]
    assert (item.author.name, item.author.url) == ("", "")
    assert item.author.id == f"urn:li:person:{item.author.handle}"


def test_a_day_that_is_used_up_starts_anew_at_midnight_utc(square: Square) -> None:
    assert square.simulator
    square.simulator.limits(**{"linkedin:posts": 1})
    square.service.publish(Draft("Un", "fr"), attempt())
    with pytest.raises(QuotaExhausted) as caught:
        square.service.publish(Draft("Deux", "fr"), attempt())
    at = caught.value.retry_at
    assert (at.hour, at.minute, at.second, at.tzinfo) == (0, 0, 0, UTC)
    assert timedelta(0) < at - datetime.now(UTC) <= timedelta(days=1)


def test_a_busy_minute_is_no_used_up_day(square: Square) -> None:
    assert square.simulator
    square.simulator.fault("status", "POST /rest/posts", status=429, seconds=30)
    with pytest.raises(RateLimited) as caught:
        square.service.publish(Draft("Un", "fr"), attempt())
    assert type(caught.value) is RateLimited


def test_deleting_what_is_gone_is_gone_although_the_network_says_done(square: Square) -> None:
    ref = square.service.publish(Draft("Un", "fr"), attempt())
    square.service.delete(ref)
    account = square.service.account
    headers = {"Authorization": f"Bearer {account.credentials['access_token']}", "LinkedIn-Version": VERSION}
    again = requests.delete(f"{account.base_url}/rest/posts/{ref.id}", headers=headers, timeout=5)
    assert again.status_code == 204
    with pytest.raises(Gone):
        square.service.delete(ref)


def test_figures_of_the_page_its_posts_and_its_answers(square: Square) -> None:
    ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    top = square.say("où ?", ours)
    reply = square.service.publish(Draft("Ici", "fr", reply_to=PostRef(top)), attempt())
    gone = PostRef("urn:li:share:1")
    measures = square.service.metrics([ours, reply, gone, PostRef("urn:li:comment:(urn:li:activity:1,2)")])
    told = {(measure.subject, measure.metric): measure.value for measure in measures}
    assert told["", Metric.FOLLOWERS] == 1
    assert told["", Metric.REPLIES] == told[ours.id, Metric.REPLIES] == 2
    assert told[ours.id, Metric.VIEWS] == 1
    assert told[reply.id, Metric.LIKES] == 0
    assert {subject for subject, _ in told} == {"", ours.id, reply.id}


def test_an_upload_that_is_sent_elsewhere_is_not_followed(tmp_path: Path) -> None:
    place = "https://elsewhere.example/steal"
    reply = answer({"value": {"uploadUrl": place, "image": "urn:li:image:33"}})
    with serve(SUBJECT.script({("POST", "/rest/images"): reply})) as server:
        with pytest.raises(Rejected):
            SUBJECT.connector(server).publish(SUBJECT.picture(tmp_path), attempt())
        assert server.count("PUT", "/dms-uploads/1") == 0
        assert SUBJECT.writes(server) == 0


def test_what_goes_out_names_version_and_protocol(tmp_path: Path) -> None:
    with serve(SUBJECT.script({})) as server:
        SUBJECT.connector(server).publish(Draft("Un (deux)", "fr"), attempt())
        sent = server.asked[-1]
    assert sent.headers["linkedin-version"] == VERSION
    assert sent.headers["x-restli-protocol-version"] == "2.0.0"
    assert sent.json["commentary"] == r"Un \(deux\)"
    assert sent.json["author"] == "urn:li:organization:7"


def test_reading_uses_the_token_for_reading_where_there_is_one() -> None:
    seen: list[tuple[str, str]] = []

    def script(asked: Asked) -> Reply:
        seen.append((asked.method, asked.headers["authorization"]))
        return answer("", 201, {"x-restli-id": "urn:li:share:1"}) if asked.method == "POST" else answer({"id": 7})

    with serve(script) as server:
        credentials = {"access_token": "writing", "read_access_token": "reading"}
        account = AccountRef("linkedin", server.url, "urn:li:organization:7", "fin", credentials)
        made = LinkedInConnector(account, Egress(allow=server.allow))
        made.identify()
        made.publish(Draft("Un", "fr"), attempt())
    assert seen == [("GET", "Bearer reading"), ("POST", "Bearer writing")]


def test_a_comment_whose_answer_is_lost_is_found_below_its_question(square: Square) -> None:
    ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    top = square.say("où ?", ours)
    assert square.simulator
    square.simulator.fault("lost_answer", "POST /rest/socialActions", times=1)
    draft, key = Draft("Ici", "fr", reply_to=PostRef(top)), attempt()
    with pytest.raises(OutcomeUnknown):
        square.service.publish(draft, key)
    found = square.service.reconcile(draft, key)
    assert found.presence is Presence.PRESENT
    assert found.ref
    assert number_of(found.ref.id) == int(square.simulator.posts("Ici")[0]["id"])


def test_an_edit_is_seen(square: Square) -> None:
    ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    said = square.say("où ?", ours)
    assert square.simulator
    square.simulator.edit(str(number_of(said)), "quand ?")
    seen = square.service.fetch(PostRef(said))
    assert seen
    assert seen.text == "quand ?"


def test_a_list_that_lags_is_not_proof_of_absence(square: Square) -> None:
    assert square.simulator
    square.simulator.fault("list_lag", "GET ", seconds=60)
    draft, key = Draft("En retard", "fr"), attempt()
    square.service.publish(draft, key)
    patient: Any = square.service
    patient._settle = timedelta(seconds=60)
    assert square.service.reconcile(draft, key).presence is Presence.UNCERTAIN
    square.simulator.heal()
    assert square.service.reconcile(draft, key).presence is Presence.PRESENT


def test_a_page_that_breaks_off_loses_no_message(square: Square) -> None:
    """Two comments of one page of notifications, one of them misshapen."""
    good = {
        "action": "COMMENT",
        "organizationalEntity": "urn:li:organization:7",
        "lastModifiedAt": 1_790_000_000_000,
        "sourcePost": "urn:li:activity:5",
        "generatedActivity": "urn:li:comment:(activity:5,9)",
        "decoratedGeneratedActivity": {
            "comment": {"entity": "urn:li:comment:(urn:li:activity:5,9)", "owner": "urn:li:person:a", "text": "x"}
        },
    }
    reply = answer({"elements": [{"action": "COMMENT"}, good]})
    with serve(lambda _asked: reply) as server:
        page = SUBJECT.connector(server).inbox()
    assert [item.ref.id for item in page.items] == ["urn:li:comment:(urn:li:activity:5,9)"]


def test_a_network_that_does_not_know_our_own_by_name_is_asked_without() -> None:
    """What it tells of citizens must not be lost for a word."""
    asked: list[str] = []

    class Rest:
        def get(self, path: str, query: str = "", *, finder: bool = False) -> dict:
            asked.append(query)
            if "ADMIN_COMMENT" in query:
                raise Invalid("", "unknown action")
            return {"elements": []}

    page = Inbox(Rest(), "urn:li:organization:1", "https://x.example", lambda: datetime.now(UTC)).page("", "")
    assert page.items == ()
    assert ["ADMIN_COMMENT" in query for query in asked] == [True, False]


def test_what_a_pages_people_say_in_their_own_name_is_left_alone() -> None:
    comment = {"entity": "urn:li:comment:(urn:li:activity:5,9)", "owner": "urn:li:person:7", "text": "Moi aussi"}
    told = {
        "organizationalEntity": "urn:li:organization:1",
        "action": "ADMIN_COMMENT",
        "lastModifiedAt": 1_790_000_000_000,
        "sourcePost": "urn:li:activity:5",
        "generatedActivity": comment["entity"],
        "decoratedGeneratedActivity": {"comment": comment},
    }

    class Rest:
        def get(self, path: str, query: str = "", *, finder: bool = False) -> dict:
            return {"elements": [told]}

    inbox = Inbox(Rest(), "urn:li:organization:1", "https://x.example", lambda: datetime.now(UTC))
    assert inbox.page("", "").items == ()
    told["action"] = "COMMENT"
    assert [item.text for item in inbox.page("", "").items] == ["Moi aussi"]


def test_pictures_at_a_comment_are_told() -> None:
    told = {
        "commentUrn": "urn:li:comment:(urn:li:activity:5,9)",
        "actor": "urn:li:person:7",
        "message": {"text": ""},
        "created": {"time": 1_790_000_000_000},
        "content": [{"type": "IMAGE", "url": "https://media.example/1.jpg"}, "odd", {"type": "IMAGE"}],
    }
    item = read_comment(told, Kind.REPLY, "https://x.example")
    assert item.attachments == (Attachment("picture", "https://media.example/1.jpg"),)
    assert read_comment({**told, "content": "odd"}, Kind.REPLY, "https://x.example").attachments == ()
