"""Publishing's word to approvals: what exactly is approved of a post, who wrote it, and what follows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from approvals.subjects import Facts
from organisation.actions import perform
from organisation.enums import Permission
from organisation.models import Person
from publishing.enums import POST_LIFECYCLE
from publishing.models import Post
from publishing.models.post import SUBJECT
from publishing.queries import snapshot_of
from publishing.queries.approvers import spoken_for


class PostSubject:
    """Speaks for posts."""

    kind = SUBJECT
    noun = "publishing.post"
    label = _("Posts")
    permission = Permission.POST_APPROVE
    sees = Permission.POST_VIEW

    def approval_url(self, thing: Post) -> str:
        return reverse("publishing:approval", args=[thing.pk])

    def content_hash(self, thing: Post) -> str:
        return snapshot_of(thing).hash

    def editors(self, thing: Post) -> Iterable[Person]:
        yield thing.author
        yield from thing.editors.all()

    def reach(self, thing: Post) -> list[str]:
        """Its own unit's, and those of every account that it speaks for."""
        return spoken_for(thing)

    def advanced(self, thing: Post, by: Person, details: Facts) -> None:
        perform(POST_LIFECYCLE, "pass_step", thing, by=by, details=dict(details))

    def cleared(self, thing: Post, by: Person, details: Facts) -> None:
        perform(POST_LIFECYCLE, "approve", thing, by=by, details=dict(details))

    def sent_back(self, thing: Post, by: Person, details: Facts) -> None:
        perform(POST_LIFECYCLE, "request_changes", thing, by=by, details=dict(details))

    def rejected(self, thing: Post, by: Person, details: Facts) -> None:
        perform(POST_LIFECYCLE, "reject", thing, by=by, details=dict(details))


POSTS: Any = PostSubject()
