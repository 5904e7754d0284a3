"""A post under lock, as it stands now and not as somebody loaded it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F
from django.db.models.functions import Now

from organisation import locks
from organisation.lifecycle import Conflict
from publishing.models import Post
from publishing.queries import whole


def lock(post: Post, *, version: int | None = None, wanted: str = "change") -> Post:
    """The row, locked until the transaction ends. Conflict when it is no longer at `version`."""
    locked = locks.take(whole(Post.objects.select_related("unit", "author")), post.pk)
    if version is not None and locked.version != version:
        raise Conflict(locked, wanted)
    return locked


def lock_all(posts: Collection[int]) -> list[Post]:
    """Those of these ids that are still there, each as `lock` gives one."""
    return locks.take_all(whole(Post.objects.select_related("unit")), posts)


def touch(post: Post) -> None:
    """Counts the change."""
    Post.objects.filter(pk=post.pk).update(version=F("version") + 1, changed_at=Now())


def reloaded(post: Post) -> Post:
    """The post as the transaction has written it so far."""
    return whole(Post.objects.select_related("unit", "author")).get(pk=post.pk)


def refreshed(post: Post, locked: Post) -> Post:
    """As written; the caller's own `post` is brought up to date too. An action's last act: nothing refuses after it."""
    written = reloaded(locked)
    for field in Post._meta.concrete_fields:
        setattr(post, field.attname, getattr(written, field.attname))
    return written
