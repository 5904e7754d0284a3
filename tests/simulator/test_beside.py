"""What a trainer sends beside a text as a citizen: a picture with its words, a warning, a poll."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.simulator.fixture import Control
from tests.simulator.test_statuses import png


def write(simulator: Control, picture: bytes = b"", **form: str) -> requests.Response:
    """As a browser sends the form: a file that was not chosen is there, and empty."""
    simulator.person("noor", "Noor")
    told = {"as": "noor", "text": "Kijk eens", "language": "nl", "lang": "en", "network": "mastodon", **form}
    files = {"picture": ("gat.png" if picture else "", picture)}
    headers = {"Origin": simulator.url}
    return requests.post(f"{simulator.url}/write", data=told, files=files, headers=headers, timeout=5)


def status(simulator: Control) -> Any:
    [made] = simulator.posts("Kijk eens")
    return requests.get(f"{simulator.url}/api/v1/statuses/{made['id']}", timeout=5).json()


def test_the_form_has_a_place_for_each(simulator: Control) -> None:
    page = requests.get(f"{simulator.url}/?lang=nl", timeout=5).text
    assert 'enctype="multipart/form-data"' in page
    assert '<label for="picture_alt">Wat de afbeelding toont</label>' in page
    assert all(f'name="{name}"' in page for name in ("picture", "sensitive", "warning", "poll"))


def test_a_picture_goes_with_its_words_and_a_warning(simulator: Control) -> None:
    page = write(simulator, png(), picture_alt="Een gat in de weg", warning="Schade", sensitive="1")
    assert page.status_code == 200
    assert 'alt="Een gat in de weg"' in page.text
    told = status(simulator)
    assert (told["spoiler_text"], told["sensitive"]) == ("Schade", True)
    assert [one["description"] for one in told["media_attachments"]] == ["Een gat in de weg"]


def test_a_poll_has_its_choices(simulator: Control) -> None:
    page = write(simulator, poll="Maandag\r\n \r\nDinsdag\r\n")
    assert "<li>Maandag</li><li>Dinsdag</li>" in page.text
    assert [one["title"] for one in status(simulator)["poll"]["options"]] == ["Maandag", "Dinsdag"]


@pytest.mark.parametrize(
    ("picture", "form", "told"),
    [
        (b"<svg/>", {}, "This file is no picture"),
        (png(), {"network": "x"}, "takes this nowhere but on its own pages"),
        (b"", {"network": "bluesky", "warning": "Schade"}, "takes this nowhere but on its own pages"),
        (b"", {"poll": "Maandag"}, "A poll has two to four choices"),
        (b"", {"poll": "1\n2\n3\n4\n5"}, "A poll has two to four choices"),
        (b"", {"poll": f"{'x' * 51}\n2"}, "A poll has two to four choices"),
        (png(), {"poll": "1\n2"}, "A poll has two to four choices"),
    ],
)
def test_what_the_network_would_not_take_comes_back(
    simulator: Control, picture: bytes, form: dict[str, str], told: str
) -> None:
    page = write(simulator, picture, **form)
    assert (page.status_code, told in page.text, "Kijk eens" in page.text) == (422, True, True)
    assert simulator.posts("Kijk eens") == []


def test_on_bluesky_a_picture_is_a_blob_of_the_record(simulator: Control) -> None:
    write(simulator, png(), network="bluesky", picture_alt="Een gat in de weg", sensitive="1")
    calls, token = f"{simulator.url}/xrpc/", simulator.person("finances")
    headers, asked = {"Authorization": f"Bearer {token}"}, {"q": "Kijk"}
    found = requests.get(f"{calls}app.bsky.feed.searchPosts", params=asked, headers=headers, timeout=5).json()
    [post] = found["posts"]
    [image] = post["record"]["embed"]["images"]
    assert (image["alt"], image["image"]["mimeType"]) == ("Een gat in de weg", "image/png")
    assert post["record"]["labels"]["values"] == [{"val": "graphic-media"}]
    where = {"did": post["author"]["did"], "cid": image["image"]["ref"]["$link"]}
    file = requests.get(f"{calls}com.atproto.sync.getBlob", params=where, timeout=5)
    assert (file.content, file.headers["Content-Type"]) == (png(), "image/png")
    assert (
        requests.get(f"{calls}com.atproto.sync.getBlob", params=where | {"cid": "bafy"}, timeout=5).status_code == 400
    )
