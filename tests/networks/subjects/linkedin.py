from __future__ import annotations

import socket
import threading
from typing import Any

from networks.egress import Egress
from networks.linkedin.connector import LinkedInConnector
from networks.types import AccountRef
from tests.networks.loopback import answer
from tests.networks.subjects.subject import CANARY, Subject

PAGE: dict[str, Any] = {"id": 7, "vanityName": "fin", "localizedName": "Finances"}
SHARE = "urn:li:share:501"


def _make(base_url: str, egress: Egress) -> LinkedInConnector:
    account = AccountRef("linkedin", base_url, "urn:li:organization:7", "fin", {"access_token": CANARY})
    return LinkedInConnector(account, egress, pause=lambda _seconds: None)


def _upload(connection: socket.socket, over: threading.Event) -> None:
    """The place for the bytes is on the server that was asked, whose port only the connection knows."""
    place = f"http://127.0.0.1:{connection.getsockname()[1]}/dms-uploads/1"
    answer({"value": {"uploadUrl": place, "image": "urn:li:image:33"}})(connection, over)


SUBJECT = Subject(
    "linkedin",
    _make,
    write=("POST", "/rest/posts"),
    read=("GET", "/rest/organizations/7"),
    upload=("POST", "/rest/images"),
    good={
        ("POST", "/rest/posts"): answer("", 201, {"x-restli-id": SHARE}),
        ("GET", "/rest/organizations/7"): answer(PAGE),
        ("POST", "/rest/images"): _upload,
        ("PUT", "/dms-uploads/1"): answer("", 201),
        ("GET", "/rest/images/urn%3Ali%3Aimage%3A33"): answer({"status": "AVAILABLE"}),
    },
    words=lambda text: {"status": 422, "message": text},
)
