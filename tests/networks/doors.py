"""The training network's pages of consent, as the browser of a person goes through them."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import requests

from tests.simulator.fixture import Control


def agree(simulator: Control, url: str, handle: str, decision: str = "allow") -> tuple[str, str]:
    """Presses the button on the page at `url` as `handle`; the code and the state that come back."""
    back = answer_page(simulator, url, handle, decision)
    return back.get("code", [""])[0], back.get("state", [""])[0]


def answer_page(simulator: Control, url: str, handle: str, decision: str = "allow") -> dict[str, list[str]]:
    """All that the network says to the address that it leads back to."""
    simulator.person(handle)
    person = next(one["id"] for one in simulator.control("GET", "people") if one["handle"] == handle)
    assert requests.get(url, timeout=5).status_code == 200
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    page = url.partition("?")[0]
    form = asked | {"person": person, "decision": decision}
    answer = requests.post(page, data=form, headers={"Origin": simulator.url}, allow_redirects=False, timeout=5)
    assert answer.status_code == 303, answer.text
    return parse_qs(urlsplit(answer.headers["Location"]).query)
