from __future__ import annotations

from pathlib import Path
from typing import Any

from networks.egress import Egress
from networks.types import AccountRef, Captions, Draft, Media
from networks.youtube.connector import YoutubeConnector
from tests.networks.loopback import answer
from tests.networks.subjects.subject import CANARY, Subject

CHANNEL = "UCaaaaaaaaaaaaaaaaaaaaaa"
VIDEO: dict[str, Any] = {
    "kind": "youtube#video",
    "id": "abcdefghijk",
    "snippet": {
        "publishedAt": "2026-11-20T09:00:00Z",
        "channelId": CHANNEL,
        "channelTitle": "Finances",
        "title": "Bonjour",
        "description": "Bonjour",
    },
}
CHANNELS = {
    "kind": "youtube#channelListResponse",
    "items": [{"kind": "youtube#channel", "id": CHANNEL, "snippet": {"title": "Finances", "customUrl": "@fin"}}],
}
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64
UPLOAD = "/upload/youtube/v3/videos"


def film(folder: Path, content: bytes = MP4) -> Media:
    """A video with its captions."""
    path, words = folder / "film.mp4", folder / "film.vtt"
    path.write_bytes(content)
    words.write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nBonjour\n")
    return Media(path, "video/mp4", captions=(Captions(words, "text/vtt", "fr"),))


def filmed(folder: Path) -> Draft:
    return Draft("Bonjour", "fr", (film(folder),), title="Bonjour")


def words(text: str, status: int = 422, reason: str = "invalid") -> Any:
    """A refusal in Google's shape."""
    first = {"message": text, "domain": "youtube.api", "reason": reason}
    return {"error": {"code": status, "message": text, "errors": [first]}}


def _make(base_url: str, egress: Egress) -> YoutubeConnector:
    credentials = {"access_token": CANARY, "refresh_token": CANARY}
    return YoutubeConnector(AccountRef("youtube", base_url, CHANNEL, "fin", credentials), egress)


SUBJECT = Subject(
    "youtube",
    _make,
    write=("PUT", UPLOAD),
    read=("GET", "/youtube/v3/channels"),
    upload=("POST", UPLOAD),
    good={
        # The address is the real network's: the connector goes where the account's own address leads all the same.
        ("POST", UPLOAD): answer("", headers={"Location": f"https://youtube.googleapis.com{UPLOAD}?upload_id=1"}),
        ("PUT", UPLOAD): answer(VIDEO),
        ("POST", "/upload/youtube/v3/captions"): answer({"kind": "youtube#caption", "id": "1"}),
        ("GET", "/youtube/v3/channels"): answer(CHANNELS),
    },
    words=words,
    draft=filmed,
    picture=filmed,
)
