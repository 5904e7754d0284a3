"""What is a video on the square, what a comment, and what hangs below what.

A message by itself is a video, unless a citizen's words name somebody: then it is a comment about that one's channel.
Whatever answers a video begins a thread; all answers in it, however deep, stand on one level below.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.routing import Square
from simulator.store import posts
from simulator.store.posts import Post

NETWORK = "youtube"
VIDEO = "video"  # what `extra` says of one that was uploaded
# An orphan, whose parent is gone, is neither.
IS_VIDEO = """p.reply_to IS NULL AND p.reply_to_person IS NULL AND (json_extract(p.extra, '$.kind') = 'video'
    OR NOT EXISTS (SELECT 1 FROM mentions m WHERE m.post_id = p.id))"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment stands: its thread's beginning, and the video (None: about the channel of `owner`)."""

    thread: Post
    video: Post | None
    owner: int

    def is_top(self, post: Post) -> bool:
        return post.id == self.thread.id


@dataclass(frozen=True, slots=True)
class Slice:
    """Posts newest first, below the id `before`, written until `until_ms`."""

    most: int
    before: int | None = None
    until_ms: int | None = None

    @property
    def values(self) -> dict[str, int]:
        last = 2**63 - 1
        return {"before": self.before or last, "until": self.until_ms or last, "most": self.most}


def standing(square: Square, identifier: int) -> Post | None:
    return posts.by_id(square.db, identifier, network=NETWORK) if identifier else None


def is_video(square: Square, post: Post) -> bool:
    row = square.db.row(f"SELECT 1 FROM posts p WHERE p.id = :id AND {IS_VIDEO}", {"id": post.id})  # noqa: S608
    return row is not None


def place(square: Square, post: Post) -> Place | None:
    """Where a comment stands; None for a video, and for a comment whose video or thread is gone."""
    thread = post
    while thread.reply_to:
        above = standing(square, thread.reply_to)
        if above is None:
            return None
        if is_video(square, above):
            return Place(thread, above, above.person_id)
        thread = above
    named = posts.mentioned_ids(square.db, thread)
    if thread.reply_to_person or is_video(square, thread) or not named:
        return None
    return Place(thread, None, named[0])


def videos_of(square: Square, person_id: int, part: Slice) -> list[Post]:
    return _posts(square, f"p.person_id = :person AND {IS_VIDEO}", part, person=person_id)


def threads_below(square: Square, video_id: int, part: Slice) -> list[Post]:
    return _posts(square, "p.reply_to = :video", part, video=video_id)


def threads_about(square: Square, person_id: int, part: Slice) -> list[Post]:
    """What begins a thread below a video of the person's, or about their channel."""
    below = f"SELECT p.id FROM posts p WHERE p.person_id = :person AND p.deleted_ms IS NULL AND {IS_VIDEO}"  # noqa: S608
    about = "SELECT m.post_id FROM mentions m WHERE m.person_id = :person"
    where = f"""(p.reply_to IN ({below}) OR (p.reply_to IS NULL AND p.reply_to_person IS NULL
        AND coalesce(json_extract(p.extra, '$.kind'), '') <> 'video' AND p.id IN ({about})))"""
    return _posts(square, where, part, person=person_id)


def answers(square: Square, thread: Post) -> list[Post]:
    """All answers in a thread, newest first."""
    below = [post for post in posts.descendants(square.db, thread, None) if post.network == NETWORK]
    return sorted(below, key=lambda post: -post.id)


def take_away(square: Square, post: Post) -> None:
    """With whatever hangs below it: the network keeps no orphans."""
    for below in posts.descendants(square.db, post, None):
        posts.delete(square.db, below)
    posts.delete(square.db, post)


def _posts(square: Square, where: str, part: Slice, **values: int) -> list[Post]:
    rows = square.db.rows(
        f"""SELECT p.id FROM posts p WHERE p.network = 'youtube' AND p.deleted_ms IS NULL AND {where}
            AND p.id < :before AND p.created_ms <= :until ORDER BY p.id DESC LIMIT :most""",  # noqa: S608 - texts above
        {**part.values, **values},
    )
    return [post for row in rows if (post := standing(square, row["id"]))]
