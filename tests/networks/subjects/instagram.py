from __future__ import annotations

from pathlib import Path

from networks.egress import Egress
from networks.instagram.connector import InstagramConnector
from networks.types import AccountRef, Draft, Media
from tests.networks.loopback import answer
from tests.networks.subjects.facebook import refused
from tests.networks.subjects.subject import CANARY, Subject

ACCOUNT = {"id": "178417", "username": "fin", "name": "Finances"}


def _make(base_url: str, egress: Egress) -> InstagramConnector:
    credentials = {"access_token": CANARY, "proof": f"proof-{CANARY}", "user_token": f"user-{CANARY}"}
    account = AccountRef("instagram", base_url, "178417", "fin", credentials)
    return InstagramConnector(account, egress, pause=lambda _seconds: None)


def _pictured(folder: Path) -> Draft:
    path = folder / "p.jpg"
    path.write_bytes(b"\xff\xd8\xff")
    return Draft("Bonjour", "fr", media=(Media(path, "image/jpeg", "Un point", url="https://parvis.example/p.jpg"),))


SUBJECT = Subject(
    "instagram",
    _make,
    write=("POST", "/v26.0/178417/media_publish"),
    read=("GET", "/v26.0/me"),
    upload=None,
    good={
        ("GET", "/v26.0/me"): answer({"id": "7", "instagram_business_account": ACCOUNT}),
        ("GET", "/v26.0/178417/content_publishing_limit"): answer(
            {"data": [{"config": {"quota_total": 100, "quota_duration": 86400}, "quota_usage": 3}]}
        ),
        ("POST", "/v26.0/178417/media"): answer({"id": "33"}),
        ("GET", "/v26.0/33"): answer({"id": "33", "status_code": "FINISHED"}),
        ("POST", "/v26.0/178417/media_publish"): answer({"id": "44"}),
        ("GET", "/v26.0/44"): answer({"id": "44", "permalink": "https://www.instagram.com/p/CP5Rq0bjBzn/"}),
    },
    words=refused,
    draft=_pictured,
    picture=_pictured,
)
