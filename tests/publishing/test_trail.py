"""What the audit trail says of a post's words."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from organisation.queries import story
from publishing.actions import PostContent, edit_post
from tests.factories.publishing import draft
from tests.publishing.conftest import House

pytestmark = pytest.mark.django_db


def test_the_trail_proves_which_words_were_meant_and_holds_none(house: House) -> None:
    post = draft(house.author, house.account, core_text="Appelez Mme Peeters")
    for words in ("Appelez M. Maes", "Appelez Mme Peeters"):
        content = replace(PostContent.of(post), core_text=words)
        edit_post(post=post, version=post.version, content=content, by=house.author)
    first, second, third = story(post).order_by("sequence")
    said = {
        "title": "Tax return",
        "text": "Appelez M. Maes",
        "language": "fr",
        "link": "",
        "variants": {f"{house.account.pk}:fr": ["", "", ""]},
        "media": [],
        "descriptions": {},
        "captions": {},
    }
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert second.details["words_after"] == hashlib.sha256(canonical.encode()).hexdigest()
    assert third.details["words_before"] == second.details["words_after"] != second.details["words_before"]
    assert first.details["words_after"] == second.details["words_before"] == third.details["words_after"]
    assert not any(name in str(one.details) for one in (first, second, third) for name in ("Maes", "Peeters"))
