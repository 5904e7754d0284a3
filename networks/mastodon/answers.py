"""What an answer of a server means, where one says it in another way than Mastodon does."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from networks.answers import judge, read_json
from networks.egress import Answer
from networks.errors import AuthExpired, NetworkError, Unavailable

LISTS = re.compile(r"/api/v1/(?:accounts/[^/]+/statuses|notifications)")
# Takahe's refusal of a token comes as a bad request.
BAD_TOKEN = re.compile(rb"^\W*(?:error\W+)?invalid[ _](?:bearer[ _])?(?:access[ _])?token\b", re.IGNORECASE)


def judge_status(answer: Answer, write: bool) -> NetworkError | None:
    if answer.status == 400 and BAD_TOKEN.search(answer.body[:200]):
        return AuthExpired("invalid token")
    failure = judge(answer, write)
    is_list = LISTS.fullmatch(urlsplit(answer.url).path) and not write
    if failure is None and is_list and not isinstance(read_json(answer), list):
        return Unavailable("not a list")  # nor an empty one, though the library makes no difference
    return failure
