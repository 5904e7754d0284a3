"""Files that were sent for a post, and what became of them."""

from __future__ import annotations

from django.db.models import QuerySet

from publishing.enums import UploadState
from publishing.models import Post, Upload


def uploads_to_show(post: Post) -> QuerySet[Upload]:
    """Those that are being looked at, and those that were not added and whose notice stands."""
    return Upload.objects.filter(post=post).exclude(state=UploadState.READ).select_related("by", "media")


def after_uploads(post: Post, version: int) -> int:
    """The version that `version` became by files that were added to it, and by nothing else.

    Whoever had that page open wrote over nobody's words: what they send does not speak of the new files.
    """
    if version == post.version:
        return version
    made = set(Upload.objects.filter(post=post, version__gt=version).values_list("version", flat=True))
    while version + 1 in made:
        version += 1
    return version
