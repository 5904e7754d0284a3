"""What hangs at a message, as each network tells it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from networks.bluesky.reading import read_record
from networks.facebook.reading import read_attachments
from networks.mastodon.reading import read_status
from networks.types import Attachment, Author, Kind, Poll, PostRef
from networks.x.reading import Site, read_tweet

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
CID = "bafkreibabalobzn6cd366ukcsjycp4yymjymgfxcv6xczmlgpemzkz3cfa"
BLOB = {"$type": "blob", "ref": {"$link": CID}, "mimeType": "image/jpeg", "size": 1}
ASIDE = {"alt": "Une lettre", "aspectRatio": {"width": 4, "height": 3}}
IMAGES = {"$type": "app.bsky.embed.images", "images": [{"image": BLOB, **ASIDE}]}


def record(embed: dict[str, Any], url: str = "https://bsky.app/profile/did:plc:x/post/1", **more: Any) -> Any:
    told = {"text": "", "embed": embed, **more}
    author = Author("did:plc:x", "x.example")
    return read_record(
        told, ref=PostRef("at://did:plc:x/app.bsky.feed.post/1", url), author=author, kind=Kind.MENTION, created_at=NOW
    )


def test_pictures_of_a_record_lie_where_bluesky_shows_them() -> None:
    (part,) = record(IMAGES).attachments
    assert part == Attachment(
        "picture", f"https://cdn.bsky.app/img/feed_fullsize/plain/did:plc:x/{CID}@jpeg", "Une lettre", width=4, height=3
    )
    beside = {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": {"uri": "at://a/b/c"}}, "media": IMAGES}
    assert record(beside).attachments == (part,)


def test_on_a_server_of_its_own_they_lie_beside_the_record() -> None:
    (part,) = record(IMAGES, "https://pds.example/xrpc/com.atproto.repo.getRecord?repo=did:plc:x").attachments
    assert part.url == f"https://pds.example/xrpc/com.atproto.sync.getBlob?did=did%3Aplc%3Ax&cid={CID}"


def test_a_label_of_its_author_hides_them_and_a_film_has_a_still_picture() -> None:
    film = {"$type": "app.bsky.embed.video", "video": BLOB, "alt": "Un film"}
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]}
    (part,) = record(film, labels=labels).attachments
    assert (part.kind, part.url, part.alt, part.sensitive) == ("video", "", "Un film", True)
    assert part.preview == f"https://video.bsky.app/watch/did:plc:x/{CID}/thumbnail.jpg"


@pytest.mark.parametrize("blob", [None, "x", {"ref": {"$link": "../../evil"}}, {"ref": 7}, {}])
def test_a_blob_that_is_none_has_no_address(blob: Any) -> None:
    (part,) = record({"$type": "app.bsky.embed.images", "images": [{"image": blob, "alt": "a"}]}).attachments
    assert (part.url, part.alt) == ("", "a")


def tweet(attached: dict[str, Any], beside: dict[str, Any], **more: Any) -> Any:
    told = {"id": "1", "text": "", "created_at": NOW.isoformat(), "attachments": attached, **more}
    return read_tweet(told, {}, Kind.MENTION, Site("https://x.com"), beside)


def test_x_brings_media_beside_the_message() -> None:
    photo = {
        "media_key": "3_1",
        "type": "photo",
        "url": "https://pbs.twimg.com/1.jpg",
        "alt_text": "Lettre",
        "width": 4,
        "height": 3,
    }
    film = {
        "media_key": "7_2",
        "type": "video",
        "preview_image_url": "https://pbs.twimg.com/2.jpg",
        "duration_ms": 32_400,
    }
    told = tweet({"media_keys": ["7_2", "3_1", "9_9"]}, {"media": [photo, film]}, possibly_sensitive=True)
    assert told.attachments == (
        Attachment("video", preview="https://pbs.twimg.com/2.jpg", sensitive=True, seconds=32.4),
        Attachment("picture", "https://pbs.twimg.com/1.jpg", "Lettre", sensitive=True, width=4, height=3),
    )


def test_x_brings_polls_beside_the_message() -> None:
    options = [{"position": 2, "label": "Bleu", "votes": 0}, {"position": 1, "label": "Rouge", "votes": 5}]
    poll = {"id": "8", "options": options, "end_datetime": "2026-12-01T09:00:00.000Z"}
    told = tweet({"poll_ids": ["8"]}, {"polls": [{"id": "9", "options": options[:1]}, poll]})
    assert told.poll == Poll(("Rouge", "Bleu"), (5, 0), datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert tweet({}, {"polls": [poll]}).poll is None


def test_facebook_tells_what_hangs_at_posts_and_at_comments() -> None:
    image = {"image": {"src": "https://scontent.example/1.jpg", "width": 4, "height": 3}}
    link = {"media_type": "link", "url": "https://example.org"}
    post = {
        "attachments": {"data": [{"media_type": "photo", "media": image, "url": "https://facebook.example/1"}, link]}
    }
    assert list(read_attachments(post)) == [Attachment("picture", "https://scontent.example/1.jpg", width=4, height=3)]
    comment = {"attachment": {"type": "video_inline", "media": image, "url": "https://facebook.example/2"}}
    (film,) = read_attachments(comment)
    assert (film.kind, film.url, film.preview) == (
        "video",
        "https://facebook.example/2",
        "https://scontent.example/1.jpg",
    )
    assert list(read_attachments({})) == []


def status(**more: Any) -> Any:
    account = {"id": "2", "acct": "an"}
    told = {"id": "1", "url": "https://m.example/1", "account": account, "content": "", "created_at": NOW.isoformat()}
    return read_status({**told, **more}, Kind.MENTION)


def test_mastodon_tells_what_is_sensitive_how_long_and_how_many() -> None:
    size = {"original": {"width": 640, "height": 480, "duration": 32.04}}
    film = {"type": "video", "url": "https://m.example/1.mp4", "preview_url": "https://m.example/1.png", "meta": size}
    told = status(sensitive=True, media_attachments=[film])
    facts = {"preview": "https://m.example/1.png", "sensitive": True, "width": 640, "height": 480, "seconds": 32.0}
    assert told.attachments == (Attachment("video", "https://m.example/1.mp4", **facts),)
    options = [{"title": "Rouge", "votes_count": 0}, {"title": "Bleu", "votes_count": None}]
    told = status(poll={"options": options, "expires_at": "2026-12-01T09:00:00.000Z"})
    assert told.poll == Poll(("Rouge", "Bleu"), (0, None), datetime(2026, 12, 1, 9, tzinfo=UTC))


@pytest.mark.parametrize("nonsense", ["wide", -1, 10**12, True, None, [1]])
def test_a_figure_that_makes_no_sense_is_none(nonsense: Any) -> None:
    size = {"original": {"width": nonsense, "duration": nonsense if nonsense != 10**12 else -1}}
    (part,) = status(media_attachments=[{"type": "image", "url": "https://m.example/1", "meta": size}]).attachments
    assert (part.width, part.seconds) == (None, None)
