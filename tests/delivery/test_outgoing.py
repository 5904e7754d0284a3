"""The address of a file on its way out: one file, one attempt, one hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from delivery.actions import Line, send_next
from delivery.content import freeze
from delivery.enums import DeliveryState
from delivery.models import Delivery
from delivery.queries import addresses
from delivery.queries.addresses import SALT, address_of
from networks.catalogue import NETWORKS
from networks.types import AttemptKey, Draft, PostRef
from tests.factories.delivery import DeliveryFactory, FakeNetwork, FakeOrigin
from tests.factories.films import MP4

pytestmark = pytest.mark.usefixtures("thawed")
FETCHING = "mastodon"


@pytest.fixture(autouse=True)
def fetching(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.PUBLIC_URL = "https://parvis.example/"
    network = NETWORKS[FETCHING]
    changed = replace(network, capabilities=replace(network.capabilities, media_from_address=True))
    monkeypatch.setitem(NETWORKS, FETCHING, changed)


def sending(film: bytes = b"b.mp4", **facts: Any) -> Delivery:
    """A delivery of two files that is being sent."""
    media = []
    for name, mime, held in (("a.jpg", "image/jpeg", b"a.jpg"), ("b.mp4", "video/mp4", film)):
        (addresses.place_of(name)).write_bytes(held)
        media.append({"path": name, "mime": mime, "alt": "x"})
    content = freeze({"text": "Bonjour", "language": "fr", "media": media})[0]
    state = {"state": DeliveryState.SENDING, "epoch": 3, "lease_until": timezone.now() + timedelta(minutes=2)}
    return DeliveryFactory.create(content=content, **(state | facts))


def path_of(delivery: Delivery, number: int = 0) -> str:
    address = address_of(delivery)
    assert address is not None
    url = urlsplit(address(number))
    assert f"{url.scheme}://{url.netloc}" == "https://parvis.example"
    return url.path


def signed(*parts: object) -> str:
    return f"/media/outgoing/{signing.dumps(list(parts), salt=SALT)}/"


def test_whoever_holds_the_address_gets_the_file_as_what_it_is(db: None) -> None:
    delivery = sending()
    for number, (body, mime) in enumerate([(b"a.jpg", "image/jpeg"), (b"b.mp4", "video/mp4")]):
        answer = Client().get(path_of(delivery, number))
        assert b"".join(answer.streaming_content) == body
        assert answer["Content-Type"] == mime
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Length"] == str(len(body))
        assert "sandbox" in answer["Content-Security-Policy"]
    assert Client().post(path_of(delivery)).status_code == 405
    head = Client().head(path_of(delivery))
    assert (head.status_code, head["Content-Type"], head["Content-Length"]) == (200, "image/jpeg", "5")
    head.close()


def test_a_file_that_is_no_longer_the_approved_one_is_not_handed_out(db: None) -> None:
    path = path_of(sending())
    assert b"".join(Client().get(path).streaming_content) == b"a.jpg"
    addresses.place_of("a.jpg").write_bytes(b"another picture")
    assert Client().get(path).status_code == 404


def test_a_network_may_fetch_a_film_piece_by_piece(db: None) -> None:
    delivery = sending(film=MP4)
    path, size = path_of(delivery, 1), len(MP4)
    for asked, first, stop in (("4-9", 4, 10), ("40-", 40, size), ("-7", size - 7, size)):
        answer = Client().get(path, headers={"Range": f"bytes={asked}"})
        assert (answer.status_code, b"".join(answer.streaming_content)) == (206, MP4[first:stop])
        assert answer["Content-Range"] == f"bytes {first}-{stop - 1}/{size}"
        assert (answer["Content-Type"], answer["Content-Length"]) == ("video/mp4", str(stop - first))
        assert (answer["Accept-Ranges"], answer["Cache-Control"]) == ("bytes", "private, no-store")
    beyond = Client().get(path, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{size}")
    several = Client().get(path, headers={"Range": "bytes=0-1,4-5"})
    assert (several.status_code, b"".join(several.streaming_content)) == (200, MP4)
    mark = several["ETag"]
    same = Client().get(path, headers={"Range": "bytes=4-9", "If-Range": mark})
    assert (same.status_code, b"".join(same.streaming_content)) == (206, MP4[4:10])
    other = Client().get(path, headers={"Range": "bytes=4-9", "If-Range": f"W/{mark}"})
    assert (other.status_code, b"".join(other.streaming_content)) == (200, MP4)
    head = Client().head(path, headers={"Range": "bytes=4-9"})
    assert (head.status_code, head["Content-Length"], head["Accept-Ranges"]) == (200, str(size), "bytes")
    head.close()


@pytest.mark.parametrize("state", [one for one in DeliveryState if one != DeliveryState.SENDING])
def test_before_and_after_the_send_there_is_nothing(state: DeliveryState) -> None:
    delivery = sending()
    path = path_of(delivery)
    done = {"state": state, "remote_id": "1", "published_at": timezone.now()}
    Delivery.objects.filter(pk=delivery.pk).update(**done)
    assert Client().get(path).status_code == 404


def test_an_earlier_attempts_address_is_over() -> None:
    delivery = sending()
    path = path_of(delivery)
    Delivery.objects.update(epoch=4)
    assert Client().get(path).status_code == 404


def test_wrong_expired_and_other_addresses_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = sending()
    path = path_of(delivery)
    other_salt = signing.dumps([delivery.pk, 3, 0], salt="something.else")
    wrong = [
        path[:-2] + "/",
        path.replace("/media/outgoing/", "/media/outgoing/x"),
        "/media/outgoing/",
        "/media/outgoing/a.jpg/",
        "/media/outgoing/..%2f..%2fetc%2fpasswd/",
        "/media/a.jpg",
        f"/media/outgoing/{other_salt}/",
        signed(delivery.pk, 3, 2),
        signed(delivery.pk, 3, -1),
        signed(delivery.pk, 2, 0),
        signed(delivery.pk + 1, 3, 0),
        signed(delivery.pk),
    ]
    assert {url: Client().get(url).status_code for url in wrong} == dict.fromkeys(wrong, 404)
    monkeypatch.setattr(addresses, "LASTS", -1)
    assert Client().get(path).status_code == 404


def test_a_file_that_is_gone_is_gone() -> None:
    delivery = sending()
    addresses.place_of("a.jpg").unlink()
    assert Client().get(path_of(delivery)).status_code == 404


def test_the_network_is_given_addresses_that_answer_while_it_is_called(
    origin: FakeOrigin, network: FakeNetwork
) -> None:
    delivery = sending(state=DeliveryState.DUE, epoch=0, lease_until=None)
    fetched: list[bytes] = []

    def fetch(draft: Draft, key: AttemptKey) -> PostRef | None:
        for medium in draft.media:
            answer = Client().get(urlsplit(medium.url).path)
            fetched.append(b"".join(answer.streaming_content))
        return None

    network.answers = [fetch]
    send_next(Line())
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.PUBLISHED
    assert fetched == [b"a.jpg", b"b.mp4"]


def test_a_network_that_takes_the_bytes_from_us_gets_no_address() -> None:
    assert address_of(sending(account__network="bluesky")) is None
