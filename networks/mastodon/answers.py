"""What an answer of a server means, where one says it in another way than Mastodon does."""

from __future__ import annotations

import re

from networks.answers import judge
from networks.egress import Answer
from networks.errors import AuthExpired, NetworkError

# Takahe's refusal of a token comes as a bad request.
BAD_TOKEN = re.compile(rb"^\W*(?:error\W+)?invalid[ _](?:bearer[ _])?(?:access[ _])?token\b", re.IGNORECASE)


def judge_status(answer: Answer, write: bool) -> NetworkError | None:
    if answer.status == 400 and BAD_TOKEN.search(answer.body[:200]):
        return AuthExpired("invalid token")
    return judge(answer, write)
