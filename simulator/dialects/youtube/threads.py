"""What is a video on the square, what a comment, and what hangs below what.

A message by itself is a video, unless a citizen's words name somebody: then it is a comment about that one's channel.
Whatever answers a video begins a thread; all answers in it, however deep, stand on one level below.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.routing import Simulator
from simulator.store import posts
from simulator.store.posts import Post

NETWORK = "youtube"
MODERATION = "moderation"  # what `extra` says of a comment that is held back: why
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


def standing(simulator: Simulator, identifier: int) -> Post | None:
    """What everybody sees: nothing that is held back."""
    found = posts.by_id(simulator.db, identifier, network=NETWORK) if identifier else None
    return found if found and not found.extra.get(MODERATION) else None


def held_threads(simulator: Simulator, person_id: int, status: str) -> list[Post]:
    """The beginnings of the threads that are held back, or in which an answer is, of what was said to the person."""
    rows = simulator.db.rows(
        f"""SELECT id FROM posts WHERE network = 'youtube' AND deleted_ms IS NULL
            AND json_extract(extra, '$.{MODERATION}') = :status ORDER BY id DESC""",  # noqa: S608 - ours
        {"status": status},
    )
    found = []
    for row in rows:
        top = posts.by_id(simulator.db, row["id"])
        while top and top.reply_to and (above := posts.by_id(simulator.db, top.reply_to)):
            if is_video(simulator, above):
                if above.person_id == person_id and top not in found:
                    found.append(top)
                break
            top = above
    return found


def is_video(simulator: Simulator, post: Post) -> bool:
    row = simulator.db.row(f"SELECT 1 FROM posts p WHERE p.id = :id AND {IS_VIDEO}", {"id": post.id})  # noqa: S608 - ours
    return row is not None


def place(simulator: Simulator, post: Post) -> Place | None:
    """Where a comment stands; None for a video, and for a comment whose video or thread is gone."""
    thread = post
    while thread.reply_to:
        above = standing(simulator, thread.reply_to)
        if above is None:
            return None
        if is_video(simulator, above):
            return Place(thread, above, above.person_id)
        thread = above
    named = posts.mentioned_ids(simulator.db, thread)
    if thread.reply_to_person or is_video(simulator, thread) or not named:
        return None
    return Place(thread, None, named[0])


def videos_of(simulator: Simulator, person_id: int, part: Slice) -> list[Post]:
    return _posts(simulator, f"p.person_id = :person AND {IS_VIDEO}", part, person=person_id)


def threads_below(simulator: Simulator, video_id: int, part: Slice) -> list[Post]:
    return _posts(simulator, "p.reply_to = :video", part, video=video_id)


def threads_about(simulator: Simulator, person_id: int, part: Slice) -> list[Post]:
    """What begins a thread below a video of the person's, or about their channel."""
    below = f"SELECT p.id FROM posts p WHERE p.person_id = :person AND p.deleted_ms IS NULL AND {IS_VIDEO}"  # noqa: S608
    about = "SELECT m.post_id FROM mentions m WHERE m.person_id = :person"
    where = f"""(p.reply_to IN ({below}) OR (p.reply_to IS NULL AND p.reply_to_person IS NULL
        AND coalesce(json_extract(p.extra, '$.kind'), '') <> 'video' AND p.id IN ({about})))"""
    return _posts(simulator, where, part, person=person_id)


def answers(simulator: Simulator, thread: Post) -> list[Post]:
    """All answers in a thread, newest first."""
    said = posts.descendants(simulator.db, thread, None)
    below = [post for post in said if post.network == NETWORK and not post.extra.get(MODERATION)]
    return sorted(below, key=lambda post: -post.id)


def take_away(simulator: Simulator, post: Post) -> None:
    """With whatever hangs below it: the network keeps no orphans."""
    for below in posts.descendants(simulator.db, post, None):
        posts.delete(simulator.db, below)
    posts.delete(simulator.db, post)


def _posts(simulator: Simulator, where: str, part: Slice, **values: int) -> list[Post]:
    rows = simulator.db.rows(
        f"""SELECT p.id FROM posts p WHERE p.network = 'youtube' AND p.deleted_ms IS NULL AND {where}
            AND p.id < :before AND p.created_ms <= :until ORDER BY p.id DESC LIMIT :most""",  # noqa: S608 - texts above
        {**part.values, **values},
    )
    return [post for row in rows if (post := standing(simulator, row["id"]))]
