"""Mastodon.py itself as the client: posts, pictures, threads, deletion, idempotency, limits of text and of calls."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest
from mastodon import Mastodon
from mastodon.errors import (
    MastodonAPIError,
    MastodonNotFoundError,
    MastodonRatelimitError,
    MastodonUnauthorizedError,
)

from simulator import pictures, text
from tests.simulator.fixture import Control

Client = Callable[..., Mastodon]


def png(width: int = 3, height: int = 2) -> bytes:
    """A real picture of one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\x00" + b"\x0f\x52\x57" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_a_post_with_a_described_picture_is_stored_whole(simulator: Control, client: Client) -> None:
    finances = client("finances")
    content = png()
    picture = finances.media_post(content, "image/png", description="Un guichet", focus=(0.5, -0.25))
    post = finances.status_post("Nos guichets sont ouverts", media_ids=[picture], language="fr")

    read = client("bram").status(post.id)
    assert read.content == "<p>Nos guichets sont ouverts</p>"
    assert (read.language, read.visibility, read.account.acct) == ("fr", "public", "finances")
    [shown] = read.media_attachments
    assert (shown.type, shown.description, shown.meta.original.width, shown.meta.focus.x) == (
        "image",
        "Un guichet",
        3,
        0.5,
    )
    connection = HTTPConnection(simulator.host)
    connection.request("GET", shown.url.partition(simulator.host)[2])
    answer = connection.getresponse()
    assert (answer.read(), answer.headers["Content-Type"]) == (content, "image/png")
    connection.close()
    [stored] = simulator.posts("Nos guichets sont ouverts")
    assert stored["media"] == [{"id": str(picture.id), "alt": "Un guichet", "mime": "image/png", "bytes": len(content)}]


def test_an_alt_text_can_be_mended_until_the_picture_is_posted(client: Client) -> None:
    finances = client("finances")
    picture = finances.media_post(png(), "image/png")
    assert finances.media_update(picture, description="Mieux").description == "Mieux"
    assert finances.media(picture).description == "Mieux"
    finances.status_post("avec image", media_ids=[picture])
    with pytest.raises(MastodonNotFoundError):
        finances.media(picture)
    with pytest.raises(MastodonAPIError, match="Media not found"):
        finances.status_post("encore", media_ids=[picture])


def test_what_is_no_picture_is_refused(client: Client) -> None:
    with pytest.raises(MastodonAPIError) as caught:
        client("finances").media_post(b"<script>alert(1)</script>", "image/png")
    assert caught.value.args[1] == 422


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (png(7, 5), ("image/png", 7, 5)),
        (b"GIF89a" + struct.pack("<HH", 9, 4), ("image/gif", 9, 4)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x06\x00\x08\x01", ("image/jpeg", 8, 6)),
        (b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + b"\x0f\0\0\x07\0\0", ("image/webp", 16, 8)),
        (b"RIFF\0\0\0\0WEBPVP8L" + b"\0" * 4 + b"\x2f" + struct.pack("<I", 4 | 2 << 14), ("image/webp", 5, 3)),
        (b"\xff\xd8\xff", None),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"", None),
    ],
)
def test_the_size_is_read_from_the_bytes(content: bytes, expected: tuple[str, int, int] | None) -> None:
    assert pictures.measure(content) == expected


def test_a_thread_is_told_from_its_root_to_its_answers(simulator: Control, client: Client) -> None:
    question = simulator.speak("noor", "Waar vind ik mijn aanslagbiljet?", mention="finances", language="nl")
    finances = client("finances")
    answer = finances.status_reply(finances.status(question["id"]), "In MyMinfin.", language="nl")
    thanks = simulator.speak("noor", "Bedankt!", reply_to=str(answer.id))

    assert answer.in_reply_to_id == question["id"]
    assert [mention.acct for mention in answer.mentions] == ["noor"]
    context = finances.status_context(answer.id)
    assert [post.id for post in context.ancestors] == [question["id"]]
    assert [post.id for post in context.descendants] == [thanks["id"]]
    assert finances.status(question["id"]).replies_count == 1


def test_a_deleted_post_is_gone_and_its_answers_stay(simulator: Control, client: Client) -> None:
    finances = client("finances")
    post = finances.status_post("Erreur")
    reply = simulator.speak("luc", "Quoi ?", reply_to=str(post.id))
    with pytest.raises(MastodonNotFoundError):
        client("luc").status_delete(post.id)
    gone = finances.status_delete(post.id)
    assert gone["text"] == "Erreur"
    with pytest.raises(MastodonNotFoundError) as caught:
        finances.status(post.id)
    assert caught.value.args[1:] == (404, "Not Found", "Not Found")
    with pytest.raises(MastodonNotFoundError):
        finances.status_delete(post.id)
    assert finances.status(reply["id"]).in_reply_to_id is None
    assert simulator.posts("Erreur") == []
    assert len(simulator.posts("Erreur", deleted=True)) == 1


