"""X by its new names: what it is asked for and what it answers, as its description and its SDK have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.dialects.x import errors
from simulator.exchange import Request
from simulator.routing import Simulator

Json = dict[str, Any]
NEW, SILENT = "x:posts", "x:posts_silently"
OLD_NAMES = {
    "note_post": "note_tweet",
    "referenced_posts": "referenced_tweets",
    "edit_history_post_ids": "edit_history_tweet_ids",
}
NEW_NAMES = {old: new for new, old in OLD_NAMES.items()}
FIGURES = {"retweet_count": "repost_count", "tweet_count": "post_count"}
# No fields any more: they come where they are asked for among the expansions.
EXPANSIONS = {"author_id", "referenced_posts", "in_reply_to_user_id"}


def is_new(simulator: Simulator) -> bool:
    return bool({NEW, SILENT} & simulator.db.manners)


def asked_fields(simulator: Simulator, request: Request, asked: Callable[[Request, str], set[str]]) -> set[str]:
    """The fields of a message that the caller names, by their old names."""
    if not is_new(simulator):
        if "post.fields" in request.fields:
            raise _unknown("post.fields", request)
        return asked(request, "tweet.fields")
    if NEW in simulator.db.manners and "tweet.fields" in request.fields:
        raise _unknown("tweet.fields", request)
    fields = asked(request, "post.fields")
    if fields & EXPANSIONS:
        raise _unknown("post.fields", request)
    wanted = fields | (asked(request, "expansions") & EXPANSIONS)
    return {OLD_NAMES.get(name, name) for name in wanted}


def answered(simulator: Simulator, told: Json) -> Json:
    """A message as it is shown, by the names that are in force."""
    if not is_new(simulator):
        return told
    shown = {NEW_NAMES.get(name, name): value for name, value in told.items()}
    if "public_metrics" in shown:
        shown["public_metrics"] = {FIGURES.get(name, name): value for name, value in shown["public_metrics"].items()}
    return shown


def _unknown(name: str, request: Request) -> Exception:
    return errors.invalid(name, request.text(name), f"The query parameter [{name}] is not one of those of this call")
