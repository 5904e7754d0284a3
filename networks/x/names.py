"""X has renamed what it is asked for and what it answers: its pages still say the old names, its SDK says the new ones.

What is read goes by either name (`networks.x.reading`). What is asked goes by the old ones until X answers that it does
not know them; from then on, in this process, by the new.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FIELDS = {"tweet.fields": "post.fields"}
NEW = {
    "note_tweet": "note_post",
    "referenced_tweets": "referenced_posts",
    "edit_history_tweet_ids": "edit_history_post_ids",
}
# What is a field by its old name is, in the new description, brought along on request.
EXPANSIONS = ("author_id", "referenced_posts", "in_reply_to_user_id")
VERSIONS = "edit_history_post_ids"  # came unasked by its old name


def renamed(params: Mapping[str, Any]) -> dict[str, Any]:
    """The same question by the new names."""
    told = {FIELDS.get(name, name): value for name, value in params.items()}
    if "post.fields" not in told:
        return told
    asked = [NEW.get(name, name) for name in str(told["post.fields"]).split(",")]
    brought = [one for one in str(told.get("expansions") or "").split(",") if one]
    brought += [name for name in (*asked, VERSIONS) if name in (*EXPANSIONS, VERSIONS) and name not in brought]
    fields = [name for name in asked if name not in EXPANSIONS]
    return told | {"post.fields": ",".join(fields), "expansions": ",".join(brought)}


def asks_by_name(params: Mapping[str, Any]) -> bool:
    return any(name in params for name in FIELDS)


def is_unknown(words: str) -> bool:
    """Whether a refusal says that the old names are none, or that the new ones are."""
    return any(name in words for name in (*FIELDS, *FIELDS.values()))


def was_ignored(params: Mapping[str, Any], told: Any) -> bool:
    """Whether the answer has nothing of what was asked for by the old names: every message has a time."""
    if "created_at" not in str(params.get("tweet.fields") or "") or not isinstance(told, dict):
        return False
    data = told.get("data")
    shown = data if isinstance(data, list) else [data]
    return bool(data) and not any(isinstance(one, dict) and "created_at" in one for one in shown)