def test_the_same_key_posts_once_and_another_person_s_key_is_another(simulator: Control, client: Client) -> None:
    finances = client("finances")
    first = finances.status_post("une fois", idempotency_key="clé-1")
    assert finances.status_post("une fois", idempotency_key="clé-1").id == first.id
    client("sante").status_post("une fois", idempotency_key="clé-1")
    assert finances.status_post("une fois", idempotency_key="clé-2").id != first.id
    assert len(simulator.posts("une fois")) == 3
    calls = simulator.journal("POST", "/api/v1/statuses")
    assert [bool(call["created"]) for call in calls] == [True, False, True, True]
    assert [call["person"] for call in calls] == ["finances", "finances", "sante", "finances"]


def test_two_calls_at_once_with_one_key_both_post(simulator: Control, client: Client) -> None:
    """The real network's trap: the key is stored after the post."""
    simulator.fault("late_key", seconds=0.5)
    clients = [client("finances"), client("finances")]
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda one: one.status_post("double", idempotency_key="k").id, clients))
    assert len(set(made)) == len(simulator.posts("double")) == 2


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"status": " "}, "Validation failed: Text can't be blank"),
        ({"status": "x" * 501}, "Validation failed: Text character limit of 500 exceeded"),
        ({"status": "x", "media_ids": [1, 2, 3, 4, 5]}, "Validation failed: Cannot attach more than 4 files"),
    ],
)
def test_what_the_network_refuses(client: Client, facts: dict[str, object], error: str) -> None:
    with pytest.raises(MastodonAPIError) as caught:
        client("finances").status_post(**facts)
    assert caught.value.args[1:] == (422, "Unprocessable Content", error)


def test_answering_what_is_not_there(client: Client) -> None:
    with pytest.raises(MastodonNotFoundError, match="does not appear to exist"):
        client("finances").status_post("?", in_reply_to_id=1)


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("abc", 3),
        ("https://example.org/" + "x" * 200, 23),
        ("voir https://example.org.", 29),
        ("@finances@example.org bonjour", 17),
        ("e\u0301te\u0301", 3),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", 1),
        ("\U0001f1e7\U0001f1ea\U0001f1eb\U0001f1f7", 2),
        ("\U0001f44d\U0001f3fd\u2764\ufe0f", 2),
        ("a\r\nb", 3),
    ],
)
def test_characters_are_counted_as_the_network_does(written: str, length: int) -> None:
    assert text.length(written) == length


def test_who_sees_what(simulator: Control, client: Client) -> None:
    simulator.person("finances")
    letter = simulator.speak("luc", "@finances entre nous", visibility="direct")
    assert client("finances").status(letter["id"]).visibility == "direct"
    with pytest.raises(MastodonNotFoundError):
        client("noor").status(letter["id"])
    assert client("noor").search_v2("entre nous", result_type="statuses").statuses == []


def test_content_is_escaped_and_marked_up(simulator: Control, client: Client) -> None:
    simulator.person("noor")
    post = client("finances").status_post("<b>&\nLe @noor #TVA @personne\n\nfin")
    assert "&lt;b&gt;&amp;<br />" in post.content
    assert f'<a href="{simulator.url}/@noor" class="u-url mention">@<span>noor</span></a>' in post.content
    assert 'class="mention hashtag" rel="tag">#<span>TVA</span></a>' in post.content
    assert " @personne</p><p>fin</p>" in post.content
    assert [tag.name for tag in post.tags] == ["tva"]


def test_likes_are_counted_and_told(client: Client) -> None:
    finances, luc = client("finances"), client("luc")
    post = finances.status_post("Bravo")
    assert luc.status_favourite(post).favourites_count == 1
    assert luc.status_favourite(post).favourites_count == 1
    assert [told.type for told in finances.notifications()] == ["favourite"]
    assert luc.status_unfavourite(post).favourites_count == 0


@pytest.mark.longer
def test_the_limits_of_a_real_server(simulator: Control, client: Client) -> None:
    simulator.limits()
    finances = client("finances")
    finances.account_verify_credentials()
    assert (finances.ratelimit_limit, finances.ratelimit_remaining) == (300, 299)
    ids = [finances.status_post(f"n° {number}").id for number in range(31)]
    for identifier in ids[:30]:
        finances.status_delete(identifier)
    assert (finances.ratelimit_limit, finances.ratelimit_remaining) == (30, 0)
    with pytest.raises(MastodonRatelimitError):
        finances.status_delete(ids[30])
    assert finances.ratelimit_reset is not None
    assert len(simulator.posts(by="finances")) == 1
    assert client("sante").account_verify_credentials().acct == "sante"


def test_without_a_token_or_with_a_dead_one(simulator: Control, client: Client) -> None:
    finances = client("finances")
    simulator.revoke("finances")
    with pytest.raises(MastodonUnauthorizedError, match="revoked"):
        finances.account_verify_credentials()
    stranger = Mastodon(access_token="nothing", api_base_url=simulator.url)
    with pytest.raises(MastodonUnauthorizedError, match="The access token is invalid"):
        stranger.status_post("?")
    assert simulator.posts() == []
