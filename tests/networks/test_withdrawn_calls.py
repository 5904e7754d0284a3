"""A call that a network has withdrawn is not there any more, whatever it was about: of no message does that say that it
is gone. Each would be looked at in its turn, and what every citizen wrote there would be erased."""

from __future__ import annotations

from typing import Any

import pytest

from networks.errors import Unsupported
from networks.types import PostRef
from tests.networks.loopback import answer, serve
from tests.networks.subjects.linkedin import SUBJECT as LINKEDIN
from tests.networks.subjects.x import SUBJECT as X
from tests.networks.subjects.youtube import SUBJECT as YOUTUBE
from tests.networks.subjects.youtube import words

WITHDRAWN: dict[str, tuple[Any, str, Any]] = {
    "x": (
        X,
        "1456012973835788293",
        {"title": "Not Found", "type": "about:blank", "status": 404, "detail": "Not Found"},
    ),
    "youtube": (YOUTUBE, "UgzQ0aXbKcD3eFgH1iJ4AaABAg", words("Method not found.", 404, "notFound")),
    "linkedin": (
        LINKEDIN,
        "urn:li:share:7000000000000000001",
        {"status": 404, "code": "RESOURCE_NOT_FOUND", "message": "No virtual resource found"},
    ),
}
GONE: dict[str, Any] = {
    "x": {"title": "Not Found Error", "type": "https://api.twitter.com/2/problems/resource-not-found", "status": 404},
    "youtube": words("The specified comment could not be found.", 404, "commentNotFound"),
    "linkedin": {
        "status": 404,
        "code": "NOT_FOUND",
        "message": "Could not find entity urn:li:share:7000000000000000001",
    },
}


@pytest.mark.parametrize("network", WITHDRAWN)
def test_a_call_that_is_not_there_says_of_no_message_that_it_is_gone(network: str) -> None:
    subject, identifier, told = WITHDRAWN[network]
    with serve(lambda _asked: answer(told, 404)) as server, pytest.raises(Unsupported):
        subject.connector(server).fetch(PostRef(identifier))


@pytest.mark.parametrize("network", GONE)
def test_what_is_named_as_gone_is(network: str) -> None:
    subject, identifier, _told = WITHDRAWN[network]
    with serve(lambda _asked: answer(GONE[network], 404)) as server:
        assert subject.connector(server).fetch(PostRef(identifier)) is None
