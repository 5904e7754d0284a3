"""Nothing is said twice by mistake: whoever approves a post, or moves an approved one, says that it is meant so."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from organisation import audit
from organisation.models import Person
from publishing.models import Post
from publishing.queries.repeats import asked_about

MEANT = audit.tell("post.meant", _("%(actor)s said that this may go out beside another message that says the same"))


def require_meant(post: Post, by: Person, meant: str) -> None:
    """Unconfirmed where the same goes out beside `post`, unless `meant` is the yes to exactly that: it is on record."""
    if asked := asked_about(post, by):
        if meant != asked.token:
            raise asked
        audit.record(verb=MEANT, thing=post, by=by, beside=asked.keys)
